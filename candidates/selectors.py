"""Reads over the people of one election: tallies, nominees, what is needed, rounds and their outcome."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet

from elections import rules
from elections.enums import BallotKind, BallotPost, MeetingKind, MergeRule, Stage
from elections.models import BallotRound, Meeting, VillageElection
from elections.strokes import by_strokes
from villages.enums import Sex
from villages.models import PartyMember

from .enums import OUT, CandidacyStatus, ElectedPostKind, MarkKind
from .models import (
    BallotCorrection,
    Candidacy,
    ElectedPost,
    RecommendationTally,
    Review,
    SeatReduction,
    TallyMark,
    TallySheet,
    VoteTally,
)

RECOMMENDATION_MEETING = {
    Stage.MEMBER_RECOMMENDATION: MeetingKind.MEMBER_RECOMMENDATION,
    Stage.VILLAGER_RECOMMENDATION: MeetingKind.VILLAGER_RECOMMENDATION,
}
BALLOT_MEETING = {
    Stage.COMMITTEE_BALLOT: MeetingKind.COMMITTEE_BALLOT,
    Stage.SECRETARY_BALLOT: MeetingKind.SECRETARY_BALLOT,
}


def eligible_members(election: VillageElection, *, on: date) -> QuerySet[PartyMember]:
    """Members with the right to be elected on a day: full members on the village's roster, their rights whole."""
    members = PartyMember.objects.current().filter(village=election.village_id)
    return members.full(on=on).order_by("pk")


def candidates_needed(election: VillageElection) -> int:
    """Fewest people who must still stand at the members' meeting."""
    return rules.ballot_candidates_needed(
        seats=election.ballot_seats,
        has_committee=bool(election.has_committee),
        surplus_percent=election.rule_set.surplus_percent,
    )


def tallies(election: VillageElection, kind: MeetingKind) -> dict[int, int]:
    """Member → votes at one recommendation meeting (one query)."""
    rows = RecommendationTally.objects.filter(election=election, meeting__kind=kind)
    return dict(rows.values_list("member_id", "votes"))


def merged(election: VillageElection) -> list[rules.Merged]:
    """Both recommendations in merged order (two queries)."""
    return rules.merge_recommendations(
        tallies(election, MeetingKind.MEMBER_RECOMMENDATION),
        tallies(election, MeetingKind.VILLAGER_RECOMMENDATION),
        rule=election.rule_set.merge_rule,
        member_percent=election.rule_set.member_percent,
        seats=election.ballot_seats,
    )


def merge_words(election: VillageElection) -> str:
    """By which rule the recommendations of this village are merged, in one sentence."""
    rule_set, seats = election.rule_set, election.ballot_seats
    match rule_set.merge_rule:
        case MergeRule.WEIGHTED:
            share = rule_set.member_percent
            return f"按党员推荐票×{share}%＋群众推荐票×{100 - share}%排序，相等的以党员推荐票为先。"
        case MergeRule.TOP_OF_BOTH:
            return (
                f"两次推荐各取前{seats}名：两次都在前{seats}名的在先，其次是一次在前{seats}名的，均列为初步人选；"
                "不足的按各自其后名次、得票之和补足。"
            )
    return "按党员推荐票与群众推荐票之和排序，和相等的以党员推荐票为先。"


def candidacies(election: VillageElection) -> list[Candidacy]:
    """Everybody who stands or stood, in order of recommendation, with person, reviews and inspection (three queries)."""
    return list(
        Candidacy.objects.filter(election=election)
        .select_related("member", "inspection")
        .prefetch_related("reviews")
        .order_by("rank", "pk")
    )


def returned_reviews(election: VillageElection) -> dict[int, Review]:
    """Candidacy → the last review that the county sent back (one query)."""
    rows = Review.everything.filter(candidacy__election=election, returned_at__isnull=False)
    return {r.candidacy_id: r for r in rows.order_by("returned_at")}


def standing(people: list[Candidacy]) -> list[Candidacy]:
    """Those not rejected, vetoed, left out or withdrawn."""
    return [c for c in people if c.status not in OUT]


def women(people: list[Candidacy]) -> int:
    return sum(c.member.sex == Sex.FEMALE for c in people)


def prepared(election: VillageElection) -> list[Candidacy]:
    """The people on the ballot of the members' meeting."""
    return list(
        Candidacy.objects.filter(election=election, status=CandidacyStatus.PREPARED)
        .select_related("member")
        .order_by("rank", "pk")
    )


# --- ballots -------------------------------------------------------------------------------------


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


