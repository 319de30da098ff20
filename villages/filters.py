"""Filters of the roster and the audit log."""

import django_filters
from django import forms

from accounts.models import AuditEntry

from .models import PartyMember


class MemberFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label="姓名")

    class Meta:
        model = PartyMember
        fields = ("status", "sex")


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
