"""The list of villages: filters, visibility, a fixed number of statements."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from elections.enums import Stage, StageStatus
from groundwork.models import RiskGrade

from .conftest import finish, settle_up_to
from .test_dashboard import big_campaign

DAY = date(2026, 9, 20)


@pytest.fixture
def moving(world):
    """One completed village, one submitted at the petition (late), one red and not late."""
    finish(world.elections["东乡镇201村"], on=DAY)
    settle_up_to(
        world.elections["东乡镇202村"], Stage.PETITION, on=DAY, status=StageStatus.SUBMITTED
    )
    red = world.elections["西乡镇201村"]
    RiskGrade.objects.create(
        election=red, grade="red", graded_on=DAY, leader="张丙寅", work_group="组", plan="案"
    )
    late = timezone.localdate() + timedelta(days=30)
    red.stage_records.filter(stage=Stage.SURVEY).update(planned_on=late)
    red.due_on = late
    red.save()
    return world


def listed(client, world, **query):
    page = client.get(reverse("village_list", kwargs={"pk": world.campaign.pk}), query)
    assert page.status_code == 200
    return [line.election.village.name for line in page.context["lines"]]


EAST, WEST = ["东乡镇1村", "东乡镇201村", "东乡镇202村"], ["西乡镇201村", "西乡镇202村"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, EAST + WEST),
        ({"q": "202"}, ["东乡镇202村", "西乡镇202村"]),
        ({"state": "completed"}, ["东乡镇201村"]),
        ({"state": "unfinished"}, ["东乡镇1村", "东乡镇202村", *WEST]),
        ({"state": "overdue"}, ["东乡镇1村", "东乡镇202村", "西乡镇202村"]),
        ({"stage": "petition"}, ["东乡镇202村"]),
        ({"done": "rectification"}, ["东乡镇201村", "东乡镇202村"]),
        ({"done": "handover"}, ["东乡镇201村"]),
        ({"kind": "community"}, ["东乡镇1村"]),
        ({"risk": "red"}, ["西乡镇201村"]),
        ({"q": "无此村"}, []),
    ],
)
def test_filters(moving, client, query, names):
    client.force_login(moving.users.staff)
    assert listed(client, moving, **query) == names


@pytest.mark.parametrize(
    "query",
    [{"state": "nonsense"}, {"township": "0"}, {"township": "东"}, {"stage": "survey\x00"}],
)
def test_value_that_no_choice_offers_lists_nothing(moving, client, query):
    """An old or mistyped address must not look like the whole list."""
    client.force_login(moving.users.staff)
    page = client.get(reverse("village_list", kwargs={"pk": moving.campaign.pk}), query)
    assert (page.status_code, page.context["lines"]) == (200, [])
    assert "没有符合条件的村（社区）" in page.content.decode()


def test_filter_by_township(moving, client):
    client.force_login(moving.users.staff)
    assert listed(client, moving, township=moving.west.pk) == WEST


def test_coordinator_lists_the_own_township_only(moving, client):
    client.force_login(moving.users.west)
    assert listed(client, moving) == WEST
    # The other township is no choice; asking for it by address shows nothing of it.
    assert set(listed(client, moving, township=moving.east.pk)) <= set(WEST)


def test_line_says_who_is_waited_for(moving, client):
    client.force_login(moving.users.staff)
    page = client.get(reverse("village_list", kwargs={"pk": moving.campaign.pk}))
    waits = {line.election.village.name: line.waits_for for line in page.context["lines"]}
    assert waits == {
        "东乡镇1村": "等东乡镇联络员办理",
        "东乡镇201村": "",
        "东乡镇202村": "等示例县组织部工作人员确认",
        "西乡镇201村": "等西乡镇联络员办理",
        "西乡镇202村": "等西乡镇联络员办理",
    }


@pytest.mark.parametrize(("who", "status"), [("leader", 200), ("vetting", 403), ("system", 404)])
def test_list_opens_for_readers_only(world, client, who, status):
    client.force_login(getattr(world.users, who))
    path = reverse("village_list", kwargs={"pk": world.campaign.pk})
    assert client.get(path).status_code == status


def test_pages_of_25(world, client):
    big = big_campaign(world)
    client.force_login(world.users.staff)
    page = client.get(reverse("village_list", kwargs={"pk": big.pk}), {"page": 10})
    assert len(page.context["lines"]) == 238 - 9 * 25
    assert "第10页，共10页" in page.content.decode()


#: Nine of the whole page: session, user, postings, campaigns, to-do; townships, count, rows, one's own saved views.
LIST_QUERIES = 9


def test_list_needs_nine_statements_at_1_and_238_villages(world, client, django_assert_num_queries):
    big = big_campaign(world)
    client.force_login(world.users.staff)
    client.get("/todo/")
    one = {"q": "东乡镇201村"}
    for campaign, query, count in ((world.campaign, one, 1), (big, {}, 25)):
        with django_assert_num_queries(LIST_QUERIES):
            page = client.get(reverse("village_list", kwargs={"pk": campaign.pk}), query)
        assert len(page.context["lines"]) == count
