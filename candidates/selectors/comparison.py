"""人选比选表: the people compared for secretary, side by side."""

from dataclasses import dataclass
from datetime import date

from elections.models import VillageElection
from villages.models import PostHeld

from ..enums import OUT
from ..models import Candidacy, DeclaredRelation, SecretaryAssessment


@dataclass(frozen=True)
class Compared:
    """One column of the sheet."""

    candidacy: Candidacy
    assessment: SecretaryAssessment
    age: int
    party_years: int
    posts: str
    is_incumbent: bool
    relations: str
    reviews: str


def _years(since: date, on: date) -> int:
    """Whole years."""
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


def comparison(election: VillageElection, *, on: date) -> list[Compared]:
    """Everybody put on the sheet, in order of recommendation (five queries)."""
    people = list(
        Candidacy.objects.filter(election=election, secretary_assessment__isnull=False)
        .select_related("member", "secretary_assessment", "inspection")
        .prefetch_related("reviews")
        .order_by("rank", "pk")
    )
    members = [p.member_id for p in people]
    held: dict[int, list[PostHeld]] = {}
    for post in PostHeld.objects.filter(member__in=members).order_by("started_on", "pk"):
        held.setdefault(post.member_id, []).append(post)
    standing = dict(
        Candidacy.objects.filter(election=election)
        .exclude(status__in=OUT)
        .values_list("member_id", "member__name")
    )
    pairs = DeclaredRelation.objects.filter(election=election)
    related: dict[int, list[str]] = {}
    for pair in pairs.select_related("member", "relative"):
        for one, other in ((pair.member, pair.relative), (pair.relative, pair.member)):
            there = "（也是人选）" if other.pk in standing else ""
            words = f"与{other.name}：{pair.get_kind_display()}{there}"
            related.setdefault(one.pk, []).append(words)
    return [
        Compared(
            candidacy=person,
            assessment=person.secretary_assessment,
            age=_years(person.member.born_on, on),
            party_years=_years(person.member.joined_on, on),
            posts="、".join(_post_words(p) for p in held.get(person.member_id, [])),
            is_incumbent=any(
                p.ended_on is None and p.post == "secretary" for p in held.get(person.member_id, [])
            ),
            relations="；".join(related.get(person.member_id, [])),
            reviews="；".join(
                f"{r.get_level_display()}{r.get_result_display()}" for r in person.reviews.all()
            ),
        )
        for person in people
    ]


def _post_words(post: PostHeld) -> str:
    """书记（2021-）"""
    until = post.ended_on.year if post.ended_on else ""
    return f"{post.get_post_display()}（{post.started_on.year}—{until}）"
