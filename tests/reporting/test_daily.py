"""The daily report of a township: derived figures, one receipt, late but never lost."""

import uuid
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import Conflict, Forbidden, Refused
from accounts.models import AuditEntry
from elections.enums import Stage, StageStatus
from elections.models import Campaign, StageRecord
from reporting.models import DailyReport
from reporting.selectors.daily import day_view
from reporting.services.daily import confirm_daily_report

from .conftest import SHANGHAI, START

DAY = date(2026, 9, 20)


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def settle(election, stage: Stage, at: datetime) -> None:
    StageRecord.objects.filter(election=election, stage=stage, is_current=True).update(
        status=StageStatus.DONE, settled_at=at, actual_on=timezone.localdate(at)
    )


def confirm(world, *, day=DAY, at=None, by=None, key=None, township=None, **words):
    return confirm_daily_report(
        campaign=world.campaign,
        township=township or world.east,
        day=day,
        problems=words.get("problems", ""),
        practices=words.get("practices", ""),
        request_key=key or uuid.uuid4(),
        by=by or world.users.east,
        at=at or moment(day, 17),
    )


def test_figures_are_those_of_the_shanghai_day(world):
    first, second, third = (e for e in world.elections.values() if e.township_id == world.east.pk)
    settle(first, Stage.SURVEY, moment(DAY - timedelta(days=1), 23, 59))
    settle(second, Stage.SURVEY, moment(DAY, 0, 0))
    settle(third, Stage.SURVEY, moment(DAY + timedelta(days=1), 0, 0))
    west = next(e for e in world.elections.values() if e.township_id == world.west.pk)
    settle(west, Stage.SURVEY, moment(DAY, 10))

    report = confirm(world, problems=" 示例问题 ")

    assert (report.day_started, report.total_started, report.elections) == (1, 2, 3)
    assert report.problems == "示例问题"
    assert report.number == f"RB20260920-{world.campaign.pk:02d}-{world.east.code[:9]}"


def test_what_is_settled_after_the_report_counts_the_next_day(world):
    election = next(e for e in world.elections.values() if e.township_id == world.east.pk)
    confirm(world)
    settle(election, Stage.SURVEY, moment(DAY, 20))

    report = confirm(world, day=DAY + timedelta(days=1))

    assert (report.day_started, report.total_started) == (1, 1)


def test_same_request_again_returns_the_same_receipt(world):
    key = uuid.uuid4()

    assert confirm(world, key=key) == confirm(world, key=key)
    assert DailyReport.objects.count() == 1


def test_second_report_of_a_day_names_the_receipt_that_is_there(world):
    first = confirm(world)

    with pytest.raises(Conflict, match=f"编号{first.number}，不必重复上报"):
        confirm(world)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (DAY + timedelta(days=1), "09月21日还没有到"),
        (START - timedelta(days=1), "早于换届启动日期"),
    ],
)
def test_day_ahead_or_before_the_campaign_is_refused(world, day, words):
    with pytest.raises(Refused, match=words):
        confirm(world, day=day, at=moment(DAY, 17))

    assert not DailyReport.objects.exists()


@pytest.mark.parametrize(
    ("at", "late"),
    [
        (moment(DAY, 17, 59), False),
        (moment(DAY, 18, 0), True),
        (moment(DAY + timedelta(days=1), 8), True),
    ],
)
def test_report_after_the_cut_off_is_marked_late(world, at, late):
    assert confirm(world, at=at).is_late is late


def test_falling_total_is_refused_with_both_figures(world):
    election = next(e for e in world.elections.values() if e.township_id == world.east.pk)
    settle(election, Stage.SURVEY, moment(DAY, 9))
    confirm(world)
    StageRecord.objects.filter(election=election, stage=Stage.SURVEY).update(
        status=StageStatus.OPEN, settled_at=None
    )

    with pytest.raises(Refused, match="“完成调研”累计0个，少于09月20日上报的1个"):
        confirm(world, day=DAY + timedelta(days=1))


@pytest.mark.parametrize("who", ["staff", "leader", "west", "discipline"])
def test_only_the_township_s_coordinator_reports(world, who):
    with pytest.raises(Forbidden):
        confirm(world, by=getattr(world.users, who))


