"""Stages 13 and 14: rounds of voting, their second pair of eyes, seats given up, a count taken back."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.errors import Conflict, Refused
from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.enums import BallotKind, BallotPost, NoticeKind, Stage
from elections.models import BallotRound, Meeting, Notice, Roll, VillageElection
from elections.services.attendance import absent_tellers, people_present, write_attendance
from elections.services.facts import add_round, future_problems, refuse, upsert_meeting
from elections.services.stages import open_for_certifying, open_for_recording, recorded
from villages.models import PartyMember

from .. import selectors
from ..enums import CandidacyStatus, ElectedPostKind
from ..models import Candidacy, ElectedPost, SeatReduction, VoteTally
from .results import derive_posts


@dataclass(frozen=True)
class Gathering:
    """The meeting that votes. `present`: voters present (people); `tellers`: member ids; `attended`: entries of the roll
    ticked as present at the first round, from whom `present` then follows (it may be None)."""

    held_on: date
    present: int | None
    chair: str
    recorder: str
    tellers: tuple[int, ...]
    place: str = ""
    attended: tuple[int, ...] = ()


@dataclass(frozen=True)
class Count:
    """Ballots of one round (张), candidacy id → (in favour, against, abstained), and member id → votes in favour of
    people who were written in (另选人)."""

    issued: int
    returned: int
    valid: int
    invalid: int
    tallies: dict[int, tuple[int, int, int]]
    written_in: dict[int, int] = field(default_factory=dict)


@transaction.atomic
def record_round(
    *,
    election: VillageElection,
    stage: Stage,
    post: BallotPost,
    number: int,
    gathering: Gathering,
    count: Count,
    by: User,
    at: datetime,
) -> BallotRound:
    """Record the next round of the meeting of `stage` and derive the posts won.

    Only the round that the rules call for is taken: `number` names it, so that a form sent twice is refused.
    Raises Forbidden, Conflict (that round is recorded already), Refused (quorum, tellers, arithmetic, people
    who do not stand, a post that is not open).
    """
    election, _ = open_for_recording(election=election, stage=stage, by=by)
    contest = _open_contest(election, stage, post, number)
    members = _members_of(election, gathering.tellers, on=gathering.held_on)
    due = _due(election, stage)
    gathering, wrong = _named(election, stage, gathering, members)
    written = _written_in(election, stage, contest, count.written_in, on=gathering.held_on)
    ballot = _ballot(contest, gathering, count, written)
    problems = wrong + future_problems(timezone.localdate(at), 召开日期=gathering.held_on)
    problems += _backward_problems(election, stage, gathering.held_on)
    if stage == Stage.COMMITTEE_BALLOT:
        problems += _notice_problems(election, gathering.held_on)
    problems += rules.quorum_problems(
        due=due, present=gathering.present, strict=election.rule_set.quorum_strict
    )
    problems += rules.teller_problems(
        tellers={m.pk: m.name for m in members},
        candidates=[c.member_id for c in contest.next_candidates],
    )
    problems += rules.round_problems(ballot)
    if number == 1 and post == BallotPost.COMMITTEE:
        problems += rules.surplus_problems(
            seats=contest.seats,
            candidates=len(contest.next_candidates),
            surplus_percent=election.rule_set.surplus_percent,
        )
    refuse(problems)
    meeting = _meeting(election, stage, gathering, due, members)
    row = add_round(
        meeting=meeting,
        post=post,
        number=number,
        kind=contest.next_kind,
        held_on=gathering.held_on,
        ballot=ballot,
        by=by,
        at=at,
    )
    VoteTally.objects.bulk_create(
        VoteTally(
            round=row,
            candidacy_id=t.person,
            in_favour=t.in_favour,
            against=t.against,
            abstained=t.abstained,
            written_in=t.written_in,
        )
        for t in ballot.tallies
    )
    derive_posts(election)
    recorded(
        election=election,
        action="ballot.recorded",
        by=by,
        at=at,
        target=row,
        changes={
            "after": {
                "post": post.value,
                "number": number,
                "due": due,
                "present": gathering.present,
                "issued": count.issued,
                "returned": count.returned,
                "valid": count.valid,
                "invalid": count.invalid,
                "tallies": {t.name: [t.in_favour, t.against, t.abstained] for t in ballot.tallies},
            }
        },
    )
    return row


@transaction.atomic
def certify_round(
    *, election: VillageElection, stage: Stage, round_id: int, by: User, at: datetime
) -> BallotRound:
    """Somebody else than who entered a round checked it against the count's sheet. Figures do not change here:
    a wrong count is withdrawn and entered anew.

    Raises Forbidden, Conflict (checked already, or withdrawn meanwhile), Refused (entered by oneself).
    """
    election, _ = open_for_certifying(election=election, stage=stage, by=by)
    row = _rounds(election, stage).filter(pk=round_id).select_related("recorded_by").first()
    if row is None or row.certified_at:
        raise Conflict(
            Problem("certified", "这轮计票刚被核对或撤回：请刷新页面查看。", rules.MANUAL)
        )
    if row.recorded_by_id == by.pk:
        raise Refused(
            Problem(
                "own_count",
                "这轮计票由您登记，须由另一人核对：请本乡镇另一名联络员或县级组织部工作人员办理。",
                rules.MANUAL,
            )
        )
    row.certified_by, row.certified_at = by, at
    row.save(update_fields=["certified_by", "certified_at"])
    recorded(
        election=election,
        action="ballot.certified",
        by=by,
        at=at,
        target=row,
        changes={"after": {"post": row.post, "number": row.number}},
    )
    return row


@transaction.atomic
def withdraw_last_round(
    *,
    election: VillageElection,
    stage: Stage,
    reason: str,
    by: User,
    at: datetime,
) -> None:
    """Take back what was recorded last for an open stage, a round or the seats given up after it, with a reason; the
    posts are derived anew.

    The audit row keeps its figures. Raises Forbidden, Refused (no reason, no round, checked by a second person).
    """
    election, _ = open_for_recording(election=election, stage=stage, by=by)
    if not reason.strip():
        raise Refused(Problem("reason", "请填写撤回计票的理由。", rules.MANUAL))
    row = _rounds(election, stage).order_by("-recorded_at", "-pk").first()
    if row is None:
        raise Refused(Problem("no_round", "还没有登记计票，不需要撤回。", rules.MANUAL))
    if (given_up := SeatReduction.objects.filter(meeting=row.meeting_id).first()) is not None:
        _withdraw_reduction(election, given_up, reason=reason.strip(), by=by, at=at)
        return
    if row.certified_at:
        raise Refused(
            Problem(
                "certified",
                f"第{row.number}轮计票已由另一人核对，不能撤回：确有错误的，请申请更正。",
                rules.MANUAL,
            )
        )
    before = {
        "post": row.post,
        "number": row.number,
        "issued": row.issued,
        "returned": row.returned,
        "valid": row.valid,
        "invalid": row.invalid,
        "tallies": {
            t.candidacy.member.name: [t.in_favour, t.against, t.abstained]
            for t in row.tallies.select_related("candidacy__member")
        },
    }
    row.tallies.all().delete()
    ElectedPost.objects.filter(election=election).delete()
    row.delete()
    forget_unvoted(election)
    derive_posts(election)
    recorded(
        election=election,
        action="ballot.withdrawn",
        by=by,
        at=at,
        target=election,
        reason=reason.strip(),
        changes={"before": before},
    )


def forget_unvoted(election: VillageElection) -> None:
    """Remove those who were written in, in rounds that are no more; inside the caller's transaction."""
    Candidacy.objects.filter(
        election=election, status=CandidacyStatus.WRITTEN_IN, tallies__isnull=True
    ).delete()


