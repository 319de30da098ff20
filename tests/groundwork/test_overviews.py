"""调研摸底 and 选情研判 of all villages on one list each: narrowed, of one's own area, quick at any size."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from elections.models import VillageElection
from groundwork.enums import Aspect, Grade
from groundwork.models import RiskGrade, RiskScore, SurveyItem
from tests.elections.pages import campaign_around_today
from tests.factories.elections import CampaignFactory
from tests.factories.villages import CountyFactory, TownshipFactory, UserFactory, VillageFactory

#: Of the whole page, one's own saved views included.
QUERIES = 9


@pytest.fixture
def campaign(place, users):
    return campaign_around_today(place, users)


def survey(election, clear: int, day) -> None:
    SurveyItem.objects.bulk_create(
        SurveyItem(
            election=election,
            number=n,
            is_clear=n <= clear,
            finding="示范",
            research_group="示范调研组",
            surveyed_on=day,
        )
        for n in range(1, 8)
    )


def grade(election, colour: Grade, day, user) -> None:
    facts = {"leader": "示范领导", "work_group": "示范组", "plan": "示范要点"}
    RiskGrade.objects.create(
        election=election,
        grade=colour,
        graded_on=day,
        **(facts if colour == Grade.RED else {}),
    )
    RiskScore.objects.create(
        election=election,
        grade=colour,
        total=50,
        graded_on=day,
        recorded_by=user,
        recorded_at=f"{day}T08:00Z",
        **dict.fromkeys(Aspect.values, 10),
    )


@pytest.fixture
def filled(campaign, place, users, election, today):
    """Own township: one village surveyed and red; the other township: one in part and green."""
    foreign = VillageElection.objects.get(village=place.other_village)
    survey(election, 7, today)
    grade(election, Grade.RED, today, users.coordinator)
    survey(foreign, 3, today)
    grade(foreign, Grade.GREEN, today, users.coordinator)
    return election, foreign


def names(page) -> list[str]:
    return [election.village.name for election in page.context["page"]]


def test_surveys_are_narrowed_by_how_clear_they_are(campaign, filled, users, client):
    own, foreign = filled
    client.force_login(users.org_staff)
    page = reverse("survey_list", kwargs={"pk": campaign.pk})

    assert names(client.get(page, {"state": "all"})) == [own.village.name]
    assert names(client.get(page, {"state": "part"})) == [foreign.village.name]
    assert foreign.village.name not in names(client.get(page, {"state": "none"}))
    assert "7/7项清楚" in client.get(page, {"q": own.village.name}).content.decode()
    empty = client.get(page, {"q": "没有这样的村"}).content.decode()
    assert "没有符合条件的村（社区）" in empty


def test_grades_are_narrowed_by_colour_and_clearing(campaign, filled, users, client):
    own, foreign = filled
    client.force_login(users.org_staff)
    page = reverse("risk_list", kwargs={"pk": campaign.pk})

    assert names(client.get(page, {"grade": "green"})) == [foreign.village.name]
    assert names(client.get(page, {"cleared": "no"})) == [own.village.name]
    assert names(client.get(page, {"cleared": "yes"})) == []
    assert own.village.name not in names(client.get(page, {"grade": "none"}))


@pytest.mark.parametrize("name", ["survey_list", "risk_list"])
def test_township_sees_its_own_villages(name, campaign, filled, users, client):
    own, foreign = filled
    client.force_login(users.coordinator)

    page = client.get(reverse(name, kwargs={"pk": campaign.pk}))

    assert own.village.name in names(page)
    assert foreign.village.name not in page.content.decode()


@pytest.mark.parametrize("name", ["survey_list", "risk_list"])
def test_list_needs_the_same_statements_for_few_villages_and_for_a_county(
    name, campaign, filled, users, client, today
):
    county = CountyFactory()
    for _ in range(11):
        VillageFactory.create_batch(22, township=TownshipFactory(parent=county))
    users.org_staff.postings.create(
        jurisdiction=county, role="org_staff", starts_on=county.opened_on
    )
    start = today - timedelta(days=30)
    big = CampaignFactory(
        area=county,
        by=UserFactory(role="org_staff", where=county),
        starts_on=start,
        ends_on=start + timedelta(days=60),
    )
    for election in big.elections.all()[:60]:
        survey(election, 7, today)
        grade(election, Grade.RED, today, users.org_staff)
    client.force_login(users.org_staff)
    counts = []
    for of in (campaign, big):
        page = reverse(name, kwargs={"pk": of.pk})
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= QUERIES
