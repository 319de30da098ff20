"""特批放行: the county lifts blockers of one stage of one village, on its own responsibility and in everybody's sight."""

from datetime import datetime

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from villages.scoping import post_of

from .. import rules, selectors
from ..enums import Stage, StageEvent, StageStatus
from ..models import StageChange, StageOverride, StageRecord, VillageElection
from ..permissions import check_can_override
from .stages import lock, recorded


@transaction.atomic
def grant_override(
    *,
    election: VillageElection,
    stage: Stage,
    messages: list[str],
    reason: str,
    document_number: str,
    by: User,
    at: datetime,
) -> StageOverride:
    """Lift the blockers that read as `messages` from an open stage. What is lifted is what was read: a blocker whose
    facts change afterwards stands again. Raises Forbidden, Refused (stage not open, none chosen, one that is firm or no
    longer there, no reason, no document).
    """
    election = lock(election)
    check_can_override(by, election)
    record = selectors.current_records(election)[stage]
    _refuse_unless_open(record, "特批")
    blockers = {b.message: b for b in selectors.stage_blockers(election, record, at=at)}
    problems = [
        Problem(
            "override_firm",
            f"“{message}”不能特批：法规规定的、后面环节要用的事项须补齐；情况已有变化的，请刷新页面核对。",
            rules.MANUAL,
        )
        for message in messages
        if message not in blockers or not blockers[message].may_be_overridden
    ]
    if not messages:
        problems.append(Problem("override_nothing", "请选择要放行的事项。", rules.MANUAL))
    if not reason.strip():
        problems.append(Problem("override_reason", "请填写特批的理由。", rules.MANUAL))
    if not document_number.strip():
        problems.append(Problem("override_document", "请填写批准文号。", rules.MANUAL))
    if problems:
        raise Refused(*problems)
    override = StageOverride.objects.create(
        election=election,
        stage=stage,
        attempt=record.attempt,
        lifted=[{"code": blockers[m].code, "message": m} for m in dict.fromkeys(messages)],
        reason=reason.strip(),
        document_number=document_number.strip(),
        by=by,
        by_name=by.name,
        by_post=post_of(by),
        at=at,
    )
    words = f"{override.document_number}：{override.reason}"
    _log(record, StageEvent.OVERRIDDEN, by=by, at=at, reason=words)
    recorded(
        election=election,
        action="override.granted",
        by=by,
        at=at,
        target=override,
        reason=override.reason,
        changes={
            "after": {
                "stage": stage.value,
                "document": override.document_number,
                "lifted": override.lifted,
            }
        },
    )
    return override


@transaction.atomic
def withdraw_override(
    *, override: StageOverride, reason: str, by: User, at: datetime
) -> StageOverride:
    """Take an override back while its stage is still open; it stays readable. Raises Forbidden, Refused."""
    election = lock(override.election)
    check_can_override(by, election)
    override = StageOverride.objects.select_for_update(of=("self",)).get(pk=override.pk)
    record = selectors.current_records(election)[Stage(override.stage)]
    if override.withdrawn_at is not None:
        raise Refused(Problem("override_withdrawn", "这项特批已撤销。", rules.MANUAL))
    if record.attempt != override.attempt:
        words = "这项特批属于以前的一次办理，不能再撤销。"
        raise Refused(Problem("override_past", words, rules.MANUAL))
    _refuse_unless_open(record, "撤销特批")
    if not reason.strip():
        raise Refused(Problem("withdrawal_reason", "请填写撤销特批的理由。", rules.MANUAL))
    override.withdrawn_at, override.withdrawn_by = at, by
    override.withdrawal_reason = reason.strip()
    override.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    words = f"{override.document_number}：{override.withdrawal_reason}"
    _log(record, StageEvent.OVERRIDE_WITHDRAWN, by=by, at=at, reason=words)
    recorded(
        election=election,
        action="override.withdrawn",
        by=by,
        at=at,
        target=override,
        reason=override.withdrawal_reason,
        changes={"after": {"stage": override.stage, "document": override.document_number}},
    )
    return override


def _refuse_unless_open(record: StageRecord, doing: str) -> None:
    if record.status != StageStatus.OPEN:
        words = f"“{record.get_stage_display()}”不在办理中，不能{doing}。"
        raise Refused(Problem("override_closed", words, rules.MANUAL))


def _log(record: StageRecord, event: StageEvent, *, by: User, at: datetime, reason: str) -> None:
    """A line in the stage's history; its state stays as it is."""
    StageChange.objects.create(
        record=record,
        event=event,
        from_status=record.status,
        to_status=record.status,
        by=by,
        by_name=by.name,
        by_post=post_of(by),
        at=at,
        reason=reason[:500],
    )
