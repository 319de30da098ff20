"""Filters of the library of candidates (人选库)."""

import django_filters

from villages.enums import Sex
from villages.models import Jurisdiction

from .enums import CandidacyStatus
from .models import Candidacy


class CandidacyFilter(django_filters.FilterSet):
    """`townships`: the choices, already limited to what the user sees."""

    township = django_filters.ModelChoiceFilter(
        field_name="election__township", label="乡镇", queryset=Jurisdiction.objects.none()
    )
    status = django_filters.ChoiceFilter(label="状态", choices=CandidacyStatus.choices)
    sex = django_filters.ChoiceFilter(field_name="member__sex", label="性别", choices=Sex.choices)
    q = django_filters.CharFilter(field_name="member__name", lookup_expr="icontains", label="姓名")

    class Meta:
        model = Candidacy
        fields = ()

    def __init__(self, *args, townships, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["township"].queryset = townships
