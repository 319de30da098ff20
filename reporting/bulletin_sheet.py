"""A bulletin as page, document, workbook, text and picture show it: frozen figures in order, nothing counted anew.

Pure: from stored versions to values. The sheet of a county has a line for each township, that of a higher area one for
each campaign.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from elections.models import Campaign
from villages.enums import Level
from villages.models import Jurisdiction

from . import rules
from .models import Bulletin
from .selectors.daily import COUNTERS

#: (key, label) of the columns, in the order of the procedure.
HEADS = tuple((key, label) for key, (label, _) in COUNTERS.items())
TOTAL = "合计"


@dataclass(frozen=True)
class Cell:
    """Up to the day and of the day; `before`: the same two in the version before, where they differ."""

    total: int
    today: int
    before: tuple[int, int] | None = None


@dataclass(frozen=True)
class Line:
    """`mark`: * where the records stand for a report that is missing. `reports`: the report's state, or how many came.
    `rank_before`, `elections_before`: of the version before, where they differ."""

    name: str
    elections: int
    cells: tuple[Cell, ...]
    rank: int | None = None
    mark: str = ""
    reports: str = ""
    rank_before: int | None = None
    elections_before: int | None = None
    version: Bulletin | None = None

    def total(self, key: str) -> int:
        """The figure up to the day of one counter."""
        return self.cells[list(COUNTERS).index(key)].total

    @property
    def done(self) -> int:
        return self.total("completed")

    @property
    def completed_share(self) -> str:
        return rules.share(self.done, self.elections)


@dataclass(frozen=True)
class Told:
    """What one township wrote."""

    name: str
    problems: str
    practices: str


@dataclass(frozen=True)
class BulletinSheet:
    """`unreported`: townships; `late`, `pending`: townships that reported late, whose report awaits approval. `absent`:
    campaigns without a bulletin of the day. `newly_reported`, `reworded`: townships whose report came, whose words
    changed since the version before. `is_of_campaigns`: each line is a campaign, not a township. `data_as_of`: in
    words."""

    title: str
    name: str
    issue: str
    issuer: str
    day: date
    data_as_of: str
    unit: str
    lines: tuple[Line, ...]
    total: Line
    summary: dict
    unreported: tuple[str, ...]
    late: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()
    absent: tuple[str, ...] = ()
    newly_reported: tuple[str, ...] = ()
    reworded: tuple[str, ...] = ()
    is_of_campaigns: bool = False

    @property
    def lead(self) -> str:
        """The furthest counter that anybody has reached: it decides who is first."""
        reached = [key for key in COUNTERS if self.summary[f"total_{key}"]]
        return reached[-1] if reached else "started"

    @property
    def changed(self) -> int:
        """How many figures of the townships differ from the version before."""
        return sum(
            sum(cell.before is not None for cell in line.cells)
            + (line.elections_before is not None)
            for line in self.lines
        )


def issuer(area: Jurisdiction) -> str:
    """Who publishes the bulletins of an area."""
    if area.level == Level.NATION:
        return ""
    return f"{area.name}党委" if area.level == Level.TOWNSHIP else f"{area.name}委组织部"


def sheet_of(
    campaign: Campaign, bulletin: Bulletin, before: Bulletin | None = None
) -> BulletinSheet:
    """One version of a campaign's bulletin; `before`: the version to compare it with."""
    old = {row["township"]: row for row in before.rows} if before else {}
    both = [(row, old[row["township"]]) for row in bulletin.rows if row["township"] in old]
    lines = tuple(
        _line(
            row,
            old.get(row["township"]),
            name=row["township"],
            mark="" if row["reported"] else "*",
            reports=_state(row),
        )
        for row in bulletin.rows
    )
    return BulletinSheet(
        title="换届工作简报",
        name=campaign.name,
        issue=bulletin.words,
        issuer=issuer(campaign.area),
        day=bulletin.day,
        data_as_of=moment(bulletin.produced_at),
        unit="乡镇",
        lines=lines,
        total=_line(bulletin.summary, before.summary if before else None, name=TOTAL),
        summary=bulletin.summary,
        unreported=tuple(bulletin.unreported),
        late=tuple(row["township"] for row in bulletin.rows if row.get("late")),
        pending=tuple(row["township"] for row in bulletin.rows if row.get("awaits_approval")),
        told=tuple(
            Told(row["township"], row["problems"], row["practices"])
            for row in bulletin.rows
            if row["problems"] or row["practices"]
        ),
        newly_reported=tuple(
            row["township"] for row, then in both if row["reported"] and not then["reported"]
        ),
        reworded=tuple(
            row["township"]
            for row, then in both
            if then["reported"] and any(row[key] != then[key] for key in ("problems", "practices"))
        ),
    )


