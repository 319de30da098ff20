"""Background work."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from elections.models import Campaign

from .. import enums
from ..querysets import JobQuerySet

USER = settings.AUTH_USER_MODEL


class Job(models.Model):
    """Background work as a row: the truth about what was asked and how far it is; Celery only hints at it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("任务", max_length=20, choices=enums.JobKind.choices)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    as_of = models.DateField("截止日期")
    status = models.CharField(
        "状态", max_length=10, choices=enums.JobStatus.choices, default=enums.JobStatus.QUEUED
    )
    progress = models.PositiveSmallIntegerField("进度（%）", default=0)
    message = models.CharField("说明", max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    lease_until = models.DateTimeField(null=True)
    requested_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    requested_at = models.DateTimeField("申请时间")
    finished_at = models.DateTimeField("完成时间", null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "任务"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "campaign", "as_of"],
                condition=Q(
                    status__in=["queued", "running"], kind__in=["closing_report", "bulletin"]
                ),
                name="one_live_job_per_request",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="progress_at_most_100"),
        ]
        indexes = [models.Index(fields=["status", "lease_until"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.get_status_display()}"
