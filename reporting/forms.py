"""Forms of the shell, the daily report and of workbooks: shape checks only."""

from datetime import date

from django import forms

from elections.forms.facts import day
from villages.models import Jurisdiction

from .enums import TeamMeasure, TextSection


class CampaignChoiceForm(forms.Form):
    campaign = forms.IntegerField()


class SearchForm(forms.Form):
    q = forms.CharField(label="村名或姓名", max_length=50, strip=True)


class PastDayForm(forms.Form):
    """The day at whose end figures are asked for: one from the campaign's first to today."""

    on = day("截止日期", error_messages={"invalid": "截止日期写成“2026-09-30”的样子。"})

    def __init__(self, data: dict, *, first: date, last: date):
        super().__init__(data)
        self.first, self.last = min(first, last), last
        self.fields["on"].widget.attrs |= {
            "class": "form-control form-control-sm",
            "min": str(self.first),
            "max": str(last),
        }

    def clean_on(self) -> date:
        found = self.cleaned_data["on"]
        if not self.first <= found <= self.last:
            raise forms.ValidationError(
                f"截止日期请选{self.first:%Y年%m月%d日}（启动）至{self.last:%Y年%m月%d日}（今天）之间的一天。"
            )
        return found

    @property
    def status(self) -> int:
        """Of the answer: 422 when the day cannot be shown."""
        return 200 if self.is_valid() else 422


class DailyForm(forms.Form):
    """The typed part of a daily report; the figures are derived. `request_key` makes a repeated request harmless."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)
    problems = forms.CharField(
        label="存在问题",
        required=False,
        max_length=1000,
        help_text="没有可不填。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    practices = forms.CharField(
        label="做法",
        required=False,
        max_length=1000,
        help_text="没有可不填。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DailyCorrectionForm(DailyForm):
    """A correction: besides the narrative why, and which version it corrects."""

    based_on = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="更正原因",
        max_length=500,
        error_messages={"required": "请写明更正原因。"},
    )


class ReasonForm(forms.Form):
    """A short text that goes with a decision; the service says when it must be there."""

    reason = forms.CharField(required=False, max_length=500)


class ImportForm(forms.Form):
    """A workbook to bring in. `areas`: the parts of the campaign's area that the user works for."""

    kind = forms.ChoiceField(label="导入什么")
    area = forms.ModelChoiceField(
        label="范围", queryset=Jurisdiction.objects.none(), empty_label=None
    )
    file = forms.FileField(
        label="工作簿",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "请选择要导入的工作簿。"},
    )
    reason = forms.CharField(
        label="说明或理由",
        required=False,
        max_length=500,
        help_text="导入“计划进度”必填；其他可不填。",
    )

    def __init__(self, *args, kinds, areas, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.code, kind.title) for kind in kinds]
        field = self.fields["area"]
        field.queryset = Jurisdiction.objects.filter(pk__in=[a.pk for a in areas]).order_by("code")
        field.initial = areas[0].pk if areas else None
        if len(areas) == 1:
            field.widget = forms.HiddenInput()


class ExportForm(forms.Form):
    """Why a list of people is taken out."""

    reason = forms.CharField(
        label="用途",
        max_length=200,
        help_text="名单含有个人信息：用途写入文件和审计日志。",
        error_messages={"required": "请填写用途，例如“核对应到会人员名册”。"},
    )

    def __init__(self, *args, is_personal: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_personal:
            del self.fields["reason"]


class TextForm(forms.Form):
    """Words of one section of the closing report. `seen`: the version they were written upon."""

    section = forms.TypedChoiceField(
        choices=TextSection.choices, coerce=TextSection, widget=forms.HiddenInput
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    text = forms.CharField(
        label="文字",
        required=False,
        max_length=4000,
        help_text="每段一行；留空则不写。",
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class ViewNameForm(forms.Form):
    """常用筛选: its name."""

    name = forms.CharField(label="名称", max_length=20)


class SavedViewForm(ViewNameForm):
    page = forms.CharField(max_length=40)
    campaign = forms.IntegerField()
    query = forms.CharField(required=False)


class TownshipForm(forms.Form):
    """Narrows a page of figures to one township; `townships`: the rollup rows the user sees."""

    township = forms.ChoiceField(label="乡镇", required=False)

    def __init__(self, *args, townships, **kwargs):
        super().__init__(*args, **kwargs)
        rows = [(row.township_id, row.township.name) for row in townships]
        self.fields["township"].choices = [("", "全部乡镇"), *rows]


class TargetsForm(forms.Form):
    """One percentage for each measure; empty: no target."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for measure in TeamMeasure:
            self.fields[measure.value] = forms.IntegerField(
                label=f"{measure.label}不低于（%）", required=False, min_value=1, max_value=100
            )

    def percents(self) -> dict[TeamMeasure, int | None]:
        return {measure: self.cleaned_data[measure.value] for measure in TeamMeasure}
