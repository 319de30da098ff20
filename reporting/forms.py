"""Small forms of the shell: shape checks only."""

from django import forms


class CampaignChoiceForm(forms.Form):
    campaign = forms.IntegerField()


class SearchForm(forms.Form):
    q = forms.CharField(label="村名或姓名", max_length=50, strip=True)
