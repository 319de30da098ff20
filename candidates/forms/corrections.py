"""Forms of a correction of a counted round."""

from django import forms

from elections.forms.facts import count

from ..services.ballots import Count
from .recommendation import votes_field


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
