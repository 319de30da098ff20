"""Recommendations and who stands."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from elections import rules
from elections.enums import MeetingKind, MergeRule, Stage, StageStatus
from elections.models import StageRecord, VillageElection
from villages.enums import Sex
from villages.models import PartyMember

from ..enums import OUT, CandidacyStatus
from ..models import (
    Candidacy,
    DeclaredRelation,
    Proposal,
    RecommendationTally,
    Review,
)
from ..rules import Relation

RECOMMENDATION_MEETING = {
    Stage.MEMBER_RECOMMENDATION: MeetingKind.MEMBER_RECOMMENDATION,
    Stage.VILLAGER_RECOMMENDATION: MeetingKind.VILLAGER_RECOMMENDATION,
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


def next_in_line(election: VillageElection) -> tuple[int, rules.Merged] | None:
    """Place and person who would replace somebody: the first of the merged order who never stood (three queries)."""
    taken = set(Candidacy.objects.filter(election=election).values_list("member_id", flat=True))
    for place, person in enumerate(merged(election), start=1):
        if person.person not in taken and person.total > 0:
            return place, person
    return None


def proposals(election: VillageElection) -> dict[int, Proposal]:
    """Member → how they were put forward besides the recommendations (one query)."""
    return {
        p.member_id: p
        for p in Proposal.objects.filter(election=election)
        .select_related("member", "recorded_by")
        .order_by("recorded_at", "pk")
    }


def relations(election: VillageElection) -> list[Relation]:
    """The declared near relatives of a village (one query)."""
    return [
        Relation(r.pk, r.member_id, r.relative_id, r.get_kind_display())
        for r in DeclaredRelation.objects.filter(election=election).order_by("pk")
    ]


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
        .select_related("member", "inspection__recorded_by")
        .prefetch_related("reviews", "inspection__signatures")
        .order_by("rank", "pk")
    )


def returned_reviews(election: VillageElection) -> dict[int, Review]:
    """Candidacy → the last review that the county sent back (one query)."""
    rows = Review.everything.filter(candidacy__election=election, returned_at__isnull=False)
    return {r.candidacy_id: r for r in rows.order_by("returned_at")}


def standing(people: list[Candidacy]) -> list[Candidacy]:
    """Those not rejected, vetoed, left out or withdrawn."""
    return [c for c in people if c.status not in OUT]


def open_stage(election: VillageElection, among: Collection[Stage]) -> Stage | None:
    """The first of these stages that is open (one query)."""
    found = set(
        StageRecord.objects.filter(
            election=election, stage__in=among, is_current=True, status=StageStatus.OPEN
        ).values_list("stage", flat=True)
    )
    return next((stage for stage in among if stage in found), None)


def women(people: list[Candidacy]) -> int:
    return sum(c.member.sex == Sex.FEMALE for c in people)


def prepared(election: VillageElection) -> list[Candidacy]:
    """The people on the ballot of the members' meeting."""
    return list(
        Candidacy.objects.filter(election=election, status=CandidacyStatus.PREPARED)
        .select_related("member")
        .order_by("rank", "pk")
    )
