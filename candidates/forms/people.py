"""Forms about one person or two: put forward, relatives, giving up, comparison, pledge and talk."""

from django import forms

from elections.forms.facts import day
from villages.models import PartyMember

from ..enums import (
    PROPOSED,
    ElectedPostKind,
    PaperKind,
    RelationKind,
    Source,
    Strength,
)
from ..services.selection import Qualities


class ProposalForm(forms.Form):
    """Somebody put forward besides the recommendations. `members`: who may be."""

    member = forms.ModelChoiceField(label="党员", queryset=PartyMember.objects.none())
    source = forms.ChoiceField(
        label="来源", choices=[(s.value, s.label) for s in Source if s in PROPOSED]
    )
    proposed_by = forms.CharField(
        label="推荐人（单位）", max_length=100, help_text="自荐的填本人。"
    )
    reason = forms.CharField(label="推荐理由", max_length=500)

    def __init__(self, *args, members=None, **kwargs):
        super().__init__(*args, **kwargs)
        if members is not None:
            self.fields["member"].queryset = members


class RemoveProposalForm(forms.Form):
    proposal = forms.IntegerField(widget=forms.HiddenInput)


class RelationForm(forms.Form):
    """Two members and what they are to each other."""

    member = forms.ModelChoiceField(label="申报人", queryset=PartyMember.objects.none())
    relative = forms.ModelChoiceField(label="近亲属", queryset=PartyMember.objects.none())
    kind = forms.ChoiceField(label="关系", choices=RelationKind.choices)
    declared_on = day("申报日期")

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = self.fields["relative"].queryset = members


class RemoveRelationForm(forms.Form):
    relation = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    withdrawn_on = day("放弃日期")
    reason = forms.CharField(label="放弃理由", max_length=200)


class AssessSecretaryForm(forms.Form):
    """双强."""

    political = forms.ChoiceField(label="政治素质", choices=Strength.choices)
    political_grounds = forms.CharField(label="政治素质依据", max_length=300)
    prosperity = forms.ChoiceField(label="发展带富能力", choices=Strength.choices)
    prosperity_grounds = forms.CharField(label="发展带富能力依据", max_length=300)

    def qualities(self) -> Qualities:
        data = self.cleaned_data
        return Qualities(
            Strength(data["political"]),
            data["political_grounds"],
            Strength(data["prosperity"]),
            data["prosperity_grounds"],
        )


class PromiseForm(forms.Form):
    pledged_on = day("承诺书日期")
    talked_on = day("集体谈话日期")
    talker = forms.CharField(label="谈话人", max_length=50)


class PaperForm(forms.Form):
    kind = forms.ChoiceField(label="材料", choices=PaperKind.choices)
    file = forms.FileField(label="扫描件（PDF、图片）")


class NominateReplacementForm(forms.Form):
    """Somebody who came late, put on the ballot; pledge and talk may follow until the ballot."""

    candidacy = forms.IntegerField(widget=forms.HiddenInput)
    post = forms.ChoiceField(label="拟任职务", choices=ElectedPostKind.choices)
    pledged_on = day("承诺书日期", required=False)
    talked_on = day("集体谈话日期", required=False)
