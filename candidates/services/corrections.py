"""Correcting a count that a second person had checked: put forward by one, approved by another, never erased.

Approval writes the new figures, derives the winners anew, and does again whatever stood on the old ones: rounds that
the rules no longer call for become void, stages after a changed result are reopened.
"""

from datetime import datetime

from django.db import transaction

from accounts.errors import Conflict, Refused
from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.enums import BallotPost, Stage
from elections.models import BallotRound, VillageElection
from elections.permissions import check_can_certify, check_can_confirm
from elections.selectors import ticked
from elections.services.facts import refuse
from elections.services.stages import lock, recorded, reopen_from

from .. import selectors
from ..enums import CorrectionStatus, ElectedPostKind
from ..models import BallotCorrection, ElectedPost, SeatReduction, VoteTally
from ..selectors import CountedRound
from .ballots import Count, forget_unvoted
from .results import derive_posts

_FIGURES = ("present", "issued", "returned", "valid", "invalid")


def figures_of(counted: CountedRound) -> dict:
    """The figures of a counted round as they are kept: ballots (张), voters present (people), votes per person."""
    return {name: getattr(counted.row, name) for name in _FIGURES} | {
        "votes": [
            {
                "candidacy": t.person,
                "name": t.name,
                "in_favour": t.in_favour,
                "against": t.against,
                "abstained": t.abstained,
                "written_in": t.written_in,
            }
            for t in sorted(counted.ballot.tallies, key=lambda t: t.person)
        ]
    }


def _corrected(before: dict, present: int, count: Count) -> dict:
    """The figures after the correction: the same people, other numbers."""
    people = {row["candidacy"] for row in before["votes"]}
    if count.tallies.keys() != people:
        raise Conflict(
            Problem("candidates", "这一轮的人选已有变化：请刷新页面后重填。", rules.MANUAL)
        )
    after = {name: getattr(count, name) for name in _FIGURES if name != "present"}
    after["present"] = present
    after["votes"] = [
        row
        | dict(
            zip(("in_favour", "against", "abstained"), count.tallies[row["candidacy"]], strict=True)
        )
        for row in before["votes"]
    ]
    return after


def _as_round(counted: CountedRound, figures: dict) -> rules.Round:
    return rules.Round(
        kind=counted.row.kind,
        seats=counted.row.seats,
        tallies=tuple(
            rules.Tally(
                row["candidacy"],
                row["name"],
                row["in_favour"],
                row["against"],
                row["abstained"],
                row["written_in"],
            )
            for row in figures["votes"]
        ),
        **{name: figures[name] for name in _FIGURES},
    )


def _problems(election: VillageElection, counted: CountedRound, after: dict) -> list[Problem]:
    """What the corrected figures break: the same rules as for the count itself."""
    return rules.quorum_problems(
        due=counted.row.meeting.due,
        present=after["present"],
        strict=election.rule_set.quorum_strict,
    ) + rules.round_problems(_as_round(counted, after))


def counted_round(row: BallotRound) -> CountedRound:
    """A stored round with its votes."""
    found = selectors.counted_rounds(row.meeting)[row.post]
    return next(counted for counted in found if counted.row.pk == row.pk)


def _round_of(election: VillageElection, pk: int | None) -> CountedRound:
    row = (
        BallotRound.objects.select_related("meeting")
        .filter(pk=pk, meeting__election=election)
        .first()
    )
    if row is None:
        raise Conflict(Problem("round", "这轮计票已被撤回或作废：请刷新页面。", rules.MANUAL))
    counted = counted_round(row)
    counted.row.meeting = row.meeting
    return counted


def _named_problems(row: BallotRound, present: int) -> list[Problem]:
    """Where the people at the meeting's first round were ticked by name, their number is not corrected apart."""
    named = len(ticked(row.meeting)) if row.number == 1 else 0
    if not named or present == named:
        return []
    words = f"到会按姓名登记了{named}人，更正为{present}人与名单不符：请核对实到人数。"
    return [Problem("attendance_contradicts", words, rules.MANUAL)]


