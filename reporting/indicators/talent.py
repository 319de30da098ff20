"""The records behind the figures on people who left, the reserve pool and the secretaries' qualities."""

from django.db.models import Exists, OuterRef, QuerySet

from candidates.enums import CandidacyStatus, ReserveState, Strength
from candidates.models import Candidacy, ReserveCadre, SecretaryAssessment
from elections.enums import Stage

from .base import Scope
from .rows import at_stage, elections, secretaries


def secretaries_strong(scope: Scope) -> QuerySet:
    """双强: secretaries who were assessed as strong in both qualities before they stood."""
    strong = SecretaryAssessment.objects.filter(
        election=OuterRef("election"),
        candidacy__member=OuterRef("member"),
        political=Strength.STRONG,
        prosperity=Strength.STRONG,
    )
    return secretaries(scope).filter(Exists(strong))


def withdrawn(scope: Scope) -> QuerySet:
    """Nominees who gave up later; whoever declined to be one is not among them."""
    return Candidacy.objects.filter(
        election__in=scope.ids, status=CandidacyStatus.WITHDRAWN, withdrawn_on__lte=scope.as_of
    )


def not_prepared(scope: Scope) -> QuerySet:
    past = at_stage(scope, Stage.NOMINATION)
    return Candidacy.objects.filter(election__in=past, status=CandidacyStatus.NOT_PREPARED)


def reserve(scope: Scope) -> QuerySet:
    """Everybody in the pool on the day, used ones included."""
    return ReserveCadre.objects.filter(
        village__in=elections(scope).values("village"), entered_on__lte=scope.as_of
    ).exclude(state=ReserveState.LEFT, state_on__lte=scope.as_of)


def reserve_secretaries(scope: Scope) -> QuerySet:
    return reserve(scope).filter(is_reserve_secretary=True)
