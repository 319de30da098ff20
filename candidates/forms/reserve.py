"""Forms of the reserve pool."""

from django import forms

from elections.forms.facts import day
from villages.models import PartyMember

from ..enums import ReserveState, ReserveWay
from ..services.reserve import Entry, Score


class EntryForm(forms.Form):
    """How somebody came in, and who guides them. `members`: who may be taken in; none where the person is fixed."""

    member = forms.ModelChoiceField(label="党员", queryset=PartyMember.objects.none())
    way = forms.ChoiceField(label="推荐方式（三荐）", choices=ReserveWay.choices)
    recommender = forms.CharField(
        label="推荐人（单位）", max_length=100, help_text="自荐的填本人。"
    )
    entered_on = day("入库日期")
    is_reserve_secretary = forms.BooleanField(label="后备书记", required=False)
    mentor = forms.CharField(label="帮带人（定人帮带）", max_length=50, required=False)
    mentor_post = forms.CharField(label="帮带人职务", max_length=60, required=False)

    def __init__(self, *args, members=None, **kwargs):
        super().__init__(*args, **kwargs)
        if members is None:
            del self.fields["member"]
        else:
            self.fields["member"].queryset = members

    def entry(self) -> Entry:
        data = self.cleaned_data
        return Entry(
            way=ReserveWay(data["way"]),
            recommender=data["recommender"],
            entered_on=data["entered_on"],
            is_reserve_secretary=data["is_reserve_secretary"],
            mentor=data["mentor"],
            mentor_post=data["mentor_post"],
        )


def _score(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=100, max_digits=4, decimal_places=1, required=False
    )


class ScoresForm(forms.Form):
    """三评: points and day of each."""

    self_score = _score("个人自评（分）")
    self_scored_on = day("自评日期", required=False)
    public_score = _score("党群测评（分）")
    public_scored_on = day("测评日期", required=False)
    committee_score = _score("党委综评（分）")
    committee_scored_on = day("综评日期", required=False)

    def score(self, name: str) -> Score:
        data = self.cleaned_data
        return Score(data[f"{name}_score"], data[f"{name}_scored_on"])


class TrainingForm(forms.Form):
    held_on = day("培训日期")
    topic = forms.CharField(label="培训内容", max_length=200)


class ExerciseForm(forms.Form):
    post = forms.CharField(label="锻炼岗位", max_length=100)
    since = day("开始日期")
    until = day("结束日期", required=False)


class StateForm(forms.Form):
    state = forms.ChoiceField(label="状态", choices=ReserveState.choices)
    on = day("日期")
    reason = forms.CharField(label="说明", max_length=200)
