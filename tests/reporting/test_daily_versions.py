"""A report corrected: a new version with its difference, who used the old one, the lock, the township's leader."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.errors import Conflict, Forbidden, Refused
from accounts.models import AuditEntry
from elections.enums import Stage
from elections.models import Campaign
from reporting import rules
from reporting.enums import ReportApproval
from reporting.models import DailyReport
from reporting.selectors.daily import amended_since, versions_of
from reporting.services.bulletins import produce_bulletin
from reporting.services.daily import correct_daily_report
from reporting.services.daily_review import decide_report, unlock_report

from .conftest import make_user
from .test_daily import DAY, confirm, current, moment, settle, url  # noqa: F401 - a fixture

NEXT_MORNING = moment(DAY + timedelta(days=1), 8)


def correct(world, **more):
    facts = {
        "campaign": world.campaign,
        "township": world.east,
        "day": DAY,
        "problems": "示例：改正后的问题",
        "practices": "",
        "reason": "示例：漏写",
        "based_on": 1,
        "request_key": uuid.uuid4(),
        "by": world.users.east,
        "at": NEXT_MORNING,
    }
    return correct_daily_report(**facts | more)


def of_east(world):
    return next(e for e in world.elections.values() if e.township_id == world.east.pk)


def test_correction_is_a_new_version_and_the_old_one_stays(world):
    old = confirm(world, problems="示例问题")
    settle(of_east(world), Stage.SURVEY, moment(DAY, 15))

    new = correct(world)

    old.refresh_from_db()
    assert (old.superseded_at, old.problems, old.total_started) == (NEXT_MORNING, "示例问题", 0)
    assert (new.version, new.number, new.is_late) == (2, f"{old.number}-2", False)
    assert list(DailyReport.objects.current()) == [new]
    (version,) = versions_of(new)
    assert [(c.label, c.before, c.after) for c in version.changes] == [
        ("完成调研（当日）", 0, 1),
        ("完成调研（累计）", 0, 1),
        ("存在问题", "示例问题", "示例：改正后的问题"),
    ]
    row = AuditEntry.objects.get(action="daily_report.corrected")
    assert (row.reason, row.changes["after"]["存在问题"]) == ("示例：漏写", "示例：改正后的问题")
    assert correct(world, based_on=2, problems="").number == f"{old.number}-3"


def test_bulletin_that_used_the_old_version_lists_the_difference(world, client):
    confirm(world, problems="示例问题")
    before = produce_bulletin(campaign=world.campaign, day=DAY, at=moment(DAY, 18))
    new = correct(world)

    (amended,) = amended_since(before)
    assert (amended.report, [c.label for c in amended.changes]) == (new, ["存在问题"])
    client.force_login(world.users.leader)
    page = client.get(
        reverse("bulletin_detail", kwargs={"pk": world.campaign.pk, "issue": before.issue})
    ).content.decode()
    assert "本期用过的日报已更正（1份）" in page
    assert "示例：改正后的问题" in page
    listed = client.get(reverse("bulletin_list", kwargs={"pk": world.campaign.pk}))
    assert "数据已更正" in listed.content.decode()

    again = produce_bulletin(
        campaign=world.campaign,
        day=DAY,
        at=NEXT_MORNING + timedelta(minutes=1),
        by=world.users.staff,
        again=True,
    )
    assert amended_since(again) == []


def test_same_key_again_is_the_same_receipt_another_body_is_refused(world):
    key = uuid.uuid4()
    first = confirm(world, key=key, problems="示例")

    assert confirm(world, key=key, problems=" 示例 ") == first
    with pytest.raises(Conflict, match="内容与那次不同"):
        confirm(world, key=key, problems="另一句")
    with pytest.raises(Conflict, match="内容与那次不同"):
        correct(world, request_key=key)
    again = uuid.uuid4()
    assert correct(world, request_key=again) == correct(world, request_key=again)
    assert DailyReport.objects.count() == 2


def test_second_coordinator_s_correction_of_the_old_version_is_a_conflict(world):
    confirm(world)
    correct(world)

    with pytest.raises(Conflict, match="更正为第2版"):
        correct(world, problems="另一人")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"reason": " "}, "请写明更正原因"),
        ({"problems": "示例问题"}, "不需要更正"),
        ({"at": moment(DAY + timedelta(days=4), 0)}, "已于09月24日锁定.*示例县组织部工作人员"),
    ],
)
def test_correction_without_reason_without_difference_or_locked_is_refused(world, more, words):
    confirm(world, problems="示例问题")

    with pytest.raises(Refused, match=words):
        correct(world, **more)
    assert DailyReport.objects.get().superseded_at is None


def test_staff_open_the_lock_for_one_correction(world):
    report = confirm(world)
    late = moment(DAY + timedelta(days=9), 9)
    with pytest.raises(Forbidden):
        unlock_report(report=report, reason="示例", by=world.users.east, at=late)
    with pytest.raises(Refused, match="没有锁定"):
        unlock_report(report=report, reason="示例", by=world.users.staff, at=NEXT_MORNING)

    unlock_report(report=report, reason="示例：核实有误", by=world.users.staff, at=late)

    correct(world, at=late)
    with pytest.raises(Refused, match="开锁"):
        correct(world, at=late, based_on=2, problems="再改")
    assert AuditEntry.objects.filter(action="daily_report.unlocked").count() == 1


def test_township_leader_approves_or_returns_where_the_campaign_asks(world):
    leader = make_user("ldw", Role.LEADER, world.east)
    Campaign.objects.update(daily_approval=True)
    world.campaign.refresh_from_db()
    report = confirm(world)
    assert report.approval == ReportApproval.PENDING
    for other in (world.users.leader, world.users.east):
        with pytest.raises(Forbidden, match="由东乡镇领导审定"):
            decide_report(report=report, approve=True, note="", by=other, at=NEXT_MORNING)
    with pytest.raises(Refused, match="退回请写明"):
        decide_report(report=report, approve=False, note="", by=leader, at=NEXT_MORNING)

    decide_report(report=report, approve=False, note="示例：漏了一村", by=leader, at=NEXT_MORNING)
    new = correct(world)
    assert new.approval == ReportApproval.PENDING
    done = decide_report(report=new, approve=True, note="", by=leader, at=NEXT_MORNING)
    assert (done.approval, done.approved_name) == (ReportApproval.APPROVED, leader.name)
    with pytest.raises(Conflict):
        decide_report(report=new, approve=False, note="又退", by=leader, at=NEXT_MORNING)


@pytest.mark.parametrize(
    ("figures", "codes"),
    [
        ({"new": 1, "total": 3, "whole": 3, "before": (DAY, 2)}, []),
        ({"new": 0, "total": 1, "whole": 3, "before": (DAY, 2)}, ["fell"]),
        ({"new": 0, "total": 1, "whole": 3, "before": (DAY, 2), "is_reopened": True}, []),
        ({"new": 2, "total": 3, "whole": 3, "before": (DAY, 2)}, ["parts"]),
        ({"new": None, "total": 3, "whole": 3, "before": (DAY, 2)}, []),
        ({"new": 2, "total": 4, "whole": 3, "before": (DAY, 2)}, ["exceeds"]),
        ({"new": 4, "total": 4, "whole": 3, "before": None}, ["exceeds"]),
    ],
)
def test_every_line_is_checked_against_the_last_report_and_the_whole(figures, codes):
    assert [code for code, _ in rules.cell_problems("已完成", **figures)] == codes


# --- pages ---------------------------------------------------------------------------------------


def test_page_corrects_and_shows_the_difference(current, client):  # noqa: F811
    confirm(current, day=current.today, at=timezone.now(), problems="示例问题")
    settle(of_east(current), Stage.SURVEY, timezone.now())
    client.force_login(current.users.east)
    form = {
        "action": "correct",
        "request_key": str(uuid.uuid4()),
        "based_on": 1,
        "problems": "示例：更正",
        "practices": "",
    }

    before = client.get(url(current)).content.decode()
    refused = client.post(url(current), form)
    sent = client.post(url(current), form | {"reason": "示例：漏报一村"})
    after = client.get(url(current)).content.decode()
    retried = client.post(url(current), form | {"reason": "示例：另一个原因"})

    assert "完成调研累计：0 → <strong>1</strong>" in before
    assert (refused.status_code, sent.status_code, retried.status_code) == (422, 302, 409)
    assert "请写明更正原因" in refused.content.decode()
    assert "第2版" in after
    assert "示例：漏报一村" in after
    assert "内容与那次不同" in retried.content.decode()


def test_page_names_the_lock_and_staff_open_it(current, client):  # noqa: F811
    day = current.today - timedelta(days=6)
    confirm(current, day=day, at=timezone.now())
    where = url(current, day=day)
    client.force_login(current.users.east)
    page = client.get(where).content.decode()
    assert "示例县组织部工作人员在这份日报的页面上“开锁”" in page
    assert "上报更正" not in page

    client.force_login(current.users.staff)
    assert "开锁，允许更正一次" in client.get(where).content.decode()
    assert client.post(where, {"action": "unlock", "reason": ""}).status_code == 422
    assert client.post(where, {"action": "unlock", "reason": "示例"}).status_code == 302
    client.force_login(current.users.east)
    assert "上报更正" in client.get(where).content.decode()


def test_page_marks_a_day_without_news_as_a_zero_report(current, client):  # noqa: F811
    client.force_login(current.users.east)

    assert "零报告，确认上报" in client.get(url(current)).content.decode()
    confirm(current, day=current.today, at=timezone.now())
    assert "已上报（零报告）" in client.get(url(current)).content.decode()


def test_page_lets_only_the_township_s_leader_decide(current, client):  # noqa: F811
    leader = make_user("ldw", Role.LEADER, current.east)
    Campaign.objects.update(daily_approval=True)
    current.campaign.refresh_from_db()
    confirm(current, day=current.today, at=timezone.now())
    client.force_login(current.users.leader)
    assert client.post(url(current), {"action": "approve"}).status_code == 403
    assert 'id="decide"' not in client.get(url(current)).content.decode()

    client.force_login(leader)
    assert 'id="decide"' in client.get(url(current)).content.decode()
    assert client.post(url(current), {"action": "approve"}).status_code == 302
    assert "乡镇领导已审定" in client.get(url(current)).content.decode()
