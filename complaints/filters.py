"""Lists as the address narrows them."""

import django_filters

from .enums import OpinionKind, OpinionLevel
from .models import OpinionIncident


class OpinionFilter(django_filters.FilterSet):
    """`townships`: the choices; `at`: the moment to which lateness refers."""

    q = django_filters.CharFilter(label="标题、编号", method="by_words")
    township = django_filters.ChoiceFilter(
        label="乡镇", field_name="township_id", empty_label="全部乡镇"
    )
    level = django_filters.ChoiceFilter(
        label="级别", choices=OpinionLevel.choices, empty_label="全部级别"
    )
    kind = django_filters.ChoiceFilter(
        label="类型", choices=OpinionKind.choices, empty_label="全部类型"
    )
    state = django_filters.ChoiceFilter(
        label="状态",
        choices=(("open", "处置中"), ("closed", "已办结"), ("late", "报送超时")),
        method="by_state",
        empty_label="全部",
    )

    class Meta:
        model = OpinionIncident
        fields = ["q", "township", "level", "kind", "state"]

    def __init__(self, *args, townships, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at
        self.filters["township"].extra["choices"] = [(row.pk, row.name) for row in townships]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.form.changed_data)

    def by_words(self, queryset, name, value):
        return queryset.filter(title__icontains=value) | queryset.filter(number__icontains=value)

    def by_state(self, queryset, name, value):
        if value == "late":
            return queryset.late(at=self.at)
        return queryset.filter(closed_at__isnull=value == "open")
