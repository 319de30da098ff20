"""大屏: the figures of a dashboard or of an overview for a wall, in few words. No person's name and no complaint is on it.

The figures are those of `progress`, `dashboard` and `overview`; here they are only put in order for being read from afar.
"""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db.models import Exists, OuterRef
from django.utils import timezone

from elections.enums import Stage
from elections.models import Campaign
from elections.stages import STAGES
from villages.models import Jurisdiction
from villages.scoping import covers, postings_of

from .. import rules
from ..models import DailyReport, TownshipProgress
from ..rollups import COLUMNS
from . import overview, progress
from .burnup import Point, burn_up
from .todo import reports_today
from .women import below_of_township

#: So many lines of the ranking stand on one panel, large enough for the back of the room.
LINES = 12
ELECTED = f"settled_{Stage.COMMITTEE_BALLOT}"


@dataclass(frozen=True)
class Tile:
    """One large figure with its denominator or parts."""

    label: str
    value: int
    unit: str
    note: str
    tone: str = ""


@dataclass(frozen=True)
class Unit:
    """What the ranking knows of a township, or of a unit below an area. `report`: today's, in words, if it owes one."""

    name: str
    figures: dict[str, int]
    overdue: int | None = None
    report: str = ""


@dataclass(frozen=True)
class Ranked:
    """One line of the ranking. Units that stand equal share a number."""

    number: int
    unit: Unit

    @property
    def elected(self) -> int:
        return self.unit.figures[ELECTED]


@dataclass(frozen=True)
class Curve:
    """The burn-up as two lines over a field of 1000 × 300, upwards from its lower edge to `top` villages."""

    top: int
    first: Point
    last: Point
    elected: str
    completed: str


@dataclass(frozen=True)
class Screen:
    """`unreported`: townships that owe today's report; None where reports are not counted."""

    title: str
    area: str
    figures: dict[str, int]
    tiles: list[Tile]
    stages: tuple[progress.StageCell, ...]
    ranking: list[list[Ranked]]
    unit_name: str
    curve: Curve | None
    unreported: list[str] | None
    changed_at: datetime | None
    is_stale: bool = False

    @property
    def completed_share(self) -> str:
        return rules.share(self.figures["completed"], self.figures["elections"])

    @property
    def is_many(self) -> bool:
        """Whether the figures need more room than three digits."""
        return self.figures["elections"] > 999


def campaign_screen(user, campaign: Campaign, *, at: datetime) -> Screen:
    """One campaign, limited to what the user sees (two queries)."""
    today = timezone.localdate(at)
    sent = DailyReport.objects.current().filter(
        campaign=OuterRef("campaign"), township=OuterRef("township"), day=today
    )
    rows = progress.township_progress(
        user, campaign, today=today, women=below_of_township(), reported=Exists(sent)
    )
    figures = progress.totals(rows)
    due = [row for row in rows if row.elections and reports_today(campaign, today=today)]
    unreported = [row.township.name for row in due if not row.reported]
    return Screen(
        title=campaign.name,
        area=_area_of(user, campaign, rows),
        figures=figures,
        tiles=[
            *people_tiles(figures),
            *_work_tiles(figures, rows, due=len(due), unreported=len(unreported)),
        ],
        stages=progress.stage_cells(figures),
        ranking=ranking([_township(row, due) for row in rows]),
        unit_name="乡镇",
        curve=curve(
            burn_up(user, campaign, total=figures["elections"], today=today).days,
            top=figures["elections"],
        ),
        unreported=unreported,
        changed_at=max((row.refreshed_at for row in rows), default=None),
    )


def area_screen(area: Jurisdiction, *, at: datetime) -> Screen:
    """All campaigns under way in a city, a province or the nation: what the county tier knows (one or two
    queries). Asks nobody who looks: the page has made sure of the area."""
    fresh, stamp = overview.head(area, now=at)
    total, *rows = overview.area_rows(area, stamp) or [None]
    figures = total.figures if total else dict.fromkeys(COLUMNS, 0)
    return Screen(
        title="村（社区）党组织换届",
        area=area.name,
        figures=figures,
        tiles=people_tiles(figures),
        stages=progress.stage_cells(figures),
        ranking=ranking([Unit(row.name, row.figures) for row in rows]),
        unit_name="单位",
        curve=None,
        unreported=None,
        changed_at=fresh.at,
        is_stale=fresh.is_stale,
    )


