"""Forms of the roster and of the representatives. Shape only; rules are asked by the services."""

from django import forms

from ..enums import MemberStatus, Origin, Post, RestrictionKind
from ..identity import is_whole
from ..models import PartyMember, Representative


def day_field(label: str, **kwargs) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **kwargs,
    )


class NeverShown(forms.TextInput):
    """What was typed is not put into a page again: a refused form asks for it once more."""

    def format_value(self, value) -> None:
        return None


def identity_field(**kwargs) -> forms.CharField:
    widget = NeverShown(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label="身份证号", max_length=30, widget=widget, **kwargs)


class PersonForm(forms.ModelForm):
    """A person with an identity number; `known` is the mask of the one stored."""

    field_order = ("name", "sex", "born_on", "identity")

    def __init__(self, *args, known: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        words = "18位，加密保存，页面只显示末4位；保存未成功时须重新填写。"
        if known:
            words = f"已登记{known}。不更正的留空；更正时填写完整的18位，加密保存。"
        self.fields["identity"] = identity_field(required=False, help_text=words)
        self.order_fields(self.field_order)

    def validate_constraints(self) -> None:
        """Left to the rules, which say what to do about it."""

    def facts(self) -> dict:
        """The person's own fields and the number typed."""
        return {key: self.cleaned_data[key] for key in (*self.Meta.fields, "identity")}


class MemberForm(PersonForm):
    status = forms.ChoiceField(
        label="党员类别",
        choices=[(s.value, s.label) for s in (MemberStatus.FULL, MemberStatus.PROBATIONARY)],
        help_text="留党察看、中止权利在党员页面按起止日期和文号登记。",
    )
    further_origins = forms.TypedMultipleChoiceField(
        label="其他来源",
        required=False,
        choices=Origin.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    post = forms.ChoiceField(label="现任职务", required=False, choices=[("", "无"), *Post.choices])
    post_since = day_field(
        "任职日期",
        required=False,
        help_text="有现任职务的填写本届任职日期；选举前已任职的，再次当选即为连任。",
    )

    class Meta:
        model = PartyMember
        fields = (
            "name",
            "sex",
            "born_on",
            "joined_on",
            "status",
            "education",
            "origin",
            "further_origins",
            "phone",
            "is_women_director",
            "heads_village_committee",
            "on_village_committee",
        )
        widgets = {
            "born_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "joined_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def clean(self):
        data = super().clean()
        if data.get("post") and not data.get("post_since") and "post_since" not in self.errors:
            self.add_error("post_since", "有现任职务的，请填写任职日期。")
        return data


class MemberLeaveForm(forms.Form):
    on = day_field("转出日期")


class NumberForm(forms.Form):
    """Looking a person up by the whole number. Sent by POST: an address would be kept by browsers and servers."""

    identity = identity_field()

    def clean_identity(self) -> str:
        number = self.cleaned_data["identity"]
        if not is_whole(number):
            raise forms.ValidationError("请填写完整的18位身份证号；只记得一部分的，请按姓名查找。")
        return number


class PostForm(forms.Form):
    post = forms.ChoiceField(label="职务", choices=Post.choices)
    started_on = day_field("任职日期")
    ended_on = day_field("离任日期", required=False, help_text="仍在任的不填。")


class RestrictionForm(forms.Form):
    kind = forms.ChoiceField(label="种类", choices=RestrictionKind.choices)
    starts_on = day_field("开始日期")
    ends_on = day_field(
        "截止日期", required=False, help_text="当日仍受限，次日自动恢复。未定的不填。"
    )
    document = forms.CharField(label="文号", max_length=60)


class MemberChoice(forms.ModelChoiceField):
    """Members told apart by village, birth and standing on the roster; never by their number."""

    def label_from_instance(self, member: PartyMember) -> str:
        left = "，已转出" if member.left_on else ""
        return f"{member.village.name} {member.name}（{member.born_on:%Y年%-m月}生{left}）"


class MergeForm(forms.Form):
    survivor = MemberChoice(
        label="保留的一条", queryset=PartyMember.objects.none(), empty_label="请选择"
    )
    reason = forms.CharField(
        label="合并理由和依据",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明怎样核实是同一个人，例如：核对身份证原件和组织关系介绍信。不写身份证号。",
    )

    def __init__(self, *args, others, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["survivor"].queryset = others


class RepresentativeForm(PersonForm):
    class Meta:
        model = Representative
        fields = ("name", "sex", "born_on", "phone", "group", "member", "since", "until")
        field_classes = {"member": MemberChoice}
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            for name in ("born_on", "since", "until")
        }
        help_texts = {"until": "仍在任的不填。", "member": "代表是本村党员的，请选出本人。"}

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members
        self.fields["member"].empty_label = "不是党员"