def _withdraw_reduction(
    election: VillageElection, row: SeatReduction, *, reason: str, by: User, at: datetime
) -> None:
    before = {"seats": row.seats, "present": row.present, "consenting": row.consenting}
    row.delete()
    recorded(
        election=election,
        action="seats.reduction_withdrawn",
        by=by,
        at=at,
        target=election,
        reason=reason,
        changes={"before": before},
    )


@transaction.atomic
def reduce_seats(
    *, election: VillageElection, consenting: int, decided_on: date, by: User, at: datetime
) -> SeatReduction:
    """Give up the committee seats that the rounds so far left open, with the voters' consent (people), instead of a
    further round. Raises Forbidden, Conflict (given up already), Refused (see rules.reduction_problems; no round; the day)."""
    stage = Stage.COMMITTEE_BALLOT
    election, _ = open_for_recording(election=election, stage=stage, by=by)
    contest = selectors.contests(election, stage)[0]
    if contest.post != BallotPost.COMMITTEE or not contest.rounds:
        raise Refused(
            Problem(
                "reduction",
                "委员会选举登记计票后，仍有名额空缺的，才可以减少名额。",
                rules.ELECTION_REGULATION,
            )
        )
    if contest.reduction:
        raise Conflict(Problem("reduction", "已登记过减少名额：请刷新页面核对。", rules.MANUAL))
    last = contest.rounds[-1].row
    problems = future_problems(timezone.localdate(at), 表决日期=decided_on)
    problems += _backward_problems(election, stage, decided_on)
    problems += rules.reduction_problems(
        kind=election.village.organisation.kind,
        elected=len(contest.outcome.elected),
        seats=contest.seats,
        tied=len(contest.outcome.tied),
        present=last.present,
        consenting=consenting,
    )
    refuse(problems)
    row = SeatReduction.objects.create(
        meeting=last.meeting,
        seats=len(contest.outcome.elected),
        present=last.present,
        consenting=consenting,
        decided_on=decided_on,
        recorded_by=by,
        recorded_at=at,
    )
    recorded(
        election=election,
        action="seats.reduced",
        by=by,
        at=at,
        target=row,
        changes={
            "before": {"seats": contest.seats},
            "after": {"seats": row.seats, "present": row.present, "consenting": consenting},
        },
    )
    return row


