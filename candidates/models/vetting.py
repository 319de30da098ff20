"""县级联审: which departments are asked, about whom, and every version of what they answered."""

import uuid

from django.db import models
from django.db.models import Q

from elections.models import Campaign

from .. import enums
from ..querysets import (
    AskQuerySet,
    BatchQuerySet,
    DepartmentQuerySet,
    OpinionQuerySet,
    TaskQuerySet,
)
from .negative import NegativeRule
from .nominees import USER, Candidacy


class VettingDepartment(models.Model):
    """联审单位 of a campaign. Its users are those whose posting names it; retired, never deleted."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="vetting_departments")
    name = models.CharField("单位名称", max_length=60)
    questions = models.CharField("审查事项", max_length=500)
    required = models.BooleanField("必须答复", default=True)
    order = models.PositiveSmallIntegerField("顺序", default=0)
    retired_at = models.DateTimeField("停用时间", null=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = "联审单位"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "name"],
                condition=Q(retired_at__isnull=True),
                name="vetting_department_once_per_campaign",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ReviewBatch(models.Model):
    """联审批次: people of any villages, sent to the departments together. `due_on`: last day for the answers."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="review_batches")
    number = models.PositiveIntegerField("批次")
    working_days = models.PositiveSmallIntegerField("答复期限（工作日）")
    due_on = models.DateField("答复期限")
    created_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    created_name = models.CharField("发起人", max_length=50)
    created_post = models.CharField("发起人岗位", max_length=100, blank=True)
    created_at = models.DateTimeField("发起时间")

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = "联审批次"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="review_batch_number_once")
        ]

    def __str__(self) -> str:
        return f"联审第{self.number}批"


class ReviewTask(models.Model):
    """One department's share of a batch."""

    batch = models.ForeignKey(ReviewBatch, models.PROTECT, related_name="tasks")
    department = models.ForeignKey(VettingDepartment, models.PROTECT, related_name="tasks")
    reminded_at = models.DateTimeField("催办时间", null=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "联审任务"
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "department"], name="one_task_per_batch_and_department"
            )
        ]

    def __str__(self) -> str:
        return f"{self.batch} {self.department}"


class ReviewAsk(models.Model):
    """One department's question about one person: asked once, and again only for a reason (a new attempt; the old one
    stays with its answer). `version` counts the answers; `state` is that of the last one. `why`: why it was asked
    again, or why it is no longer needed."""

    task = models.ForeignKey(ReviewTask, models.PROTECT, related_name="asks")
    department = models.ForeignKey(VettingDepartment, models.PROTECT, related_name="asks")
    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="asks")
    attempt = models.PositiveSmallIntegerField("第几次", default=1)
    is_current = models.BooleanField(default=True)
    state = models.CharField(
        "状态", max_length=12, choices=enums.AskState.choices, default=enums.AskState.OPEN
    )
    version = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField("分派时间")
    due_on = models.DateField("答复期限")
    closed_at = models.DateTimeField("终止时间", null=True)
    why = models.CharField("说明", max_length=500, blank=True)

    objects = AskQuerySet.as_manager()

    class Meta:
        verbose_name = "联审事项"
        constraints = [
            models.UniqueConstraint(
                fields=["candidacy", "department", "attempt"], name="one_ask_per_attempt"
            ),
            models.UniqueConstraint(
                fields=["candidacy", "department"],
                condition=Q(is_current=True),
                name="one_current_ask_per_person_and_department",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=enums.ANSWERS) | Q(version__gt=0),
                name="answered_ask_has_an_opinion",
            ),
            models.CheckConstraint(
                condition=Q(state=enums.AskState.VOID, closed_at__isnull=False)
                | (~Q(state=enums.AskState.VOID) & Q(closed_at__isnull=True)),
                name="void_ask_was_closed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["department", "due_on"],
                condition=Q(is_current=True, state=enums.AskState.OPEN),
                name="open_ask_by_department",
            )
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.candidacy}"


def opinion_path(instance: "ReviewOpinion", filename: str) -> str:
    """An opaque name: neither the person nor the department shows in the storage."""
    return f"opinions/{instance.file_key.hex[:2]}/{instance.file_key.hex}"


class ReviewOpinion(models.Model):
    """One version of a department's answer about one person; the last one holds, the others stay readable."""

    ask = models.ForeignKey(ReviewAsk, models.PROTECT, related_name="opinions")
    version = models.PositiveSmallIntegerField("版本")
    answer = models.CharField("意见", max_length=12, choices=enums.AskState.choices)
    rule = models.ForeignKey(NegativeRule, models.PROTECT, related_name="+", null=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    file_key = models.UUIDField(default=uuid.uuid4, editable=False)
    file = models.FileField("证明材料", upload_to=opinion_path, max_length=100, blank=True)
    file_name = models.CharField("文件名", max_length=200, blank=True)
    content_type = models.CharField("类型", max_length=100, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    by_name = models.CharField("答复人", max_length=50)
    by_post = models.CharField("答复人岗位", max_length=100, blank=True)
    at = models.DateTimeField("答复时间")

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "联审意见"
        constraints = [
            models.UniqueConstraint(fields=["ask", "version"], name="one_opinion_per_version"),
            models.CheckConstraint(
                condition=Q(answer=enums.AskState.CLEAR)
                | (Q(answer__in=enums.ANSWERS) & ~Q(reason="")),
                name="opinion_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ask} {self.get_answer_display()}"

    @property
    def is_last(self) -> bool:
        """For a row read with its ask."""
        return self.version == self.ask.version
