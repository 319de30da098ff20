"""女性三道关口: the villages of a campaign at the three gates, and the counts over them."""

from dataclasses import dataclass
from functools import cache

from django.db.models import Count, JSONField, OuterRef, Q, QuerySet, Subquery

from candidates.enums import BELOW, WomenState
from candidates.selectors import WOMEN_GATES, WomenGate, gates_of, with_women_gates
from elections.models import Campaign, VillageElection


def women_rows(user, campaign: Campaign) -> QuerySet[VillageElection]:
    """The elections the user sees, each with its three gates, in the order of the codes."""
    return with_women_gates(
        VillageElection.objects.visible_to(user)
        .filter(campaign=campaign)
        .select_related("village", "township", "rule_set")
    ).order_by("township__code", "village__code")


@dataclass(frozen=True)
class GateTotal:
    """One gate over all villages (个). `below` = short + asked + excepted."""

    code: str
    label: str
    passed: int
    short: int
    asked: int
    excepted: int

    @property
    def below(self) -> int:
        return self.short + self.asked + self.excepted


def gate_totals(rows: QuerySet[VillageElection]) -> list[GateTotal]:
    """The counts of each gate (one query)."""
    wanted = {}
    for spec in WOMEN_GATES:
        wanted[f"{spec.code}_n_done"] = Count("pk", filter=Q(**{f"{spec.code}_done": True}))
        for state in BELOW:
            wanted[f"{spec.code}_n_{state}"] = Count(
                "pk", filter=Q(**{f"{spec.code}_state": state})
            )
    found = rows.order_by().aggregate(**wanted)
    return [
        GateTotal(
            spec.code,
            spec.label,
            found[f"{spec.code}_n_done"],
            found[f"{spec.code}_n_{WomenState.SHORT}"],
            found[f"{spec.code}_n_{WomenState.ASKED}"],
            found[f"{spec.code}_n_{WomenState.EXCEPTED}"],
        )
        for spec in WOMEN_GATES
    ]


@dataclass(frozen=True)
class WomenLine:
    election: VillageElection
    gates: tuple[WomenGate, ...]


def women_line(election: VillageElection) -> WomenLine:
    return WomenLine(election, gates_of(election))


def _any(*states: WomenState) -> str:
    """SQL: the number of villages in one of these states at any gate."""
    wanted = ", ".join(f"'{state.value}'" for state in states)
    gates = " OR ".join(f"gates.{spec.code}_state IN ({wanted})" for spec in WOMEN_GATES)
    return f"count(*) FILTER (WHERE {gates})"


class _BelowCounts(Subquery):
    """Counts over villages whose states were worked out once each: `OFFSET 0` keeps the database from putting the
    queries behind a state into every count."""

    template = (
        f"(SELECT jsonb_build_object('villages', {_any(*BELOW)}, 'excepted', {_any(WomenState.EXCEPTED)},"
        f" 'asked', {_any(WomenState.ASKED)}) FROM (%(subquery)s OFFSET 0) AS gates)"
    )


@cache
def below_of_township() -> Subquery:
    """For a row with `campaign` and `township`: villages below a minimum at any gate (个), each counted once per state,
    as {villages, excepted, asked}."""
    villages = with_women_gates(
        VillageElection.objects.filter(campaign=OuterRef("campaign"), township=OuterRef("township"))
    )
    states = villages.order_by().values(*(f"{spec.code}_state" for spec in WOMEN_GATES))
    return _BelowCounts(states, output_field=JSONField())
