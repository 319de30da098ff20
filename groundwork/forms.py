"""Forms of the survey and rectification stages. Shape only; rules are asked by the services."""

from django import forms

from elections.forms.facts import day

from .enums import DisputeCategory, DisputeStatus, Grade


class SurveyForm(forms.Form):
    """Seven findings; labels are the campaign's own."""

    def __init__(self, *args, names=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.names = list(names)
        for number in range(1, len(self.names) + 1):
            self.fields[f"clear_{number}"] = forms.BooleanField(label="已清楚", required=False)
            self.fields[f"finding_{number}"] = forms.CharField(
                label="情况",
                required=False,
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
            )

    def rows(self):
        """(name, clear field, finding field) for the page."""
        return [
            (name, self[f"clear_{n}"], self[f"finding_{n}"])
            for n, name in enumerate(self.names, start=1)
        ]

    def items(self) -> dict[int, tuple[bool, str]]:
        data = self.cleaned_data
        return {
            n: (data[f"clear_{n}"], data[f"finding_{n}"]) for n in range(1, len(self.names) + 1)
        }


class RiskForm(forms.Form):
    grade = forms.ChoiceField(label="等级", choices=Grade.choices)
    graded_on = day("研判日期")
    grounds = forms.CharField(label="研判依据", max_length=500, required=False)
    leader = forms.CharField(
        label="包保领导", max_length=50, required=False, help_text="红色村必填。"
    )
    work_group = forms.CharField(
        label="工作组", max_length=100, required=False, help_text="红色村必填。"
    )
    plan = forms.CharField(
        label="“一村一策”预案",
        max_length=2000,
        required=False,
        help_text="红色村必填：主要风险、化解措施、人选方案、现场管控、应急分工。",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ClearForm(forms.Form):
    cleared_on = day("销号日期")


class DisputeForm(forms.Form):
    category = forms.ChoiceField(label="类别", choices=DisputeCategory.choices)
    found_on = day("排查日期")
    responsible = forms.CharField(label="责任单位", max_length=100)
    summary = forms.CharField(
        label="情况", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class CloseDisputeForm(forms.Form):
    dispute = forms.IntegerField(widget=forms.HiddenInput)
    status = forms.ChoiceField(
        label="结果",
        choices=[(s.value, s.label) for s in (DisputeStatus.SETTLED, DisputeStatus.STABLE)],
    )
    closed_on = day("日期")
    measures = forms.CharField(label="措施", max_length=500)


class AuditForm(forms.Form):
    subject = forms.CharField(label="审计对象", max_length=50)
    post = forms.CharField(label="职务", max_length=50, initial="党支部书记")
    auditor = forms.CharField(label="审计单位", max_length=100)
    report_number = forms.CharField(
        label="报告文号", max_length=60, help_text="再次登记同一文号即更正原记录。"
    )
    reported_on = day("报告日期")
    published_on = day("公布日期", required=False)


class PublishAuditForm(forms.Form):
    audit = forms.IntegerField(widget=forms.HiddenInput)
    published_on = day("公布日期")
