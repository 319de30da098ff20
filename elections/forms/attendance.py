"""The tick list of those due, as an optional part of a meeting's form."""

from django import forms


class AttendanceForm(forms.Form):
    """A form with a field `present`: where the people due are known by name, they may be ticked instead of counted."""

    attended = forms.TypedMultipleChoiceField(
        label="到会人员", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def offer_names(self, due, attended) -> None:
        """`due`: entries of the roll or the list; `attended`: keys of those ticked before."""
        if not due:
            del self.fields["attended"]
            return
        self.fields["attended"].choices = [(entry.pk, entry.name) for entry in due]
        self.fields["attended"].initial = list(attended)
        self.fields["present"].required = False
        self.fields["present"].help_text = "按姓名登记的不必填写，人数由名单得出。"

    def clean(self):
        data = super().clean()
        nobody = not data.get("attended") and data.get("present") is None
        if nobody and not {"present", "attended"} & set(self.errors):
            self.add_error("present", "请填写实到人数，或按姓名登记到会人员。")
        return data

    def attendance(self) -> dict:
        """`present` as typed (or None) and `attended`, as the services take them."""
        data = self.cleaned_data
        return {"present": data["present"], "attended": tuple(data.get("attended", ()))}
