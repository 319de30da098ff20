"""Planned days: of a campaign, and of many villages in a grid."""

from django import forms

from ..enums import Stage
from .batch import as_grid_row
from .facts import day


class ScheduleForm(forms.Form):
    """One day for each stage."""

    def __init__(self, *args, plan, **kwargs):
        super().__init__(*args, **kwargs)
        for stage, planned_on in plan.items():
            self.fields[stage.value] = day(stage.label, initial=planned_on)

    def days(self) -> dict:
        return {Stage(name): value for name, value in self.cleaned_data.items()}


class PlanRowForm(forms.Form):
    """One village's days of the stages that are not settled."""

    def __init__(self, *args, plan, **kwargs):
        super().__init__(*args, **kwargs)
        for stage, planned_on in plan.items():
            self.fields[stage.value] = day(stage.label, initial=planned_on)
        as_grid_row(self)

    def days(self) -> dict:
        return {Stage(name): value for name, value in self.cleaned_data.items()}


class ReasonForm(forms.Form):
    reason = forms.CharField(label="调整理由", max_length=500)
