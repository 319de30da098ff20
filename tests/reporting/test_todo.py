"""待办: each role's own tasks, counted by the badge as the page lists them."""

from datetime import date, time

import pytest
from django.urls import reverse
from django.utils import timezone

from elections.enums import Stage, StageStatus
from elections.models import Campaign, ExceptionRequest, StageRecord
from reporting import rollups
from reporting.selectors.todo import todo, todo_count

from .conftest import NOON, finish, settle_up_to
from .test_dashboard import big_campaign, report

DAY = date(2026, 9, 20)
TODAY = timezone.localdate(NOON)
EVENING = NOON.replace(hour=19)


def submitted(world, name):
    settle_up_to(world.elections[name], Stage.PETITION, on=DAY, status=StageStatus.SUBMITTED)
    StageRecord.objects.filter(election=world.elections[name], stage=Stage.PETITION).update(
        submitted_at=NOON, submitted_by=world.users.east
    )


def returned(world, name):
    settle_up_to(world.elections[name], Stage.PETITION, on=DAY)
    first = StageRecord.objects.filter(election=world.elections[name], stage=Stage.PETITION)
    first.update(is_current=False, status=StageStatus.RETURNED, return_reason="职数有误")
    StageRecord.objects.create(
        election=world.elections[name],
        stage=Stage.PETITION,
        attempt=2,
        planned_on=TODAY,
        status=StageStatus.OPEN,
    )


def ask_exception(world, name, **more):
    return ExceptionRequest.objects.create(
        election=world.elections[name],
        stage=Stage.PRELIMINARY,
        code="women",
        reason="没有合适人选",
        requested_by=world.users.west,
        requested_at=NOON,
        **more,
    )


def names(tasks):
    return [task.election.village.name for task in tasks]


def test_coordinator_has_own_open_stages_and_todays_report(world):
    submitted(world, "东乡镇201村")
    returned(world, "东乡镇202村")
    tasks = todo(world.users.east, world.campaign, at=NOON)
    assert names(tasks.overdue) == ["东乡镇1村"]
    assert names(tasks.returned) == ["东乡镇202村"]
    assert tasks.returned[0].note == "示例县组织部工作人员退回：职数有误"
    assert (tasks.due, tasks.to_confirm, tasks.exceptions) == ([], [], [])
    assert [row.township.name for row in tasks.reports_owed] == ["东乡镇"]
    assert tasks.total == tasks.shown == 3


def test_overdue_says_how_late(world):
    tasks = todo(world.users.west, world.campaign, at=NOON)
    assert [task.days_late for task in tasks.overdue] == [18, 18]


def test_confirmed_report_is_done(world):
    report(world, world.east, day=TODAY)
    tasks = todo(world.users.east, world.campaign, at=NOON)
    assert tasks.reports_owed == []


def test_yesterdays_report_does_not_count(world):
    report(world, world.east, day=DAY)
    assert todo(world.users.east, world.campaign, at=NOON).reports_owed != []


def test_staff_confirm_decide_and_chase_after_the_cutoff(world):
    submitted(world, "东乡镇201村")
    ask_exception(world, "西乡镇201村")
    report(world, world.east, day=TODAY)
    noon = todo(world.users.staff, world.campaign, at=NOON)
    assert names(noon.to_confirm) == ["东乡镇201村"]
    assert len(noon.exceptions) == 1
    assert (noon.unreported, noon.overdue, noon.reports_owed) == ([], [], [])
    evening = todo(world.users.staff, world.campaign, at=EVENING)
    assert [row.township.name for row in evening.unreported] == ["西乡镇"]
    assert evening.total == 3


def test_decided_exception_is_done(world):
    decided = {"approved": False, "decided_by": world.users.staff, "decided_at": NOON}
    ask_exception(world, "西乡镇201村", **decided)
    assert todo(world.users.staff, world.campaign, at=NOON).exceptions == []


@pytest.mark.parametrize("who", ["leader", "vetting", "discipline", "system", "nobody"])
def test_other_roles_have_nothing_to_do(world, client, who):
    user = getattr(world.users, who)
    submitted(world, "东乡镇201村")
    assert todo(user, world.campaign, at=EVENING).total == 0
    assert todo_count(user, world.campaign, at=EVENING) == 0
    client.force_login(user)
    assert "没有待办事项" in client.get(reverse("todo")).content.decode()


@pytest.mark.parametrize("who", ["east", "west", "staff", "leader"])
@pytest.mark.parametrize("at", [NOON, EVENING])
def test_badge_counts_what_the_page_lists(world, who, at):
    submitted(world, "东乡镇201村")
    returned(world, "东乡镇202村")
    ask_exception(world, "西乡镇201村")
    report(world, world.west, day=TODAY)
    user = getattr(world.users, who)
    assert todo_count(user, world.campaign, at=at) == todo(user, world.campaign, at=at).total


def test_closed_campaign_owes_no_report(world):
    world.campaign.status = "closed"
    world.campaign.save()
    for name in world.elections:
        finish(world.elections[name], on=DAY)
    assert todo(world.users.east, world.campaign, at=NOON).total == 0


def test_badge_costs_one_statement(world, django_assert_num_queries):
    user = world.users.staff
    todo_count(user, world.campaign, at=NOON)
    with django_assert_num_queries(1):
        todo_count(user, world.campaign, at=EVENING)


def test_page_needs_the_same_statements_at_any_size(world, client, django_assert_num_queries):
    big = big_campaign(world)
    rollups.refresh_townships(
        campaign_id=big.pk,
        township_ids=set(big.elections.values_list("township", flat=True)),
        at=NOON,
    )
    big.elections.all().update(stage=Stage.PETITION)
    # After the cut-off the page also asks who has not reported: let it be after the cut-off at any hour.
    Campaign.objects.update(daily_cutoff=time(0))
    client.force_login(world.users.staff)
    counts = []
    for campaign in (world.campaign, big):
        first = campaign.elections.order_by("pk").values_list("pk", flat=True)
        wanted = list(first[:1]) if campaign == world.campaign else list(first)
        StageRecord.objects.filter(election__in=wanted, stage=Stage.PETITION).update(
            status=StageStatus.SUBMITTED, submitted_at=NOON, submitted_by=world.users.east
        )
        client.post(reverse("campaign_choose"), {"campaign": campaign.pk})
        client.get(reverse("todo"))
        with django_assert_num_queries(16, exact=False) as queries:
            page = client.get(reverse("todo"))
        counts.append(len(queries))
        assert len(page.context["todo"].to_confirm) == min(len(wanted), 100)
    assert counts[0] == counts[1]


def test_page_lists_no_village_of_another_township(world, client):
    client.force_login(world.users.east)
    page = client.get(reverse("todo")).content.decode()
    assert "东乡镇201村" in page
    assert "西乡镇" not in page
