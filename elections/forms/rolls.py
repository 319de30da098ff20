"""Forms of stage 5: the roll of voters."""

from django import forms

from ..enums import ExclusionReason
from ..services.rolls import Exclusion
from .facts import count, day


class RollForm(forms.Form):
    """The roll: dates, representatives, and per member an exclusion with its two dates."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    published_on = day("党员名册公示日期")
    representatives = count(
        "村民代表人数",
        least=1,
        most=2000,
        help_text="登记村民代表名册后，人数由名册得出，不必填写。",
    )
    representatives_published_on = day("村民代表名单公布日期")
    superior_agreed_on = day(
        "上级党委同意日期", required=False, help_text="有不计入应到会的党员时填写。"
    )
    adopted_on = day("党员大会通过日期", required=False, help_text="有不计入应到会的党员时填写。")

    def __init__(self, *args, members=(), excluded=None, listed: int = 0, **kwargs):
        """`listed`: representatives recorded, whose number is then not asked for."""
        super().__init__(*args, **kwargs)
        if listed:
            del self.fields["representatives"]
        self.members = list(members)
        excluded = excluded or {}
        for member in self.members:
            self.fields[f"exclude_{member.pk}"] = forms.ChoiceField(
                label=member.name,
                required=False,
                choices=[("", "计入"), *ExclusionReason.choices],
                initial=excluded.get(member.pk, ""),
                widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
            )

    def rows(self):
        """Member and the bound field of the exclusion, for the table."""
        return [(member, self[f"exclude_{member.pk}"]) for member in self.members]

    def exclusions(self) -> list[Exclusion]:
        data = self.cleaned_data
        return [
            Exclusion(m.pk, reason, data["superior_agreed_on"], data["adopted_on"])
            for m in self.members
            if (reason := data[f"exclude_{m.pk}"])
        ]

    #: The fields above the table.
    head = (
        "published_on",
        "representatives",
        "representatives_published_on",
        "superior_agreed_on",
        "adopted_on",
    )

    def head_fields(self):
        return [self[name] for name in self.head if name in self.fields]