def sheet_of_area(
    area: Jurisdiction, day: date, bulletins: Sequence[Bulletin], absent: Sequence[Campaign]
) -> BulletinSheet:
    """The bulletins of one day of all campaigns in an area. `absent`: campaigns without one."""
    rows = [{**b.summary, "bulletin": b} for b in bulletins]
    ranked = rules.ranked(rows, tuple(COUNTERS))
    summary = rules.summed(rows, tuple(COUNTERS)) | {
        name: sum(row[name] for row in rows) for name in ("townships", "reported")
    }
    names = _names([b.campaign for b in bulletins] + list(absent))
    lines = tuple(
        _line(
            row,
            None,
            name=names[row["bulletin"].campaign_id],
            reports=f"{row['reported']}/{row['townships']}",
            version=row["bulletin"],
        )
        for row in ranked
    )
    return BulletinSheet(
        title="换届工作简报汇总",
        name=area.name,
        issue="",
        issuer=issuer(area),
        day=day,
        data_as_of=_span(bulletins),
        unit="县（市、区）",
        lines=lines,
        total=_line(
            summary, None, name=TOTAL, reports=f"{summary['reported']}/{summary['townships']}"
        ),
        summary=summary,
        unreported=tuple(
            f"{names[row['bulletin'].campaign_id]}{name}"
            for row in ranked
            for name in row["bulletin"].unreported
        ),
        absent=tuple(names[campaign.pk] for campaign in absent),
        is_of_campaigns=True,
    )


def _names(campaigns: list[Campaign]) -> dict[int, str]:
    """The name of each campaign's area; where an area has several campaigns, their own names."""
    areas = [campaign.area.name for campaign in campaigns]
    return {c.pk: c.area.name if areas.count(c.area.name) == 1 else c.name for c in campaigns}


def _line(row: dict, old: dict | None, *, name: str, **more) -> Line:
    cells = []
    for key in COUNTERS:
        now = (row[f"total_{key}"], row[f"day_{key}"])
        then = (old[f"total_{key}"], old[f"day_{key}"]) if old else now
        cells.append(Cell(*now, before=then if then != now else None))
    rank = row.get("rank")
    return Line(
        name=name,
        elections=row["elections"],
        cells=tuple(cells),
        rank=rank,
        rank_before=old["rank"] if old and old.get("rank") != rank else None,
        elections_before=_other(old, row, "elections"),
        **more,
    )


def _other(old: dict | None, row: dict, key: str) -> int | None:
    return old[key] if old and old[key] != row[key] else None


def _state(row: dict) -> str:
    if not row["reported"]:
        return "未上报"
    return "迟报" if row.get("late") else "已上报"


def moment(at) -> str:
    """A moment in Shanghai as the bulletin writes it."""
    local = timezone.localtime(at)
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"


def _span(bulletins: Sequence[Bulletin]) -> str:
    """When the bulletins that are added up were produced."""
    if not bulletins:
        return ""
    first = min(b.produced_at for b in bulletins)
    last = max(b.produced_at for b in bulletins)
    if moment(first) == moment(last):
        return moment(first)
    return f"{moment(first)}至{moment(last)}（各县简报生成时间）"
