"""Who handles a complaint, who may see it, and by when. Pure: values in, an answer out; permissions and querysets ask here.

纪检监察机关处理检举控告工作规则（2020年）第十五条: what belongs to the organ above goes to it, and a complaint about a unit's
own leader goes straight to the level above. 信访工作条例（2022年）第三十条: nobody concerned handles the matter, and a report
is not passed on to whom it is about.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from accounts.enums import Role
from elections.rounding import one_decimal
from elections.rules import Calendar, working_days

from .enums import Accused, Category, DayUnit, OpinionLevel

REPORTS_RULE = "《纪检监察机关处理检举控告工作规则》第十五条"
PETITION_RULE = "《信访工作条例》第三十条"

#: Roles that see figures of complaints (never a complaint), at county level and above.
COUNTING = (Role.DISCIPLINE, Role.ORG_STAFF, Role.LEADER)
#: Levels below which no figure is shown: few complaints point to who complained.
TOO_LOW_TO_COUNT = ("township",)


@dataclass(frozen=True)
class Route:
    """`up`: how many levels above the unit it is about. `hidden_roles`: whose posts in that unit or below hide it from
    their holder, whatever other posts they have; None: every post. `why`: the sentence on the page."""

    up: int
    hidden_roles: frozenset[str] | None
    why: str


_EVERYBODY = None

#: Who it is about → where it goes. The one table of the routing; tests/complaints/test_rules.py has its cases.
ROUTES: dict[str, Route] = {
    Accused.VILLAGE: Route(
        0, frozenset(), "反映村（社区）的人和事，由上级乡镇或县级纪检信访办理。"
    ),
    Accused.COORDINATOR: Route(
        1, _EVERYBODY, "反映乡镇工作人员，提到上一级办理，该单位及下级看不到。"
    ),
    Accused.LEADER: Route(
        1, _EVERYBODY, "反映本级领导班子成员，提到上一级办理，该单位及下级看不到。"
    ),
    Accused.UNIT: Route(1, _EVERYBODY, "反映整个单位，提到上一级办理，该单位及下级看不到。"),
    Accused.DISCIPLINE: Route(
        1, _EVERYBODY, "反映纪检信访人员，提到上一级办理，该单位及下级看不到。"
    ),
    Accused.ORG_STAFF: Route(
        0, frozenset({Role.ORG_STAFF}), "反映组织部工作人员，由同级纪检信访办理，组织部看不到。"
    ),
    Accused.VETTING: Route(
        0, frozenset({Role.VETTING}), "反映联审单位工作人员，由同级纪检信访办理，该单位看不到。"
    ),
}


@dataclass(frozen=True)
class Unit:
    """A jurisdiction by number and level, with the numbers of the units above it, nearest first."""

    pk: int
    level: str
    above: tuple[int, ...] = ()

    @property
    def chain(self) -> tuple[int, ...]:
        """The unit itself, then what is above it."""
        return (self.pk, *self.above)


@dataclass(frozen=True)
class Post:
    """One posting in force of a user."""

    role: str
    unit: Unit


@dataclass(frozen=True)
class Case:
    """What of a complaint decides who sees it."""

    held_by: Unit
    accused: str = Accused.VILLAGE
    accused_unit: int | None = None
    accused_user: int | None = None
    handler: int | None = None


def held_by(*, about: Unit, accused: str, staffed: Collection[int]) -> int | None:
    """The unit whose discipline staff handle a complaint: from the level that the route names upwards the first that has
    discipline staff (`staffed`); where none has, that level itself, and somebody must be posted there.

    `about`: the accused unit, or where the village lies. None where nothing is above it.
    """
    reachable = about.chain[ROUTES[accused].up :]
    if not reachable:
        return None
    return next((pk for pk in reachable if pk in staffed), reachable[0])


def is_hidden(case: Case, *, user: int, posts: Iterable[Post]) -> bool:
    """Whether a complaint is about this user, or about a unit in which, or below which, the user has a post."""
    if case.accused_user == user:
        return True
    hidden = ROUTES[case.accused].hidden_roles
    return any(
        case.accused_unit in post.unit.chain and (hidden is None or post.role in hidden)
        for post in posts
    )


def may_see(case: Case, *, user: int, posts: Collection[Post]) -> bool:
    """Discipline staff of the unit that holds it or of a unit above, unless it is about them or theirs. Whoever sees a
    complaint may handle it."""
    return not is_hidden(case, user=user, posts=posts) and any(
        post.role == Role.DISCIPLINE and post.unit.pk in case.held_by.chain for post in posts
    )


def may_open_identity(case: Case, *, user: int, posts: Collection[Post]) -> bool:
    """Only the person named as handler, as long as they see the complaint at all."""
    return case.handler == user and may_see(case, user=user, posts=posts)


def may_count(case: Case, *, user: int, posts: Collection[Post]) -> bool:
    """Figures are for posts at county level and above over the unit that holds it: what the level above holds is counted
    there, so that no leader finds in a figure the one complaint about themselves."""
    return not is_hidden(case, user=user, posts=posts) and any(
        post.role in COUNTING
        and post.unit.level not in TOO_LOW_TO_COUNT
        and post.unit.pk in case.held_by.chain
        for post in posts
    )


# --- clocks -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClockRule:
    """Days (of `unit`) within which a complaint is accepted and settled, and by how many it may be extended."""

    unit: str
    accept: int
    settle: int
    extend: int
    source: str


#: Where the county set nothing else. A notice runs five working days: an objection is answered within them.
CLOCKS: dict[str, ClockRule] = {
    Category.REPORT: ClockRule(
        DayUnit.WORKING, 5, 60, 30, "《纪检监察机关处理检举控告工作规则》：5个工作日内受理"
    ),
    Category.OBJECTION: ClockRule(
        DayUnit.WORKING, 1, 5, 5, "公示期不少于5个工作日，异议在公示期内办结（换届工作要求）"
    ),
    Category.PETITION: ClockRule(
        DayUnit.CALENDAR, 15, 60, 30, "《信访工作条例》：15日内受理，60日内办结，可延长30日"
    ),
    Category.ADVICE: ClockRule(DayUnit.WORKING, 3, 7, 5, "县乡换届工作惯例：3日内核实，7日内答复"),
}

COUNTING_RULE = "《民法典》第二百零一条、第二百零三条：当日不计入，自次日起算；末日为休息日的，顺延至其后第一个工作日"


@dataclass(frozen=True)
class Span:
    """Days from `first` to `last`, both included, that count or do not, and why in words."""

    first: date
    last: date
    counts: bool
    why: str

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Reckoning:
    """How a day was reached. `assumed`: part of it lies in a year whose holidays are not published."""

    start: date
    days: int
    unit: str
    day: date
    spans: tuple[Span, ...]
    assumed: bool


def reckon(start: date, days: int, unit: str, calendar: Calendar) -> Reckoning:
    """The last day of a time of `days` (at least 1) that begins the day after `start`; see COUNTING_RULE.

    Working days leave out weekends and holidays and count the weekend days worked in their stead (调休). Calendar days
    count every day, and only the last one moves past days that are off.
    """
    day, left, seen = start, days, []
    while left:
        day += timedelta(1)
        works = working_days(day, day, calendar) == 1
        counts = works or unit == DayUnit.CALENDAR
        left -= counts
        seen.append((day, counts, _why(day, works, calendar)))
    while not working_days(day, day, calendar):
        day += timedelta(1)
        seen.append((day, False, "末日为休息日，顺延"))
    return Reckoning(start, days, unit, day, _spans(seen, unit), day > calendar.through)


def _why(day: date, works: bool, calendar: Calendar) -> str:
    if day in calendar.workdays:
        return "调休上班"
    if day in calendar.holidays:
        return "法定节假日放假（含调休）"
    return "工作日" if works else "周末"


def _spans(seen: list[tuple[date, bool, str]], unit: str) -> tuple[Span, ...]:
    """Neighbouring days of one kind together; of calendar days only whether they count."""
    spans: list[Span] = []
    for day, counts, why in seen:
        words = "逐日计算" if counts and unit == DayUnit.CALENDAR else why
        if spans and (spans[-1].counts, spans[-1].why) == (counts, words):
            spans[-1] = Span(spans[-1].first, day, counts, words)
        else:
            spans.append(Span(day, day, counts, words))
    return tuple(spans)


# --- public opinion ------------------------------------------------------------------------------------

OPINION_RULE = "县（区）网络舆情应急预案惯例：特别重大舆情1小时内书面报送"
#: Level → within how long after it was seen it is reported upwards. Other levels have no common time.
REPORT_WITHIN: dict[str, timedelta] = {OpinionLevel.HIGHEST: timedelta(hours=1)}


@dataclass(frozen=True)
class Reporting:
    """Whether an incident was reported in time. `state`: none (no time set), due, done, late, missing."""

    state: str
    due_at: datetime | None = None

    @property
    def is_late(self) -> bool:
        return self.state in ("late", "missing")


def reporting_of(
    *, level: str, seen_at: datetime, reported_at: datetime | None, at: datetime
) -> Reporting:
    """How the report of an incident stands at the moment `at`, by OPINION_RULE. Exactly an hour is in time."""
    within = REPORT_WITHIN.get(level)
    if within is None:
        return Reporting("done" if reported_at else "none")
    due = seen_at + within
    if reported_at is not None:
        return Reporting("late" if reported_at > due else "done", due)
    return Reporting("missing" if at > due else "due", due)


# --- the public pages ----------------------------------------------------------------------------------

#: Digits of a receipt, the last of which is a check digit.
RECEIPT_DIGITS = 16


def luhn_digit(digits: str) -> str:
    """The check digit of a row of digits (ISO/IEC 7812-1, annex B): one wrong digit, and nearly every swap of two
    neighbours, is noticed."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def is_receipt(text: str) -> bool:
    """Whether a text of digits can be a receipt at all: its length and its check digit are right."""
    return (
        len(text) == RECEIPT_DIGITS
        and text.isascii()
        and text.isdigit()
        and luhn_digit(text[:-1]) == text[-1]
    )


