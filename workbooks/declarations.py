"""What a kind of workbook is: its columns, and the two functions of its app that compare rows and write them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from .plans import Plan


class Type(Enum):
    """How a cell is read. `CODE` is text made of digits, `IDENTITY` a number of 18 places that must be text."""

    TEXT = "文本"
    WHOLE = "整数"
    DATE = "日期"
    CHOICE = "单选"
    CHOICES = "多选"
    YES_NO = "是/否"
    CODE = "数字编码"
    IDENTITY = "身份证号"


YES_NO = ((True, "是"), (False, "否"))


@dataclass(frozen=True)
class Column:
    """One column. `synonyms`: other heads it is known by; `choices`: (code, label) pairs; `length`: the exact number
    of digits of a CODE; `help`: one sentence for the legend."""

    name: str
    head: str
    type: Type = Type.TEXT
    required: bool = False
    synonyms: tuple[str, ...] = ()
    choices: tuple[tuple[object, str], ...] = ()
    max_length: int = 200
    length: int | None = None
    help: str = ""

    @property
    def options(self) -> tuple[tuple[object, str], ...]:
        """What may stand in the cell, where that is limited."""
        return YES_NO if self.type is Type.YES_NO else self.choices


@dataclass(frozen=True)
class Kind:
    """One kind of workbook.

    `key`: names of the columns that together tell which record a row is about.
    `plan(rows, *, campaign, area, by, at) -> Plan`: what the rows would change, and what is wrong with them.
    `apply(rows, *, campaign, area, by, at, reason, confirm) -> Plan`: the app's service: locks, plans again, calls
    `confirm(plan)`, which may refuse, and writes everything or nothing.
    Both are None for a workbook that belongs to one page, which reads it itself.
    `prefill(*, campaign, area, by) -> list[dict]`: rows to start a template with, where that helps.
    """

    code: str
    title: str
    sheet: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    plan: Callable[..., Plan] | None = None
    apply: Callable[..., Plan] | None = None
    help: str = ""
    needs_reason: bool = False
    prefill: Callable[..., list[dict]] | None = None

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def required(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.required)
