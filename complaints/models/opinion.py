"""网络舆情: what was found on the net about the elections, entered by hand, and how it was dealt with."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from elections.models import Campaign
from villages.models import Jurisdiction, Village

from .. import enums
from ..querysets import OfOpinionQuerySet, OpinionQuerySet
from .complaints import Matter

USER = settings.AUTH_USER_MODEL


def _both_or_neither(at: str, by: str) -> Q:
    return Q(**{f"{at}__isnull": True, f"{by}__isnull": True}) | Q(
        **{f"{at}__isnull": False, f"{by}__isnull": False}
    )


class OpinionIncident(models.Model):
    """One incident, counted in 起. `township` empty: it concerns the whole area. `withheld`: it is about the township's
    own people, so the township does not see it. Who wrote the post is not recorded."""

    number = models.CharField("编号", max_length=30, unique=True)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    township = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+", null=True)
    village = models.ForeignKey(Village, models.PROTECT, related_name="+", null=True)
    withheld = models.BooleanField("涉及乡镇本级，乡镇不可见", default=False)
    source = models.CharField("来源平台", max_length=60)
    link = models.URLField("链接", max_length=500, blank=True)
    title = models.CharField("标题或摘要", max_length=200)
    kind = models.CharField("类型", max_length=10, choices=enums.OpinionKind.choices)
    level = models.CharField("级别", max_length=10, choices=enums.OpinionLevel.choices)
    seen_at = models.DateTimeField("发现时间")
    unit = models.CharField("责任单位", max_length=60)
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间")
    reported_at = models.DateTimeField("报送时间", null=True)
    reported_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    finding = models.TextField("核查情况", max_length=2000, blank=True)
    checked_at = models.DateTimeField("核查时间", null=True)
    checked_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    response = models.TextField("回应内容", max_length=2000, blank=True)
    responded_at = models.DateTimeField("回应时间", null=True)
    responded_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    outcome = models.TextField("处置结果", max_length=1000, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True)
    closed_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    matters = models.ManyToManyField(Matter, related_name="+", verbose_name="关联信访事项")

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "网络舆情"
        indexes = [models.Index(fields=["campaign", "-seen_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(village__isnull=True) | Q(township__isnull=False),
                name="opinion_of_a_village_names_the_township",
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__gte=F("seen_at")), name="opinion_seen_before_recorded"
            ),
            *(
                models.CheckConstraint(
                    condition=_both_or_neither(f"{step}_at", f"{step}_by"),
                    name=f"opinion_{step}_by_somebody",
                )
                for step in ("reported", "checked", "responded", "closed")
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True)
                | Q(checked_at__isnull=False, reported_at__isnull=False) & ~Q(outcome=""),
                name="opinion_closed_after_report_and_check",
            ),
        ]

    def __str__(self) -> str:
        return self.number


def screenshot_path(instance: "OpinionScreenshot", filename: str) -> str:
    """An opaque name."""
    return f"opinion/{instance.pk.hex[:2]}/{instance.pk.hex}"


class OpinionScreenshot(models.Model):
    """截图 of the post, written anew as a picture. `size` in bytes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(OpinionIncident, models.CASCADE, related_name="screenshots")
    file = models.FileField("截图", upload_to=screenshot_path, max_length=100)
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("字节")
    added_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    added_at = models.DateTimeField("上传时间")

    objects = OfOpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "舆情截图"

    def __str__(self) -> str:
        return self.name
