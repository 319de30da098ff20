"""The rows of a ledger as the address narrows them: for the list, and for its export."""

from datetime import date
from functools import cached_property

from django.db import models
from django.db.models import Q, QuerySet

from .forms.ledgers import WITHDRAWN, LedgerFilterForm
from .ledgers import Ledger


class LedgerFilter:
    """`form`: the choices; `qs`: the rows that meet them, in the order of the list."""

    def __init__(self, data, *, ledger: Ledger, rows: QuerySet, townships, today: date):
        self.ledger, self.rows, self.today = ledger, rows, today
        self.form = LedgerFilterForm(data, ledger=ledger, townships=townships)

    @cached_property
    def chosen(self) -> dict[str, str]:
        """The choices that are set; nothing when the address holds what nobody can choose."""
        return (
            {k: v for k, v in self.form.cleaned_data.items() if v} if self.form.is_valid() else {}
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.chosen) or not self.form.is_valid()

    @cached_property
    def qs(self) -> QuerySet:
        if not self.form.is_valid():
            return self.rows.none()
        chosen, rows = self.chosen, self.rows
        state = chosen.get("state")
        rows = rows.filter(withdrawn_at__isnull=False) if state == WITHDRAWN else rows.live()
        for narrowing in self.ledger.states:
            if narrowing.code == state:
                rows = narrowing.of(rows, self.today)
        if "township" in chosen:
            rows = rows.of_township(chosen["township"])
        if "village" in chosen:
            rows = rows.filter(election__village__name__icontains=chosen["village"])
        if "q" in chosen:
            rows = rows.filter(self._words(chosen["q"]))
        rows = rows.filter(**{name: chosen[name] for name in self.ledger.filters if name in chosen})
        return rows.in_order(*self.ledger.key)

    def _words(self, text: str) -> Q:
        """The text in any of the listed texts."""
        found = Q(pk__in=[])
        for name in self.ledger.fields:
            field = self.ledger.field(name)
            if isinstance(field, models.CharField) and not field.choices:
                found |= Q(**{f"{name}__icontains": text})
        return found
