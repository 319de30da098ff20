"""Rounds of voting and what they decide."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from elections import rules
from elections.enums import BallotKind, BallotPost, MeetingKind, Stage
from elections.models import BallotRound, Meeting, VillageElection
from elections.strokes import by_strokes
from villages.models import PartyMember

from ..enums import ElectedPostKind
from ..models import (
    Candidacy,
    ElectedPost,
    SeatReduction,
    VoteTally,
)
from .people import eligible_members, prepared

BALLOT_MEETING = {
    Stage.COMMITTEE_BALLOT: MeetingKind.COMMITTEE_BALLOT,
    Stage.SECRETARY_BALLOT: MeetingKind.SECRETARY_BALLOT,
}


@dataclass(frozen=True)
class CountedRound:
    """A stored round with its tallies as the rules see it; persons are candidacies."""

    row: BallotRound
    ballot: rules.Round
    people: dict[int, Candidacy]

    @property
    def listed(self) -> dict[int, Candidacy]:
        """Those on the ballot, without who was written in."""
        written = {t.person for t in self.ballot.tallies if t.written_in}
        return {pk: c for pk, c in self.people.items() if pk not in written}

    @property
    def sentences(self) -> list[str]:
        """What each candidate's votes mean, most votes first."""
        ranked = sorted(self.ballot.tallies, key=lambda t: -t.in_favour)
        return [rules.majority_sentence(t, present=self.ballot.present) for t in ranked]


@dataclass(frozen=True)
class Contest:
    """All rounds for one post so far, what they decide, and the round that must follow (None when settled)."""

    post: BallotPost
    seats: int
    rounds: tuple[CountedRound, ...]
    outcome: rules.Outcome
    next_kind: BallotKind | None
    next_candidates: tuple[Candidacy, ...]
    reduction: SeatReduction | None = None

    @property
    def elected(self) -> list[Candidacy]:
        people = {pk: c for r in self.rounds for pk, c in r.people.items()}
        return [people[pk] for pk in self.outcome.elected]

    @property
    def order_words(self) -> str:
        """By which order the candidates stand on the ballot."""
        if self.post == BallotPost.COMMITTEE:
            return "候选人以姓氏笔画为序"
        return "候选人按上级党组织批准的顺序排列"

    @property
    def next_seats(self) -> int:
        return self.outcome.open_seats

    @property
    def next_number(self) -> int:
        return len(self.rounds) + 1


def meeting_of(election: VillageElection, stage: Stage) -> Meeting | None:
    return (
        Meeting.objects.filter(election=election, kind=BALLOT_MEETING[stage])
        .prefetch_related("tellers")
        .first()
    )


def counted_rounds(meeting: Meeting | None) -> dict[str, list[CountedRound]]:
    """Post → its rounds in order (two queries)."""
    return counted_rounds_of([meeting.pk]).get(meeting.pk, {}) if meeting else {}


def counted_rounds_of(meetings: Collection[int]) -> dict[int, dict[str, list[CountedRound]]]:
    """Meeting → post → its rounds in order, of many meetings (two queries)."""
    found: dict[int, dict[str, list[CountedRound]]] = {}
    rows = list(
        BallotRound.objects.filter(meeting__in=meetings)
        .select_related("recorded_by", "certified_by")
        .order_by("post", "number")
    )
    votes: dict[int, list[VoteTally]] = {row.pk: [] for row in rows}
    for tally in VoteTally.objects.filter(round__meeting__in=meetings).select_related(
        "candidacy__member"
    ):
        votes[tally.round_id].append(tally)
    for row in rows:
        people = {t.candidacy_id: t.candidacy for t in votes[row.pk]}
        place = {c.pk: n for n, c in enumerate(ballot_order(row.post, list(people.values())))}
        votes[row.pk].sort(key=lambda t: (t.written_in, place[t.candidacy_id]))
        ballot = rules.Round(
            kind=row.kind,
            seats=row.seats,
            present=row.present,
            issued=row.issued,
            returned=row.returned,
            valid=row.valid,
            invalid=row.invalid,
            tallies=tuple(
                rules.Tally(
                    t.candidacy_id,
                    t.candidacy.member.name,
                    t.in_favour,
                    t.against,
                    t.abstained,
                    t.written_in,
                )
                for t in votes[row.pk]
            ),
        )
        posts = found.setdefault(row.meeting_id, {})
        posts.setdefault(row.post, []).append(CountedRound(row, ballot, people))
    return found


