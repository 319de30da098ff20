"""What is done with a complaint: its steps, transfers, extensions, measures; and the clocks it runs by."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from elections.models import Campaign

from .. import enums
from ..querysets import OfComplaintQuerySet
from .complaints import Complaint

USER = settings.AUTH_USER_MODEL
DAYS = [MinValueValidator(1), MaxValueValidator(180)]


class Clock(models.Model):
    """办理期限 of a category in a campaign, where the county set its own; otherwise rules.CLOCKS."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    category = models.CharField("类别", max_length=10, choices=enums.Category.choices)
    unit = models.CharField("按", max_length=10, choices=enums.DayUnit.choices)
    accept_days = models.PositiveSmallIntegerField("几日内受理", validators=DAYS)
    settle_days = models.PositiveSmallIntegerField("几日内办结", validators=DAYS)
    extend_days = models.PositiveSmallIntegerField("最多延期几日", validators=DAYS)

    class Meta:
        verbose_name = "信访办理期限"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "category"], name="clock_once"),
            models.CheckConstraint(
                condition=Q(accept_days__gte=1, settle_days__gte=F("accept_days")),
                name="accepted_before_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} {self.settle_days}"


class Event(models.Model):
    """One step in handling a complaint: who, when, what was noted. Never changed."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="events")
    step = models.CharField("步骤", max_length=20, choices=enums.Step.choices)
    note_sealed = models.TextField("说明（加密）", blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField("时间")

    objects = OfComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = "办理过程"
        indexes = [models.Index(fields=["complaint", "at"])]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.get_step_display()}"


class Transfer(models.Model):
    """转办: another unit is asked to look into it and to answer by a day. The slip carries no identity; what it says of
    the matter was written for that unit (`request`)."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="transfers")
    number = models.PositiveSmallIntegerField("第几次")
    unit = models.CharField("承办单位", max_length=100)
    request_sealed = models.TextField("转办要求（加密）")
    answer_by = models.DateField("要求反馈日期")
    answer_sealed = models.TextField("反馈情况（加密）", blank=True)
    answered_at = models.DateTimeField("反馈时间", null=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField("转办时间")

    objects = OfComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = "转办"
        constraints = [
            models.UniqueConstraint(fields=["complaint", "number"], name="transfer_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id}-{self.number}"


class Extension(models.Model):
    """延期: asked for by one person, decided by another."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="extensions")
    days = models.PositiveSmallIntegerField("延长几日", validators=DAYS)
    reason_sealed = models.TextField("理由（加密）")
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请时间")
    approved = models.BooleanField("同意", null=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField("审批时间", null=True)

    objects = OfComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = "延期"
        constraints = [
            models.CheckConstraint(
                condition=Q(approved__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(approved__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="extension_decided_all_or_nothing",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="extension_decided_by_another",
            ),
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(approved__isnull=True),
                name="one_extension_asked_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} +{self.days}"


class Measure(models.Model):
    """处理措施 that follows from a conclusion."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="measures")
    kind = models.CharField("措施", max_length=15, choices=enums.MeasureKind.choices)
    taken_on = models.DateField("日期")
    note_sealed = models.TextField("说明（加密）", blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField("登记时间")

    objects = OfComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = "处理措施"

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.get_kind_display()}"
