"""女性人选三道关口: how many women each gate has and needs, and whether the county excepted the village."""

from dataclasses import dataclass

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from elections.enums import Stage, StageStatus
from elections.models import ExceptionRequest, StageRecord, VillageElection
from villages.enums import Sex

from ..enums import NEVER_NOMINATED, CandidacyStatus, WomenState
from ..models import Candidacy, ElectedPost

#: The code of the blocker that an exception lifts.
WOMEN = "women"


@dataclass(frozen=True)
class GateSpec:
    """One gate: the stage that closes it, the stage at which an exception is asked for, its minimum."""

    code: str
    label: str
    stage: Stage
    asked_at: Stage
    minimum: str


SPECS = (
    GateSpec("preliminary", "初步人选", Stage.PRELIMINARY, Stage.PRELIMINARY, "women_minimum"),
    GateSpec("prepared", "预备人选", Stage.NOMINATION, Stage.NOMINATION, "women_minimum_prepared"),
    GateSpec("elected", "当选", Stage.COMMITTEE_BALLOT, Stage.APPROVAL, "women_minimum_elected"),
)


@dataclass(frozen=True)
class WomenGate:
    """One gate of one village."""

    spec: GateSpec
    have: int
    need: int
    state: WomenState


def _women(code: str) -> QuerySet:
    """The women at a gate, one row per person, of the outer election."""
    if code == "elected":
        rows = ElectedPost.objects.filter(election=OuterRef("pk"), member__sex=Sex.FEMALE)
    else:
        rows = Candidacy.objects.filter(election=OuterRef("pk"), member__sex=Sex.FEMALE)
        if code == "prepared":
            rows = rows.filter(status=CandidacyStatus.PREPARED)
        else:
            rows = rows.filter(is_replacement=False).exclude(status__in=NEVER_NOMINATED)
    counted = rows.order_by().values("election").annotate(n=Count("member", distinct=True))
    return counted.values("n")


def _exception(spec: GateSpec) -> Subquery:
    """How the last request at a gate stands."""
    asked = ExceptionRequest.objects.filter(
        election=OuterRef("pk"), stage=spec.asked_at, code=WOMEN
    ).order_by("-requested_at", "-pk")
    words = Case(
        When(approved=True, then=Value(WomenState.EXCEPTED.value)),
        When(approved__isnull=True, then=Value(WomenState.ASKED.value)),
        default=Value(""),
        output_field=CharField(),
    )
    return Subquery(asked.annotate(word=words).values("word")[:1])


def _need(spec: GateSpec):
    """The minimum; a single secretary without a committee cannot be asked to be a woman."""
    minimum = F(f"rule_set__{spec.minimum}")
    if spec.code != "elected":
        return minimum
    return Case(When(committee_seats=0, then=0), default=minimum, output_field=IntegerField())


def with_women_gates(elections: QuerySet[VillageElection]) -> QuerySet[VillageElection]:
    """Adds for each gate `<code>_have`, `<code>_need`, `<code>_state` (WomenState)."""
    for spec in SPECS:
        done = StageRecord.objects.filter(
            election=OuterRef("pk"), stage=spec.stage, is_current=True, status=StageStatus.DONE
        )
        have, need, asked = f"{spec.code}_have", f"{spec.code}_need", f"{spec.code}_asked"
        elections = elections.annotate(
            **{
                have: Coalesce(Subquery(_women(spec.code)), 0),
                need: _need(spec),
                asked: _exception(spec),
                f"{spec.code}_done": Exists(done),
            }
        ).annotate(
            **{
                f"{spec.code}_state": Case(
                    When(**{need: 0}, then=Value(WomenState.NONE.value)),
                    When(
                        Q(**{f"{spec.code}_done": True, f"{have}__gte": F(need)}),
                        then=Value(WomenState.MET.value),
                    ),
                    When(Q(**{asked: WomenState.EXCEPTED}), then=Value(WomenState.EXCEPTED.value)),
                    When(Q(**{asked: WomenState.ASKED}), then=Value(WomenState.ASKED.value)),
                    When(**{f"{spec.code}_done": False}, then=Value(WomenState.WAITING.value)),
                    default=Value(WomenState.SHORT.value),
                    output_field=CharField(),
                )
            }
        )
    return elections


def gates_of(election: VillageElection) -> tuple[WomenGate, ...]:
    """The three gates of a row read with with_women_gates."""
    return tuple(
        WomenGate(
            spec,
            getattr(election, f"{spec.code}_have"),
            getattr(election, f"{spec.code}_need"),
            WomenState(getattr(election, f"{spec.code}_state")),
        )
        for spec in SPECS
    )


def women_gates(election: VillageElection) -> tuple[WomenGate, ...]:
    """The three gates of one election (one query)."""
    return gates_of(with_women_gates(VillageElection.objects.filter(pk=election.pk)).get())
