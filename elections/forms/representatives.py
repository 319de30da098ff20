"""Forms of objections to representatives."""

from django import forms

from .facts import day

LINES = {"rows": 2}


class ChallengeForm(forms.Form):
    """An objection to somebody on the current list."""

    entry = forms.TypedChoiceField(label="被提出异议的村民代表", coerce=int)
    raised_on = day("提出日期")
    raised_by = forms.CharField(
        label="提出人", max_length=50, required=False, help_text="可以不填，匿名提出的留空。"
    )
    grounds = forms.CharField(
        label="异议的理由", max_length=500, widget=forms.Textarea(attrs=LINES)
    )

    def __init__(self, *args, entries=(), **kwargs):
        super().__init__(*args, **kwargs)
        people = [(e.pk, f"{e.name}（{e.group}）") for e in entries]
        self.fields["entry"].choices = [("", "请选择"), *people]


class AnswerForm(forms.Form):
    challenge = forms.IntegerField(widget=forms.HiddenInput)
    upheld = forms.TypedChoiceField(
        label="结论",
        choices=[("", "请选择"), ("1", "成立，从名单除名"), ("0", "不成立")],
        coerce=lambda value: value == "1",
    )
    answered_on = day("答复日期")
    answer = forms.CharField(label="答复和理由", max_length=500, widget=forms.Textarea(attrs=LINES))