#: So many reports a day one address may send without waiting: a whole office may stand behind one address.
FREE_PER_ADDRESS = 30
#: From there on each report lengthens the pause before the next one, up to this.
LONGEST_PAUSE = timedelta(hours=1)
#: So many messages a day may be added under one receipt.
FOLLOW_UPS_PER_DAY = 5


def pause_after(count: int) -> timedelta:
    """How long an address waits after its `count`-th report of the day: nothing at first, then one minute, two, four …
    Nobody is ever locked out for the day."""
    beyond = count - FREE_PER_ADDRESS
    if beyond < 0:
        return timedelta(0)
    return min(timedelta(minutes=2 ** min(beyond, 10)), LONGEST_PAUSE)


def takes_files(count: int) -> bool:
    """Whether an address that sent `count` reports today may still send files: text costs little, storage does not."""
    return count < FREE_PER_ADDRESS


# --- figures -------------------------------------------------------------------------------------------

#: Below county level figures from 1 up to this are not shown: few complaints point to who complained.
FEWEST_SHOWN = 5


def suppressed(counts: dict) -> set:
    """Keys of a one-way table below county level whose figures are not shown, given that their sum is known.

    First every figure from 1 to FEWEST_SHOWN - 1. If these are two or more and can be shared out in several ways (not all at
    the bottom or at the top of what is small), that is enough. Otherwise the two next smallest go with them, and all that
    equal the second: so that neither the sum nor the knowledge of this rule gives a hidden figure away (the tests try all
    small tables). Hidden figures are marked alike.
    """
    hidden = {key for key, count in counts.items() if 0 < count < FEWEST_SHOWN}
    least, most = len(hidden), (FEWEST_SHOWN - 1) * len(hidden)
    if not hidden or (least > 1 and least < sum(counts[key] for key in hidden) < most):
        return hidden
    others = [key for key in counts if key not in hidden]
    # Zeros last: hiding one protects less than its neighbours do.
    others.sort(key=lambda key: (not counts[key], counts[key], str(key)))
    second = others[:2][-1:]
    taken = others[:2] + [key for key in others[2:] if counts[key] == counts[second[0]]]
    return hidden | set(taken)


# --- retention -----------------------------------------------------------------------------------------

RETENTION_RULE = "《机关文件材料归档范围和文书档案保管期限规定》：定期保管分10年、30年"
#: Category → years kept after it was settled, where the county set nothing else.
RETENTION: dict[str, int] = {
    Category.REPORT: 30,
    Category.OBJECTION: 10,
    Category.PETITION: 10,
    Category.ADVICE: 10,
}


def kept_until(settled_on: date, years: int) -> date:
    """The last day on which a record settled on `settled_on` is kept: `years` from the first of January after it
    (《归档文件整理规则》: a period runs from the year after)."""
    return date(settled_on.year + years, 12, 31)


def median_hours(waits: Iterable[timedelta]) -> float | None:
    """The median of waits, in hours; None without any."""
    hours = [wait.total_seconds() / 3600 for wait in waits]
    return one_decimal(median(hours)) if hours else None
