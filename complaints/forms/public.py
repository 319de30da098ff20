"""Forms of the public pages. Nothing is filled in for the reporter, and nothing is remembered by the browser."""

from django import forms

from elections.enums import Stage
from elections.forms.stage import FilesField
from villages.models import Jurisdiction, Village

from ..enums import Accused, Category, Cause

#: Whom a report is about, in the reporter's words.
WHOM = (
    (Accused.VILLAGE, "村（社区）的人或事"),
    (Accused.COORDINATOR, "乡镇（街道）的工作人员"),
    (Accused.LEADER, "乡镇（街道）的领导"),
    (Accused.DISCIPLINE, "乡镇（街道）的纪检信访人员"),
    (Accused.ORG_STAFF, "县里组织部门的工作人员"),
    (Accused.VETTING, "县里其他部门的工作人员"),
    ("county", "县里的领导"),
)
CATEGORIES = (
    (Category.REPORT, "举报违纪违规的人和事"),
    (Category.OBJECTION, "对公示的名单有异议"),
    (Category.PETITION, "请求解决问题"),
    (Category.ADVICE, "提意见、问情况"),
)
OFF = {"autocomplete": "off"}


class TownshipForm(forms.Form):
    township = forms.ModelChoiceField(
        label="问题发生在哪个乡镇（街道）",
        queryset=Jurisdiction.objects.none(),
        empty_label="请选择",
        widget=forms.Select(attrs=OFF),
    )

    def __init__(self, *args, townships, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["township"].queryset = townships


class PublicReportForm(forms.Form):
    use_required_attribute = True

    village = forms.ModelChoiceField(
        label="哪个村（社区）",
        queryset=Village.objects.none(),
        required=False,
        empty_label="不涉及具体的村，或说不清",
        widget=forms.Select(attrs=OFF),
    )
    whom = forms.ChoiceField(
        label="反映的是谁",
        choices=WHOM,
        initial=Accused.VILLAGE,
        help_text="反映乡镇的，由县里办理，乡镇看不到；反映县领导的，由上一级办理。",
        widget=forms.Select(attrs=OFF),
    )
    category = forms.ChoiceField(
        label="您要做什么", choices=CATEGORIES, widget=forms.Select(attrs=OFF)
    )
    cause = forms.ChoiceField(
        label="属于哪类问题", choices=Cause.choices, widget=forms.Select(attrs=OFF)
    )
    stage = forms.ChoiceField(
        label="发生在哪个环节（可不选）",
        choices=[("", "说不清"), *Stage.choices],
        required=False,
        widget=forms.Select(attrs=OFF),
    )
    summary = forms.CharField(
        label="具体情况",
        max_length=1000,
        help_text="写清时间、地点、谁、做了什么，1000字以内。匿名的，不要写能认出您本人的内容。",
        widget=forms.Textarea(attrs={"rows": 8, **OFF}),
    )
    files = FilesField(
        label="附件（可不传）",
        required=False,
        help_text=(
            "最多3个，合计不超过20MB。照片中的拍摄地点、时间和设备会自动去掉；"
            "Word、Excel、PDF文件的属性里可能有作者姓名，请先删除或改传照片。"
        ),
    )
    is_named = forms.TypedChoiceField(
        label="是否留下姓名",
        choices=[("", "匿名举报"), ("1", "实名举报")],
        coerce=bool,
        empty_value=False,
        required=False,
        initial="",
        widget=forms.RadioSelect,
        help_text="实名的可以当面或电话答复您。姓名另外加密保存，只有一名承办人说明理由后才能查看。",
    )
    name = forms.CharField(
        label="姓名", max_length=30, required=False, widget=forms.TextInput(attrs=OFF)
    )
    phone = forms.CharField(
        label="电话", max_length=30, required=False, widget=forms.TextInput(attrs=OFF)
    )
    address = forms.CharField(
        label="住址或其他联系方式",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs=OFF),
    )

    def __init__(self, *args, villages, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["village"].queryset = villages

    def clean(self):
        sent = super().clean()
        contacts = any(sent.get(name) for name in ("name", "phone", "address"))
        if contacts and not sent.get("is_named"):
            self.add_error("is_named", "您填了姓名或联系方式：请选“实名举报”，或清空后匿名提交。")
        return sent


class ReceiptForm(forms.Form):
    receipt = forms.CharField(
        label="16位回执号",
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", **OFF}),
    )


class FollowUpForm(forms.Form):
    text = forms.CharField(
        label="补充情况", max_length=1000, widget=forms.Textarea(attrs={"rows": 5, **OFF})
    )
    files = FilesField(label="附件（可不传）", required=False)