def _area_of(user, campaign: Campaign, rows: list[TownshipProgress]) -> str:
    """The campaign's area for those who see all of it, else the townships they see."""
    if any(covers(posting.jurisdiction, campaign.area) for posting in postings_of(user)):
        return campaign.area.name
    return "、".join(row.township.name for row in rows)


def people_tiles(figures: dict[str, int]) -> list[Tile]:
    """Elected so far: villages, members of committees, secretaries."""
    elected, total = figures[ELECTED], figures["elections"]
    members = (
        f"女{figures['committee_women']} · 新{figures['committee_new']} · "
        f"连任{figures['committee_reelected']}"
    )
    secretaries = (
        f"女{figures['secretary_women']} · 新{figures['secretary_new']} · "
        f"连任{figures['secretary_reelected']}"
    )
    return [
        Tile("完成大会选举", elected, "村", rules.share(elected, total)),
        Tile("班子成员", figures["committee_members"], "名", members),
        Tile("书记", figures["secretaries"], "名", secretaries),
    ]


def _work_tiles(
    figures: dict[str, int], rows: list[TownshipProgress], *, due: int, unreported: int
) -> list[Tile]:
    """What is behind: villages past their day, reports of today, villages below the minimum of women."""
    overdue = sum(row.overdue for row in rows)
    women = {
        key: sum((row.women or {}).get(key, 0) for row in rows)
        for key in ("villages", "excepted", "asked")
    }
    return [
        Tile(
            "逾期村",
            overdue,
            "村",
            rules.share(overdue, figures["elections"]),
            "bad" if overdue else "",
        ),
        Tile(
            "今日日报已报",
            due - unreported,
            "份",
            f"应报{due} · 未报{unreported}" if due else "今日无须上报",
            "warn" if unreported else "",
        ),
        Tile(
            "女性未达标村",
            women["villages"],
            "村",
            f"已批例外{women['excepted']} · 待批{women['asked']}",
            "warn" if women["villages"] > women["excepted"] else "",
        ),
    ]


def _township(row: TownshipProgress, due: list[TownshipProgress]) -> Unit:
    report = ("已报" if row.reported else "未报") if row in due else ""
    figures = {column: getattr(row, column) for column in COLUMNS}
    return Unit(row.township.name, figures, row.overdue, report)


def ranking(units: list[Unit]) -> list[list[Ranked]]:
    """By the share of villages completed, then of those elected, then of stages settled; panel by panel.

    Units with equal shares share a number and keep their order. A unit without villages is left out.
    """
    counted = sorted((u for u in units if u.figures["elections"]), key=_standing, reverse=True)
    lines: list[Ranked] = []
    for place, unit in enumerate(counted, start=1):
        is_equal = lines and _standing(lines[-1].unit) == _standing(unit)
        lines.append(Ranked(lines[-1].number if is_equal else place, unit))
    return [lines[start : start + LINES] for start in range(0, len(lines), LINES)]


def _standing(unit: Unit) -> tuple[Fraction, ...]:
    total = unit.figures["elections"]
    settled = sum(unit.figures[f"settled_{stage}"] for stage in STAGES)
    return (
        Fraction(unit.figures["completed"], total),
        Fraction(unit.figures[ELECTED], total),
        Fraction(settled, total),
    )


def curve(days: list[Point], *, top: int) -> Curve | None:
    """The two cumulated lines; None before the first day or without villages."""
    if not days or not top:
        return None
    days = days if len(days) > 1 else days * 2  # a single day is a line, too
    step = 1000 / (len(days) - 1)

    def points(numbers) -> str:
        return " ".join(
            f"{n * step:.1f},{300 - 300 * number / top:.1f}" for n, number in enumerate(numbers)
        )

    return Curve(
        top=top,
        first=days[0],
        last=days[-1],
        elected=points(day.elected for day in days),
        completed=points(day.completed for day in days),
    )
