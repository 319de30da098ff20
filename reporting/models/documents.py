"""What a campaign produces: bulletins, the closing report and the words typed for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from elections.models import Campaign

from .. import enums
from ..querysets import BulletinQuerySet, ClosingQuerySet
from .jobs import Job

USER = settings.AUTH_USER_MODEL


class Bulletin(models.Model):
    """换届工作简报 of one day, one version of it. `rows` and `summary` are the frozen document: a version never changes.

    Produced at the cut-off; asking again makes a further row with the next `version` and the same `issue`, and the one
    before gets `superseded_at`. `by_name`: who asked, empty for beat. `job`: the one that produced it.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    day = models.DateField("日期")
    issue = models.PositiveIntegerField("期号")
    version = models.PositiveSmallIntegerField("版本", default=1)
    superseded_at = models.DateTimeField("被新版代替的时间", null=True)
    summary = models.JSONField()
    rows = models.JSONField()
    unreported = models.JSONField("未上报乡镇")
    produced_at = models.DateTimeField("生成时间")
    by_name = models.CharField("生成人", max_length=50, blank=True)
    job = models.ForeignKey("Job", models.PROTECT, related_name="bulletins", null=True)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = "换届工作简报"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "day"],
                condition=Q(superseded_at__isnull=True),
                name="one_current_bulletin_per_day",
            ),
            models.UniqueConstraint(
                fields=["campaign", "issue"],
                condition=Q(superseded_at__isnull=True),
                name="one_current_bulletin_per_issue",
            ),
            models.UniqueConstraint(
                fields=["campaign", "day", "version"], name="bulletin_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign}简报{self.words}"

    @property
    def words(self) -> str:
        """The issue, with its version where it is not the first."""
        return f"第{self.issue}期" + (f"（第{self.version}版）" if self.version > 1 else "")


def closing_report_path(instance: "ClosingReport", filename: str) -> str:
    return f"reports/{instance.job_id}.docx"


def annex_path(instance: "ClosingReport", filename: str) -> str:
    return f"reports/{instance.job_id}.xlsx"


class ReportText(models.Model):
    """Words of one section of the closing report, typed by staff. A change is a new version; the newest holds."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    section = models.CharField("部分", max_length=10, choices=enums.TextSection.choices)
    version = models.PositiveIntegerField("版本")
    text = models.TextField("文字", max_length=4000, blank=True)
    written_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    written_at = models.DateTimeField("保存时间")

    objects = ClosingQuerySet.as_manager()

    class Meta:
        verbose_name = "总结报告文字"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "section", "version"], name="report_text_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign}{self.get_section_display()}第{self.version}版"


class ClosingReport(models.Model):
    """总结报告: one produced version, with the figures, tables and typed words it states."""

    job = models.OneToOneField(Job, models.PROTECT, related_name="closing_report")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField("版本")
    as_of = models.DateField("截止日期")
    figures = models.JSONField("指标")
    texts = models.JSONField("文字", default=dict)
    tables = models.JSONField("附表", default=list)
    file = models.FileField("文件", upload_to=closing_report_path)
    annex = models.FileField("附表文件", upload_to=annex_path, blank=True)
    produced_at = models.DateTimeField("生成时间")

    objects = ClosingQuerySet.as_manager()

    class Meta:
        verbose_name = "总结报告"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "version"], name="closing_report_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign}总结报告第{self.version}版"
