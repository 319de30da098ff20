"""The tables of the closing report's annex: which indicators, township by township or for the whole area.

Every cell is an indicator of the registry; nothing is counted here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from elections.models import Campaign
from villages.enums import Education
from villages.models import Jurisdiction

from . import rules
from .indicators.base import Average, Breakdown, Indicator, Share
from .indicators.registry import INDICATORS
from .selectors.scope import scope_of_area

TOTAL = "合计"


@dataclass(frozen=True)
class AnnexTable:
    """`keys`: indicators. By township they are the columns; otherwise each is a line, a breakdown one for each part."""

    title: str
    keys: tuple[str, ...]
    by_township: bool = True


TABLES = (
    AnnexTable(
        "换届选举情况",
        ("villages", "communities", "organisations_completed", "completion_rate", "first_ballot_rate",
         "secretaries", "committee_members"),
    ),
    AnnexTable(
        "班子成员和年龄结构",
        ("committee_members", "committee_women", "committee_new", "committee_reelected",
         "structure.average_age", "structure.age_18_35", "structure.age_36_45", "structure.age_46_55",
         "structure.age_56_120"),
    ),
    AnnexTable(
        "班子学历结构和兼职",
        ("committee_members", *(f"structure.education_{level.value}" for level in Education),
         "structure.dual_post", "structure.cross_post"),
    ),
    AnnexTable(
        "信访情况",
        ("complaints", "complaints_last_term", "complaints_change", "complaints_by_channel",
         "complaints_by_cause", "complaints_settled", "complaints_on_time", "first_response"),
        by_township=False,
    ),
    AnnexTable(
        "难点村、重点村、后进村",
        ("difficult_villages.hard", "difficult_villages.key", "difficult_villages.lagging",
         "difficult_villages.red", "difficult_villages.cleared", "contingency_plans",
         "contingency_plans_missing", "disputes_found", "disputes_resolved"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """Head cells, then lines of whole numbers and words; the first cell of a line names it."""

    title: str
    heads: list[str]
    lines: list[list[str | int]]


def tables(
    campaign: Campaign, *, as_of, figures: dict, step: Callable[[int, int], None]
) -> list[Table]:
    """The tables of a campaign up to a day. `figures`: those of the whole area; `step(done, all)` after each township."""
    keys = list(dict.fromkeys(key for t in TABLES if t.by_township for key in t.keys))
    units = Jurisdiction.objects.filter(pk__in=campaign.elections.values("township"))
    of_units: list[tuple[str, dict]] = []
    townships = list(units.order_by("code"))
    for number, unit in enumerate(townships, start=1):
        scope = scope_of_area(campaign, as_of=as_of, area=unit)
        of_units.append((unit.name, {key: INDICATORS[key].value(scope) for key in keys}))
        step(number, len(townships))
    of_units.append((TOTAL, figures))
    return [
        _by_township(table, of_units) if table.by_township else _by_line(table, figures)
        for table in TABLES
    ]


def _by_township(table: AnnexTable, of_units: list[tuple[str, dict]]) -> Table:
    found = [INDICATORS[key] for key in table.keys]
    lines = [
        [name, *(_cell(indicator, values[indicator.key]) for indicator in found)]
        for name, values in of_units
    ]
    return Table(table.title, ["乡镇", *(_head(indicator) for indicator in found)], lines)


def _head(indicator: Indicator) -> str:
    """Short, for narrow columns. Counts stand without their unit in the cells, so the head has it."""
    short = indicator.name.split("：")[-1].split("（")[0]
    return short if isinstance(indicator, Share | Average) else f"{short}（{indicator.unit}）"


def _cell(indicator: Indicator, value) -> str | int:
    return value if isinstance(value, int) else indicator.text(value)


def _by_line(table: AnnexTable, figures: dict) -> Table:
    lines: list[list[str | int]] = []
    for key in table.keys:
        indicator, value = INDICATORS[key], figures[key]
        if isinstance(indicator, Breakdown):
            parts = rules.in_order(value)
            lines += [[f"{indicator.name}：{label}", n, indicator.unit] for label, n in parts]
        else:
            words = _cell(indicator, value)
            lines.append([indicator.name, words, indicator.unit if words == value else ""])
    return Table(table.title, ["项目", "数值", "单位"], lines)
