"""Small forms of the shell: shape checks only."""

from django import forms


class CampaignChoiceForm(forms.Form):
    campaign = forms.IntegerField()


class SearchForm(forms.Form):
    q = forms.CharField(label="村名或姓名", max_length=50, strip=True)


class DailyForm(forms.Form):
    """The typed part of a daily report; the figures are derived. `request_key` makes a repeated request harmless."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)
    problems = forms.CharField(
        label="存在问题",
        required=False,
        max_length=1000,
        help_text="没有可不填。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    practices = forms.CharField(
        label="做法",
        required=False,
        max_length=1000,
        help_text="没有可不填。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
