"""The records behind the figures of the ledgers: how the work was organised, and what was put right beforehand.

Withdrawn rows count nowhere. Rows of the county count where the whole campaign is asked for, those of a township there.
"""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from elections.models import VillageElection
from groundwork.enums import (
    AdjustmentWay,
    CadreKind,
    DifficultKind,
    Grade,
    GroupKind,
    WorkMeetingKind,
)
from groundwork.models import (
    ContingencyPlan,
    DifficultVillage,
    LeaderLink,
    MeetingDecision,
    PublicityItem,
    RiskGrade,
    SecretaryAdjustment,
    VillageCadre,
    WeakOrganisation,
    WorkGroup,
    WorkMeeting,
    WorkSchedule,
)
from villages.models import Jurisdiction

from .base import Scope


def _of_areas(scope: Scope, model, **more) -> QuerySet:
    units = [*scope.township_ids, *([scope.campaign.area_id] if scope.is_whole else [])]
    return model.objects.live().filter(campaign=scope.campaign, area__in=units, **more)


def _of_villages(scope: Scope, model, **more) -> QuerySet:
    return model.objects.live().filter(election__in=scope.ids, **more)


def _in_force(rows: QuerySet, scope: Scope) -> QuerySet:
    return rows.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=scope.as_of), started_on__lte=scope.as_of
    )


def _each_person_once(rows: QuerySet) -> QuerySet:
    """The first row of each name: a person who looks after two places is one person."""
    earlier = rows.order_by().filter(name=OuterRef("name"), pk__lt=OuterRef("pk"))
    return rows.filter(~Exists(earlier))


# --- groups and links -------------------------------------------------------------------------------


def groups(kind: GroupKind):
    return lambda scope: _of_areas(scope, WorkGroup, kind=kind, formed_on__lte=scope.as_of)


def leaders(scope: Scope) -> QuerySet:
    return _each_person_once(_in_force(_of_areas(scope, LeaderLink), scope))


def townships_without_leader(scope: Scope) -> QuerySet:
    linked = _in_force(LeaderLink.objects.live().filter(campaign=scope.campaign), scope)
    return Jurisdiction.objects.filter(pk__in=scope.township_ids).filter(
        ~Exists(linked.filter(area=OuterRef("pk")))
    )


def _cadres(scope: Scope, kind: CadreKind) -> QuerySet:
    return _in_force(_of_villages(scope, VillageCadre, kind=kind), scope)


def cadres(scope: Scope) -> QuerySet:
    return _each_person_once(_cadres(scope, CadreKind.VILLAGE))


def villages_without_cadre(scope: Scope) -> QuerySet:
    there = _cadres(scope, CadreKind.VILLAGE).filter(election=OuterRef("pk"))
    return VillageElection.objects.filter(pk__in=scope.ids).filter(~Exists(there))


def stationed(scope: Scope) -> QuerySet:
    return _each_person_once(_cadres(scope, CadreKind.STATIONED))


def _designated(scope: Scope) -> QuerySet:
    """Designations in force of the outer query's election."""
    return _of_villages(scope, DifficultVillage, designated_on__lte=scope.as_of).filter(
        Q(lifted_on__isnull=True) | Q(lifted_on__gt=scope.as_of), election=OuterRef("pk")
    )


def difficult_without_staff(scope: Scope) -> QuerySet:
    """Villages still designated as difficult in which nobody is stationed."""
    there = _cadres(scope, CadreKind.STATIONED).filter(election=OuterRef("pk"))
    return VillageElection.objects.filter(pk__in=scope.ids).filter(
        Exists(_designated(scope)), ~Exists(there)
    )


# --- meetings ---------------------------------------------------------------------------------------


def _meetings(scope: Scope, kind: WorkMeetingKind) -> QuerySet:
    return _of_areas(scope, WorkMeeting, kind=kind, held_on__lte=scope.as_of)


def county_mobilisations(scope: Scope) -> QuerySet:
    """Of the campaign's own area, whoever asks: its date is the same for every township."""
    return WorkMeeting.objects.live().filter(
        campaign=scope.campaign,
        area=scope.campaign.area_id,
        kind=WorkMeetingKind.MOBILISATION,
        held_on__lte=scope.as_of,
    )


def mobilised_on(scope: Scope) -> date | None:
    held = county_mobilisations(scope).order_by("held_on").values_list("held_on", flat=True)
    return held.first()


def township_mobilisations(scope: Scope) -> QuerySet:
    return _meetings(scope, WorkMeetingKind.MOBILISATION).filter(area__in=scope.township_ids)


def trainings(scope: Scope) -> QuerySet:
    return _meetings(scope, WorkMeetingKind.TRAINING)


def dispatches(scope: Scope) -> QuerySet:
    return _meetings(scope, WorkMeetingKind.DISPATCH)


def decisions(scope: Scope) -> QuerySet:
    return _of_areas(scope, MeetingDecision, decided_on__lte=scope.as_of)


def decisions_done(scope: Scope) -> QuerySet:
    return decisions(scope).filter(done_on__lte=scope.as_of)


# --- difficult villages, rectification, publicity ----------------------------------------------------


def difficult(kind: DifficultKind):
    return lambda scope: _of_villages(
        scope, DifficultVillage, kind=kind, designated_on__lte=scope.as_of
    )


def plans(scope: Scope) -> QuerySet:
    return _of_villages(scope, ContingencyPlan, made_on__lte=scope.as_of)


def plans_missing(scope: Scope) -> QuerySet:
    """Villages graded red, or designated and not yet turned round, without a plan: there must be none."""
    red = RiskGrade.objects.filter(
        election=OuterRef("pk"), grade=Grade.RED, graded_on__lte=scope.as_of
    )
    plan = plans(scope).filter(election=OuterRef("pk"))
    return VillageElection.objects.filter(pk__in=scope.ids).filter(
        Exists(red) | Exists(_designated(scope)), ~Exists(plan)
    )


def schedules(scope: Scope) -> QuerySet:
    """Signed by the village and confirmed by the township."""
    return _of_villages(scope, WorkSchedule, confirmed_on__lte=scope.as_of)


def adjusted(scope: Scope) -> QuerySet:
    return _of_villages(scope, SecretaryAdjustment, adjusted_on__lte=scope.as_of)


def adjusted_by(way: AdjustmentWay):
    return lambda scope: adjusted(scope).filter(way=way)


def weak(scope: Scope) -> QuerySet:
    return _of_villages(scope, WeakOrganisation, designated_on__lte=scope.as_of)


def weak_converted(scope: Scope) -> QuerySet:
    return weak(scope).filter(converted_on__lte=scope.as_of)


def publicity(scope: Scope) -> QuerySet:
    return _of_areas(scope, PublicityItem, issued_on__lte=scope.as_of)
