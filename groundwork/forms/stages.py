"""Forms of the survey and rectification stages. Shape only; rules are asked by the services."""

from django import forms

from elections.forms.facts import count, day

from ..enums import Aspect, DisputeCategory, DisputeStatus
from ..rules import Sheet


class SurveyForm(forms.Form):
    """Seven findings; labels are the campaign's own."""

    research_group = forms.CharField(label="调研组", max_length=80, required=False)
    surveyed_on = day("调研日期", required=False)

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
    """Points per aspect; the grade follows from the sheet. `sheet`: the rule sheet that holds."""

    graded_on = day("研判日期")
    grounds = forms.CharField(label="研判依据", max_length=500, required=False)
    leader = forms.CharField(
        label="包保领导", max_length=50, required=False, help_text="红色村必填。"
    )
    work_group = forms.CharField(
        label="工作组", max_length=100, required=False, help_text="红色村必填。"
    )
    plan = forms.CharField(
        label="“一村一策”要点",
        max_length=2000,
        required=False,
        help_text="红色村必填：主要风险和化解措施的要点；完整的预案在台账中登记。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, sheet: Sheet, **kwargs):
        super().__init__(*args, **kwargs)
        for aspect in Aspect:
            self.fields[aspect.value] = count(f"{aspect.label}（满分{sheet.most[aspect]}）")
        self.order_fields([aspect.value for aspect in Aspect])

    def scores(self) -> dict[str, int]:
        return {aspect.value: self.cleaned_data[aspect.value] for aspect in Aspect}

    def others(self) -> dict[str, object]:
        return {k: v for k, v in self.cleaned_data.items() if k not in Aspect.values}


class SheetForm(forms.Form):
    """The county's rule sheet."""

    def __init__(self, *args, sheet: Sheet, **kwargs):
        super().__init__(*args, **kwargs)
        for aspect in Aspect:
            self.fields[aspect.value] = count(
                f"{aspect.label}满分", most=100, initial=sheet.most[aspect]
            )
        self.fields["green_from"] = count("绿色起点（分）", most=100, initial=sheet.green_from)
        self.fields["yellow_from"] = count("黄色起点（分）", most=100, initial=sheet.yellow_from)

    def sheet(self) -> Sheet:
        data = self.cleaned_data
        most = {aspect.value: data[aspect.value] for aspect in Aspect}
        return Sheet(most, data["green_from"], data["yellow_from"])


class ClearForm(forms.Form):
    note = forms.CharField(
        label="化解情况", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class DecideClearForm(forms.Form):
    approved = forms.TypedChoiceField(
        label="决定",
        choices=(("yes", "批准销号"), ("no", "退回")),
        coerce=lambda value: value == "yes",
    )
    note = forms.CharField(label="意见", max_length=300, required=False, help_text="退回必填。")


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
