"""What a ledger is: one model, and a declaration from which pages, service, workbook and export follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from accounts.enums import Role
from accounts.problems import Problem

from .. import rules
from ..models.rows import AreaRow, VillageRow

Rule = Callable[..., list[Problem]]


@dataclass(frozen=True)
class State:
    """A narrowing of the list that is not one column's value: `of(rows, today)`."""

    code: str
    label: str
    of: Callable[[QuerySet, date], QuerySet]


@dataclass(frozen=True)
class Ledger:
    """One kind of ledger.

    `model`: a VillageRow (belongs to a village's election) or an AreaRow (to the county or a township).
    `fields`: what is entered, in the order of form and workbook; labels, choices and lengths are the model's.
    `key`: the fields that tell a row from the others of its place; never changed afterwards.
    `listed`: the columns of the list; `filters`: fields with choices it can be narrowed by; `states`: other narrowings.
    `past`: days that may not lie ahead; `order`: pairs of days (earlier, later); `rule`: what else, from groundwork.rules.
    `editors`: whoever holds one of these roles over the row's place enters and withdraws it.
    `at_county`, `at_townships`: for rows of areas, where they may stand. `is_personal`: its export asks for a reason.
    `needs_approval`: the county approves each row; changing an approved one withdraws it and enters its next version
    (the model has `version`, `approved_by`, `approved_at`). `needs_receipts`: every township says that it has read a row
    (the model has `receipts`).
    `unit` and `help`: how rows are counted, and one sentence for the head of the page.
    """

    code: str
    title: str
    model: type[VillageRow] | type[AreaRow]
    fields: tuple[str, ...]
    key: tuple[str, ...]
    listed: tuple[str, ...]
    unit: str
    help: str
    filters: tuple[str, ...] = ()
    states: tuple[State, ...] = ()
    past: tuple[str, ...] = ()
    order: tuple[tuple[str, str], ...] = ()
    rule: Rule | None = None
    editors: tuple[Role, ...] = (Role.COORDINATOR, Role.ORG_STAFF)
    at_county: bool = True
    at_townships: bool = True
    is_personal: bool = False
    needs_approval: bool = False
    needs_receipts: bool = False

    @property
    def is_of_villages(self) -> bool:
        return issubclass(self.model, VillageRow)

    def field(self, name: str) -> models.Field:
        return self.model._meta.get_field(name)

    @property
    def labels(self) -> dict[str, str]:
        names = dict.fromkeys((*self.fields, *self.listed))
        return {name: str(self.field(name).verbose_name) for name in names}

    @property
    def place_heads(self) -> tuple[str, ...]:
        return ("乡镇", "村（社区）") if self.is_of_villages else ("单位",)

    def values_of(self, row) -> dict[str, object]:
        """What is entered in a row."""
        return {name: getattr(row, name) for name in self.fields}

    def problems(self, values: Mapping[str, object], *, today: date) -> list[Problem]:
        """What the rules have against these values; a problem's code is the field to mend."""
        found = rules.future_problems(values, names=self.past, labels=self.labels, today=today)
        found += rules.order_problems(values, pairs=self.order, labels=self.labels)
        return found + (self.rule(values, today=today) if self.rule else [])


def in_words(field: models.Field, value: object) -> str:
    """A stored value as people read it; empty for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return str(dict(field.flatchoices).get(value, value)) if field.choices else str(value)
