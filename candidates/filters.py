"""Filters of the library of candidates (人选库) and of the reserve pool (后备干部库)."""

import django_filters
from django import forms

from villages.enums import Sex
from villages.filters import ListFilter
from villages.models import Jurisdiction

from .enums import CandidacyStatus, ReserveState, ReserveWay, Source
from .models import Candidacy, ReserveCadre
from .selectors import STEPS


class CandidacyFilter(ListFilter):
    """`townships`: the choices, already limited to what the user sees."""

    township = django_filters.ModelChoiceFilter(
        field_name="election__township", label="乡镇", queryset=Jurisdiction.objects.none()
    )
    status = django_filters.ChoiceFilter(label="状态", choices=CandidacyStatus.choices)
    step = django_filters.ChoiceFilter(
        label="去向", choices=[(s.code, s.label) for s in STEPS.values()], method="by_step"
    )
    #: From the figures of one village.
    election = django_filters.NumberFilter(widget=forms.HiddenInput)
    source = django_filters.ChoiceFilter(label="来源", choices=Source.choices)
    sex = django_filters.ChoiceFilter(field_name="member__sex", label="性别", choices=Sex.choices)
    q = django_filters.CharFilter(field_name="member__name", lookup_expr="icontains", label="姓名")

    class Meta:
        model = Candidacy
        fields = ()

    def __init__(self, *args, townships, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["township"].queryset = townships

    def by_step(self, queryset, name, value):
        return queryset.filter(STEPS[value].where())


class ReserveFilter(ListFilter):
    """`townships`: the choices, already limited to what the user sees. Needs rows with `state_now`."""

    township = django_filters.ModelChoiceFilter(
        field_name="village__township", label="乡镇", queryset=Jurisdiction.objects.none()
    )
    state = django_filters.ChoiceFilter(
        field_name="state_now", label="状态", choices=ReserveState.choices
    )
    way = django_filters.ChoiceFilter(label="推荐方式", choices=ReserveWay.choices)
    secretary = django_filters.BooleanFilter(
        field_name="is_reserve_secretary",
        label="后备书记",
        widget=forms.Select(choices=[("", "全部"), ("true", "是"), ("false", "否")]),
    )
    sex = django_filters.ChoiceFilter(field_name="member__sex", label="性别", choices=Sex.choices)
    village = django_filters.CharFilter(
        field_name="village__name", lookup_expr="icontains", label="村（社区）"
    )
    q = django_filters.CharFilter(field_name="member__name", lookup_expr="icontains", label="姓名")

    class Meta:
        model = ReserveCadre
        fields = ()

    def __init__(self, *args, townships, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["township"].queryset = townships
