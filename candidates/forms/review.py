"""Forms of stage 9, and of who takes the place of somebody who dropped out."""

from django import forms

from elections.forms.facts import day

from ..enums import ReviewResult


class ReviewForm(forms.Form):
    """One person's review. `listed`: the campaign's negative list, of which a rejection names a rule; without a list the
    kind is written in words."""

    candidacy = forms.IntegerField(widget=forms.HiddenInput)
    result = forms.ChoiceField(label="结论", choices=ReviewResult.choices)
    decided_on = day("审查日期")
    rule = forms.CharField(label="不合格情形", max_length=200, required=False)
    cited = forms.TypedChoiceField(
        label="不合格情形（负面清单）", required=False, coerce=int, empty_value=None
    )
    reason = forms.CharField(label="不合格的理由", max_length=500, required=False)

    def __init__(self, *args, listed=(), **kwargs):
        super().__init__(*args, **kwargs)
        if listed:
            del self.fields["rule"]
            self.fields["cited"].choices = [("", "—"), *((r.pk, str(r)) for r in listed)]
        else:
            del self.fields["cited"]


class TownshipReviewForm(ReviewForm):
    """`supplements`: what departments asked for; empty when they asked for nothing."""

    supplement = forms.CharField(label="补充情况", max_length=500, required=False)

    def __init__(self, *args, supplements=(), **kwargs):
        super().__init__(*args, **kwargs)
        if supplements:
            who = "、".join(ask.department.name for ask in supplements)
            self.fields["supplement"].help_text = f"发给{who}。"
        else:
            del self.fields["supplement"]


class CountyReviewForm(ReviewForm):
    """`objections`: questions that were answered with an objection."""

    set_aside = forms.CharField(label="不采纳异议的理由", max_length=500, required=False)

    def __init__(self, *args, objections=(), **kwargs):
        super().__init__(*args, **kwargs)
        if objections:
            who = "、".join(ask.department.name for ask in objections)
            self.fields["set_aside"].help_text = f"{who}有异议：登记合格的须写明，由另一人复核。"
        else:
            del self.fields["set_aside"]


class ReviewAllForm(forms.Form):
    """One level's review of several people at once: all of them pass."""

    decided_on = day("审查日期")


class ReturnPersonForm(forms.Form):
    candidacy = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label="退回理由（要补充什么）", max_length=500)


class ReplacementForm(forms.Form):
    """No fields: the next person follows from the recommendations."""