def _rounds(election: VillageElection, stage: Stage):
    return BallotRound.objects.filter(
        meeting__election=election, meeting__kind=selectors.BALLOT_MEETING[stage]
    )


def _backward_problems(election: VillageElection, stage: Stage, held_on: date) -> list[Problem]:
    """A later round is not held before an earlier one."""
    last = _rounds(election, stage).order_by("-held_on").values_list("held_on", flat=True).first()
    if last is None or held_on >= last:
        return []
    return [
        Problem(
            "round_date",
            f"本轮投票日期{held_on:%Y-%m-%d}早于上一轮的{last:%Y-%m-%d}：请核对日期。",
            rules.MANUAL,
        )
    ]


def _named(
    election: VillageElection, stage: Stage, gathering: Gathering, tellers: list[PartyMember]
) -> tuple[Gathering, list[Problem]]:
    """The gathering with the number of those ticked as present, and what is wrong with them. They are ticked once, at
    the meeting's first round; raises Refused at a later one."""
    kind = selectors.BALLOT_MEETING[stage]
    if gathering.attended and _rounds(election, stage).exists():
        words = "到会人员已在首轮按姓名登记：本轮请只填实到人数。"
        raise Refused(Problem("attended_twice", words, rules.MANUAL))
    present, problems = people_present(
        election=election, kind=kind, typed=gathering.present, attended=gathering.attended
    )
    problems += absent_tellers(
        election=election,
        kind=kind,
        tellers={m.pk: m.name for m in tellers},
        attended=gathering.attended,
    )
    return replace(gathering, present=present), problems


def _meeting(
    election: VillageElection,
    stage: Stage,
    gathering: Gathering,
    due: int,
    tellers: list[PartyMember],
) -> Meeting:
    """The stage's meeting as its first round found it; a later round, perhaps on another day, adds its tellers."""
    if _rounds(election, stage).exists():
        meeting = selectors.meeting_of(election, stage)
        meeting.tellers.add(*tellers)
        return meeting
    meeting = upsert_meeting(
        election=election,
        kind=selectors.BALLOT_MEETING[stage],
        held_on=gathering.held_on,
        due=due,
        present=gathering.present,
        place=gathering.place,
        chair=gathering.chair,
        recorder=gathering.recorder,
        tellers=tellers,
        roll=_roll(election) if stage == Stage.COMMITTEE_BALLOT else None,
    )
    write_attendance(meeting=meeting, attended=gathering.attended)
    return meeting


