"""Forms for the facts of the stages that belong to elections."""

from django import forms

from villages.enums import OrganisationKind

from ..enums import DocumentKind, MeetingKind
from ..services.facts import Organisation, Paper


def day(label: str, **kwargs) -> forms.DateField:
    """A date with the browser's own picker."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **kwargs)


def moment(label: str, **kwargs) -> forms.DateTimeField:
    """A day and a time with the browser's own picker."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **kwargs)


def prose(label: str, *, most: int = 1000, rows: int = 3, **kwargs) -> forms.CharField:
    """A text of several lines, of at most `most` characters."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=widget, **kwargs)


def count(label: str, *, least: int = 0, most: int = 100_000, **kwargs) -> forms.IntegerField:
    """A whole number with the phone's number pad."""
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, min_value=least, max_value=most, widget=widget, **kwargs)


class PapersForm(forms.Form):
    """Number and date of each paper in `kinds`, in order."""

    kinds: tuple[DocumentKind, ...] = (DocumentKind.REQUEST, DocumentKind.REPLY)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for kind in self.kinds:
            self.fields[f"{kind.value}_number"] = forms.CharField(
                label=f"{kind.label}文号", max_length=60
            )
            self.fields[f"{kind.value}_on"] = day(f"{kind.label}日期")

    def papers(self) -> list[Paper]:
        data = self.cleaned_data
        return [Paper(k, data[f"{k.value}_number"], data[f"{k.value}_on"]) for k in self.kinds]


class ApprovalForm(PapersForm):
    kinds = (DocumentKind.REQUEST, DocumentKind.REPLY, DocumentKind.FILING)


class PetitionForm(PapersForm):
    committee_seats = count(
        "委员职数", most=9, help_text="含书记、副书记；不设委员会的支部填0（正式党员不足7人）。"
    )
    deputy_seats = count("其中副书记职数", most=4, initial=0)
    organisation_kind = forms.ChoiceField(label="党组织类别", choices=OrganisationKind.choices)
    term_ends_on = day("本届届满日期")
    shift_approval = forms.CharField(
        label="提前、延期批准文号",
        max_length=60,
        required=False,
        help_text="选举日期与届满日期不一致、县里没有统一批准的填写。",
    )
    county_approval = forms.CharField(
        label="县委批准设党委文号", max_length=60, required=False, help_text="设党委的填写。"
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(
            [f"{kind.value}_{part}" for kind in self.kinds for part in ("number", "on")]
            + ["committee_seats", "deputy_seats", "organisation_kind", "term_ends_on"]
        )

    def organisation(self) -> Organisation:
        data = self.cleaned_data
        return Organisation(
            kind=OrganisationKind(data["organisation_kind"]),
            term_ends_on=data["term_ends_on"],
            county_approval=data["county_approval"],
            shift_approval=data["shift_approval"],
        )


class MobilisationForm(forms.Form):
    """The three meetings at once: date and people of each."""

    kinds = (MeetingKind.MOBILISATION, MeetingKind.TRAINING, MeetingKind.DISCIPLINE)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for kind in self.kinds:
            self.fields[f"{kind.value}_on"] = day(f"{kind.label}日期")
            self.fields[f"{kind.value}_present"] = count(f"{kind.label}人数", least=1)


class NoticeForm(forms.Form):
    starts_on = day("公示开始日期")
    ends_on = day("公示截止日期")
    place = forms.CharField(label="公示地点", max_length=100, initial="村党务公开栏")


class AnnouncementForm(forms.Form):
    starts_on = day("公告日期")
    place = forms.CharField(label="公告地点", max_length=100, initial="村党务公开栏")


class HandoverForm(forms.Form):
    handed_on = day("移交日期")
    from_name = forms.CharField(label="移交人", max_length=50)
    to_name = forms.CharField(label="接交人", max_length=50)
    witness = forms.CharField(label="监交人", max_length=50)
    items = forms.CharField(
        label="移交清单",
        max_length=2000,
        help_text="公章、档案、账册、资产等，每行一项。",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
