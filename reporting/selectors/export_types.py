"""What a list that can be taken out as a workbook is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import QueryDict

from accounts.models import User
from elections.models import Campaign
from workbooks.tables import Heading

#: Rows fetched at a time.
CHUNK = 2000


@dataclass(frozen=True)
class Selection:
    """The rows somebody chose: `rows` in order (of a small table the cells themselves), `filters`: the choices in words,
    `area`: whose rows."""

    rows: QuerySet | list
    filters: list[tuple[str, str]]
    area: str

    @property
    def count(self) -> int:
        return len(self.rows) if isinstance(self.rows, list) else self.rows.count()


@dataclass(frozen=True)
class Export:
    """`select(user, campaign, query, today) -> Selection`; `lines(rows, today)`: the cells of each row.
    `back`: the URL name of the list; `back_to`: what its address needs beside the campaign."""

    code: str
    title: str
    is_personal: bool
    back: str
    headings: tuple[Heading, ...]
    select: Callable[[User, Campaign, QueryDict, date], Selection]
    lines: Callable[[QuerySet | list, date], Iterable[tuple]]
    back_to: tuple[tuple[str, str], ...] = ()


def in_words(found) -> list[tuple[str, str]]:
    """The choices of a FilterSet's form as the page shows them."""
    form, words = found.form, []
    if not form.is_valid():
        return words
    for name, value in form.cleaned_data.items():
        if value in (None, ""):
            continue
        choices = dict(getattr(form.fields[name], "choices", ()))
        label = choices.get(value, choices.get(str(value), value))
        words.append((str(form.fields[name].label), str(label)))
    return words


def heads(*pairs: tuple[str, int]) -> tuple[Heading, ...]:
    """Headings with their widths in characters."""
    return tuple(Heading(head, width) for head, width in pairs)
