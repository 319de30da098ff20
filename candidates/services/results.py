"""The posts that follow from the counted rounds. Nobody marks a person elected."""

from datetime import date
from itertools import chain

from django.db.models import Q

from elections import rules
from elections.enums import BallotPost, Stage
from elections.models import VillageElection
from villages.enums import Post
from villages.models import PostHeld
from villages.selectors import row_ids_of

from .. import selectors
from ..enums import ElectedPostKind
from ..models import ElectedPost

_KIND = {
    BallotPost.COMMITTEE: ElectedPostKind.MEMBER,
    BallotPost.SECRETARY: ElectedPostKind.SECRETARY,
    BallotPost.DEPUTY: ElectedPostKind.DEPUTY,
}


def derive_posts(election: VillageElection) -> None:
    """Write anew the posts that follow from all recorded rounds, inside the caller's transaction."""
    ElectedPost.objects.filter(election=election).delete()
    for stage in (Stage.COMMITTEE_BALLOT, Stage.SECRETARY_BALLOT):
        meeting = selectors.meeting_of(election, stage)
        if meeting is None:
            continue
        for post, rounds in selectors.counted_rounds(meeting).items():
            _write_posts(election, _KIND[BallotPost(post)], rounds)


def _write_posts(
    election: VillageElection,
    kind: ElectedPostKind,
    rounds: list[selectors.CountedRound],
) -> None:
    won = rules.outcome([r.ballot for r in rounds]).elected
    people = {pk: c for r in rounds for pk, c in r.people.items()}
    decided = {pk: [r for r in rounds if pk in r.people][-1] for pk in won}
    members = [people[pk].member_id for pk in won]
    held = {day: _held_before(members, day) for day in {r.row.held_on for r in decided.values()}}
    posts = []
    for pk, last in decided.items():
        on = last.row.held_on
        before = held[on].get(people[pk].member_id, set())
        posts.append(
            ElectedPost(
                election=election,
                member_id=people[pk].member_id,
                round=last.row,
                post=kind,
                votes=next(t.in_favour for t in last.ballot.tallies if t.person == pk),
                elected_on=on,
                term_ends_on=rules.term_end(on),
                reelected=bool(before) if kind == ElectedPostKind.MEMBER else kind in before,
            )
        )
    ElectedPost.objects.bulk_create(posts)


def _held_before(member_ids: list[int], on: date) -> dict[int, set[str]]:
    """Member → posts held on the day of the ballot, under whichever row of the person: what makes an elected person
    re-elected rather than new."""
    rows = row_ids_of(member_ids)
    posts: dict[int, set[str]] = {}
    for member_id, post in (
        PostHeld.objects.filter(member__in=chain.from_iterable(rows.values()), started_on__lt=on)
        .filter(Q(ended_on__isnull=True) | Q(ended_on__gte=on))
        .values_list("member_id", "post")
    ):
        posts.setdefault(member_id, set()).add(Post(post).value)
    return {pk: set().union(*(posts.get(row, set()) for row in rows[pk])) for pk in member_ids}
