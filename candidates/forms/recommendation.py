"""Forms of stages 6 to 8: both recommendations and what is made of them."""

from django import forms

from elections.forms.facts import count, day

SMALL = {"class": "form-control form-control-sm vote-input", "inputmode": "numeric"}


def votes_field(label: str, **kwargs) -> forms.IntegerField:
    """A narrow number for a table cell."""
    return forms.IntegerField(
        label=label, min_value=0, max_value=100_000, widget=forms.NumberInput(attrs=SMALL), **kwargs
    )


class RecommendationForm(forms.Form):
    """Attendance, and votes per eligible member."""

    held_on = day("召开日期")
    present = count("实到人数", least=1)
    place = forms.CharField(label="地点", max_length=100, required=False)
    chair = forms.CharField(label="主持人", max_length=50)
    recorder = forms.CharField(label="记录人", max_length=50)
    head = ("held_on", "present", "place", "chair", "recorder")

    def __init__(self, *args, members=(), votes=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.members = list(members)
        for member in self.members:
            self.fields[f"votes_{member.pk}"] = votes_field(
                f"{member.name}得票", required=False, initial=(votes or {}).get(member.pk)
            )

    def head_fields(self):
        return [self[name] for name in self.head]

    def rows(self):
        return [(member, self[f"votes_{member.pk}"]) for member in self.members]

    def votes(self) -> dict[int, int]:
        data = self.cleaned_data
        return {m.pk: data[f"votes_{m.pk}"] or 0 for m in self.members}


class PreliminaryForm(forms.Form):
    """How many nominees, and who declines (a reason per person)."""

    wanted = count("初步人选名额", least=1, most=30)

    def __init__(self, *args, people=(), declined=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = list(people)
        for pk in self.people:
            self.fields[f"decline_{pk}"] = forms.CharField(
                label="放弃理由",
                required=False,
                max_length=200,
                initial=(declined or {}).get(pk, ""),
                widget=forms.TextInput(
                    attrs={"class": "form-control form-control-sm", "placeholder": "本人放弃时填写"}
                ),
            )

    def decline_fields(self) -> dict[int, forms.BoundField]:
        return {pk: self[f"decline_{pk}"] for pk in self.people}

    def withdrawn(self) -> dict[int, str]:
        data = self.cleaned_data
        return {pk: data[f"decline_{pk}"] for pk in self.people if data[f"decline_{pk}"].strip()}
