"""Forms of the buttons that every stage page has."""

from django import forms

from .. import uploads


class SubmitForm(forms.Form):
    """Close the stage; `on` only where no recorded fact gives the day."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    on = forms.DateField(label="办理日期", widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args, needs_date: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if not needs_date:
            del self.fields["on"]


class ConfirmForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReturnForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="退回理由", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several files, or none where none is required; an empty one is left to the service, which names it."""

    widget = FilesInput(attrs={"accept": uploads.ACCEPT})

    def clean(self, data, initial=None) -> list:
        found = (super(FilesField, self).clean(file, initial) for file in data or [None])
        return [file for file in found if file]


class EvidenceForm(forms.Form):
    accept = uploads.ACCEPT
    requirement = forms.ChoiceField(label="材料")
    file = FilesField(label="文件", allow_empty_file=True)

    def __init__(self, *args, requirements=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["requirement"].choices = [(r.code, r.label) for r in requirements]


class WithdrawEvidenceForm(forms.Form):
    evidence = forms.UUIDField()


class ReplaceEvidenceForm(forms.Form):
    evidence = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.FileField(
        label="新的文件",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": uploads.ACCEPT}),
    )


class ExceptionForm(forms.Form):
    code = forms.CharField(max_length=40, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="申请例外的理由", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class DecideExceptionForm(forms.Form):
    exception = forms.IntegerField(widget=forms.HiddenInput)
    approved = forms.TypedChoiceField(
        label="意见", choices=[("1", "同意"), ("0", "不同意")], coerce=lambda value: value == "1"
    )
    note = forms.CharField(label="批准意见", max_length=500, required=False)


class ReadMessages(forms.MultipleChoiceField):
    """Sentences that were ticked on the page; whether they still hold is for the service to say."""

    def valid_value(self, value) -> bool:
        return True


class OverrideForm(forms.Form):
    messages = ReadMessages(label="放行的事项", required=False)
    document_number = forms.CharField(label="批准文号", max_length=60)
    reason = forms.CharField(
        label="特批的理由", max_length=440, widget=forms.Textarea(attrs={"rows": 2})
    )

    @property
    def ticked(self) -> list[str]:
        """What was chosen, to be shown again after a refusal."""
        return self["messages"].value() or []


class WithdrawOverrideForm(forms.Form):
    override = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label="撤销特批的理由", max_length=440)
