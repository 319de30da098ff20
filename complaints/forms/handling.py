"""Forms of handling a complaint, one for each step. Shape only; rules are asked by the services."""

from django import forms

from accounts.models import User
from candidates.models import Candidacy
from elections.enums import Stage
from elections.forms.facts import count, day, moment, prose

from ..enums import Category, Cause, Conclusion, DayUnit, MeasureKind, Step
from ..services.intake import About
from .complaints import AboutFields, HandlerChoice, PersonChoice


class HandlerForm(forms.Form):
    handler = HandlerChoice(
        label="承办人",
        queryset=User.objects.none(),
        empty_label=None,
        help_text="只有承办人可以说明理由后查看反映人身份。",
    )

    def __init__(self, *args, handlers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["handler"].queryset = User.objects.filter(pk__in=[user.pk for user in handlers])


class FirstForm(forms.Form):
    step = forms.ChoiceField(
        label="事项",
        choices=[(s.value, s.label) for s in (Step.REPORTED, Step.INVESTIGATED, Step.INFORMED)],
    )
    done_at = moment("时间")
    note = prose("情况", rows=2, required=False)


class TransferForm(forms.Form):
    unit = forms.CharField(label="承办单位", max_length=100)
    request = prose(
        "转办要求",
        help_text="转办单上只印这段话，写清要核查什么；不写反映人，也不写能推知反映人的内容。",
    )
    answer_by = day("要求反馈日期")


class AnswerForm(forms.Form):
    transfer = forms.IntegerField(widget=forms.HiddenInput)
    answer = prose("反馈情况")


class ExtensionForm(forms.Form):
    days = count("延长几日", least=1, most=180)
    reason = prose("延期理由", rows=2)


class DecideForm(forms.Form):
    extension = forms.IntegerField(widget=forms.HiddenInput)
    approved = forms.TypedChoiceField(
        label="审批", choices=[("yes", "同意"), ("no", "不同意")], coerce=lambda v: v == "yes"
    )


class ConcludeForm(forms.Form):
    conclusion = forms.ChoiceField(label="结论", choices=Conclusion.choices)
    handling = prose("核查情况")


class MeasureForm(forms.Form):
    kind = forms.ChoiceField(label="措施", choices=MeasureKind.choices)
    taken_on = day("日期")
    note = prose("说明", rows=2, required=False)


class SettleForm(forms.Form):
    conclusion = forms.ChoiceField(label="结论", choices=Conclusion.choices)
    handling = prose("处理情况")
    reply = prose(
        "答复反映人的内容",
        rows=2,
        required=False,
        help_text="网络反映的，凭回执可以看到这段话：不写他人隐私。",
    )


class JoinForm(forms.Form):
    matter = forms.CharField(label="并入的事项编号（XQ…）", max_length=30)


class ClassifyForm(AboutFields):
    category = forms.ChoiceField(label="类别", choices=Category.choices)
    cause = forms.ChoiceField(label="反映问题", choices=Cause.choices)
    stage = forms.ChoiceField(
        label="涉及环节", choices=[("", "不涉及"), *Stage.choices], required=False
    )
    candidacy = PersonChoice(
        label="涉及的人选", queryset=Candidacy.objects.none(), required=False, empty_label="不涉及"
    )

    def __init__(self, *args, complaint, units, **kwargs):
        kwargs.setdefault(
            "initial",
            {
                name: getattr(complaint, name)
                for name in ("category", "cause", "stage", "candidacy", "accused", "accused_unit")
            },
        )
        super().__init__(*args, **kwargs)
        self.complaint = complaint
        self.fields["accused_unit"].queryset = units
        self.fields["candidacy"].queryset = (
            Candidacy.objects.filter(election=complaint.election)
            .select_related("member")
            .order_by("rank", "pk")
        )

    def about(self) -> About:
        data, old = self.cleaned_data, self.complaint
        return About(
            election=old.election,
            village=old.village,
            township=old.township,
            stage=data["stage"],
            candidacy=data["candidacy"],
            challenge=old.challenge,
            accused=data["accused"],
            accused_unit=data["accused_unit"],
        )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="查看理由", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class ClockForm(forms.Form):
    category = forms.ChoiceField(choices=Category.choices, widget=forms.HiddenInput)
    unit = forms.ChoiceField(label="按", choices=DayUnit.choices)
    accept_days = count("几日内受理", least=1, most=180)
    settle_days = count("几日内办结", least=1, most=180)
    extend_days = count("最多延期几日", least=1, most=180)
