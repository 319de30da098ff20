"""Lists as the address narrows them."""

import django_filters

from villages.filters import TownshipFilter

from .enums import OpinionKind, OpinionLevel
from .models import OpinionIncident


class OpinionFilter(TownshipFilter):
    """`townships`: the choices; `at`: the moment to which lateness refers."""

    q = django_filters.CharFilter(label="标题、编号", method="by_words")
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

    def __init__(self, *args, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at

    def by_words(self, queryset, name, value):
        return queryset.filter(title__icontains=value) | queryset.filter(number__icontains=value)

    def by_state(self, queryset, name, value):
        if value == "late":
            return queryset.late(at=self.at)
        return queryset.filter(closed_at__isnull=value == "open")
