"""Forms of keeping and destroying records. Shape only."""

from django import forms

from ..enums import Category


class PeriodsForm(forms.Form):
    """One number of years per category; the fields bear the categories' codes."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for category in Category:
            self.fields[category.value] = forms.IntegerField(
                label=f"{category.label}（年）", min_value=1, max_value=100
            )
