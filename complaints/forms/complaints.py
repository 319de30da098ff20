"""Forms of receiving a complaint. Shape only; rules are asked by the services."""

from django import forms

from accounts.models import User
from candidates.models import Candidacy
from elections.enums import Stage
from elections.forms.facts import moment
from elections.models import RepresentativeChallenge, VillageElection
from villages.models import Jurisdiction

from ..enums import Accused, Category, Cause, Channel
from ..models import Matter
from ..services.intake import About, Reporter


class VillageChoice(forms.ModelChoiceField):
    def label_from_instance(self, election: VillageElection) -> str:
        return f"{election.township.name} {election.village.name}"


class ChallengeChoice(forms.ModelChoiceField):
    def label_from_instance(self, challenge: RepresentativeChallenge) -> str:
        return f"{challenge.election.village.name} {challenge}"


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, candidacy: Candidacy) -> str:
        return f"{candidacy.member.name}（{candidacy.get_status_display()}）"


class AboutFields(forms.Form):
    """Whom a complaint is about, beyond the village: shared by intake and by putting it right."""

    accused = forms.ChoiceField(
        label="反映的是谁",
        choices=Accused.choices,
        initial=Accused.VILLAGE,
        help_text="反映乡镇或县里的人、单位的，系统自动转给上一级办理，被反映的单位看不到。",
    )
    accused_unit = forms.ModelChoiceField(
        label="被反映的乡镇、县区",
        queryset=Jurisdiction.objects.none(),
        required=False,
        empty_label="不是反映乡镇或县区",
        help_text="反映乡镇、县里的人或单位时选。",
    )


class ComplaintForm(AboutFields):
    """The telephone-duty form: four fields for most calls, in the order in which a caller speaks; what is left as it is
    has a sensible value."""

    field_order = ("summary", "election", "cause", "accused", "accused_unit", "channel")

    summary = forms.CharField(
        label="反映的主要内容",
        max_length=1000,
        help_text="只记问题，不记反映人的姓名、电话和任何能认出本人的内容。",
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
    )
    election = VillageChoice(
        label="反映的村（社区）",
        queryset=VillageElection.objects.none(),
        required=False,
        empty_label="不清楚，或不是某个村的",
    )
    township = forms.ModelChoiceField(
        label="或所在的乡镇",
        queryset=Jurisdiction.objects.none(),
        required=False,
        empty_label="不清楚",
    )
    cause = forms.ChoiceField(label="反映问题", choices=Cause.choices)
    channel = forms.ChoiceField(label="渠道", choices=Channel.choices, initial=Channel.CALL)
    category = forms.ChoiceField(
        label="类别",
        choices=Category.choices,
        required=False,
        help_text="决定办理期限；不选的，公示异议按公示异议办，其他按检举控告办。",
    )
    stage = forms.ChoiceField(
        label="涉及环节", choices=[("", "不涉及"), *Stage.choices], required=False
    )
    challenge = ChallengeChoice(
        label="涉及的村民代表资格异议",
        queryset=RepresentativeChallenge.objects.none(),
        required=False,
        empty_label="不涉及",
    )
    blocks_notice = forms.BooleanField(
        label="属公示期间异议，办结前该村不得进入选举", required=False
    )
    received_at = moment("收到时间")
    people = forms.IntegerField(
        label="反映人数", min_value=1, initial=1, required=False, help_text="联名信填签名人数。"
    )
    is_named = forms.BooleanField(label="实名反映", required=False)
    name = forms.CharField(label="反映人姓名", max_length=50, required=False)
    phone = forms.CharField(label="联系电话", max_length=30, required=False)
    address = forms.CharField(label="通讯地址", max_length=100, required=False)
    #: Answer to "is this a repeat?": empty until asked, "new", or the number of a matter.
    joins = forms.CharField(required=False, widget=forms.HiddenInput)

    #: Which fields stand together on the page.
    MAIN = ("summary", "election", "cause", "accused", "accused_unit")
    MORE = (
        "channel",
        "received_at",
        "category",
        "blocks_notice",
        "people",
        "township",
        "stage",
        "challenge",
    )
    VAULT = ("is_named", "name", "phone", "address")

    def __init__(self, *args, elections, challenges, townships, units, campaigns, **kwargs):
        super().__init__(*args, **kwargs)
        self.campaigns = campaigns
        self.fields["challenge"].queryset = challenges
        self.fields["election"].queryset = elections
        self.fields["township"].queryset = townships
        self.fields["accused_unit"].queryset = units
        for name in self.VAULT:
            # Nothing of a reporter stays in the browser's memory of what was typed.
            self.fields[name].widget.attrs["autocomplete"] = "off"

    @property
    def main(self):
        return [self[name] for name in self.MAIN]

    @property
    def more(self):
        return [self[name] for name in self.MORE]

    @property
    def vault(self):
        return [self[name] for name in self.VAULT]

    def clean(self):
        data = super().clean()
        if data.get("election") is None and not self.campaigns:
            self.add_error("election", "您的辖区现在没有换届工作，不能登记。")
        return data

    def about(self) -> About:
        data = self.cleaned_data
        election = data["election"]
        return About(
            election=election,
            township=None if election else data["township"],
            stage=data["stage"],
            challenge=data["challenge"],
            accused=data["accused"],
            accused_unit=data["accused_unit"],
        )

    def facts(self) -> dict:
        """The arguments of receive_complaint, but for the matter."""
        data = self.cleaned_data
        election = data["election"]
        usual = Category.OBJECTION if data["blocks_notice"] else Category.REPORT
        return {
            "campaign": election.campaign if election else self.campaigns[0],
            "about": self.about(),
            "channel": data["channel"],
            "category": data["category"] or usual,
            "cause": data["cause"],
            "summary": data["summary"],
            "received_at": data["received_at"],
            "blocks_notice": data["blocks_notice"],
            "people": data["people"] or 1,
            "is_named": data["is_named"],
            "reporter": Reporter(data["name"], data["phone"], data["address"]),
        }

    def chosen_matter(self, seen) -> Matter | None:
        """The matter that was named, among those in sight. `seen`: the complaints the user sees."""
        number = self.cleaned_data["joins"]
        return Matter.objects.filter(number=number, complaints__in=seen).distinct().first()


class HandlerChoice(forms.ModelChoiceField):
    def label_from_instance(self, user: User) -> str:
        return user.name
