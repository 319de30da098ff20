"""上级总览: what a city, a province or the nation sees of all campaigns under way, from the county tier alone."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Max, QuerySet, Sum
from django.urls import reverse

from elections.enums import CampaignStatus
from elections.querysets import READERS
from villages.enums import Level
from villages.models import Jurisdiction
from villages.scoping import area_q_of, covers, postings_of

from .. import rules, tiers
from ..enums import TierWork
from ..models import CountyProgress, TierRun
from ..rollups import COLUMNS
from .progress import StageCell, stage_cells

#: Level of the page → column of the level below it, by whose units the page is divided.
DIVIDED_BY = {Level.NATION: "province", Level.PROVINCE: "city", Level.CITY: "county"}
_LEVELS = list(DIVIDED_BY)


@dataclass(frozen=True)
class AreaRow:
    """One unit below, or their sum (no url). A county's campaign has the lists behind its figures, too."""

    name: str
    url: str
    figures: dict[str, int]
    cells: tuple[StageCell, ...]
    villages_url: str = ""
    people_url: str = ""

    @property
    def completed_share(self) -> str:
        return rules.share(self.figures["completed"], self.figures["elections"])


@dataclass(frozen=True)
class Freshness:
    """`at`: data as of; `is_stale`: the refresher stands still; `checked`: the last comparison of the tiers."""

    at: datetime | None
    is_stale: bool
    checked: TierRun | None


def highest_area(user) -> Jurisdiction | None:
    """The widest area above county that the user's posts cover, None when there is none."""
    areas = [p.jurisdiction for p in postings_of(user) if p.role in READERS]
    above = [area for area in areas if area.level in DIVIDED_BY]
    return min(above, key=lambda area: _LEVELS.index(Level(area.level)), default=None)


def may_see(user, area: Jurisdiction) -> bool:
    return area.level in DIVIDED_BY and any(
        covers(posting.jurisdiction, area)
        for posting in postings_of(user)
        if posting.role in READERS
    )


def county_rows(user, area: Jurisdiction) -> QuerySet:
    """The rows of the campaigns under way inside the area."""
    return CountyProgress.objects.visible_to(user).filter(
        area_q_of(area), campaign__status=CampaignStatus.ACTIVE
    )


def freshness(*, now: datetime) -> Freshness:
    """How old the second tier is (one query)."""
    runs = tiers.runs()
    refreshed = runs.get(TierWork.REFRESH)
    at = refreshed.at if refreshed else None
    return Freshness(at, rules.is_stale(at, now=now), runs.get(TierWork.RECONCILE))


def last_change(user, area: Jurisdiction) -> datetime | None:
    """When a figure of the area last changed (one query)."""
    return county_rows(user, area).aggregate(at=Max("refreshed_at"))["at"]


def area_rows(user, area: Jurisdiction) -> list[AreaRow]:
    """The units below line by line, in the order of their codes, and their sum first (one query)."""
    by = DIVIDED_BY[Level(area.level)]
    keys = {"unit": F(f"{by}_id"), "name": F(f"{by}__name"), "code": F(f"{by}__code")}
    if by == "county":
        keys["campaign_pk"] = F("campaign_id")
    found = list(
        county_rows(user, area)
        .order_by()
        .values(**keys)
        .annotate(**{f"n_{column}": Sum(column) for column in COLUMNS})
        .order_by("code")
    )
    lines = []
    for row in found:
        figures = {column: row[f"n_{column}"] for column in COLUMNS}
        if by == "county":
            at = {"pk": row["campaign_pk"]}
            url = reverse("dashboard", kwargs=at)
            lists = {
                "villages_url": f"{reverse('village_list', kwargs=at)}?",
                "people_url": f"{reverse('elected_list', kwargs=at)}?",
            }
        else:
            url, lists = reverse("overview_area", kwargs={"pk": row["unit"]}), {}
        lines.append(AreaRow(row["name"], url, figures, stage_cells(figures), **lists))
    if not lines:
        return []
    total = {column: sum(line.figures[column] for line in lines) for column in COLUMNS}
    return [AreaRow("合计", "", total, stage_cells(total)), *lines]
