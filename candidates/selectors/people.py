"""Recommendations and who stands."""

from django.db.models import QuerySet

from elections import rules
from elections.enums import MeetingKind, MergeRule, Stage
from elections.models import VillageElection
from villages.enums import MemberStatus, Sex
from villages.models import PartyMember

from ..enums import OUT, CandidacyStatus
from ..models import (
    Candidacy,
    RecommendationTally,
    Review,
)

RECOMMENDATION_MEETING = {
    Stage.MEMBER_RECOMMENDATION: MeetingKind.MEMBER_RECOMMENDATION,
    Stage.VILLAGER_RECOMMENDATION: MeetingKind.VILLAGER_RECOMMENDATION,
}


def eligible_members(election: VillageElection) -> QuerySet[PartyMember]:
    """Members with the right to be elected: full members now on the village's roster."""
    return PartyMember.objects.filter(
        village=election.village_id, left_on__isnull=True, status=MemberStatus.FULL
    ).order_by("pk")


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