@transaction.atomic
def propose_correction(
    *,
    election: VillageElection,
    round_id: int,
    present: int,
    count: Count,
    reason: str,
    by: User,
    at: datetime,
) -> BallotCorrection:
    """Put forward other figures for a checked count (people and ballots, as in record_round), with the reason.

    Raises Forbidden (neither the township's coordinator nor the county's staff), Conflict (the round is gone, a
    correction waits already), Refused (not checked yet, nothing changed, no reason, figures that cannot be).
    """
    election = lock(election)
    check_can_certify(by, election)
    counted = _round_of(election, round_id)
    row = counted.row
    if row.certified_at is None:
        raise Refused(
            Problem(
                "uncertified",
                "这轮计票还没有核对：请撤回后重新登记，不需要申请更正。",
                rules.MANUAL,
            )
        )
    if row.corrections.pending().exists():
        raise Conflict(Problem("pending", "这轮计票已有一份更正等待批准，不能再提。", rules.MANUAL))
    before = figures_of(counted)
    after = _corrected(before, present, count)
    problems = _problems(election, counted, after)
    problems += _named_problems(row, present)
    if after == before:
        problems.append(Problem("same", "更正后的数字与原来相同：请核对。", rules.MANUAL))
    if not reason.strip():
        problems.append(Problem("reason", "请填写更正的理由和依据。", rules.MANUAL))
    refuse(problems)
    correction = BallotCorrection.objects.create(
        election=election,
        round=row,
        stage=row.meeting.kind,
        post=row.post,
        number=row.number,
        held_on=row.held_on,
        counted_at=row.recorded_at,
        before=before,
        after=after,
        reason=reason.strip(),
        proposed_by=by,
        proposed_at=at,
    )
    recorded(
        election=election,
        action="ballot.correction_proposed",
        by=by,
        at=at,
        target=correction,
        reason=correction.reason,
        changes={"before": before, "after": after},
    )
    return correction


@transaction.atomic
def decide_correction(
    *, correction: BallotCorrection, approved: bool, note: str, by: User, at: datetime
) -> BallotCorrection:
    """The county approves or refuses a correction; whoever put it forward does not.

    Raises Forbidden, Conflict (decided already, or the count changed meanwhile), Refused (one's own, a refusal
    without a word, figures that cannot be).
    """
    election = lock(correction.election)
    check_can_confirm(by, election)
    correction = (
        BallotCorrection.objects.select_for_update(of=("self",))
        .select_related("proposed_by")
        .get(pk=correction.pk)
    )
    if correction.status != CorrectionStatus.PENDING:
        raise Conflict(Problem("decided", "这份更正已有结论：请刷新页面查看。", rules.MANUAL))
    if correction.proposed_by_id == by.pk:
        raise Refused(
            Problem("own", "这份更正由您提出，须由县级组织部另一名工作人员批准。", rules.MANUAL)
        )
    if not approved and not note.strip():
        raise Refused(Problem("note", "不同意更正时请写明意见。", rules.MANUAL))
    if approved:
        correction.effect = _apply(election, correction, by=by, at=at)
    correction.status = CorrectionStatus.APPROVED if approved else CorrectionStatus.REFUSED
    correction.note = note.strip()
    correction.decided_by, correction.decided_at = by, at
    correction.save()
    recorded(
        election=election,
        action="ballot.correction_decided",
        by=by,
        at=at,
        target=correction,
        reason=correction.note,
        changes={"after": {"approved": approved} | correction.effect},
    )
    return correction


def _apply(
    election: VillageElection, correction: BallotCorrection, *, by: User, at: datetime
) -> dict:
    """Write the new figures and everything that follows from them; what changed, for the record."""
    counted = _round_of(election, correction.round_id)
    if figures_of(counted) != correction.before:
        raise Conflict(
            Problem(
                "changed",
                "这轮计票在申请之后又有变化：请退回，按现在的数字重新申请。",
                rules.MANUAL,
            )
        )
    refuse(_problems(election, counted, correction.after))
    won_before = _winners(election)
    _write(counted.row, correction.after)
    voided = _void_rounds(election, Stage(correction.stage))
    derive_posts(election)
    won_after = _winners(election)
    if won_before[ElectedPostKind.MEMBER] != won_after[ElectedPostKind.MEMBER]:
        voided += _void_rounds(election, Stage.SECRETARY_BALLOT, every=True)
        derive_posts(election)
        won_after = _winners(election)
    forget_unvoted(election)
    reopened = []
    if (
        first := _first_to_redo(election, Stage(correction.stage), won_before, won_after)
    ) is not None:
        reopened = reopen_from(
            election=election,
            stage=first,
            reason=f"{correction.get_post_display()}第{correction.number}轮计票更正：{correction.reason}"[
                :500
            ],
            by=by,
            at=at,
        )
    return {
        "elected_before": {kind: sorted(won.values()) for kind, won in won_before.items()},
        "elected_after": {kind: sorted(won.values()) for kind, won in won_after.items()},
        "voided": voided,
        "reopened": [stage.value for stage in reopened],
    }


