"""催报: once per campaign and day, between the reminder's minute and the cut-off, for those who have not reported."""

from datetime import time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.enums import Role
from elections.models import Campaign
from reporting import rules
from reporting.enums import DigestKind
from reporting.models import DailyDigest
from reporting.selectors.todo import todo, todo_count
from reporting.selectors.todo_reports import banner
from reporting.services.bulletins import produce_bulletin
from reporting.services.digests import produce_digests
from reporting.services.reminders import produce_reminders
from reporting.tasks import remind_of_reports

from .conftest import START, make_user
from .test_daily import DAY, confirm, moment
from .test_daily_versions import correct

#: The cut-off is at 18:00, the reminder an hour before.
AT = moment(DAY, 17)


def remind(world, at=AT, day=DAY) -> int:
    return produce_reminders(campaign=world.campaign, day=day, at=at)


def texts() -> dict:
    return {d.user.username: d.text for d in DailyDigest.objects.select_related("user")}


@pytest.mark.parametrize(
    ("cutoff", "minutes", "start"),
    [
        (time(18), 60, time(17)),
        (time(18, 30), 45, time(17, 45)),
        (time(0, 30), 60, time(0)),
        (time(18), 0, None),
    ],
)
def test_reminder_starts_minutes_before_the_cutoff_on_the_same_day(cutoff, minutes, start):
    assert rules.reminds_from(cutoff, minutes=minutes) == start


@pytest.mark.parametrize(
    ("at", "stored"),
    [
        (AT - timedelta(microseconds=1), 0),
        (AT, 3),
        (moment(DAY, 18) - timedelta(microseconds=1), 3),
        (moment(DAY, 18), 0),
        (moment(DAY + timedelta(days=1), 17, 30), 0),
    ],
)
def test_boundary_minutes_of_the_shanghai_day(world, at, stored):
    assert remind(world, at) == stored


def test_coordinators_are_told_their_own_township_and_staff_all(world):
    assert remind(world) == 3

    found = texts()
    assert set(found) == {"east", "west", "staff"}
    assert "东乡镇今日日报还没有上报，18:00截止" in found["east"]
    assert "西乡镇" not in found["east"]
    assert "截至17:00，还有2个乡镇没有上报今日日报：东乡镇、西乡镇。请于18:00前" in found["staff"]


def test_whoever_reported_is_left_alone_and_a_second_run_changes_nothing(world):
    confirm(world, at=moment(DAY, 16))
    assert remind(world) == 2
    first = texts()
    assert set(first) == {"west", "staff"}
    assert "东乡镇" not in first["staff"]

    assert remind(world, AT + timedelta(minutes=1)) == 0
    assert texts() == first


def test_somebody_with_two_townships_gets_one_text_and_one_who_is_staff_too_that_of_staff(world):
    both = make_user("both", Role.COORDINATOR, world.east)
    for user, role, where in (
        (both, Role.COORDINATOR, world.west),
        (world.users.west, Role.ORG_STAFF, world.county),
    ):
        user.postings.create(jurisdiction=where, role=role, starts_on=START)
    assert remind(world) == 4
    assert "东乡镇、西乡镇今日日报还没有上报" in texts()["both"]
    assert "还有2个乡镇" in texts()["west"]


def test_none_when_everybody_has_reported(world):
    confirm(world, at=moment(DAY, 16))
    confirm(world, at=moment(DAY, 16), township=world.west, by=world.users.west)
    assert remind(world) == 0


@pytest.mark.parametrize(
    "change",
    [{"daily_reminder": 0}, {"starts_on": DAY + timedelta(days=1)}, {"status": "closed"}],
    ids=["off", "not yet", "closed"],
)
def test_none_when_off_or_outside_the_campaign(world, change):
    Campaign.objects.update(**change)
    assert remind(world) == 0


def test_morning_s_digest_and_reminder_stand_beside_each_other(world):
    produce_digests(campaign=world.campaign, day=DAY, at=moment(DAY, 7, 30))
    morning = DailyDigest.objects.filter(kind=DigestKind.MORNING).count()
    assert remind(world) == 3
    assert produce_digests(campaign=world.campaign, day=DAY, at=AT) == morning