def _contest(
    post,
    seats: int,
    rounds: list[CountedRound],
    people: list[Candidacy],
    reduction: SeatReduction | None = None,
) -> Contest:
    """`people`: who may stand in a first or further round; in a run-off stand the tied, written in or not."""
    if not rounds:
        outcome = rules.Outcome((), (), seats, "main")
    else:
        outcome = rules.outcome([r.ballot for r in rounds], reduced=reduction is not None)
    next_kind, candidates = None, []
    if outcome.open_seats:
        next_kind = BallotKind(outcome.next_round)
        candidates = [c for c in people if c.pk not in outcome.elected]
        if next_kind == BallotKind.RUNOFF:
            voted = {c.pk: c for r in rounds for c in r.people.values()}
            candidates = [voted[pk] for pk in outcome.tied]
    candidates = ballot_order(post, candidates)
    return Contest(post, seats, tuple(rounds), outcome, next_kind, tuple(candidates), reduction)


def ballot_order(post: str, people: list[Candidacy]) -> list[Candidacy]:
    """Candidates as they stand on the ballot: for the committee by surname strokes, for secretary and deputies in
    the order approved by the superior (条例第二十四条)."""
    if post == BallotPost.COMMITTEE:
        return by_strokes(people, name=lambda c: c.member.name)
    return sorted(people, key=lambda c: (c.rank, c.pk))


def contests(
    election: VillageElection, stage: Stage, meeting: Meeting | None = None
) -> list[Contest]:
    """The posts that a stage's meeting fills, in order; a deputy's contest opens once the secretary is elected."""
    meeting = meeting or meeting_of(election, stage)
    rounds = counted_rounds(meeting)
    if stage == Stage.COMMITTEE_BALLOT and election.has_committee:
        post = BallotPost.COMMITTEE
        reduction = SeatReduction.objects.filter(meeting=meeting).first() if meeting else None
        counted = rounds.get(post, [])
        people = prepared(election)
        return [_contest(post, election.committee_seats, counted, people, reduction)]
    if stage == Stage.COMMITTEE_BALLOT:
        people = prepared(election)
    else:
        elected = ElectedPost.objects.filter(election=election, post=ElectedPostKind.MEMBER)
        people = list(
            Candidacy.objects.filter(
                election=election, member__in=elected.values_list("member_id", flat=True)
            )
            .select_related("member")
            .order_by("rank", "pk")
        )
    return _leaders(election, rounds, people)


def _leaders(election: VillageElection, rounds, people: list[Candidacy]) -> list[Contest]:
    """Secretary, then deputies: those nominated for the post stand; when none of them is left, everybody does."""

    def nominated(kind: str, among: list[Candidacy]) -> list[Candidacy]:
        return [c for c in among if c.nominated_post == kind] or among

    post = BallotPost.SECRETARY
    found = [
        _contest(post, 1, rounds.get(post, []), nominated(ElectedPostKind.SECRETARY.value, people))
    ]
    if election.deputy_seats and found[0].outcome.is_settled:
        won = set(found[0].outcome.elected)
        rest = [c for c in people if c.pk not in won]
        post = BallotPost.DEPUTY
        found.append(
            _contest(
                post,
                election.deputy_seats,
                rounds.get(post, []),
                nominated(ElectedPostKind.DEPUTY.value, rest),
            )
        )
    return found


def may_be_written_in(election: VillageElection, stage: Stage) -> QuerySet[PartyMember]:
    """Who may be written in: anybody with the right to be elected; for the committee's own ballot its members."""
    members = eligible_members(election)
    if stage == Stage.SECRETARY_BALLOT:
        elected = ElectedPost.objects.filter(election=election, post=ElectedPostKind.MEMBER)
        return members.filter(pk__in=elected.values("member_id"))
    return members


def is_settled(election: VillageElection, found: list[Contest]) -> bool:
    """Every post of the meeting is filled (a deputy's contest that has not opened yet counts as open)."""
    wanted = 2 if election.deputy_seats and found[0].post != BallotPost.COMMITTEE else 1
    return len(found) == wanted and all(c.outcome.is_settled for c in found)
