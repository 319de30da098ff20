"""Figures at a past day: what was kept then beside what the records give for that day now."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from elections.models import Campaign

from .. import rules
from ..indicators.base import Indicator
from ..indicators.registry import INDICATORS, UNDATED, figures
from ..models import KeptFigures
from .scope import scope_of_area


@dataclass(frozen=True)
class PastFigure:
    """One figure of a day. `then`: as it was kept that night, None without; `as_now`: what of it is only known as it
    is now, empty when every record carries its day."""

    indicator: Indicator
    then: str | None
    now: str
    is_restated: bool
    as_now: str


def past_figures(campaign: Campaign, *, day: date, kept: KeptFigures | None) -> list[PastFigure]:
    """All figures of the campaign at the end of `day`, in the report's order. Restated: the records give another figure
    for that day now than was kept then."""
    found = figures(scope_of_area(campaign, as_of=day))
    stored = kept.figures if kept else {}
    restated = rules.restated(stored, found)
    return [
        PastFigure(
            indicator,
            indicator.text(stored[key]) if key in stored else None,
            indicator.text(found[key]),
            key in restated,
            UNDATED.get(key, ""),
        )
        for key, indicator in INDICATORS.items()
    ]


def by_part(lines: list[PastFigure]) -> list[tuple[str, list[PastFigure]]]:
    """The figures under the headings of the report, in its order; a heading that comes back is one group."""
    order = list(dict.fromkeys(line.indicator.part for line in lines))
    ordered = sorted(lines, key=lambda line: order.index(line.indicator.part))
    return [(part, list(group)) for part, group in groupby(ordered, lambda x: x.indicator.part)]
