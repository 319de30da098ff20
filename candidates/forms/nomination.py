"""Form of stage 11."""

from django import forms

from ..enums import ElectedPostKind
from ..services.nomination import Nomination


class NominationForm(forms.Form):
    """Per inspected person: post sought (empty: not put forward), pledge and talk."""

    talker = forms.CharField(label="集体谈话的谈话人", max_length=50)

    POSTS = [("", "不列入"), *ElectedPostKind.choices]

    def __init__(self, *args, people=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.people = list(people)
        for person in self.people:
            self.fields[f"post_{person.pk}"] = forms.ChoiceField(
                label="拟任职务",
                required=False,
                choices=self.POSTS,
                initial=person.nominated_post,
                widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
            )
            for name, label in (("pledged_on", "承诺书"), ("talked_on", "集体谈话")):
                self.fields[f"{name}_{person.pk}"] = forms.DateField(
                    label=label,
                    required=False,
                    initial=getattr(person, name),
                    widget=forms.DateInput(
                        attrs={"type": "date", "class": "form-control form-control-sm"},
                        format="%Y-%m-%d",
                    ),
                )

    def rows(self):
        return [
            (p, self[f"post_{p.pk}"], self[f"pledged_on_{p.pk}"], self[f"talked_on_{p.pk}"])
            for p in self.people
        ]

    def nominations(self) -> list[Nomination]:
        data = self.cleaned_data
        return [
            Nomination(
                p.pk,
                ElectedPostKind(post),
                data[f"pledged_on_{p.pk}"],
                data[f"talked_on_{p.pk}"],
            )
            for p in self.people
            if (post := data[f"post_{p.pk}"])
        ]
