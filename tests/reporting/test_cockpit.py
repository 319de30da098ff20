"""What each role needs first on the dashboard, and what it must not see there."""

# ruff: noqa: F811 - a test asks for an imported fixture by its name

from datetime import date

import pytest
from django.urls import reverse

from accounts.enums import Role
from candidates.models import VettingDepartment
from complaints.services.complaints import register_complaint, settle_complaint
from elections.enums import Stage, StageStatus
from elections.models import ExceptionRequest, StageRecord
from groundwork.models import RiskGrade
from reporting.models import Bulletin
from reporting.selectors import dashboard as selectors
from reporting.selectors.cockpit import Desk

from .conftest import NOON, finish, make_user, settle_up_to
from .test_dashboard import DAY, moving, refresh, report  # noqa: F401
from .test_pace import ask

RED = {
    "grade": "red",
    "graded_on": date(2026, 9, 2),
    "leader": "示范领导",
    "work_group": "示范组",
    "plan": "示范预案",
}


def board(world, who, *, at=NOON):
    return selectors.dashboard(getattr(world.users, who), world.campaign, at=at)


def texts(world, who, *, at=NOON) -> list[str]:
    return [line.text for line in board(world, who, at=at).lines]


@pytest.fixture
def busy(moving):
    """Besides `moving`: red villages, one of them cleared; an exception asked; two people at a department, one late."""
    for name, cleared in (("西乡镇201村", None), ("西乡镇202村", date(2026, 9, 9))):
        RiskGrade.objects.create(election=moving.elections[name], cleared_on=cleared, **RED)
    ExceptionRequest.objects.create(
        code="women",
        election=moving.elections["西乡镇201村"],
        stage=Stage.PRELIMINARY,
        reason="示例",
        requested_by=moving.users.west,
        requested_at=NOON,
    )
    police = VettingDepartment.objects.create(
        campaign=moving.campaign, name="公安局", questions="示范"
    )
    ask(moving, "东乡镇201村", "王甲", police, asked=DAY, due=date(2026, 9, 24))
    ask(moving, "西乡镇201村", "王乙", police, asked=DAY, due=date(2026, 10, 9))
    refresh(moving.campaign, moving.east, moving.west)
    return moving


def test_staff_see_what_they_must_decide_first(busy):
    assert board(busy, "staff").desk == Desk.STAFF
    assert texts(busy, "staff") == [
        "1个环节待您确认",
        "1件例外申请待批",
        "2个乡镇今日没有上报日报",
        "1个红色村没有销号",
        "4个村（社区）逾期",
        "等1个联审单位答复，涉及2名人选",
    ]


def test_staff_see_the_latest_bulletin(busy):
    Bulletin.objects.create(
        campaign=busy.campaign,
        day=DAY,
        issue=3,
        summary={},
        rows=[],
        unreported=[],
        produced_at=NOON,
    )
    last = board(busy, "staff").lines[-1]

    assert (last.text, last.note) == ("最新简报第3期", "9月20日")
    assert last.url.endswith("/bulletins/3/")


def test_leader_sees_what_needs_attention_and_nothing_to_do(busy):
    assert board(busy, "leader").desk == Desk.LEADER
    assert texts(busy, "leader") == [
        "1个红色村没有销号",
        "4个村（社区）逾期",
        "等1个联审单位答复，涉及2名人选",
        "2个乡镇今日没有上报日报",
    ]
    review = board(busy, "leader").lines[2]
    assert (review.note, review.tone) == ("其中1件超过答复期限", "warning")


def test_coordinator_sees_the_own_report_first_with_its_button(busy):
    found = board(busy, "west")

    assert found.desk == Desk.COORDINATOR
    first = found.lines[0]
    assert (first.text, first.action, first.tone) == (
        "西乡镇今日日报未上报",
        "核对并上报",
        "warning",
    )
    assert first.url == reverse(
        "daily_today", kwargs={"pk": busy.campaign.pk, "township_pk": busy.west.pk}
    )
    assert [line.text for line in found.lines[1:3]] == ["1个红色村没有销号", "2个村（社区）逾期"]
    assert found.lines[-1].text == "1名人选在等县级联审"
    late = board(busy, "west", at=NOON.replace(hour=19)).lines[0]
    assert (late.text, late.tone) == ("西乡镇今日日报已过截止，未上报", "danger")


def test_coordinator_is_told_that_the_report_was_sent(busy):
    report(busy, busy.west, day=NOON.date())
    first = board(busy, "west").lines[0]

    assert (first.text, first.note, first.action) == ("西乡镇今日日报已上报", "12:00", "")


def test_coordinator_sees_returned_stages_and_duties_of_the_ledgers(busy):
    record = StageRecord.objects.get(
        election=busy.elections["西乡镇201村"], stage=Stage.SURVEY, is_current=True
    )
    record.attempt = 2
    record.save()

    shown = texts(busy, "west")
    assert "1个环节被退回，改正后重新提交" in shown
    assert not any("被退回" in text for text in texts(busy, "east"))


def test_coordinator_sees_the_villages_due_next(busy):
    settle_up_to(busy.elections["西乡镇201村"], Stage.NOTICE, on=DAY)
    found = board(busy, "west")

    assert [line.election.village.name for line in found.due_next] == ["西乡镇201村"]
    assert {line.election.village.name for line in found.overdue} == {"西乡镇202村"}
    assert board(busy, "leader").due_next == []


