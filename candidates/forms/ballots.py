"""Forms of stages 13 and 14: a round of voting."""

from django import forms

from elections.enums import BallotKind, BallotPost
from elections.forms.facts import count, day
from elections.rules import Counted

from ..services.ballots import Count, Gathering
from .recommendation import votes_field


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


class CertifyRoundForm(forms.Form):
    round = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawRoundForm(forms.Form):
    reason = forms.CharField(label="撤回理由", max_length=500)
