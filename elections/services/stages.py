"""The only place where a stage changes state: submit, confirm, return; and the door to recording facts."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import Conflict, Refused
from accounts.models import User
from accounts.problems import Problem
from villages.scoping import post_of

from .. import rollups, rules, selectors
from ..enums import SETTLED, Stage, StageEvent, StageStatus
from ..models import StageChange, StageRecord, VillageElection
from ..permissions import check_can_certify, check_can_confirm, check_can_record
from ..stages import COMMITTEE_ONLY, STAGES, opens_after

#: What a village's election refers to and no service changes: carried over instead of read again.
_FIXED = ("campaign", "village", "township", "county")


def lock(election: VillageElection) -> VillageElection:
    """The election's row as it is now, locked until the transaction ends."""
    locked = VillageElection.objects.select_for_update(of=("self",)).get(pk=election.pk)
    for name in _FIXED:
        if VillageElection._meta.get_field(name).is_cached(election):
            setattr(locked, name, getattr(election, name))
    return locked


def open_for_recording(
    *, election: VillageElection, stage: Stage, by: User
) -> tuple[VillageElection, StageRecord]:
    """Lock an election whose `stage` is open for its facts. Call first in every service that records one.

    Raises Forbidden (not the township's coordinator), Refused (the stage is not open, and why).
    """
    election = lock(election)
    check_can_record(by, election)
    return election, _open_record(election, stage)


def open_for_deciding(
    *, election: VillageElection, stage: Stage, by: User
) -> tuple[VillageElection, StageRecord]:
    """The same for a fact that the county records in a stage the township works on (a review's second level)."""
    election = lock(election)
    check_can_confirm(by, election)
    return election, _open_record(election, stage)


def open_for_certifying(
    *, election: VillageElection, stage: Stage, by: User
) -> tuple[VillageElection, StageRecord]:
    """The same for a second pair of eyes, of the township or of the county."""
    election = lock(election)
    check_can_certify(by, election)
    return election, _open_record(election, stage)


def _open_record(election: VillageElection, stage: Stage) -> StageRecord:
    record = StageRecord.objects.get(election=election, stage=stage, is_current=True)
    if record.status == StageStatus.OPEN:
        return record
    sentence = selectors.waiting_sentence(election, record, [], selectors.current_records(election))
    code = "out_of_order" if record.status == StageStatus.WAITING else "closed_stage"
    raise Refused(Problem(code, f"“{stage.label}”现在不能登记：{sentence}", rules.MANUAL))


def recorded(
    *,
    election: VillageElection,
    action: str,
    by: User,
    at: datetime,
    target,
    changes: dict | None = None,
    reason: str = "",
) -> None:
    """Close a service that recorded a fact: audit row, then the township's figures, in the same transaction."""
    audit.record(
        action=action,
        by=by,
        at=at,
        target=target,
        changes=changes,
        reason=reason,
        post=post_of(by),
        township_id=election.township_id,
        campaign_id=election.campaign_id,
    )
    rollups.refresh(campaign_id=election.campaign_id, township_ids={election.township_id}, at=at)


def _check_version(election: VillageElection, expected: int | None) -> None:
    if expected is not None and election.version != expected:
        raise Conflict(
            Problem(
                "stale",
                "本村的环节刚被他人办理，页面已不是最新：请刷新后核对再操作。",
                rules.MANUAL,
            )
        )


@transaction.atomic
def submit_stage(
    *,
    election: VillageElection,
    stage: Stage,
    by: User,
    at: datetime,
    on: date | None = None,
    expected_version: int | None = None,
) -> StageRecord:
    """Close an open stage (or send it to the county where that confirms it).

    `on`: the day it was done, needed only where no recorded fact gives it (selectors.TYPED_DATE).
    Raises Forbidden, Conflict (somebody else moved the village since `expected_version`), Refused with every
    blocker at once.
    """
    election = lock(election)
    check_can_record(by, election)
    _check_version(election, expected_version)
    _open_record(election, stage)
    records = selectors.current_records(election)
    record = records[stage]
    blockers = selectors.stage_blockers(election, record, at=at)
    on = selectors.recorded_date(election, stage) or on
    problems: list[Problem] = list(blockers)
    if on is None and not blockers:
        problems.append(Problem("date", f"请填写“{stage.label}”的办理日期。", rules.MANUAL))
    if on is not None:
        earliest, reason = selectors.not_before(election, stage, records)
        problems += rules.date_problems(
            on=on, today=timezone.localdate(at), not_before=earliest, after_what=reason
        )
    if problems:
        raise Refused(*problems)
    record.actual_on = on
    record.submitted_at, record.submitted_by = at, by
    if record.spec.confirmer:
        _move(record, StageStatus.SUBMITTED, StageEvent.SUBMITTED, by=by, at=at)
    else:
        record.settled_at, record.settled_by = at, by
        _move(record, StageStatus.DONE, StageEvent.COMPLETED, by=by, at=at)
    _advance(election, records, by=by, at=at)
    recorded(
        election=election,
        action=f"{record.spec.audit_event}.submitted",
        by=by,
        at=at,
        target=election,
        changes={"after": {"status": record.status, "on": str(on)}},
    )
    return record


