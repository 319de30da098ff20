"""Figures of complaints, as far as the user may count them. A figure leads to no list."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from elections.enums import Stage
from elections.models import Campaign
from elections.rounding import share

from .. import rules
from ..enums import Cause, Channel, Dimension
from ..models import Complaint, LastTermFigure
from .places import townships_of_campaign


@dataclass(frozen=True)
class Line:
    """One item; `before`, `change`: None where last term's figure was not recorded."""

    label: str
    count: int
    before: int | None = None

    @property
    def change(self) -> str:
        return "—" if self.before is None else f"{self.count - self.before:+d}"


@dataclass(frozen=True)
class Rate:
    """part of whole; in percent, or — without a whole."""

    part: int
    whole: int

    @property
    def text(self) -> str:
        if not self.whole:
            return "—（0件）"
        return share(self.part, self.whole)


@dataclass(frozen=True)
class TownshipLine:
    """A township's figures; all None where they are too small to be shown."""

    name: str
    count: int | None
    settled: Rate | None
    on_time: Rate | None


@dataclass(frozen=True)
class First:
    """One of the three first moments: median hours over `count` complaints of `whole`."""

    label: str
    hours: float | None
    count: int
    whole: int


@dataclass(frozen=True)
class Statistics:
    total: Line
    matters: int
    settled: Rate
    on_time: Rate
    first: list[First]
    channels: list[Line]
    causes: list[Line]
    stages: list[Line]
    townships: list[TownshipLine]

    @property
    def some_hidden(self) -> bool:
        return any(line.count is None for line in self.townships)


_COLUMNS = (
    "matter_id",
    "township_id",
    "channel",
    "cause",
    "stage",
    "received_at",
    "settled_at",
    "settle_by",
    "reported_at",
    "investigated_at",
    "informed_at",
)
_FIRST = (
    ("reported_at", "第一时间汇报"),
    ("investigated_at", "第一时间调查"),
    ("informed_at", "第一时间向群众说明"),
)


def last_term(campaign: Campaign) -> dict[tuple[str, str], int]:
    """(dimension, code) → 件, as recorded."""
    rows = LastTermFigure.objects.filter(campaign=campaign)
    return {(row.dimension, row.code): row.count for row in rows}


def counted_before(campaign: Campaign, user) -> dict[tuple[str, str], int]:
    """The same of the campaign before in the same area, where this product has one: to start a form with."""
    before = (
        Campaign.objects.filter(area=campaign.area, starts_on__lt=campaign.starts_on)
        .order_by("-starts_on", "-pk")
        .first()
    )
    if before is None:
        return {}
    rows = list(Complaint.objects.countable_by(user).counted().filter(campaign=before).values())
    found = {(Dimension.TOTAL.value, ""): len(rows)}
    for dimension, choices in ((Dimension.CHANNEL, Channel), (Dimension.CAUSE, Cause)):
        counts = Counter(row[dimension.value] for row in rows)
        found |= {(dimension.value, code): counts[code] for code in choices.values}
    return found


def _countable(user, campaign: Campaign, as_of: date, columns=_COLUMNS) -> list[dict]:
    """What the user may count of the campaign, received up to and with the day (one query)."""
    return list(
        Complaint.objects.countable_by(user)
        .counted()
        .filter(campaign=campaign, received_at__date__lte=as_of)
        .values(*columns)
    )


@dataclass(frozen=True)
class Headline:
    """The figures of the whole area that stand on the dashboard; none by township, where few would show."""

    count: int
    settled: Rate
    on_time: Rate


def headline(user, campaign: Campaign, *, as_of: date) -> Headline:
    """The first figures of `statistics` (one query)."""
    rows = _countable(user, campaign, as_of, ("settled_at", "settle_by"))
    return Headline(len(rows), _settled(rows, as_of), _on_time(rows, as_of))


def statistics(user, campaign: Campaign, *, as_of: date) -> Statistics:
    """What the user may count of the campaign, received up to and with the day: three queries."""
    rows = _countable(user, campaign, as_of)
    before = last_term(campaign)
    return Statistics(
        total=Line("合计", len(rows), before.get((Dimension.TOTAL, ""))),
        matters=len({row["matter_id"] for row in rows}),
        settled=_settled(rows, as_of),
        on_time=_on_time(rows, as_of),
        first=[_first(rows, column, label) for column, label in _FIRST],
        channels=_lines(rows, "channel", Channel, Dimension.CHANNEL, before),
        causes=_lines(rows, "cause", Cause, Dimension.CAUSE, before),
        stages=[
            *_lines(rows, "stage", Stage, "stage", {}, only_some=True),
            Line("未注明环节", sum(not row["stage"] for row in rows)),
        ],
        townships=_townships(rows, campaign, as_of),
    )


def _lines(rows, column, choices, dimension, before, *, only_some=False) -> list[Line]:
    counts = Counter(row[column] for row in rows)
    return [
        Line(label, counts[code], before.get((dimension, code)))
        for code, label in choices.choices
        if counts[code] or not only_some
    ]


def _is_settled(row, as_of: date) -> bool:
    return bool(row["settled_at"]) and timezone.localdate(row["settled_at"]) <= as_of


def _settled(rows, as_of) -> Rate:
    return Rate(sum(_is_settled(row, as_of) for row in rows), len(rows))


def _on_time(rows, as_of) -> Rate:
    """Settled by the day due, over those settled or past it."""
    settled = [row for row in rows if _is_settled(row, as_of)]
    late = [r for r in rows if not _is_settled(r, as_of) and r["settle_by"] < as_of]
    in_time = sum(timezone.localdate(row["settled_at"]) <= row["settle_by"] for row in settled)
    return Rate(in_time, len(settled) + len(late))


def _first(rows, column, label) -> First:
    waits = [row[column] - row["received_at"] for row in rows if row[column]]
    return First(label, rules.median_hours(waits), len(waits), len(rows))


def _townships(rows, campaign: Campaign, as_of) -> list[TownshipLine]:
    """By township; what names none stands in a line of its own, which counts as one more for what is hidden."""
    names = {unit.pk: unit.name for unit in townships_of_campaign(campaign)}
    names[None] = "不涉及具体乡镇"
    of: dict = {key: [] for key in names}
    for row in rows:
        of.setdefault(row["township_id"], []).append(row)
        names.setdefault(row["township_id"], "其他")
    hidden = rules.suppressed({key: len(found) for key, found in of.items()})
    return [
        TownshipLine(names[key], None, None, None)
        if key in hidden
        else TownshipLine(names[key], len(found), _settled(found, as_of), _on_time(found, as_of))
        for key, found in of.items()
    ]