def may_be_written_in(
    election: VillageElection, stage: Stage, *, on: date
) -> QuerySet[PartyMember]:
    """Who may be written in: anybody with the right to be elected; for the committee's own ballot its members."""
    members = eligible_members(election, on=on)
    if stage == Stage.SECRETARY_BALLOT:
        elected = ElectedPost.objects.filter(election=election, post=ElectedPostKind.MEMBER)
        return members.filter(pk__in=elected.values("member_id"))
    return members


# --- the live count ----------------------------------------------------------------------------------


def sheets_of(election: VillageElection, stage: Stage, contest: Contest) -> QuerySet[TallySheet]:
    """The live sheets of the round that is to be counted, the first teller's first."""
    return (
        TallySheet.objects.filter(
            election=election,
            stage=stage,
            post=contest.post,
            number=contest.next_number,
            replaced_at__isnull=True,
        )
        .select_related("teller")
        .order_by("opened_at", "pk")
    )


def counted_on(sheets: Collection[TallySheet]) -> dict[int, rules.Counted]:
    """Sheet → what its strokes add up to, without those taken back (two queries)."""
    names = dict(
        Candidacy.objects.filter(
            pk__in={pk for sheet in sheets for pk in sheet.candidates}
        ).values_list("pk", "member__name")
    )
    undone = TallyMark.objects.filter(sheet=OuterRef("sheet"), undoes=OuterRef("uid"))
    sums: dict[tuple, int] = {
        (sheet, kind, person): n
        for sheet, kind, person, n in TallyMark.objects.filter(sheet__in=sheets)
        .exclude(kind=MarkKind.UNDO)
        .filter(~Exists(undone))
        .order_by()
        .values_list("sheet", "kind", "candidacy")
        .annotate(n=Count("pk"))
    }
    return {
        sheet.pk: rules.Counted(
            sums.get((sheet.pk, MarkKind.VALID, None), 0),
            sums.get((sheet.pk, MarkKind.INVALID, None), 0),
            {
                pk: (
                    names[pk],
                    sums.get((sheet.pk, MarkKind.FAVOUR, pk), 0),
                    sums.get((sheet.pk, MarkKind.AGAINST, pk), 0),
                )
                for pk in sheet.candidates
            },
        )
        for sheet in sheets
    }


@dataclass(frozen=True)
class LiveCount:
    """What the sheets of a round say: the figures both tellers agree on, or where they differ."""

    sheets: tuple[TallySheet, ...]
    counted: rules.Counted | None
    differences: tuple[str, ...] = ()

    @property
    def tellers(self) -> str:
        return "、".join(sheet.teller.name for sheet in self.sheets)


def live_count(election: VillageElection, stage: Stage, contest: Contest) -> LiveCount:
    """The result of the closed sheets: `counted` is None while somebody still counts or the two differ."""
    sheets = tuple(sheets_of(election, stage, contest))
    if not sheets or any(s.closed_at is None for s in sheets):
        return LiveCount(sheets, None)
    first, *others = counted_on(sheets).values()
    found = rules.count_differences(first, others[0]) if others else []
    return LiveCount(sheets, None if found else first, tuple(found))


@dataclass(frozen=True)
class CorrectionLine:
    """One figure of a corrected count before and after."""

    label: str
    before: int
    after: int

    @property
    def changed(self) -> bool:
        return self.before != self.after


_FIGURE_LABELS = {
    "present": "实到有选举权",
    "issued": "发出选票",
    "returned": "收回选票",
    "valid": "有效票",
    "invalid": "无效票",
}
_VOTE_LABELS = {"in_favour": "赞成", "against": "不赞成", "abstained": "弃权"}


def correction_lines(correction: BallotCorrection) -> list[CorrectionLine]:
    """Every figure of a correction, those of the ballots first, then those of each person."""
    before, after = correction.before, correction.after
    lines = [
        CorrectionLine(label, before[name], after[name]) for name, label in _FIGURE_LABELS.items()
    ]
    for old, new in zip(before["votes"], after["votes"], strict=True):
        for name, label in _VOTE_LABELS.items():
            if name == "in_favour" or not old["written_in"]:
                lines.append(CorrectionLine(f"{old['name']} {label}", old[name], new[name]))
    return lines


def corrections_of(election: VillageElection, stage: Stage) -> list[BallotCorrection]:
    """The corrections of one stage's counts, newest first."""
    return list(
        BallotCorrection.objects.filter(election=election, stage=stage)
        .select_related("proposed_by", "decided_by")
        .order_by("-proposed_at")
    )


def is_settled(election: VillageElection, found: list[Contest]) -> bool:
    """Every post of the meeting is filled (a deputy's contest that has not opened yet counts as open)."""
    wanted = 2 if election.deputy_seats and found[0].post != BallotPost.COMMITTEE else 1
    return len(found) == wanted and all(c.outcome.is_settled for c in found)
