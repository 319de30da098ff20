"""Forms of stages 6 to 11, 13 and 14. Shape only; rules are asked by the services."""

from django import forms

from elections.enums import BallotKind, BallotPost
from elections.forms.facts import count, day
from elections.rules import Counted

from .enums import ElectedPostKind, InspectionResult, ReviewResult
from .services.ballots import Count, Gathering
from .services.selection import Assessment, Nomination

SMALL = {"class": "form-control form-control-sm vote-input", "inputmode": "numeric"}


def votes_field(label: str, **kwargs) -> forms.IntegerField:
    """A narrow number for a table cell."""
    return forms.IntegerField(
        label=label, min_value=0, max_value=100_000, widget=forms.NumberInput(attrs=SMALL), **kwargs
    )


class RecommendationForm(forms.Form):
    """Attendance, and votes per eligible member."""

    held_on = day("召开日期")
    present = count("实到人数", least=1)
    place = forms.CharField(label="地点", max_length=100, required=False)
    chair = forms.CharField(label="主持人", max_length=50)
    recorder = forms.CharField(label="记录人", max_length=50)
    head = ("held_on", "present", "place", "chair", "recorder")

    def __init__(self, *args, members=(), votes=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.members = list(members)
        for member in self.members:
            self.fields[f"votes_{member.pk}"] = votes_field(
                f"{member.name}得票", required=False, initial=(votes or {}).get(member.pk)
            )

    def head_fields(self):
        return [self[name] for name in self.head]

    def rows(self):
        return [(member, self[f"votes_{member.pk}"]) for member in self.members]

    def votes(self) -> dict[int, int]:
        data = self.cleaned_data
        return {m.pk: data[f"votes_{m.pk}"] or 0 for m in self.members}


class PreliminaryForm(forms.Form):
    """How many nominees, and who declines (a reason per person)."""

    wanted = count("初步人选名额", least=1, most=30)

    def __init__(self, *args, people=(), declined=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = list(people)
        for pk in self.people:
            self.fields[f"decline_{pk}"] = forms.CharField(
                label="放弃理由",
                required=False,
                max_length=200,
                initial=(declined or {}).get(pk, ""),
                widget=forms.TextInput(
                    attrs={"class": "form-control form-control-sm", "placeholder": "本人放弃时填写"}
                ),
            )

    def decline_fields(self) -> dict[int, forms.BoundField]:
        return {pk: self[f"decline_{pk}"] for pk in self.people}

    def withdrawn(self) -> dict[int, str]:
        data = self.cleaned_data
        return {pk: data[f"decline_{pk}"] for pk in self.people if data[f"decline_{pk}"].strip()}


class ReviewForm(forms.Form):
    candidacy = forms.IntegerField(widget=forms.HiddenInput)
    result = forms.ChoiceField(label="结论", choices=ReviewResult.choices)
    decided_on = day("审查日期")
    rule = forms.CharField(label="不合格情形", max_length=200, required=False)
    reason = forms.CharField(label="理由", max_length=500, required=False)


class ReviewAllForm(forms.Form):
    """One level's review of several people at once: all of them pass."""

    decided_on = day("审查日期")


class ReturnPersonForm(forms.Form):
    candidacy = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label="退回理由（要补充什么）", max_length=500)


class ReplacementForm(forms.Form):
    """No fields: the next person follows from the recommendations."""


class InspectionForm(forms.Form):
    candidacy = forms.IntegerField(widget=forms.HiddenInput)
    inspected_on = day("考察日期")
    team = forms.CharField(label="考察组", max_length=200)
    talks = count("谈话人数", least=1)
    excellent = count("优秀票")
    competent = count("称职票")
    basic = count("基本称职票")
    incompetent = count("不称职票")
    result = forms.ChoiceField(label="结论", choices=InspectionResult.choices)
    reason = forms.CharField(label="否决理由", max_length=500, required=False)

    def assessment(self) -> Assessment:
        names = ("talks", "excellent", "competent", "basic", "incompetent")
        return Assessment(**{name: self.cleaned_data[name] for name in names})


class NominationForm(forms.Form):
    """Per inspected person: post sought (empty: not put forward), pledge and talk."""

    talker = forms.CharField(label="集体谈话的谈话人", max_length=50)

    POSTS = [("", "不列入"), *ElectedPostKind.choices]

    def __init__(self, *args, people=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.people = list(people)
        for person in self.people:
            self.fields[f"post_{person.pk}"] = forms.ChoiceField(
                label="拟任职务",
                required=False,
                choices=self.POSTS,
                initial=person.nominated_post,
                widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
            )
            for name, label in (("pledged_on", "承诺书"), ("talked_on", "集体谈话")):
                self.fields[f"{name}_{person.pk}"] = forms.DateField(
                    label=label,
                    required=False,
                    initial=getattr(person, name),
                    widget=forms.DateInput(
                        attrs={"type": "date", "class": "form-control form-control-sm"},
                        format="%Y-%m-%d",
                    ),
                )

    def rows(self):
        return [
            (p, self[f"post_{p.pk}"], self[f"pledged_on_{p.pk}"], self[f"talked_on_{p.pk}"])
            for p in self.people
        ]

    def nominations(self) -> list[Nomination]:
        data = self.cleaned_data
        return [
            Nomination(
                p.pk,
                ElectedPostKind(post),
                data[f"pledged_on_{p.pk}"],
                data[f"talked_on_{p.pk}"],
            )
            for p in self.people
            if (post := data[f"post_{p.pk}"])
        ]


def tally_initial(counted: Counted) -> dict:
    """What a finished live count puts into RoundForm."""
    initial = {
        "valid": counted.valid,
        "invalid": counted.invalid,
        "returned": counted.valid + counted.invalid,
    }
    for pk, (_, favour, against) in counted.votes.items():
        initial |= {
            f"favour_{pk}": favour,
            f"against_{pk}": against,
            f"abstain_{pk}": counted.abstained(pk),
        }
    return initial


#: Rows for people who were written in; more than a handful is not seen in a village.
WRITE_INS = 3


class RoundForm(forms.Form):
    """One round of voting: the meeting, the ballots, votes per candidate."""

    post = forms.ChoiceField(choices=BallotPost.choices, widget=forms.HiddenInput)
    number = forms.IntegerField(widget=forms.HiddenInput)
    held_on = day("召开日期")
    present = count("实到有选举权人数", least=1)
    chair = forms.CharField(label="主持人", max_length=50)
    recorder = forms.CharField(label="记录人", max_length=50)
    issued = count("发出选票")
    returned = count("收回选票")
    valid = count("有效票")
    invalid = count("无效票")
    tellers = forms.MultipleChoiceField(
        label="监票人、计票人",
        required=False,
        help_text="从不是候选人的党员中选，可多选。",
        widget=forms.CheckboxSelectMultiple,
    )
    meeting_fields = ("held_on", "present", "chair", "recorder")
    ballot_fields = ("issued", "returned", "valid", "invalid")

    def __init__(self, *args, contest=None, members=(), written=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.candidates = list(contest.next_candidates) if contest else []
        self.fields["tellers"].choices = [(m.pk, m.name) for m in members]
        if contest:
            self.fields["post"].initial = contest.post
            self.fields["number"].initial = contest.next_number
        self.write_ins = []
        if contest and contest.next_kind != BallotKind.RUNOFF:
            standing = {p.member_id for p in self.candidates}
            choices = [("", "—"), *((m.pk, m.name) for m in written if m.pk not in standing)]
            for number in range(1, WRITE_INS + 1):
                self.fields[f"written_{number}"] = forms.ChoiceField(
                    label=f"另选人{number}", choices=choices, required=False
                )
                self.fields[f"written_votes_{number}"] = count(
                    f"另选人{number}得票", least=1, required=False
                )
                self.write_ins.append((f"written_{number}", f"written_votes_{number}"))
        for person in self.candidates:
            name = person.member.name
            self.fields[f"favour_{person.pk}"] = votes_field(f"{name}赞成")
            self.fields[f"against_{person.pk}"] = votes_field(f"{name}不赞成")
            self.fields[f"abstain_{person.pk}"] = votes_field(f"{name}弃权")

    def rows(self):
        return [
            (p, self[f"favour_{p.pk}"], self[f"against_{p.pk}"], self[f"abstain_{p.pk}"])
            for p in self.candidates
        ]

    def write_in_rows(self):
        return [(self[person], self[votes]) for person, votes in self.write_ins]

    def clean(self):
        data = super().clean()
        seen = set()
        for person, votes in self.write_ins:
            chosen, number = data.get(person), data.get(votes)
            if chosen and chosen in seen:
                self.add_error(person, "这个人已填在上一行：请把票数合在一行。")
            if chosen and not number and votes not in self.errors:
                self.add_error(votes, "请填写另选人的得票数。")
            if number and not chosen:
                self.add_error(person, "请选择另选人，或删去票数。")
            seen.add(chosen)
        return data

    def meeting_bound(self):
        return [self[name] for name in self.meeting_fields]

    def ballot_bound(self):
        return [self[name] for name in self.ballot_fields]

    def gathering(self) -> Gathering:
        data = self.cleaned_data
        return Gathering(
            held_on=data["held_on"],
            present=data["present"],
            chair=data["chair"],
            recorder=data["recorder"],
            tellers=tuple(int(pk) for pk in data["tellers"]),
        )

    def count(self) -> Count:
        data = self.cleaned_data
        return Count(
            issued=data["issued"],
            returned=data["returned"],
            valid=data["valid"],
            invalid=data["invalid"],
            tallies={
                p.pk: (data[f"favour_{p.pk}"], data[f"against_{p.pk}"], data[f"abstain_{p.pk}"])
                for p in self.candidates
            },
            written_in={
                int(data[person]): data[votes] for person, votes in self.write_ins if data[person]
            },
        )


class ReductionForm(forms.Form):
    """减少名额: how many voters agreed, and when."""

    consenting = count("同意减少名额的人数")
    decided_on = day("表决日期")


class CorrectionForm(forms.Form):
    """Other figures for one counted round, beside those that stand; the same people."""

    present = count("实到有选举权人数", least=1)
    issued = count("发出选票")
    returned = count("收回选票")
    valid = count("有效票")
    invalid = count("无效票")
    reason = forms.CharField(
        label="更正理由和依据",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明错在哪里、依据哪份材料，例如：计票结果报告单第2行写错，经监票人复核。",
    )
    ballot_fields = ("present", "issued", "returned", "valid", "invalid")

    def __init__(self, *args, figures: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.votes = figures["votes"]
        for name in self.ballot_fields:
            self.fields[name].initial = figures[name]
        for vote in self.votes:
            pk, name = vote["candidacy"], vote["name"]
            self.fields[f"favour_{pk}"] = votes_field(f"{name}赞成", initial=vote["in_favour"])
            if not vote["written_in"]:
                self.fields[f"against_{pk}"] = votes_field(f"{name}不赞成", initial=vote["against"])
                self.fields[f"abstain_{pk}"] = votes_field(f"{name}弃权", initial=vote["abstained"])

    def ballot_bound(self):
        return [self[name] for name in self.ballot_fields]

    def rows(self):
        """(vote as it stands, fields); somebody written in has only votes in favour."""
        for vote in self.votes:
            names = ("favour",) if vote["written_in"] else ("favour", "against", "abstain")
            yield vote, [self[f"{name}_{vote['candidacy']}"] for name in names]

    def count(self) -> Count:
        data = self.cleaned_data
        return Count(
            **{name: data[name] for name in self.ballot_fields if name != "present"},
            tallies={
                vote["candidacy"]: tuple(
                    data.get(f"{name}_{vote['candidacy']}", 0)
                    for name in ("favour", "against", "abstain")
                )
                for vote in self.votes
            },
        )


class DecideCorrectionForm(forms.Form):
    approved = forms.TypedChoiceField(
        choices=[("1", "批准"), ("0", "不同意")], coerce=lambda value: value == "1"
    )
    note = forms.CharField(label="意见", max_length=500, required=False)


class CertifyRoundForm(forms.Form):
    round = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawRoundForm(forms.Form):
    reason = forms.CharField(label="撤回理由", max_length=500)
