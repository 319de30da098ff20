"""Surveys (七个清楚), risk grading, disputes and departure audits of one village's election."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from elections.models import VillageElection
from elections.querysets import OfElectionQuerySet

from .. import enums
from .rows import VillageRow, in_order, once


class SurveyItem(models.Model):
    """One of the seven things a research group must make clear (七个清楚). `number` indexes the campaign's list."""

    election = models.ForeignKey(VillageElection, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(
        "序号", validators=[MinValueValidator(1), MaxValueValidator(7)]
    )
    is_clear = models.BooleanField("已清楚", default=False)
    finding = models.CharField("情况", max_length=500, blank=True)
    research_group = models.CharField("调研组", max_length=80, blank=True)
    surveyed_on = models.DateField("调研日期", null=True)

    objects = OfElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "调研情况"
        constraints = [
            models.UniqueConstraint(fields=["election", "number"], name="survey_item_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=7), name="survey_item_one_to_seven"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.election} 第{self.number}项"


class RiskGrade(models.Model):
    """选情研判. A red village has a leader, a work group and a plan, and is cleared (销号) before its petition."""

    election = models.OneToOneField(VillageElection, models.PROTECT, related_name="risk_grade")
    grade = models.CharField("等级", max_length=10, choices=enums.Grade.choices)
    grounds = models.CharField("研判依据", max_length=500, blank=True)
    graded_on = models.DateField("研判日期")
    leader = models.CharField("包保领导", max_length=50, blank=True)
    work_group = models.CharField("工作组", max_length=100, blank=True)
    plan = models.TextField("“一村一策”预案", max_length=2000, blank=True)
    cleared_on = models.DateField("销号日期", null=True)

    objects = OfElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "选情研判"
        constraints = [
            models.CheckConstraint(
                condition=~Q(grade=enums.Grade.RED)
                | (~Q(leader="") & ~Q(work_group="") & ~Q(plan="")),
                name="red_village_has_leader_group_and_plan",
            ),
            models.CheckConstraint(
                condition=Q(cleared_on__isnull=True)
                | Q(grade=enums.Grade.RED, cleared_on__gte=F("graded_on")),
                name="only_red_is_cleared_after_grading",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.election} {self.get_grade_display()}"


class Dispute(VillageRow):
    """隐患矛盾 found in a village. Counts in 起."""

    category = models.CharField("类别", max_length=10, choices=enums.DisputeCategory.choices)
    source = models.CharField("来源", max_length=60, blank=True)
    people = models.CharField("涉及人员", max_length=200, blank=True)
    summary = models.CharField("情况", max_length=500)
    responsible = models.CharField("责任单位", max_length=100)
    found_on = models.DateField("排查日期")
    due_on = models.DateField("化解时限", null=True, blank=True)
    status = models.CharField(
        "状态",
        max_length=10,
        choices=enums.DisputeStatus.choices,
        default=enums.DisputeStatus.OPEN,
    )
    closed_on = models.DateField("化解（稳控）日期", null=True, blank=True)
    measures = models.CharField("化解措施", max_length=500, blank=True)
    file_number = models.CharField("卷宗号", max_length=60, blank=True)

    class Meta(VillageRow.Meta):
        verbose_name = "隐患矛盾"
        constraints = [
            *VillageRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status=enums.DisputeStatus.OPEN, closed_on__isnull=True)
                | (~Q(status=enums.DisputeStatus.OPEN) & Q(closed_on__gte=F("found_on"))),
                name="dispute_closed_with_a_date",
            ),
            in_order("dispute_due_after_it_is_found", "found_on", "due_on"),
        ]
        indexes = [models.Index(fields=["election", "status"])]

    def __str__(self) -> str:
        return f"{self.election} {self.get_category_display()}"


class DepartureAudit(VillageRow):
    """离任经济责任审计 of one person. Counts in 人; published before the recommendation meetings."""

    subject = models.CharField("审计对象", max_length=50)
    post = models.CharField("职务", max_length=50)
    term_from = models.DateField("任职起", null=True, blank=True)
    term_to = models.DateField("任职止", null=True, blank=True)
    auditor = models.CharField("审计单位", max_length=100)
    report_number = models.CharField("报告文号", max_length=60)
    reported_on = models.DateField("报告日期")
    findings = models.CharField("审计发现", max_length=500, blank=True)
    amount = models.PositiveBigIntegerField(
        "涉及金额（元）", null=True, blank=True, help_text="以元为单位的整数。"
    )
    put_right = models.CharField("整改情况", max_length=500, blank=True)
    published_on = models.DateField("公布日期", null=True, blank=True)

    class Meta(VillageRow.Meta):
        verbose_name = "离任经济责任审计"
        constraints = [
            *VillageRow.Meta.constraints,
            once("audit_report_once_per_election", "election", "report_number"),
            in_order("audit_published_after_report", "reported_on", "published_on"),
            in_order("audited_term_in_order", "term_from", "term_to"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.report_number}"
