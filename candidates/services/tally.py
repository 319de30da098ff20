"""唱票计票: opening a teller's sheet, its strokes, closing it, starting it anew.

Strokes arrive in batches from a device that may lose its connection: a batch sent twice changes nothing. Only opening,
closing and starting anew are in the audit trail; the strokes are their own record.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.errors import Conflict, Forbidden, Refused
from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.enums import Stage
from elections.models import BallotRound, VillageElection
from elections.services.stages import open_for_certifying, recorded

from .. import selectors
from ..enums import MarkKind
from ..models import TallyMark, TallySheet

#: Two people count.
TELLERS = 2
#: Most strokes of one request; a device sends the rest afterwards.
BATCH = 500


@dataclass(frozen=True)
class Mark:
    """One stroke as the device sends it. `candidacy`: for votes; `undoes`: the stroke that is taken back."""

    uid: UUID
    kind: MarkKind
    candidacy: int | None = None
    undoes: UUID | None = None


@transaction.atomic
def open_sheet(*, election: VillageElection, stage: Stage, by: User, at: datetime) -> TallySheet:
    """The caller's sheet for the round that is to be counted now; the one opened before, if there is one.

    Raises Forbidden, Refused (nothing to count, two people count already).
    """
    election, _ = open_for_certifying(election=election, stage=stage, by=by)
    contest = next((c for c in selectors.contests(election, stage) if c.next_kind), None)
    if contest is None:
        raise Refused(Problem("tally_none", "现在没有要计票的选举。", rules.MANUAL))
    sheets = list(selectors.sheets_of(election, stage, contest))
    own = next((s for s in sheets if s.teller_id == by.pk), None)
    if own:
        return own
    if len(sheets) >= TELLERS:
        names = "、".join(s.teller.name for s in sheets)
        raise Refused(
            Problem("tally_full", f"这一轮已由{names}两人计票：可以打开大屏观看。", rules.MANUAL)
        )
    sheet = TallySheet.objects.create(
        election=election,
        stage=stage,
        post=contest.post,
        number=contest.next_number,
        candidates=[c.pk for c in contest.next_candidates],
        teller=by,
        opened_at=at,
    )
    recorded(
        election=election,
        action="tally.opened",
        by=by,
        at=at,
        target=sheet,
        changes={"after": {"post": sheet.post, "number": sheet.number}},
    )
    return sheet


def _own(sheet: TallySheet, by: User) -> TallySheet:
    """The sheet as it is now, locked: its teller's, live, of a round not yet recorded."""
    sheet = (
        TallySheet.objects.select_for_update(of=("self",))
        .select_related("election")
        .get(pk=sheet.pk)
    )
    if sheet.teller_id != by.pk:
        raise Forbidden("计票单只能由计票人本人操作。")
    is_counted = BallotRound.objects.filter(
        meeting__election=sheet.election_id,
        meeting__kind=selectors.BALLOT_MEETING[Stage(sheet.stage)],
        post=sheet.post,
        number=sheet.number,
    ).exists()
    if sheet.replaced_at or is_counted:
        raise Conflict(
            Problem(
                "tally_over", "这份计票单已作废，或这一轮计票已登记：请刷新页面。", rules.MANUAL
            )
        )
    return sheet


@transaction.atomic
def add_marks(*, sheet: TallySheet, marks: list[Mark], by: User, at: datetime) -> int:
    """Store a batch of strokes in its order and return how many the sheet has now. Strokes known already are passed over.

    Raises Forbidden (another's sheet), Conflict (closed, started anew, or the round is recorded), Refused (too many
    at once, a person who is not on the ballot).
    """
    sheet = _own(sheet, by)
    if sheet.closed_at:
        raise Conflict(
            Problem("tally_closed", "计票单已结束：如需继续，请先点“继续计票”。", rules.MANUAL)
        )
    if len(marks) > BATCH:
        raise Refused(Problem("tally_batch", f"一次最多同步{BATCH}笔。", rules.MANUAL))
    if {m.candidacy for m in marks if m.candidacy} - set(sheet.candidates):
        raise Refused(Problem("tally_person", "有人不在这一轮的选票上：请刷新页面。", rules.MANUAL))
    TallyMark.objects.bulk_create(
        (
            TallyMark(
                sheet=sheet,
                uid=m.uid,
                kind=m.kind,
                candidacy_id=m.candidacy,
                undoes=m.undoes,
                at=at,
            )
            for m in marks
        ),
        ignore_conflicts=True,
    )
    return sheet.marks.count()


@transaction.atomic
def close_sheet(*, sheet: TallySheet, by: User, at: datetime) -> TallySheet:
    """End a count. Raises Forbidden, Conflict, Refused (nothing counted, more strokes for somebody than ballots)."""
    sheet = _own(sheet, by)
    if sheet.closed_at:
        return sheet
    counted = selectors.counted_on([sheet])[sheet.pk]
    problems = []
    if not counted.valid + counted.invalid:
        problems.append(
            Problem(
                "tally_empty", "还没有计过一张选票：每唱完一张，点“下一张”或“废票”。", rules.MANUAL
            )
        )
    problems += [
        Problem(
            "tally_strokes",
            f"{name}赞成{favour}＋不赞成{against}，多于有效票{counted.valid}张：请核对是否漏点“下一张”。",
            rules.ELECTION_REGULATION,
        )
        for person, (name, favour, against) in counted.votes.items()
        if counted.abstained(person) < 0
    ]
    if problems:
        raise Refused(*problems)
    sheet.closed_at = at
    sheet.save(update_fields=["closed_at"])
    recorded(
        election=sheet.election,
        action="tally.closed",
        by=by,
        at=at,
        target=sheet,
        changes={
            "after": {
                "valid": counted.valid,
                "invalid": counted.invalid,
                "votes": {name: [f, a] for name, f, a in counted.votes.values()},
            }
        },
    )
    return sheet


@transaction.atomic
def reopen_sheet(*, sheet: TallySheet, by: User, at: datetime) -> TallySheet:
    """Go on with a closed count, to look for a difference. Raises Forbidden, Conflict."""
    sheet = _own(sheet, by)
    if sheet.closed_at:
        sheet.closed_at = None
        sheet.save(update_fields=["closed_at"])
        recorded(election=sheet.election, action="tally.reopened", by=by, at=at, target=sheet)
    return sheet


@transaction.atomic
def restart_sheet(*, sheet: TallySheet, reason: str, by: User, at: datetime) -> None:
    """Count all over again: the sheet is kept, but no longer counts. Raises Forbidden, Conflict, Refused (no reason)."""
    sheet = _own(sheet, by)
    if not reason.strip():
        raise Refused(Problem("reason", "请填写重新计票的理由。", rules.MANUAL))
    sheet.replaced_at, sheet.replaced_because = at, reason.strip()
    sheet.save(update_fields=["replaced_at", "replaced_because"])
    recorded(
        election=sheet.election,
        action="tally.restarted",
        by=by,
        at=at,
        target=sheet,
        reason=reason.strip(),
    )
