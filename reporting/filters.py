"""Filters of the lists of villages and of people elected, as the address carries them."""

from datetime import date

import django_filters
from django.db.models import Exists, OuterRef, Q

from candidates.enums import BELOW, ElectedPostKind, WomenState
from candidates.models import ElectedPost
from candidates.selectors import WOMEN_GATES
from elections.enums import SETTLED, Stage
from elections.models import StageOverride, StageRecord, VillageElection
from groundwork.enums import Grade
from villages.enums import Education, Origin, Sex, VillageKind
from villages.filters import TownshipChoice, TownshipFilter, VillageRowFilter

from .indicators import structure
from .models import TownshipProgress

STATES = (("overdue", "逾期"), ("unfinished", "未完成"), ("completed", "已完成"))
#: Among the grades: red and not cleared.
RED_OPEN = "red_open"
#: Among the educations: college and above.
COLLEGE_UP = "college_up"
STAGES = [(stage.value, f"{n} {stage.label}") for n, stage in enumerate(Stage, start=1)]


class OfTownships:
    """The choices of townships are those of the rollup rows the user sees."""

    def __init__(self, *args, townships: list[TownshipProgress], **kwargs):
        super().__init__(*args, townships=[row.township for row in townships], **kwargs)


class WomenFilter(OfTownships, VillageRowFilter):
    """`gate` narrows `state` to one of the three gates; without, any of them."""

    gate = django_filters.ChoiceFilter(
        label="关口",
        choices=[(spec.code, spec.label) for spec in WOMEN_GATES],
        method="by_gate",
        empty_label="任一关口",
    )
    state = django_filters.ChoiceFilter(
        label="情况",
        choices=[("below", "未达标（含例外）"), *WomenState.choices],
        method="by_gate",
        empty_label="全部情况",
    )

    class Meta:
        model = VillageElection
        fields = ["q", "township", "gate", "state"]

    def by_gate(self, queryset, name, value):
        """Both fields together; a gate alone lists the villages that passed it."""
        gate, state = self.data.get("gate"), self.data.get("state")
        codes = [spec.code for spec in WOMEN_GATES if gate in ("", None, spec.code)]
        if not state:
            return queryset.filter(**{f"{gate}_done": True}) if name == "gate" else queryset
        states = BELOW if state == "below" else (state,)
        wanted = Q()
        for code in codes:
            wanted |= Q(**{f"{code}_state__in": states})
        return queryset.filter(wanted)


class VillageFilter(OfTownships, VillageRowFilter):
    """`stage`: where the village stands; `done`: a stage it has settled."""

    state = django_filters.ChoiceFilter(
        label="进度", choices=STATES, method="by_state", empty_label="全部进度"
    )
    stage = django_filters.ChoiceFilter(label="当前环节", choices=STAGES, empty_label="全部环节")
    done = django_filters.ChoiceFilter(
        label="已办结环节", choices=STAGES, method="by_done", empty_label="不限"
    )
    kind = django_filters.ChoiceFilter(
        label="类别",
        field_name="village__kind",
        choices=VillageKind.choices,
        empty_label="村和社区",
    )
    risk = django_filters.ChoiceFilter(
        label="选情研判",
        choices=[*Grade.choices, (RED_OPEN, "红色，没有销号")],
        method="by_risk",
        empty_label="全部等级",
    )

    class Meta:
        model = VillageElection
        fields = ["q", "township", "state", "stage", "done", "kind", "risk"]

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def by_state(self, rows, name, value):
        if value == "completed":
            return rows.filter(completed_on__isnull=False)
        return rows.overdue(today=self.today) if value == "overdue" else rows.unfinished()

    def by_risk(self, rows, name, value):
        if value == RED_OPEN:
            return rows.filter(risk_grade__grade=Grade.RED, risk_grade__cleared_on__isnull=True)
        return rows.filter(risk_grade__grade=value)

    def by_done(self, rows, name, value):
        settled = StageRecord.objects.filter(
            election=OuterRef("pk"), stage=value, is_current=True, status__in=SETTLED
        )
        return rows.filter(Exists(settled))


class OverrideFilter(OfTownships, TownshipFilter):
    township = TownshipChoice("election__township_id")
    stage = django_filters.ChoiceFilter(label="环节", choices=STAGES, empty_label="全部环节")
    state = django_filters.ChoiceFilter(
        label="状态",
        choices=(("in_force", "有效"), ("withdrawn", "已撤销")),
        method="by_state",
        empty_label="全部",
    )

    class Meta:
        model = StageOverride
        fields = ["township", "stage", "state"]

    def by_state(self, rows, name, value):
        return rows.filter(withdrawn_at__isnull=value == "in_force")


class ElectedFilter(OfTownships, TownshipFilter):
    """Of the people elected; each appears once, whatever the number of posts."""

    q = django_filters.CharFilter(label="姓名", field_name="member__name", lookup_expr="icontains")
    township = TownshipChoice("election__township_id")
    post = django_filters.ChoiceFilter(
        label="职务", choices=ElectedPostKind.choices, method="by_post", empty_label="全部职务"
    )
    sex = django_filters.ChoiceFilter(
        label="性别", field_name="member__sex", choices=Sex.choices, empty_label="不限"
    )
    again = django_filters.ChoiceFilter(
        label="新任、连任",
        choices=(("no", "新当选"), ("yes", "连任")),
        method="by_again",
        empty_label="不限",
    )

    age = django_filters.ChoiceFilter(
        label="年龄",
        choices=[(code, label) for code, (_, _, label) in structure.AGE_BANDS.items()],
        method="by_age",
        empty_label="不限",
    )
    education = django_filters.ChoiceFilter(
        label="学历",
        choices=[*Education.choices, (COLLEGE_UP, "大专及以上")],
        method="by_education",
        empty_label="不限",
    )
    origin = django_filters.ChoiceFilter(
        label="来源", choices=Origin.choices, method="by_origin", empty_label="不限"
    )
    also = django_filters.ChoiceFilter(
        label="兼任",
        choices=(("head", "村（居）委会主任"), ("committee", "村（居）委会成员（含主任）")),
        method="by_also",
        empty_label="不限",
    )

    class Meta:
        model = ElectedPost
        fields = ["q", "township", "post", "sex", "again", "age", "education", "origin", "also"]

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def _posts(self, **more) -> Exists:
        """Whether the person holds a post like this in the same election."""
        return Exists(
            ElectedPost.objects.filter(
                election=OuterRef("election"), member=OuterRef("member"), **more
            )
        )

    def by_post(self, rows, name, value):
        return rows.filter(self._posts(post=value))

    def by_age(self, rows, name, value):
        return rows.filter(structure.is_aged(value, self.today))

    def by_education(self, rows, name, value):
        levels = structure.COLLEGE_UP if value == COLLEGE_UP else (value,)
        return rows.filter(structure.is_educated(levels))

    def by_origin(self, rows, name, value):
        return rows.filter(structure.comes_from(value))

    def by_also(self, rows, name, value):
        is_head = value == "head"
        return rows.filter(
            structure.heads_committee() if is_head else structure.sits_on_committee()
        )

    def by_again(self, rows, name, value):
        """Of a post if one is chosen, else of any: as the rollup counts secretaries and members."""
        post = self.data.get("post")
        again = self._posts(reelected=True, **({"post": post} if post else {}))
        return rows.filter(again) if value == "yes" else rows.exclude(again)
