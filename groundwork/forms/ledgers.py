"""One form for the rows of any ledger, its fields those of the declaration; and the filters of the list."""

from django import forms
from django.db import models

from elections.forms.facts import day

from ..ledgers import Ledger

#: Longer texts get a field of several lines.
LONG = 200
WITHDRAWN = "withdrawn"


def field_for(ledger: Ledger, name: str) -> forms.Field:
    """The form field of one column, as its model has it."""
    column = ledger.field(name)
    label = str(column.verbose_name)
    if isinstance(column, models.DateField):
        return day(label, required=not column.blank)
    if isinstance(column, models.CharField) and not column.choices and column.max_length > LONG:
        return column.formfield(widget=forms.Textarea(attrs={"rows": 3}), label=label)
    return column.formfield(label=label)


class PlaceField(forms.ModelChoiceField):
    """A village with its township before it, or a unit by its name."""

    def label_from_instance(self, place) -> str:
        village = getattr(place, "village", None)
        return f"{place.township.name} {village.name}" if village else place.name


class LedgerForm(forms.Form):
    """A row. `places`: where a new one may stand; without, the row keeps its place. `seen`: the row as it was shown."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, ledger: Ledger, places=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.ledger = ledger
        if places is not None:
            label = "村（社区）" if ledger.is_of_villages else "单位"
            self.fields["place"] = PlaceField(label=label, queryset=places, empty_label="请选择")
        for name in ledger.fields:
            self.fields[name] = field_for(ledger, name)

    def values(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in self.ledger.fields}


class WithdrawForm(forms.Form):
    reason = forms.CharField(label="撤销理由", max_length=200)


class LedgerFilterForm(forms.Form):
    """What a list can be narrowed by. Every field may be empty."""

    q = forms.CharField(label="关键词", required=False, max_length=50)

    def __init__(self, *args, ledger: Ledger, townships, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["township"] = forms.ChoiceField(
            label="乡镇",
            required=False,
            choices=[("", "全部乡镇"), *((str(j.pk), j.name) for j in townships)],
        )
        if ledger.is_of_villages:
            self.fields["village"] = forms.CharField(
                label="村（社区）", required=False, max_length=50
            )
        for name in ledger.filters:
            column = ledger.field(name)
            self.fields[name] = forms.ChoiceField(
                label=str(column.verbose_name),
                required=False,
                choices=[("", "全部"), *column.choices],
            )
        self.fields["state"] = forms.ChoiceField(
            label="范围",
            required=False,
            choices=[("", "有效的"), *((s.code, s.label) for s in ledger.states), (WITHDRAWN, "已撤销")],
        )  # fmt: skip
