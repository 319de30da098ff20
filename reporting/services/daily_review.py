"""What others do with a daily report: the township's leader approves or returns it, staff open a locked one."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import Conflict, Refused
from accounts.models import User
from accounts.problems import Problem
from elections.rules import MANUAL

from ..enums import ReportApproval
from ..models import DailyReport, DailyUnlock
from ..permissions import check_can_approve_report, check_can_produce
from ..selectors.daily import lock_of
from .daily import record


def _lock(report: DailyReport) -> DailyReport:
    return (
        DailyReport.objects.select_for_update(of=("self",))
        .select_related("campaign__area", "township")
        .get(pk=report.pk)
    )


@transaction.atomic
def decide_report(
    *, report: DailyReport, approve: bool, note: str, by: User, at: datetime
) -> DailyReport:
    """The township's leader approves a report, or returns it with a note for the coordinator to correct.

    Doing the same again changes nothing. Raises Forbidden, Conflict (corrected or decided otherwise meanwhile),
    Refused (no approval is asked for, returned without a note).
    """
    report = _lock(report)
    check_can_approve_report(by, report.township)
    decision = ReportApproval.APPROVED if approve else ReportApproval.RETURNED
    if report.approval == decision and report.approved_by_id == by.pk:
        return report
    if report.superseded_at:
        raise Conflict(Problem("version", "日报已更正：请刷新页面审定新的版本。", MANUAL))
    if report.approval != ReportApproval.PENDING:
        raise Conflict(
            Problem("decided", f"这份日报{report.get_approval_display()}，不必再审定。", MANUAL)
        )
    if not approve and not note.strip():
        raise Refused(Problem("note", "退回请写明哪里要改。", MANUAL))
    report.approval, report.approval_note = decision, note.strip()
    report.approved_by, report.approved_name, report.approved_at = by, by.name, at
    report.save(
        update_fields=["approval", "approval_note", "approved_by", "approved_name", "approved_at"]
    )
    record(report, f"daily_report.{decision}", by=by, at=at, reason=report.approval_note)
    return report


@transaction.atomic
def unlock_report(*, report: DailyReport, reason: str, by: User, at: datetime) -> DailyUnlock:
    """Staff let a locked report be corrected once. Raises Forbidden, Conflict (corrected meanwhile), Refused (not
    locked, no reason)."""
    report = _lock(report)
    check_can_produce(by, report.campaign)
    there = DailyUnlock.objects.filter(report=report).first()
    if there:
        return there
    if report.superseded_at:
        raise Conflict(Problem("version", "日报已更正：请刷新页面。", MANUAL))
    refusals = []
    if not lock_of(report, report.campaign, today=timezone.localdate(at)).is_shut:
        refusals.append(Problem("open", "这份日报没有锁定，乡镇联络员可以直接更正。", MANUAL))
    if not reason.strip():
        refusals.append(Problem("reason", "请写明开锁理由。", MANUAL))
    if refusals:
        raise Refused(*refusals)
    unlock = DailyUnlock.objects.create(
        report=report, reason=reason.strip(), by=by, by_name=by.name, at=at
    )
    record(report, "daily_report.unlocked", by=by, at=at, reason=unlock.reason)
    return unlock
