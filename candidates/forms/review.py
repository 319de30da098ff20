"""Forms of stage 9, and of who takes the place of somebody who dropped out."""

from django import forms

from elections.forms.facts import day

from ..enums import ReviewResult


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
