"""What is kept about a village beside its stages: designations, changes of secretary, rectification."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ..enums import AdjustmentWay, DifficultKind
from .rows import VillageRow, in_order, once


class DifficultVillage(VillageRow):
    """A village designated 难点村, 重点村 or 后进村, with the grounds. Counts in 个 by kind."""

    kind = models.CharField("类别", max_length=10, choices=DifficultKind.choices)
    grounds = models.CharField("确定理由", max_length=300)
    designated_on = models.DateField("确定日期")
    lifted_on = models.DateField("转化（摘帽）日期", null=True, blank=True)

    class Meta(VillageRow.Meta):
        verbose_name = "难点村、重点村、后进村"
        constraints = [
            *VillageRow.Meta.constraints,
            once("difficult_village_once_per_kind", "election", "kind"),
            in_order("difficult_village_lifted_after_designated", "designated_on", "lifted_on"),
        ]


class SecretaryAdjustment(VillageRow):
    """A secretary replaced before the election. Counts in 名 by way."""

    way = models.CharField("方式", max_length=12, choices=AdjustmentWay.choices)
    name = models.CharField("新任书记", max_length=50)
    origin = models.CharField("原单位及职务", max_length=100)
    replaced = models.CharField("原任书记", max_length=50, blank=True)
    adjusted_on = models.DateField("调整日期")
    reason = models.CharField("调整原因", max_length=300)

    class Meta(VillageRow.Meta):
        verbose_name = "书记调整"
        constraints = [
            *VillageRow.Meta.constraints,
            once("secretary_adjustment_once", "election", "name"),
        ]


class WeakOrganisation(VillageRow):
    """软弱涣散村党组织整顿: what is wrong, what is done, by whom, by when, and when it was put right."""

    signs = models.CharField("软弱涣散表现", max_length=300)
    measures = models.CharField("整顿措施", max_length=500)
    responsible = models.CharField("责任人", max_length=100)
    designated_on = models.DateField("确定日期")
    due_on = models.DateField("整顿时限")
    converted_on = models.DateField("转化日期", null=True, blank=True)

    class Meta(VillageRow.Meta):
        verbose_name = "软弱涣散整顿"
        constraints = [
            *VillageRow.Meta.constraints,
            once("weak_organisation_once", "election", "designated_on"),
            in_order("weak_organisation_due_after_designated", "designated_on", "due_on"),
            in_order("weak_organisation_converted_in_order", "designated_on", "converted_on"),
        ]


class ContingencyPlan(VillageRow):
    """“一村一策”预案 of a village: one holds, approved by the county; a revision withdraws it and is the next version."""

    facts = models.CharField("村情", max_length=1000)
    risks = models.CharField("主要风险", max_length=1000)
    conclusion = models.CharField("研判结论", max_length=500)
    measures = models.CharField("化解措施", max_length=1000)
    people = models.CharField("人选方案", max_length=1000)
    on_site = models.CharField("现场管控", max_length=1000)
    emergency = models.CharField("应急分工", max_length=1000)
    contacts = models.CharField("联络方式", max_length=500)
    trigger = models.CharField("启动条件", max_length=500)
    escalation = models.CharField("上报路线", max_length=500)
    made_on = models.DateField("编制日期")
    version = models.PositiveSmallIntegerField("版本", default=1)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField("批准时间", null=True)

    class Meta(VillageRow.Meta):
        verbose_name = "“一村一策”预案"
        constraints = [
            *VillageRow.Meta.constraints,
            once("one_plan_per_village", "election"),
            models.UniqueConstraint(
                fields=["election", "version"], name="plan_version_once_per_village"
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="plan_approved_by_whom_and_when",
            ),
        ]


class WorkSchedule(VillageRow):
    """村工作计划进度表, generated from the village's planned days: signed by the village, confirmed by the township."""

    signer = models.CharField("签订人（村党组织负责人）", max_length=50)
    signed_on = models.DateField("签订日期")
    confirmer = models.CharField("乡镇确认人", max_length=50, blank=True)
    confirmed_on = models.DateField("乡镇确认日期", null=True, blank=True)

    class Meta(VillageRow.Meta):
        verbose_name = "村工作计划进度表"
        constraints = [
            *VillageRow.Meta.constraints,
            once("one_work_schedule_per_village", "election"),
            in_order("work_schedule_confirmed_after_signed", "signed_on", "confirmed_on"),
        ]