def test_report_leaves_an_audit_row(world):
    report = confirm(world)

    row = AuditEntry.objects.get(action="daily_report.confirmed")
    assert (row.target_pk, row.township_id) == (str(report.pk), world.east.pk)
    assert row.changes["after"]["total_started"] == 0


def test_reported_day_is_frozen_and_stands_beside_the_day_before(world):
    election = next(e for e in world.elections.values() if e.township_id == world.east.pk)
    settle(election, Stage.SURVEY, moment(DAY, 9))
    confirm(world)
    StageRecord.objects.filter(election=election).update(settled_at=moment(DAY, 9))

    line = day_view(world.campaign, world.east, DAY).lines[0]
    after = day_view(world.campaign, world.east, DAY + timedelta(days=1)).lines[0]

    assert (line.label, line.today, line.total, line.yesterday) == ("完成调研", 1, 1, 0)
    assert (after.today, after.total, after.yesterday) == (0, 1, 1)


# --- pages ---------------------------------------------------------------------------------------


@pytest.fixture
def current(world):
    """The campaign moved so that it runs today: pages read the clock."""
    today = timezone.localdate()
    Campaign.objects.update(
        starts_on=today - timedelta(days=10),
        ends_on=today + timedelta(days=50),
        daily_cutoff="23:59:59",
    )
    world.campaign.refresh_from_db()
    world.today = today
    return world


def url(world, township=None, day=None) -> str:
    return reverse(
        "daily_report",
        kwargs={
            "pk": world.campaign.pk,
            "township_pk": (township or world.east).pk,
            "day": str(day or world.today),
        },
    )


def test_page_says_unmistakably_whether_the_day_is_reported(current, client):
    client.force_login(current.users.east)
    before = client.get(url(current)).content.decode()
    key = str(uuid.uuid4())
    sent = client.post(url(current), {"request_key": key, "problems": "示例", "practices": ""})
    after = client.get(url(current)).content.decode()

    assert "<strong>未上报</strong>" in before
    assert sent.status_code == 302
    assert "<strong>已上报（零报告）</strong>" in after
    assert f"编号 {DailyReport.objects.get().number}" in after
    assert "确认上报" not in after


def test_second_coordinator_is_told_and_keeps_the_words(current, client):
    confirm(current, day=current.today, at=timezone.now())
    client.force_login(current.users.east)

    answer = client.post(
        url(current), {"request_key": str(uuid.uuid4()), "problems": "另一人的话", "practices": ""}
    )

    assert answer.status_code == 409
    assert "不必重复上报" in answer.content.decode()


def test_too_long_words_come_back_with_the_reason(current, client):
    client.force_login(current.users.east)
    words = "长" * 1001

    answer = client.post(
        url(current), {"request_key": str(uuid.uuid4()), "problems": words, "practices": ""}
    )

    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.parametrize("day", ["2026-13-01", "tomorrow"])
def test_day_that_is_none_is_not_there(current, client, day):
    client.force_login(current.users.east)

    assert client.get(url(current, day=day)).status_code == 404


def test_leader_sees_who_has_not_reported(current, client):
    confirm(current, day=current.today, at=timezone.now())
    client.force_login(current.users.leader)

    page = client.get(reverse("daily_list", kwargs={"pk": current.campaign.pk})).content.decode()

    assert "已报1 / 应报2" in page
    assert page.count("未上报") == 1


def test_list_of_a_day_takes_the_same_queries_for_one_and_for_all(
    current, client, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(current.users.leader)
    page = reverse("daily_list", kwargs={"pk": current.campaign.pk})
    client.get(page)
    with django_assert_max_num_queries(12) as empty:
        client.get(page)
    confirm(current, day=current.today, at=timezone.now())

    with django_assert_num_queries(len(empty)):
        client.get(page)


def test_report_is_sent_in_few_statements(current, client, django_assert_num_queries):
    """Session, user, posts, campaign and township; then in one transaction the lock, the reports around, the figures,
    whether villages went back, the report and its audit row."""
    confirm(current, day=current.today - timedelta(days=1), at=timezone.now())
    client.force_login(current.users.east)
    url = reverse("daily_report", args=[current.campaign.pk, current.east.pk, str(current.today)])
    form = {"action": "confirm", "problems": "", "practices": "", "request_key": uuid.uuid4()}
    client.get(url)  # the first request of a session writes when it began
    with django_assert_num_queries(13):  # with the savepoint that stands for the transaction
        assert client.post(url, form).status_code == 302
