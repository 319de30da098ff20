"""The teams of last term, in the villages that have elected: who held a post on the campaign's first day, by the roster,
or by this software's own election before. Ages are those of that day."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from candidates.models import ElectedPost
from villages.models import PartyMember, PostHeld

from . import structure
from .base import Scope
from .rows import decided_teams


def posts_before(scope: Scope) -> tuple[QuerySet, QuerySet]:
    """Posts of the outer query's person in force on the campaign's first day: those entered in the roster, and those won
    in an election before."""
    began = scope.campaign.starts_on
    held = PostHeld.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=began),
        member=OuterRef("pk"),
        started_on__lte=began,
    )
    won = ElectedPost.objects.filter(
        member=OuterRef("pk"), elected_on__lt=began, term_ends_on__gte=began
    ).exclude(election__campaign=scope.campaign)
    return held, won


def team(scope: Scope) -> QuerySet:
    """One row per person of the teams before."""
    held, won = posts_before(scope)
    return PartyMember.objects.filter(
        Exists(held) | Exists(won),
        village__in=decided_teams(scope).values("election__village"),
    )


def women(scope: Scope) -> QuerySet:
    return team(scope).filter(structure.is_woman(""))


def young(scope: Scope) -> QuerySet:
    return team(scope).filter(structure.is_aged("18_35", scope.campaign.starts_on, ""))


def college(scope: Scope) -> QuerySet:
    return team(scope).filter(structure.is_educated(structure.COLLEGE_UP, ""))
