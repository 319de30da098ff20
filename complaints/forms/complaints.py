"""Forms of registering and settling a complaint. Shape only; rules are asked by the services."""

from django import forms

from elections.models import RepresentativeChallenge, VillageElection

from ..enums import Cause, Channel, Conclusion


class VillageChoice(forms.ModelChoiceField):
    def label_from_instance(self, election: VillageElection) -> str:
        return f"{election.township.name} {election.village.name}"


class ChallengeChoice(forms.ModelChoiceField):
    def label_from_instance(self, challenge: RepresentativeChallenge) -> str:
        return f"{challenge.election.village.name} {challenge}"


class ComplaintForm(forms.Form):
    election = VillageChoice(label="反映的村（社区）", queryset=VillageElection.objects.none())
    challenge = ChallengeChoice(
        label="涉及的村民代表资格异议",
        queryset=RepresentativeChallenge.objects.none(),
        required=False,
        empty_label="不涉及",
    )
    channel = forms.ChoiceField(label="渠道", choices=Channel.choices)
    cause = forms.ChoiceField(label="反映问题", choices=Cause.choices)
    received_at = forms.DateTimeField(
        label="收到时间",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    summary = forms.CharField(
        label="主要内容",
        max_length=1000,
        help_text="只记问题，不记反映人的姓名、电话和任何能认出本人的内容。",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    blocks_notice = forms.BooleanField(
        label="属公示期间异议，办结前该村不得进入选举", required=False
    )

    def __init__(self, *args, elections, challenges, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["challenge"].queryset = challenges
        self.fields["election"].queryset = elections


class SettleForm(forms.Form):
    conclusion = forms.ChoiceField(label="结论", choices=Conclusion.choices)
    handling = forms.CharField(
        label="处理情况", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