def test_leader_of_a_township_is_told_of_reports_to_approve(busy):
    sent = report(busy, busy.west, day=NOON.date())
    sent.approval = "pending"
    sent.save()
    busy.users.own = make_user("西领导", Role.LEADER, busy.west)
    busy.users.other = make_user("东领导", Role.LEADER, busy.east)

    assert texts(busy, "own")[0] == "1份日报待您审定"
    for who in ("other", "leader"):
        assert not any("审定" in text for text in texts(busy, who))


def test_departments_are_named_to_nobody_in_a_township(busy, client):
    """The number of the own people only: neither which department nor how many questions."""
    for user in (busy.users.west, make_user("镇领导", Role.LEADER, busy.west)):
        found = selectors.dashboard(user, busy.campaign, at=NOON)
        review = [line for line in found.lines if "联审" in line.text]
        assert [(line.text, line.note) for line in review] == [("1名人选在等县级联审", "")]
        client.force_login(user)
        page = client.get(reverse("dashboard", kwargs={"pk": busy.campaign.pk})).content.decode()
        assert "联审单位" not in page


def test_red_villages_open_the_list_of_those_not_cleared(busy, client):
    client.force_login(busy.users.leader)
    red = board(busy, "leader").lines[0]
    rows = client.get(red.url).context["page"].object_list

    assert [row.village.name for row in rows] == ["西乡镇201村"]


@pytest.fixture
def complained(busy):
    """Three complaints about villages of both townships, one of them settled."""
    made = [
        register_complaint(
            election=busy.elections[name],
            channel="letter",
            cause="qualification",
            summary="示范：反映候选人资格。",
            received_at=NOON,
            blocks_notice=False,
            by=busy.users.discipline,
            at=NOON,
        )
        for name in ("东乡镇201村", "东乡镇202村", "西乡镇201村")
    ]
    settle_complaint(
        complaint=made[0],
        conclusion="false",
        handling="示范：当日核查，向群众说明。",
        by=busy.users.discipline,
        at=NOON,
    )
    return busy


@pytest.mark.parametrize("who", ["east", "township_leader"])
def test_townships_see_no_figure_of_complaints(complained, client, who):
    complained.users.township_leader = make_user("镇领导", Role.LEADER, complained.east)
    client.force_login(getattr(complained.users, who))
    answer = client.get(reverse("dashboard", kwargs={"pk": complained.campaign.pk}))

    assert answer.context["board"].complaints is None
    assert "信访" not in answer.content.decode().partition("<main")[2]


@pytest.mark.parametrize("who", ["leader", "staff"])
def test_county_sees_the_figures_of_the_statistics(complained, client, who):
    client.force_login(getattr(complained.users, who))
    answer = client.get(reverse("dashboard", kwargs={"pk": complained.campaign.pk}))
    shown = answer.context["board"].complaints
    page = client.get(reverse("complaint_statistics", kwargs={"pk": complained.campaign.pk}))
    figures = page.context["figures"]

    assert (shown.count, shown.settled.part) == (3, 1)
    assert (shown.count, shown.settled, shown.on_time) == (
        figures.total.count,
        figures.settled,
        figures.on_time,
    )
    assert answer["Cache-Control"] == "no-store"


def test_nothing_to_look_at_says_so(world, client):
    for election in world.elections.values():
        finish(election, on=DAY)
    refresh(world.campaign, world.east, world.west)
    client.force_login(world.users.leader)
    for township in (world.east, world.west):
        report(world, township, day=date(2026, 9, 1))
    world.campaign.status = "closed"
    world.campaign.save()

    page = client.get(reverse("dashboard", kwargs={"pk": world.campaign.pk})).content.decode()
    assert "现在没有要先办的事" in page


@pytest.mark.parametrize("finished", [(), (date(2026, 10, 20), date(2026, 11, 1))])
def test_forecast_behind_the_plan_is_said_to_leader_and_staff(world, finished):
    """The plan's last day has passed."""
    at = NOON.replace(month=11, day=3)
    for day, election in zip(finished, world.elections.values(), strict=False):
        finish(election, on=day)
    refresh(world.campaign, world.east, world.west)

    for who in ("leader", "staff"):
        late = [line for line in board(world, who, at=at).lines if "晚于计划" in line.text]
        assert [line.url for line in late] == ["#days-title"]
    assert not any("晚于计划" in text for text in texts(world, "east", at=at))


def test_forecast_in_time_is_not_mentioned(world):
    for election in list(world.elections.values())[:4]:
        finish(election, on=date(2026, 9, 28))
    refresh(world.campaign, world.east, world.west)

    found = board(world, "leader")
    assert found.burn_up.completed.finish_on == date(2026, 10, 5)
    assert not any("晚于计划" in line.text for line in found.lines)
    assert found.burn_up.words[-1].startswith(
        "按近14天4个、平均每天0.3个估算，预计10月5日全部完成换届"
    )


def test_chart_continues_with_plan_and_forecast(world):
    for election in list(world.elections.values())[:4]:
        finish(election, on=date(2026, 9, 28))
    refresh(world.campaign, world.east, world.west)
    points = {p.day: p for p in board(world, "leader").burn_up.points}

    today, finish_on = NOON.date(), date(2026, 10, 5)
    assert (points[today].completed, points[today].completed_ahead) == (4, 4)
    assert (points[finish_on].completed, points[finish_on].completed_ahead) == (None, 5)
    assert points[max(points)].planned == 5
    assert points[date(2026, 9, 1)].planned == 0


def test_settled_stage_waits_for_nobody(moving):
    StageRecord.objects.filter(status=StageStatus.SUBMITTED).update(status=StageStatus.OPEN)

    assert not any("待您确认" in text for text in texts(moving, "staff"))
