"""Forms of the joint review: departments, batches, answers, the second person. Shape only; rules are asked by services."""

from django import forms

from elections.forms.facts import count, day
from workbooks import scan

from .. import rules
from ..enums import ANSWERS
from ..services.batches import MOST_DAYS
from ..services.opinions import Answer
from .people import WithdrawForm

#: The version of a row that did not say which answers it had shown: never the current one.
UNSEEN = -1
SMALL = {"class": "form-select form-select-sm"}


class DepartmentForm(forms.Form):
    department = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label="单位名称", max_length=60, help_text="与该单位账号岗位中的“单位”一致。"
    )
    questions = forms.CharField(
        label="审查事项", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    order = count("顺序", most=999, initial=0)
    required = forms.BooleanField(label="必须答复", required=False, initial=True)


class RetireDepartmentForm(forms.Form):
    department = forms.IntegerField(widget=forms.HiddenInput)


class BatchForm(forms.Form):
    """The people are ticked on the page; whether each may be sent is asked by the service."""

    people = forms.TypedMultipleChoiceField(label="人选", coerce=int, required=False)
    working_days = count("答复期限（工作日）", least=1, most=MOST_DAYS, initial=rules.ANSWER_DAYS)

    def __init__(self, *args, people=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [(p.pk, p.member.name) for p in people]


class RemindForm(forms.Form):
    task = forms.IntegerField(widget=forms.HiddenInput)


class PassBatchForm(forms.Form):
    decided_on = day("审查日期")


class AskAgainForm(forms.Form):
    candidacy = forms.IntegerField(widget=forms.HiddenInput)
    departments = forms.TypedMultipleChoiceField(
        label="单位", coerce=int, widget=forms.CheckboxSelectMultiple
    )
    why = forms.CharField(label="理由", max_length=500)

    def __init__(self, *args, departments=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["departments"].choices = [(d.pk, d.name) for d in departments]


class CountersignForm(forms.Form):
    review = forms.IntegerField(widget=forms.HiddenInput)
    agreed = forms.TypedChoiceField(
        label="复核意见",
        choices=[("yes", "同意"), ("no", "不同意")],
        coerce=lambda value: value == "yes",
    )
    note = forms.CharField(label="说明（不同意的须写明理由）", max_length=500, required=False)


class WithdrawPersonForm(WithdrawForm):
    candidacy = forms.IntegerField(widget=forms.HiddenInput)


class AnswerWorkbookForm(forms.Form):
    file = forms.FileField(
        label="填好的答复表（.xlsx）", widget=forms.FileInput(attrs={"accept": ".xlsx"})
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if sentence := scan.refuse_by_start(file.read(4096), file.size):
            raise forms.ValidationError(sentence)
        file.seek(0)
        return file


class AnswersForm(forms.Form):
    """One department's answers, a row per person; whoever has nothing ticked is left as they are."""

    def __init__(self, *args, asks=(), listed=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.asks = list(asks)
        choices = [("", "—"), *((rule.pk, str(rule)) for rule in listed)]
        for ask in self.asks:
            pk = ask.candidacy_id
            self.fields[f"answer_{pk}"] = forms.ChoiceField(
                label="意见",
                required=False,
                choices=[(a.value, a.label) for a in ANSWERS],
                widget=forms.RadioSelect,
            )
            self.fields[f"rule_{pk}"] = forms.TypedChoiceField(
                label="负面清单条目",
                required=False,
                choices=choices,
                coerce=int,
                empty_value=None,
                widget=forms.Select(attrs=SMALL),
            )
            self.fields[f"reason_{pk}"] = forms.CharField(
                label="理由，或要补充什么",
                required=False,
                max_length=500,
                widget=forms.TextInput(attrs={"class": "form-control form-control-sm"}),
            )
            self.fields[f"file_{pk}"] = forms.FileField(
                label="证明材料",
                required=False,
                widget=forms.FileInput(attrs={"class": "form-control form-control-sm"}),
            )
            self.fields[f"version_{pk}"] = forms.IntegerField(
                initial=ask.version, required=False, widget=forms.HiddenInput
            )

    def rows(self) -> list[tuple]:
        """(question, answer, rule, reason, file, version) of every person."""
        parts = ("answer", "rule", "reason", "file", "version")
        return [(ask, *(self[f"{part}_{ask.candidacy_id}"] for part in parts)) for ask in self.asks]

    def answers(self) -> dict[int, Answer]:
        data = self.cleaned_data
        return {
            pk: Answer(
                answer=data[f"answer_{pk}"],
                rule=data[f"rule_{pk}"],
                reason=data[f"reason_{pk}"],
                file=data[f"file_{pk}"],
                version=UNSEEN if data[f"version_{pk}"] is None else data[f"version_{pk}"],
            )
            for pk in (ask.candidacy_id for ask in self.asks)
            if data[f"answer_{pk}"]
        }
