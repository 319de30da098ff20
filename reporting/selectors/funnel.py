"""人选去向: from preliminary nominees to the elected, by township or by village. The steps are those of candidates."""

from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse

from candidates.models import Candidacy
from candidates.selectors import STEPS, Step
from elections.models import Campaign, VillageElection

from ..models import TownshipProgress

#: step → column of the rollup; the people still under way are what remains.
COLUMN = {
    "nominated": "nominees_preliminary",
    "rejected": "rejected_review",
    "vetoed": "rejected_inspection",
    "withdrawn": "nominees_withdrawn",
    "disqualified": "nominees_disqualified",
    "not_prepared": "nominees_not_prepared",
    "prepared": "nominees_prepared",
    "formal": "candidates_formal",
    "elected": "candidates_elected",
    "not_elected": "candidates_lost",
}
#: What nominated is the sum of.
PARTS = ("rejected", "vetoed", "withdrawn", "disqualified", "not_prepared", "pending", "prepared")


@dataclass(frozen=True)
class Cell:
    """People at one step (名), and the list of them."""

    step: Step
    number: int
    url: str


@dataclass(frozen=True)
class FunnelRow:
    name: str
    url: str
    cells: tuple[Cell, ...]


def _row(campaign: Campaign, name: str, url: str, where: str, numbers: dict[str, int]) -> FunnelRow:
    people = reverse("people_list", kwargs={"pk": campaign.pk})
    cells = tuple(
        Cell(step, numbers[code], f"{people}?step={code}{where}") for code, step in STEPS.items()
    )
    return FunnelRow(name, url, cells)


def _of_rollup(row: TownshipProgress) -> dict[str, int]:
    numbers = {code: getattr(row, column) for code, column in COLUMN.items()}
    gone = sum(numbers[code] for code in PARTS if code != "pending")
    return numbers | {"pending": numbers["nominated"] - gone}


def _with_total(campaign: Campaign, rows: list[FunnelRow], where: str = "") -> list[FunnelRow]:
    if len(rows) < 2:
        return rows
    sums = {code: sum(row.cells[n].number for row in rows) for n, code in enumerate(STEPS)}
    return [_row(campaign, "合计", "", where, sums), *rows]


def by_township(campaign: Campaign, rows: list[TownshipProgress]) -> list[FunnelRow]:
    """The townships of the rollup rows, and their sum first when there are several (no query)."""
    base = reverse("people_funnel", kwargs={"pk": campaign.pk})
    return _with_total(
        campaign,
        [
            _row(
                campaign,
                row.township.name,
                f"{base}?township={row.township_id}",
                f"&township={row.township_id}",
                _of_rollup(row),
            )
            for row in rows
        ],
    )


def by_village(user, campaign: Campaign, township_id: int) -> list[FunnelRow]:
    """The villages of one township, counted live (two queries)."""
    elections = list(
        VillageElection.objects.visible_to(user)
        .filter(campaign=campaign, township=township_id)
        .select_related("village")
        .order_by("village__code")
    )
    counted = {
        found.pop("election"): found
        for found in Candidacy.objects.visible_to(user)
        .filter(election__in=elections)
        .order_by()
        .values("election")
        .annotate(**{code: Count("pk", filter=step.where()) for code, step in STEPS.items()})
    }
    nobody = dict.fromkeys(STEPS, 0)
    rows = [
        _row(
            campaign,
            election.village.name,
            reverse("election_detail", kwargs={"pk": election.pk}) + "?tab=people",
            f"&election={election.pk}",
            counted.get(election.pk, nobody),
        )
        for election in elections
    ]
    return _with_total(campaign, rows, f"&township={township_id}")


def chart_of(row: FunnelRow | None) -> dict:
    """What the bars draw: the total's numbers."""
    cells = row.cells if row else ()
    return {
        "kind": "hbar",
        "unit": "名",
        "labels": [cell.step.label for cell in cells],
        "series": [{"name": "人数", "data": [cell.number for cell in cells]}],
    }
