"""历届任职 of a village: who held what in which term, from the roster and from the elections of this software."""

from dataclasses import dataclass
from datetime import date

from candidates.models import ElectedPost
from elections.enums import SETTLED, Stage
from elections.models import StageRecord, VillageElection
from villages.models import PostHeld


@dataclass(frozen=True)
class TermPost:
    """One person's post in one term. `note`: won, but not announced yet."""

    name: str
    post: str
    since: date
    until: date | None
    note: str = ""


@dataclass(frozen=True)
class Term:
    label: str
    posts: list[TermPost]


def terms(user, election: VillageElection) -> list[Term]:
    """The newest term first (three queries). A post won stays an ElectedPost, also after the handover: the roster's
    posts are those that were entered there, so that nothing is kept twice."""
    won = list(
        ElectedPost.objects.visible_to(user)
        .filter(election__village=election.village_id)
        .select_related("member", "election__campaign")
        .order_by("-election__campaign__starts_on", "pk")
    )
    announced = set(
        StageRecord.objects.filter(
            election__in={p.election_id for p in won},
            stage=Stage.ANNOUNCEMENT,
            is_current=True,
            status__in=SETTLED,
        ).values_list("election_id", flat=True)
    )
    found: dict[str, list[TermPost]] = {}
    for post in won:
        note = "" if post.election_id in announced else "待公布"
        found.setdefault(post.election.campaign.name, []).append(
            TermPost(
                post.member.name,
                post.get_post_display(),
                post.elected_on,
                post.term_ends_on,
                note,
            )
        )
    held = PostHeld.objects.filter(member__village=election.village_id).select_related("member")
    for post in held.order_by("-started_on", "pk"):
        label = f"{post.started_on.year}年起任"
        found.setdefault(label, []).append(
            TermPost(post.member.name, post.get_post_display(), post.started_on, post.ended_on)
        )
    return [Term(label, posts) for label, posts in found.items()]
