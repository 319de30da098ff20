"""日报: a township's report of one day, its versions, its locks."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from elections.models import Campaign
from villages.models import Jurisdiction

from .. import enums
from ..querysets import DailyQuerySet

USER = settings.AUTH_USER_MODEL


class DailyReport(models.Model):
    """日报: a township's confirmed report of one Shanghai day. A row exists only once it is 已上报; figures are frozen.

    A correction is a further row with the next `version`; the one before gets `superseded_at`. `is_late` is that of
    version 1.
    `request_digest`: what was sent under `request_key`, so that a retry is told from another body.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    township = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    county = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    city = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+", null=True)
    province = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+", null=True)
    day = models.DateField("日期")
    number = models.CharField("编号", max_length=40, unique=True)
    elections = models.PositiveIntegerField("应换届数")
    day_started = models.PositiveIntegerField("已完成调研（当日）", default=0)
    total_started = models.PositiveIntegerField("已完成调研（累计）", default=0)
    day_petitioned = models.PositiveIntegerField("已批复（当日）", default=0)
    total_petitioned = models.PositiveIntegerField("已批复（累计）", default=0)
    day_recommended = models.PositiveIntegerField("已两推（当日）", default=0)
    total_recommended = models.PositiveIntegerField("已两推（累计）", default=0)
    day_reviewed = models.PositiveIntegerField("已联审（当日）", default=0)
    total_reviewed = models.PositiveIntegerField("已联审（累计）", default=0)
    day_inspected = models.PositiveIntegerField("已考察（当日）", default=0)
    total_inspected = models.PositiveIntegerField("已考察（累计）", default=0)
    day_noticed = models.PositiveIntegerField("已公示（当日）", default=0)
    total_noticed = models.PositiveIntegerField("已公示（累计）", default=0)
    day_elected = models.PositiveIntegerField("已选举（当日）", default=0)
    total_elected = models.PositiveIntegerField("已选举（累计）", default=0)
    day_approved = models.PositiveIntegerField("已批复书记（当日）", default=0)
    total_approved = models.PositiveIntegerField("已批复书记（累计）", default=0)
    day_completed = models.PositiveIntegerField("已完成（当日）", default=0)
    total_completed = models.PositiveIntegerField("已完成（累计）", default=0)
    problems = models.TextField("存在问题", max_length=1000, blank=True)
    practices = models.TextField("做法", max_length=1000, blank=True)
    confirmed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    confirmed_name = models.CharField("上报人", max_length=50)
    confirmed_at = models.DateTimeField("上报时间")
    is_late = models.BooleanField("迟报", default=False)
    request_key = models.UUIDField(default=uuid.uuid4, unique=True)
    request_digest = models.CharField(max_length=64, blank=True)
    version = models.PositiveSmallIntegerField("版本", default=1)
    superseded_at = models.DateTimeField("更正时间", null=True)
    reason = models.CharField("更正原因", max_length=500, blank=True)
    approval = models.CharField(
        "乡镇审定",
        max_length=10,
        choices=enums.ReportApproval.choices,
        default=enums.ReportApproval.NOT_ASKED,
    )
    approved_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    approved_name = models.CharField("审定人", max_length=50, blank=True)
    approved_at = models.DateTimeField("审定时间", null=True)
    approval_note = models.CharField("审定意见", max_length=500, blank=True)

    objects = DailyQuerySet.as_manager()

    class Meta:
        verbose_name = "日报"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "township", "day"],
                condition=Q(superseded_at__isnull=True),
                name="one_current_daily_report_per_township_and_day",
            ),
            models.UniqueConstraint(
                fields=["campaign", "township", "day", "version"], name="daily_report_version_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    approval__in=["approved", "returned"],
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                )
                | Q(
                    approval__in=["not_asked", "pending"],
                    approved_by__isnull=True,
                    approved_at__isnull=True,
                ),
                name="decided_daily_report_has_who_and_when",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "day"])]

    def __str__(self) -> str:
        return self.number

    @property
    def is_zero(self) -> bool:
        """零报告: nothing new that day."""
        names = (f.name for f in self._meta.fields if f.name.startswith("day_"))
        return not any(getattr(self, name) for name in names)


class DailyUnlock(models.Model):
    """开锁: staff let a report that is past the days for corrections be corrected, once."""

    report = models.OneToOneField(DailyReport, models.CASCADE, related_name="unlock")
    reason = models.CharField("理由", max_length=500)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    by_name = models.CharField("开锁人", max_length=50)
    at = models.DateTimeField("开锁时间")

    class Meta:
        verbose_name = "日报开锁"

    def __str__(self) -> str:
        return f"{self.report} {self.by_name}"
