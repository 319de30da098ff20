"""Forms of stage 10."""

from django import forms

from elections.forms.facts import count, day

from ..enums import InspectionResult
from ..rules import Assessment
from ..services.inspection import Member, Talks, Team


class InspectionForm(forms.Form):
    candidacy = forms.IntegerField(widget=forms.HiddenInput)
    inspected_on = day("考察日期")
    team = forms.CharField(label="考察组", max_length=200)
    leader = forms.CharField(label="组长姓名", max_length=50)
    leader_unit = forms.CharField(label="组长单位", max_length=60)
    members = forms.CharField(
        label="成员",
        max_length=500,
        help_text="每行一人：姓名 单位，例如“某某 县委组织部”。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    talks_members = count("谈话党员")
    talks_cadres = count("谈话干部")
    talks_villagers = count("谈话群众")
    voters = count("参加测评人数", least=1)
    excellent = count("优秀票")
    competent = count("称职票")
    basic = count("基本称职票")
    incompetent = count("不称职票")
    result = forms.ChoiceField(label="结论", choices=InspectionResult.choices)
    reason = forms.CharField(label="否决理由", max_length=500, required=False)
    report = forms.CharField(
        label="考察材料（德能勤绩廉、优缺点）",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_members(self) -> tuple[Member, ...]:
        """One member per line: a name, a gap, a unit."""
        found = []
        for line in self.cleaned_data["members"].splitlines():
            name, _, unit = line.strip().replace("\u3000", " ").partition(" ")
            if not name:
                continue
            if not unit.strip():
                raise forms.ValidationError(f"“{name}”没有写单位：姓名和单位之间空一格。")
            found.append(Member(name, unit.strip()))
        return tuple(found)

    def team_of(self) -> Team:
        data = self.cleaned_data
        return Team(data["team"], Member(data["leader"], data["leader_unit"]), data["members"])

    def talks(self) -> Talks:
        data = self.cleaned_data
        return Talks(data["talks_members"], data["talks_cadres"], data["talks_villagers"])

    def assessment(self) -> Assessment:
        names = ("voters", "excellent", "competent", "basic", "incompetent")
        return Assessment(**{name: self.cleaned_data[name] for name in names})


class SignVetoForm(forms.Form):
    """A veto signed, or refused with a reason."""

    candidacy = forms.IntegerField(widget=forms.HiddenInput)
    approved = forms.ChoiceField(
        label="复核意见", choices=[("1", "同意否决"), ("0", "不同意，退回重新考察")]
    )
    note = forms.CharField(label="说明（不同意时必填）", max_length=500, required=False)
