"""Filters of the roster, the representatives and the audit log, and what the lists of all apps share."""

from collections.abc import Iterable
from datetime import date

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q

from accounts.models import AuditEntry

from .enums import MemberStatus, Origin, Sex
from .identity import is_whole
from .models import Jurisdiction, PartyMember, Representative
from .models.identity import identity_hash

YES_NO = (("1", "是"), ("0", "否"))


def without_number(query):
    """The query without an identity number typed as a name, which must not come back in the page or its links."""
    if not is_whole(query.get("q", "")):
        return query
    kept = query.copy()
    del kept["q"]
    return kept


class ListFilter(django_filters.FilterSet):
    """A value that no choice offers (an old address, a township out of sight) lists nothing, rather than everything."""

    def filter_queryset(self, queryset):
        return super().filter_queryset(queryset) if self.form.is_valid() else queryset.none()

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set, so that an empty list can say why."""
        return bool(self.form.changed_data)


class TownshipChoice(django_filters.ChoiceFilter):
    def __init__(self, field_name: str = "township_id"):
        super().__init__(field_name=field_name, label="乡镇", empty_label="全部乡镇")


class TownshipFilter(ListFilter):
    """`townships`: the choices, already limited to what the user sees."""

    township = TownshipChoice()

    def __init__(self, *args, townships: Iterable[Jurisdiction], **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["township"].extra["choices"] = [(row.pk, row.name) for row in townships]


class VillageRowFilter(TownshipFilter):
    """Rows of villages: by name and township."""

    q = django_filters.CharFilter(
        label="村（社区）名称", field_name="village__name", lookup_expr="icontains"
    )


class PersonFilter(django_filters.FilterSet):
    """By name; a whole identity number typed there finds the person, too, and is not shown again."""

    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="姓名")

    def __init__(self, data, *, queryset, **kwargs):
        number = data.get("q", "")
        if is_whole(number):
            queryset = queryset.filter(identity_hash=identity_hash(number))
        super().__init__(without_number(data), queryset=queryset, **kwargs)


class MemberFilter(PersonFilter):
    status = django_filters.ChoiceFilter(
        field_name="standing", label="党员类别", choices=MemberStatus.choices
    )
    sex = django_filters.ChoiceFilter(label="性别", choices=Sex.choices)
    origin = django_filters.ChoiceFilter(
        label="来源", choices=Origin.choices, method="of_any_origin"
    )
    restricted = django_filters.ChoiceFilter(
        label="权利受限", choices=YES_NO, method="is_restricted"
    )
    representative = django_filters.ChoiceFilter(
        label="村民代表", choices=YES_NO, method="is_representative"
    )

    class Meta:
        model = PartyMember
        fields = ("status", "sex")

    def __init__(self, *args, today: date, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)

    def of_any_origin(self, rows, name, value):
        """The main origin or one of the further ones."""
        return rows.filter(Q(origin=value) | Q(further_origins__contains=[value]))

    def is_restricted(self, rows, name, value):
        under = rows.restricted(on=self.today).values("pk")
        return rows.filter(pk__in=under) if value == "1" else rows.exclude(pk__in=under)

    def is_representative(self, rows, name, value):
        held = Exists(Representative.objects.current().filter(member=OuterRef("pk")))
        return rows.filter(held) if value == "1" else rows.filter(~held)


class RepresentativeFilter(PersonFilter):
    group = django_filters.CharFilter(lookup_expr="icontains", label="村民小组")
    sex = django_filters.ChoiceFilter(label="性别", choices=Sex.choices)
    state = django_filters.ChoiceFilter(
        label="在任", choices=(("1", "在任"), ("0", "已离任")), method="is_current"
    )

    class Meta:
        model = Representative
        fields = ()

    def is_current(self, rows, name, value):
        return rows.filter(until__isnull=value == "1")


class AuditFilter(django_filters.FilterSet):
    actor = django_filters.CharFilter(
        field_name="actor_name", lookup_expr="icontains", label="经办人"
    )
    action = django_filters.CharFilter(lookup_expr="startswith", label="操作")
    since = django_filters.DateFilter(
        field_name="at",
        lookup_expr="date__gte",
        label="自",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = django_filters.DateFilter(
        field_name="at",
        lookup_expr="date__lte",
        label="至",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    class Meta:
        model = AuditEntry
        fields = ()
