"""What people paste and type into a grid: dates in the ways they are written."""

import re
from datetime import date

from django import forms

_FULL = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_SHORT = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
#: A date without a year lies at most this many days ahead; further ahead it is last year's.
AHEAD = 180


def parse_day(text: str, *, today: date) -> date | None:
    """A date as it is written: 2026-3-5, 2026/3/5, 2026.3.5, 2026年3月5日, and without the year 3月5日, 3/5. None for
    anything else, and for a day that the calendar does not have."""
    text = text.strip()
    try:
        if found := _FULL.fullmatch(text):
            return date(*map(int, found.groups()))
        if found := _SHORT.fullmatch(text):
            day = date(today.year, *map(int, found.groups()))
            return day.replace(year=today.year - 1) if (day - today).days > AHEAD else day
    except ValueError:
        return None
    return None


def as_grid_row(form: forms.Form) -> forms.Form:
    """The form's fields as narrow cells of a grid: dates as text, so that they can be pasted."""
    for field in form.fields.values():
        if isinstance(field, forms.DateField):
            field.widget = forms.DateInput(attrs={"placeholder": "年-月-日"}, format="%Y-%m-%d")
            field.error_messages["invalid"] = "日期请写成 2026-3-5 或 3月5日。"
        field.widget.attrs["class"] = "form-control form-control-sm"
        field.help_text = ""
    return form


def with_days(data, form_class: type[forms.Form], prefix: str, *, today: date) -> dict:
    """The row's part of the data sent, its dates in one form; what is no date is left for the form to refuse."""
    row = {key: value for key, value in data.items() if key.startswith(f"{prefix}-")}
    for name, field in form_class().fields.items():
        key = f"{prefix}-{name}"
        if isinstance(field, forms.DateField) and (day := parse_day(row.get(key, ""), today=today)):
            row[key] = day.isoformat()
    return row
