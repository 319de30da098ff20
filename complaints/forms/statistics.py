"""The form of last term's figures. Shape only."""

from django import forms

from ..enums import Cause, Channel, Dimension


class LastTermForm(forms.Form):
    """Fields are called dimension-code; those left empty are not recorded."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[f"{Dimension.TOTAL}-"] = forms.IntegerField(label="总件数", min_value=0)
        for dimension, choices in ((Dimension.CHANNEL, Channel), (Dimension.CAUSE, Cause)):
            for code, label in choices.choices:
                self.fields[f"{dimension}-{code}"] = forms.IntegerField(
                    label=f"{dimension.label}：{label}", min_value=0, required=False
                )

    def figures(self) -> dict[tuple[str, str], int]:
        return {
            tuple(name.split("-", 1)): count
            for name, count in self.cleaned_data.items()
            if count is not None
        }
