"""Form of stage 10."""

from django import forms

from elections.forms.facts import count, day

from ..enums import InspectionResult
from ..services.inspection import Assessment


class InspectionForm(forms.Form):
    candidacy = forms.IntegerField(widget=forms.HiddenInput)
    inspected_on = day("考察日期")
    team = forms.CharField(label="考察组", max_length=200)
    talks = count("谈话人数", least=1)
    excellent = count("优秀票")
    competent = count("称职票")
    basic = count("基本称职票")
    incompetent = count("不称职票")
    result = forms.ChoiceField(label="结论", choices=InspectionResult.choices)
    reason = forms.CharField(label="否决理由", max_length=500, required=False)

    def assessment(self) -> Assessment:
        names = ("talks", "excellent", "competent", "basic", "incompetent")
        return Assessment(**{name: self.cleaned_data[name] for name in names})
