"""Who sees which campaigns and elections."""

from datetime import date

import pytest

from accounts.enums import Role
from elections.models import Campaign, Notice, VillageElection
from tests.factories.elections import CampaignFactory
from tests.factories.villages import UserFactory, VillageFactory

SEE_ELECTIONS = {"org_staff", "coordinator", "leader"}
SEE_CAMPAIGNS = SEE_ELECTIONS | {"vetting", "discipline", "foreign"}
ALL = sorted(
    SEE_CAMPAIGNS | {"system_admin", "security_admin", "audit_admin", "outsider", "nobody"}
)


@pytest.mark.parametrize("who", ALL)
def test_elections_are_seen_by_readers_of_the_area(election, users, who):
    Notice.objects.create(
        election=election,
        kind="result",
        starts_on=date(2026, 9, 1),
        ends_on=date(2026, 9, 1),
        place="栏",
    )
    seen = VillageElection.objects.visible_to(getattr(users, who)).filter(pk=election.pk)
    facts = Notice.objects.visible_to(getattr(users, who))

    assert (seen.exists(), facts.exists()) == (who in SEE_ELECTIONS,) * 2


def test_coordinators_see_their_own_township_only(election, users):
    own = VillageElection.objects.visible_to(users.coordinator)
    foreign = VillageElection.objects.visible_to(users.foreign)

    assert [e.pk for e in own] == [election.pk]
    assert set(own) & set(foreign) == set()


@pytest.mark.parametrize("who", ALL)
def test_campaigns_are_known_to_those_who_work_in_them(campaign, users, who):
    CampaignFactory(area=VillageFactory().county)

    seen = set(Campaign.objects.visible_to(getattr(users, who))) & {campaign}

    assert bool(seen) is (who in SEE_CAMPAIGNS)


@pytest.mark.parametrize("level", ["province", "city"])
def test_levels_above_see_the_campaign(campaign, place, level):
    user = UserFactory(role=Role.LEADER, where=getattr(place.county, level))

    assert set(Campaign.objects.visible_to(user)) == {campaign}


def test_campaign_of_a_township_is_not_seen_in_another(place, users):
    campaign = CampaignFactory(area=place.own, by=users.org_staff)

    assert set(Campaign.objects.visible_to(users.coordinator)) == {campaign}
    assert set(Campaign.objects.visible_to(users.foreign)) == set()
    assert set(Campaign.objects.visible_to(users.org_staff)) == {campaign}


def test_overdue_leaves_out_the_finished(election):
    day = election.due_on
    mine = VillageElection.objects.filter(pk=election.pk)

    assert not mine.overdue(today=day).exists()
    assert mine.overdue(today=date(2027, 1, 1)).exists()
    mine.update(completed_on=day)
    assert not mine.overdue(today=date(2027, 1, 1)).exists()
