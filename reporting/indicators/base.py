"""What an indicator is: a key, words, and the rows behind its figure.

A figure is never typed: it is the number of its rows (or their sum, average, share or breakdown), as of the end
of one Shanghai day, within one set of villages' elections.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import QuerySet, Sum

from elections.models import Campaign, VillageElection

from .. import rules


@dataclass(frozen=True)
class Scope:
    """What is counted: one campaign, the elections of one area, up to and including the day `as_of`."""

    campaign: Campaign
    elections: QuerySet[VillageElection]
    as_of: date

    @cached_property
    def ids(self) -> list[int]:
        """The elections' keys, read once for all indicators."""
        return list(self.elections.order_by("pk").values_list("pk", flat=True))

    @cached_property
    def is_whole(self) -> bool:
        """Whether the whole campaign is counted, and with it what belongs to the county itself."""
        return len(self.ids) == VillageElection.objects.filter(campaign=self.campaign).count()

    @cached_property
    def township_ids(self) -> list[int]:
        return list(
            VillageElection.objects.filter(pk__in=self.ids)
            .order_by("township_id")
            .values_list("township_id", flat=True)
            .distinct()
        )


Rows = Callable[[Scope], QuerySet | list]


@dataclass(frozen=True)
class Indicator:
    """One figure. `over` says what it counts or over what it is a share; `part` is where the report states it."""

    key: str
    name: str
    unit: str
    part: str
    over: str
    rows: Rows

    def value(self, scope: Scope):
        return size(self.rows(scope))

    def text(self, value) -> str:
        """The figure in words."""
        return f"{value}{self.unit}"


@dataclass(frozen=True)
class Share(Indicator):
    """Rows over whole, in percent with numerator and denominator."""

    whole: Rows

    def value(self, scope: Scope) -> dict:
        part, whole = size(self.rows(scope)), size(self.whole(scope))
        percent = rules.percent(part, whole)
        return {
            "value": None if percent is None else float(percent),
            "numerator": part,
            "denominator": whole,
        }

    def text(self, value: dict) -> str:
        return rules.share(value["numerator"], value["denominator"])


@dataclass(frozen=True)
class Total(Indicator):
    """The sum of one column of the rows."""

    column: str

    def value(self, scope: Scope) -> int:
        return self.rows(scope).aggregate(total=Sum(self.column))["total"] or 0


@dataclass(frozen=True)
class Average(Indicator):
    """The mean of `of(row, as_of)` over the rows, half up, one decimal; None without rows."""

    of: Callable

    def value(self, scope: Scope) -> float | None:
        numbers = [self.of(row, scope.as_of) for row in self.rows(scope)]
        return rules.mean(sum(numbers), len(numbers))

    def text(self, value) -> str:
        return "—" if value is None else f"{value}{self.unit}"


@dataclass(frozen=True)
class Breakdown(Indicator):
    """Rows counted by a label: {label: number}; the numbers add up to the number of rows."""

    label: Callable

    def value(self, scope: Scope) -> dict[str, int]:
        return dict(Counter(str(self.label(row)) for row in self.rows(scope)))

    def text(self, value: dict[str, int]) -> str:
        return rules.breakdown(value, self.unit) or "无"


@dataclass(frozen=True)
class Day(Indicator):
    """A date of the campaign or of the report; None where there is none yet."""

    day: Callable[[Scope], date | None]

    def value(self, scope: Scope) -> str | None:
        day = self.day(scope)
        return day.isoformat() if day else None

    def text(self, value: str | None) -> str:
        if value is None:
            return "—"
        return f"{date.fromisoformat(value):%Y年%-m月%-d日}"


@dataclass(frozen=True)
class Recorded(Indicator):
    """A figure that `of` finds for the scope; None where it was not recorded. `signed`: with a plus above zero."""

    of: Callable[[Scope], int | None]
    signed: bool = False

    def value(self, scope: Scope) -> int | None:
        return self.of(scope)

    def text(self, value: int | None) -> str:
        if value is None:
            return "—"
        return f"{value:+d}{self.unit}" if self.signed and value else f"{value}{self.unit}"


@dataclass(frozen=True)
class Medians(Indicator):
    """Several medians by label: {label: number or None}."""

    of: Callable[[Scope], dict[str, float | None]]

    def value(self, scope: Scope) -> dict[str, float | None]:
        return self.of(scope)

    def text(self, value: dict[str, float | None]) -> str:
        found = [
            f"{label}{hours}{self.unit}" for label, hours in value.items() if hours is not None
        ]
        return "、".join(found) or "—"


def size(rows: QuerySet | list) -> int:
    return len(rows) if isinstance(rows, list) else rows.count()
