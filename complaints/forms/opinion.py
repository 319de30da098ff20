"""Forms of public opinion. Shape only; rules are asked by the services."""

from django import forms

from elections.forms.facts import moment, prose
from elections.forms.stage import FilesField, FilesInput
from villages.models import Jurisdiction, Village

from ..enums import OpinionKind, OpinionLevel

PICTURES = {"accept": "image/jpeg,image/png"}


class TownshipVillageChoice(forms.ModelChoiceField):
    def label_from_instance(self, village: Village) -> str:
        return f"{village.township.name} {village.name}"


class OpinionForm(forms.Form):
    """`townships`, `villages`: where the user may enter; `whole`: also for the campaign's whole area."""

    title = forms.CharField(
        label="标题或摘要",
        max_length=200,
        help_text="写事情，不写发布人是谁：网上反映问题的人同样受保护。",
    )
    source = forms.CharField(
        label="来源平台", max_length=60, help_text="如：某某论坛、短视频平台。"
    )
    link = forms.URLField(label="链接", max_length=500, required=False, assume_scheme="https")
    kind = forms.ChoiceField(label="类型", choices=OpinionKind.choices)
    level = forms.ChoiceField(
        label="级别",
        choices=[("", "请选择"), *OpinionLevel.choices],
        help_text="特别重大的，发现后1小时内报送。",
    )
    seen_at = moment("发现时间")
    township = forms.ModelChoiceField(
        label="涉及乡镇", queryset=Jurisdiction.objects.none(), required=False
    )
    village = TownshipVillageChoice(
        label="涉及的村（社区）",
        queryset=Village.objects.none(),
        required=False,
        empty_label="不涉及具体的村",
    )
    withheld = forms.BooleanField(label="涉及乡镇本级的人和事，乡镇不可见", required=False)
    unit = forms.CharField(label="责任单位", max_length=60)
    screenshots = FilesField(
        label="截图",
        required=False,
        help_text="jpg、png，可多选。",
        widget=FilesInput(attrs=PICTURES),
    )

    def __init__(self, *args, townships, villages, whole: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["village"].queryset = villages
        field = self.fields["township"]
        field.queryset = townships
        field.empty_label = "全县（不限乡镇）" if whole else None
        if not whole:
            field.required = True
            del self.fields["withheld"]


class ReportForm(forms.Form):
    reported_at = moment("报送时间")


class FindingForm(forms.Form):
    finding = prose("核查情况", most=2000)


class ResponseForm(forms.Form):
    response = prose("回应内容", most=2000, help_text="向群众说明了什么、在哪里发布。")


class GradeForm(forms.Form):
    level = forms.ChoiceField(label="级别", choices=OpinionLevel.choices)
    kind = forms.ChoiceField(label="类型", choices=OpinionKind.choices)
    unit = forms.CharField(label="责任单位", max_length=60)


class CloseForm(forms.Form):
    outcome = prose("处置结果")


class ScreenshotsForm(forms.Form):
    screenshots = FilesField(label="补充截图", widget=FilesInput(attrs=PICTURES))


class LinkForm(forms.Form):
    number = forms.CharField(label="信访件或事项编号", max_length=30)
