"""What a team is made of: one condition for each figure, for the registry, the page of teams and the list of people.

`person` leads to the member from the counted row: "member__" from a post won, nothing from the member itself.
"""

from datetime import date

from django.db.models import DateField, F, Func, IntegerField, Q, Value

from villages.enums import Education, Sex

#: code → (youngest, oldest, label).
AGE_BANDS = {
    "18_35": (18, 35, "35岁及以下"),
    "36_45": (36, 45, "36至45岁"),
    "46_55": (46, 55, "46至55岁"),
    "56_120": (56, 120, "56岁及以上"),
}
#: 大专及以上.
COLLEGE_UP = (Education.COLLEGE, Education.BACHELOR)


def is_woman(person: str = "member__") -> Q:
    return Q(**{f"{person}sex": Sex.FEMALE})


def is_aged(band: str, on: date, person: str = "member__") -> Q:
    """Of an age inside the band on the day, both ends included."""
    low, high, _ = AGE_BANDS[band]
    youngest, oldest = years_before(on, low), years_before(on, high + 1)
    return Q(**{f"{person}born_on__lte": youngest, f"{person}born_on__gt": oldest})


def is_educated(levels, person: str = "member__") -> Q:
    return Q(**{f"{person}education__in": levels})


def comes_from(origin: str, person: str = "member__") -> Q:
    """Who carries the origin, as the main one or a further one."""
    return Q(**{f"{person}origin": origin}) | Q(**{f"{person}further_origins__contains": [origin]})


def heads_committee(person: str = "member__") -> Q:
    """一肩挑, of a secretary: also heads the village committee."""
    return Q(**{f"{person}heads_village_committee": True})


def sits_on_committee(person: str = "member__") -> Q:
    """交叉任职: also sits on the village committee, as its head or a member."""
    return heads_committee(person) | Q(**{f"{person}on_village_committee": True})


def years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return date(day.year - years, 3, 1)


class WholeYears(Func):
    """Whole years from a date column to a day. Without time zones: the clocks were once put forward in summer."""

    template = "date_part('year', age(%(expressions)s::timestamp))::int"
    arg_joiner = "::timestamp, "
    output_field = IntegerField()

    def __init__(self, since: str, *, on: date):
        super().__init__(Value(on, DateField()), F(since))