def _notice_problems(election: VillageElection, held_on: date) -> list[Problem]:
    notice = Notice.objects.filter(election=election, kind=NoticeKind.CANDIDATES).first()
    if notice is None:
        return []
    return rules.ballot_day_problems(held_on=held_on, notice_ends_on=notice.ends_on)


def _open_contest(
    election: VillageElection, stage: Stage, post: BallotPost, number: int
) -> selectors.Contest:
    """The contest for `post` whose next round is `number`."""
    found = {c.post: c for c in selectors.contests(election, stage)}
    contest = found.get(post)
    if contest is None:
        raise Refused(
            Problem(
                "post", f"现在不能选举{post.label}：请先完成前一项选举。", rules.ELECTION_REGULATION
            )
        )
    if number != contest.next_number or contest.next_kind is None:
        raise Conflict(
            Problem(
                "round",
                f"{post.label}第{number}轮计票已登记或已不需要：请刷新页面核对。",
                rules.MANUAL,
            )
        )
    return contest


def _members_of(election: VillageElection, ids: tuple[int, ...], *, on: date) -> list[PartyMember]:
    """Members of the village; tellers come from among them."""
    members = list(selectors.eligible_members(election, on=on).filter(pk__in=ids))
    if len(members) != len(set(ids)):
        raise Refused(
            Problem("teller_person", "监票人、计票人应是本村正式党员：请重新选择。", rules.MANUAL)
        )
    return members


def _roll(election: VillageElection) -> Roll:
    return Roll.objects.current().get(election=election)


def _due(election: VillageElection, stage: Stage) -> int:
    """Those due: the roll's for the members' meeting, the committee just elected for its own."""
    if stage == Stage.COMMITTEE_BALLOT:
        return _roll(election).due
    return ElectedPost.objects.filter(election=election, post=ElectedPostKind.MEMBER).count()


def _written_in(
    election: VillageElection,
    stage: Stage,
    contest: selectors.Contest,
    votes: dict[int, int],
    *,
    on: date,
) -> dict[int, tuple[Candidacy, int]]:
    """Candidacy id → candidacy and votes of those written in; whoever did not stand before gets a candidacy."""
    if not votes:
        return {}
    standing = {c.member_id for c in contest.next_candidates}
    members = list(selectors.may_be_written_in(election, stage, on=on).filter(pk__in=votes))
    if contest.next_kind == BallotKind.RUNOFF:
        raise Refused(
            Problem(
                "write_in_runoff",
                "得票相等者再次投票只在这几人中进行，不能另选他人。",
                rules.ELECTION_REGULATION,
            )
        )
    if len(members) < len(votes) or standing & votes.keys():
        raise Refused(
            Problem(
                "write_in_person",
                "另选人应是有被选举权、没有列在选票上的本村正式党员：请重新选择。",
                rules.ELECTION_REGULATION,
            )
        )
    known = {
        c.member_id: c
        for c in Candidacy.objects.filter(election=election, member__in=votes).select_related(
            "member"
        )
    }
    last = Candidacy.objects.filter(election=election).aggregate(n=Max("rank"))["n"] or 0
    for member in members:
        if member.pk not in known:
            last += 1
            known[member.pk] = Candidacy.objects.create(
                election=election, member=member, status=CandidacyStatus.WRITTEN_IN, rank=last
            )
    return {c.pk: (c, votes[member]) for member, c in known.items()}


def _ballot(
    contest: selectors.Contest,
    gathering: Gathering,
    count: Count,
    written: dict[int, tuple[Candidacy, int]],
) -> rules.Round:
    people = {c.pk: c for c in contest.next_candidates}
    if count.tallies.keys() != people.keys():
        raise Refused(
            Problem(
                "candidates", "计票的人选与应有的候选人不一致：请刷新页面后重填。", rules.MANUAL
            )
        )
    return rules.Round(
        kind=contest.next_kind,
        seats=contest.next_seats,
        present=gathering.present,
        issued=count.issued,
        returned=count.returned,
        valid=count.valid,
        invalid=count.invalid,
        tallies=tuple(
            rules.Tally(pk, people[pk].member.name, *votes)
            for pk, votes in sorted(count.tallies.items())
        )
        + tuple(
            rules.Tally(pk, candidacy.member.name, votes, written_in=True)
            for pk, (candidacy, votes) in sorted(written.items())
        ),
    )
