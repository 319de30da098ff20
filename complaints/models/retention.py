"""保管期限与销毁: how long a record is kept, what stops its destruction, and who decided it."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from elections.models import Campaign

from .. import enums
from ..querysets import OfComplaintQuerySet
from .complaints import Complaint

USER = settings.AUTH_USER_MODEL


class RetentionPeriod(models.Model):
    """How many years after it was settled a category is kept, where the county set its own; else rules.RETENTION."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    category = models.CharField("类别", max_length=10, choices=enums.Category.choices)
    years = models.PositiveSmallIntegerField(
        "保管年数", validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = "信访保管期限"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "category"], name="retention_once"),
            models.CheckConstraint(condition=Q(years__gte=1), name="retained_at_least_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()} {self.years}年"


class LegalHold(models.Model):
    """暂缓销毁: as long as it stands, the record is not destroyed. One stands at a time."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="holds")
    reason_sealed = models.TextField("理由（加密）")
    placed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField("设定时间")
    lifted_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    lifted_at = models.DateTimeField("解除时间", null=True)

    objects = OfComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = "暂缓销毁"
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(lifted_at__isnull=True), name="one_hold_stands"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__gte=F("placed_at"), lifted_by__isnull=False),
                name="hold_lifted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.placed_at:%Y-%m-%d}"


class Disposal(models.Model):
    """销毁: proposed by one person, decided by another. It outlives the record and knows it by number only; it says
    nothing of what the record was about."""

    complaint = models.ForeignKey(Complaint, models.SET_NULL, related_name="+", null=True)
    complaint_number = models.CharField("信访编号", max_length=30, db_index=True)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    category = models.CharField("类别", max_length=10, choices=enums.Category.choices)
    kept_until = models.DateField("保管至")
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提出时间")
    approved = models.BooleanField("同意", null=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField("决定时间", null=True)
    #: How many files went with the record.
    files = models.PositiveSmallIntegerField("附件数", default=0)

    class Meta:
        verbose_name = "信访件销毁"
        constraints = [
            models.CheckConstraint(
                condition=Q(approved__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(approved__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="disposal_decided_all_or_nothing",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="disposal_decided_by_another",
            ),
            models.UniqueConstraint(
                fields=["complaint_number"],
                condition=Q(approved__isnull=True),
                name="one_disposal_proposed_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.complaint_number