def test_beat_stores_once_however_often_it_runs(world, monkeypatch):
    """Without a broker, too: the task needs nothing but the database."""

    def gone(*args, **kwargs):
        raise OperationalError("示例：没有连接")

    monkeypatch.setattr("celery.app.base.Celery.send_task", gone)
    today = timezone.localdate()
    Campaign.objects.update(
        starts_on=today,
        ends_on=today + timedelta(days=30),
        daily_cutoff="23:59:59.999999",
        daily_reminder=0,
    )
    remind_of_reports()
    assert texts() == {}
    # A reminder may start at midnight: it is time at any hour.
    Campaign.objects.update(daily_reminder=24 * 60)
    remind_of_reports()
    remind_of_reports()
    assert set(texts()) == {"east", "west", "staff"}
    assert DailyDigest.objects.count() == 3


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (AT - timedelta(minutes=1), ""),
        (AT, "18:00截止"),
        (moment(DAY, 18), "已过18:00截止时间"),
        (moment(DAY, 23, 59), "已过18:00截止时间"),
    ],
)
def test_banner_from_the_reminder_until_the_report_is_there(world, at, words):
    said = banner(world.campaign, 1, at=at)
    assert words in said and bool(said) == bool(words)
    assert banner(world.campaign, 0, at=at) == ""


def test_banner_stands_on_the_coordinator_s_pages_only_and_goes_with_the_report(world, client):
    today = timezone.localdate()
    Campaign.objects.update(
        starts_on=today,
        ends_on=today + timedelta(days=30),
        daily_cutoff="23:59:59",
        daily_reminder=24 * 60,
    )
    page = reverse("bulletin_list", kwargs={"pk": world.campaign.pk})
    shown = {}
    for who in ("east", "staff", "leader"):
        client.force_login(getattr(world.users, who))
        shown[who] = "今日日报还没有上报" in client.get(page).content.decode()
    assert shown == {"east": True, "staff": False, "leader": False}
    world.campaign.refresh_from_db()
    confirm(world, day=today, at=timezone.now())
    client.force_login(world.users.east)
    assert "今日日报还没有上报" not in client.get(page).content.decode()


def test_texts_are_on_the_todo_page_and_on_staff_s_list(world, client):
    today = timezone.localdate()
    Campaign.objects.update(
        starts_on=today,
        ends_on=today + timedelta(days=30),
        daily_cutoff="23:59:59",
        daily_reminder=24 * 60,
    )
    remind_of_reports()
    listed = reverse("daily_list", kwargs={"pk": world.campaign.pk})

    client.force_login(world.users.staff)
    assert "还有2个乡镇没有上报" in client.get(reverse("todo")).content.decode()
    page = client.get(listed).content.decode()
    assert "还有2个乡镇没有上报" in page
    assert "现在还没有上报：东乡镇、西乡镇。" in page
    client.force_login(world.users.leader)
    assert "催报" not in client.get(listed).content.decode()
    client.force_login(world.users.east)
    own = client.get(reverse("todo")).content.decode()
    assert "东乡镇今日日报还没有上报" in own
    assert "还有2个乡镇" not in own


def test_corrected_report_asks_staff_for_a_new_bulletin_until_it_is_there(world, client):
    confirm(world, problems="示例问题")
    produce_bulletin(campaign=world.campaign, day=DAY, at=moment(DAY, 18))
    staff = world.users.staff
    assert todo(staff, world.campaign, at=AT).daily.bulletins == []

    correct(world)
    work = todo(staff, world.campaign, at=AT)
    assert [b.words for b in work.daily.bulletins] == ["第1期"]
    assert todo_count(staff, world.campaign, at=AT) == work.total == work.shown
    assert todo(world.users.east, world.campaign, at=AT).daily.total == 0
    client.force_login(staff)
    assert "用过的日报已更正的简报" in client.get(reverse("todo")).content.decode()

    evening = moment(DAY + timedelta(days=1), 9)
    produce_bulletin(campaign=world.campaign, day=DAY, at=evening, by=staff, again=True)
    assert todo(staff, world.campaign, at=AT).daily.total == 0


def test_township_s_leader_is_asked_to_approve_and_nobody_else(world, client):
    Campaign.objects.update(daily_approval=True)
    world.campaign.refresh_from_db()
    own = make_user("zhen", Role.LEADER, world.east)
    other = make_user("xizhen", Role.LEADER, world.west)
    report = confirm(world)

    assert todo(own, world.campaign, at=AT).daily.approvals == [report]
    assert todo_count(own, world.campaign, at=AT) == 1
    for user in (other, world.users.leader, world.users.staff):
        assert todo(user, world.campaign, at=AT).daily.approvals == []
    client.force_login(own)
    page = client.get(reverse("todo")).content.decode()
    assert "待审定的日报" in page
    address = reverse(
        "daily_report",
        kwargs={"pk": world.campaign.pk, "township_pk": world.east.pk, "day": str(DAY)},
    )
    client.post(address, {"action": "approve"})
    assert todo_count(own, world.campaign, at=AT) == 0
