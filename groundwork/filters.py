"""The rows of a ledger, and the villages by survey and grading, as the address narrows them: for list and export."""

from datetime import date
from functools import cached_property

import django_filters
from django.db import models
from django.db.models import Q, QuerySet

from elections.models import VillageElection
from villages.filters import VillageRowFilter

from .enums import Grade
from .forms.ledgers import WITHDRAWN, LedgerFilterForm
from .ledgers import Ledger
from .rules import SURVEY_ITEMS


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


class SurveyFilter(VillageRowFilter):
    state = django_filters.ChoiceFilter(
        label="清楚程度",
        choices=(("all", "全部清楚"), ("part", "部分清楚"), ("none", "尚未调研")),
        method="by_state",
        empty_label="全部",
    )

    class Meta:
        model = VillageElection
        fields = ["q", "township", "state"]

    def by_state(self, queryset, name, value):
        narrowed = {
            "all": Q(clear=SURVEY_ITEMS),
            "part": Q(written__gt=0, clear__lt=SURVEY_ITEMS),
            "none": Q(written=0),
        }
        return queryset.filter(narrowed[value])


class RiskFilter(VillageRowFilter):
    grade = django_filters.ChoiceFilter(
        label="等级",
        choices=[*Grade.choices, ("none", "尚未研判")],
        method="by_grade",
        empty_label="全部等级",
    )
    cleared = django_filters.ChoiceFilter(
        label="销号",
        choices=(("yes", "已销号"), ("no", "红色村未销号")),
        method="by_cleared",
        empty_label="全部",
    )

    class Meta:
        model = VillageElection
        fields = ["q", "township", "grade", "cleared"]

    def by_grade(self, queryset, name, value):
        if value == "none":
            return queryset.filter(risk_grade__isnull=True)
        return queryset.filter(risk_grade__grade=value)

    def by_cleared(self, queryset, name, value):
        return queryset.filter(
            risk_grade__grade=Grade.RED, risk_grade__cleared_on__isnull=value == "no"
        )
