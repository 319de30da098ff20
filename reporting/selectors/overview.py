"""上级总览: what a city, a province or the nation sees of all campaigns under way, from the county tier alone.

Whoever may see an area above county sees all of it (`area_of` is the door), so that what is read of an area is kept
for everybody until its stamp says that something changed.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import connection
from django.urls import reverse

from elections.enums import CampaignStatus
from elections.querysets import READERS
from villages.enums import Level
from villages.models import Jurisdiction
from villages.scoping import covers, postings_of

from .. import rules, tiers
from ..enums import TierWork
from ..rollups import COLUMNS
from .progress import StageCell, stage_cells

#: Level of the page → column of the level below it, by whose units the page is divided.
DIVIDED_BY = {Level.NATION: "province", Level.PROVINCE: "city", Level.CITY: "county"}
_LEVELS = list(DIVIDED_BY)
#: Areas whose rows are kept.
KEPT = 256

_UNDER_WAY = f"""
    FROM reporting_countyprogress c
    JOIN elections_campaign k ON k.id = c.campaign_id AND k.status = '{CampaignStatus.ACTIVE.value}'
"""
#: Level → the condition on its rows; its one parameter is the area.
_INSIDE = {
    Level.NATION: "%s::bigint IS NOT NULL",
    Level.PROVINCE: "c.province_id = %s",
    Level.CITY: "c.city_id = %s",
}
_HEAD = f"""
SELECT refresh.at, checked.at, jsonb_array_length(checked.found), changed.at, changed.campaigns
FROM (SELECT max(c.refreshed_at) AS at, count(*) AS campaigns {_UNDER_WAY} WHERE {{inside}}) changed
LEFT JOIN reporting_tierrun refresh ON refresh.kind = '{TierWork.REFRESH.value}'
LEFT JOIN reporting_tierrun checked ON checked.kind = '{TierWork.RECONCILE.value}'
"""
_ROWS = f"""
SELECT u.id, u.name, min(c.campaign_id), {", ".join(f"sum(c.{column})" for column in COLUMNS)}
{_UNDER_WAY} JOIN villages_jurisdiction u ON u.id = c.{{by}}_id
WHERE {{inside}} GROUP BY u.id, u.name, u.code{{each}} ORDER BY u.code{{each}}
"""


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
class Checked:
    """The last comparison of the tiers: when, and how many differences it found."""

    at: datetime
    found: int


@dataclass(frozen=True)
class Freshness:
    """`at`: data as of; `is_stale`: the refresher stands still; `checked`: the last comparison of the tiers."""

    at: datetime | None
    is_stale: bool
    checked: Checked | None


@dataclass(frozen=True)
class Stamp:
    """Everything that the rows of an area depend on: when a figure last changed, how many campaigns are under way,
    and the minute of the last refresh, after which names are read again too."""

    changed_at: datetime | None
    campaigns: int
    minute: datetime | None


def highest_area(user) -> Jurisdiction | None:
    """The widest area above county that the user's posts cover, None when there is none."""
    return min(_areas(user), key=lambda area: _LEVELS.index(Level(area.level)), default=None)


def _areas(user) -> list[Jurisdiction]:
    """The user's own areas above county."""
    areas = [p.jurisdiction for p in postings_of(user) if p.role in READERS]
    return [area for area in areas if area.level in DIVIDED_BY]


def area_of(user, pk: int) -> Jurisdiction | None:
    """The area above county with this number, None unless the user's posts cover it (no query for the user's own)."""
    areas = _areas(user)
    own = next((area for area in areas if area.pk == pk), None)
    if own or not areas:
        return own
    area = Jurisdiction.objects.select_related("parent").filter(pk=pk).first()
    return area if area and may_see(user, area) else None


def parent_of(user, area: Jurisdiction) -> Jurisdiction | None:
    """The area above, if the user may go up to it."""
    if all(own.pk == area.pk for own in _areas(user)) or area.parent is None:
        return None
    return area.parent if may_see(user, area.parent) else None


def may_see(user, area: Jurisdiction) -> bool:
    return area.level in DIVIDED_BY and any(covers(own, area) for own in _areas(user))


def freshness(*, now: datetime) -> Freshness:
    """How old the second tier is (one query)."""
    runs = tiers.runs()
    refreshed, compared = runs.get(TierWork.REFRESH), runs.get(TierWork.RECONCILE)
    at = refreshed.at if refreshed else None
    checked = Checked(compared.at, len(compared.found)) if compared else None
    return Freshness(at, rules.is_stale(at, now=now), checked)


def head(area: Jurisdiction, *, now: datetime) -> tuple[Freshness, Stamp]:
    """How old the second tier is, and what the area's rows depend on (one query)."""
    with connection.cursor() as cursor:
        cursor.execute(_HEAD.format(inside=_INSIDE[Level(area.level)]), [area.pk])
        at, checked_at, found, changed_at, campaigns = cursor.fetchone()
    checked = Checked(checked_at, found) if checked_at else None
    minute = at.replace(second=0, microsecond=0) if at else None
    return Freshness(at, rules.is_stale(at, now=now), checked), Stamp(changed_at, campaigns, minute)


@lru_cache(maxsize=KEPT)
def area_rows(area: Jurisdiction, stamp: Stamp) -> tuple[AreaRow, ...]:
    """The units below line by line, in the order of their codes, and their sum first (one query, or none while the
    stamp is the same)."""
    level = Level(area.level)
    by = DIVIDED_BY[level]
    is_county = by == "county"
    sql = _ROWS.format(by=by, inside=_INSIDE[level], each=", c.campaign_id" if is_county else "")
    with connection.cursor() as cursor:
        cursor.execute(sql, [area.pk])
        found = cursor.fetchall()
    lines = []
    for unit, name, campaign, *sums in found:
        figures = dict(zip(COLUMNS, sums, strict=True))
        if is_county:
            at = {"pk": campaign}
            url = reverse("dashboard", kwargs=at)
            lists = {
                "villages_url": f"{reverse('village_list', kwargs=at)}?",
                "people_url": f"{reverse('elected_list', kwargs=at)}?",
            }
        else:
            url, lists = reverse("overview_area", kwargs={"pk": unit}), {}
        lines.append(AreaRow(name, url, figures, stage_cells(figures), **lists))
    if not lines:
        return ()
    total = {column: sum(line.figures[column] for line in lines) for column in COLUMNS}
    return (AreaRow("合计", "", total, stage_cells(total)), *lines)