def _write(row: BallotRound, figures: dict) -> None:
    for name in _FIGURES:
        setattr(row, name, figures[name])
    row.save(update_fields=_FIGURES)
    votes = {vote["candidacy"]: vote for vote in figures["votes"]}
    tallies = list(VoteTally.objects.filter(round=row))
    for tally in tallies:
        for name in ("in_favour", "against", "abstained"):
            setattr(tally, name, votes[tally.candidacy_id][name])
    VoteTally.objects.bulk_update(tallies, ["in_favour", "against", "abstained"])
    if row.number == 1 and row.meeting.present != figures["present"]:
        row.meeting.present = figures["present"]
        row.meeting.save(update_fields=["present"])


def _winners(election: VillageElection) -> dict[str, dict[int, str]]:
    """Post → member id → name."""
    won: dict[str, dict[int, str]] = {kind.value: {} for kind in ElectedPostKind}
    for post in ElectedPost.objects.filter(election=election).select_related("member"):
        won[post.post][post.member_id] = post.member.name
    return won


def _void_rounds(election: VillageElection, stage: Stage, *, every: bool = False) -> list[dict]:
    """Remove the rounds of a stage's meeting that the rounds before them no longer call for (or all), with the seats
    given up after them; their figures."""
    meeting = selectors.meeting_of(election, stage)
    if meeting is None:
        return []
    void: list[CountedRound] = []
    found = selectors.counted_rounds(meeting)
    is_settled, secretary = True, set()
    for post in (BallotPost.COMMITTEE, BallotPost.SECRETARY, BallotPost.DEPUTY):
        rounds = found.get(post, [])
        stands = any(secretary & r.listed.keys() for r in rounds)
        kept = [] if every or stands or not is_settled else _called_for(rounds)
        void += rounds[len(kept) :]
        if rounds:
            outcome = rules.outcome([r.ballot for r in kept])
            is_settled = bool(kept) and outcome.is_settled
            if post == BallotPost.SECRETARY:
                secretary = set(outcome.elected)
    figures = [
        {"post": r.row.get_post_display(), "number": r.row.number} | figures_of(r) for r in void
    ]
    ElectedPost.objects.filter(election=election).delete()
    VoteTally.objects.filter(round__in=[r.row.pk for r in void]).delete()
    BallotRound.objects.filter(pk__in=[r.row.pk for r in void]).delete()
    reduction = SeatReduction.objects.filter(meeting=meeting).first()
    if reduction:
        kept = _called_for(selectors.counted_rounds(meeting).get(BallotPost.COMMITTEE, []))
        if len(rules.outcome([r.ballot for r in kept]).elected) != reduction.seats:
            figures.append({"reduced_to": reduction.seats, "consenting": reduction.consenting})
            reduction.delete()
    return figures


def _called_for(rounds: list[CountedRound]) -> list[CountedRound]:
    """The first rounds, as long as each is the one that those before it call for."""
    kept: list[CountedRound] = []
    for counted in rounds:
        if kept:
            so_far = rules.outcome([r.ballot for r in kept])
            listed = set(counted.listed)
            fits = listed == set(so_far.tied) if so_far.tied else not listed & set(so_far.elected)
            if (so_far.next_round, so_far.open_seats) != (counted.row.kind, counted.row.seats):
                fits = False
            if not fits:
                break
        kept.append(counted)
    return kept


def _first_to_redo(
    election: VillageElection, stage: Stage, before: dict, after: dict
) -> Stage | None:
    """The first stage that has to be done again: none when the same people hold the same posts."""
    if not selectors.is_settled(election, selectors.contests(election, stage)):
        return stage
    if before == after:
        return None
    if stage == Stage.COMMITTEE_BALLOT and election.has_committee:
        return Stage.SECRETARY_BALLOT
    return Stage.APPROVAL