@transaction.atomic
def confirm_stage(
    *,
    election: VillageElection,
    stage: Stage,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> StageRecord:
    """The county confirms a submitted stage. Raises Forbidden, Conflict, Refused (not submitted, or blocked again)."""
    election = lock(election)
    check_can_confirm(by, election)
    _check_version(election, expected_version)
    records = selectors.current_records(election)
    record = _submitted_record(election, records, stage)
    blockers = selectors.stage_blockers(election, record, at=at)
    if blockers:
        raise Refused(*blockers)
    record.settled_at, record.settled_by = at, by
    _move(record, StageStatus.DONE, StageEvent.CONFIRMED, by=by, at=at)
    _advance(election, records, by=by, at=at)
    recorded(
        election=election,
        action=f"{record.spec.audit_event}.confirmed",
        by=by,
        at=at,
        target=election,
        changes={"after": {"status": record.status}},
    )
    return record


@transaction.atomic
def return_stage(
    *,
    election: VillageElection,
    stage: Stage,
    reason: str,
    by: User,
    at: datetime,
    expected_version: int | None = None,
) -> StageRecord:
    """The county returns a submitted stage with a reason: the attempt is closed, a new one opens, the recorded
    facts stay for correction. Returns the new attempt. Raises Forbidden, Conflict, Refused."""
    election = lock(election)
    check_can_confirm(by, election)
    _check_version(election, expected_version)
    records = selectors.current_records(election)
    record = _submitted_record(election, records, stage)
    if not reason.strip():
        raise Refused(Problem("reason", "请填写退回理由，说明要改正什么。", rules.MANUAL))
    record.return_reason = reason.strip()
    record.is_current = False
    _move(record, StageStatus.RETURNED, StageEvent.RETURNED, by=by, at=at, reason=reason.strip())
    fresh = StageRecord.objects.create(
        election=election,
        stage=stage,
        attempt=record.attempt + 1,
        planned_on=record.planned_on,
        status=StageStatus.WAITING,
    )
    _move(fresh, StageStatus.OPEN, StageEvent.OPENED, by=by, at=at)
    records[stage] = fresh
    _advance(election, records, by=by, at=at)
    recorded(
        election=election,
        action=f"{record.spec.audit_event}.returned",
        by=by,
        at=at,
        target=election,
        reason=reason.strip(),
        changes={"after": {"status": record.status, "attempt": fresh.attempt}},
    )
    return fresh


def reopen_from(
    *, election: VillageElection, stage: Stage, reason: str, by: User, at: datetime
) -> list[Stage]:
    """Do a stage and everything after it again, because what they stood on was corrected. Each attempt begun is
    closed with the reason and stays readable; the recorded facts stay for correction. Inside the transaction of a
    caller who has the lock. Returns the stages closed.
    """
    records = selectors.current_records(election)
    closed = []
    for code, record in records.items():
        if STAGES[code].number < STAGES[stage].number or record.status == StageStatus.WAITING:
            continue
        if code == stage and record.status == StageStatus.OPEN:
            continue
        record.return_reason, record.is_current = reason, False
        _move(record, StageStatus.RETURNED, StageEvent.REOPENED, by=by, at=at, reason=reason)
        records[code] = StageRecord.objects.create(
            election=election,
            stage=code,
            attempt=record.attempt + 1,
            planned_on=record.planned_on,
            status=StageStatus.WAITING,
        )
        closed.append(code)
    _advance(election, records, by=by, at=at)
    return closed


def _submitted_record(
    election: VillageElection, records: dict[Stage, StageRecord], stage: Stage
) -> StageRecord:
    record = records[stage]
    if record.status == StageStatus.SUBMITTED:
        return record
    sentence = selectors.waiting_sentence(election, record, [], records)
    raise Refused(
        Problem("not_submitted", f"“{stage.label}”不在待确认状态：{sentence}", rules.MANUAL)
    )


def _move(
    record: StageRecord,
    to: StageStatus,
    event: StageEvent,
    *,
    by: User,
    at: datetime,
    reason: str = "",
) -> None:
    """Write one change of state and its log row."""
    change = StageChange(
        record=record,
        event=event,
        from_status=record.status,
        to_status=to,
        by=by,
        by_name=by.name,
        by_post=post_of(by),
        at=at,
        reason=reason,
    )
    record.status = to
    record.save()
    change.save()


def _advance(
    election: VillageElection, records: dict[Stage, StageRecord], *, by: User, at: datetime
) -> None:
    """Open every stage whose predecessors are settled; store where the village now stands."""
    while True:
        settled = {code for code, r in records.items() if r.status in SETTLED}
        ready = [c for c in opens_after(settled) if records[c].status == StageStatus.WAITING]
        if not ready:
            break
        for code in ready:
            skipped = code in COMMITTEE_ONLY and not election.has_committee
            to = StageStatus.NOT_APPLICABLE if skipped else StageStatus.OPEN
            event = StageEvent.NOT_APPLICABLE if skipped else StageEvent.OPENED
            _move(records[code], to, event, by=by, at=at)
    pending = [code for code in STAGES if records[code].status not in SETTLED]
    election.done_count = len(settled)
    election.version += 1
    if pending:
        election.stage = pending[0]
        election.due_on = records[pending[0]].planned_on
        election.completed_on = None
    else:
        election.stage = Stage.HANDOVER
        election.due_on = None
        election.completed_on = records[Stage.HANDOVER].actual_on
    election.save(update_fields=["done_count", "version", "stage", "due_on", "completed_on"])
