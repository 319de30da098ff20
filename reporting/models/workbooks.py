"""Workbooks brought in and lists taken out."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from elections.models import Campaign
from villages.models import Jurisdiction

from .. import enums
from ..querysets import ExportQuerySet, ImportQuerySet
from .jobs import Job

USER = settings.AUTH_USER_MODEL


def import_path(instance: "WorkbookImport", filename: str) -> str:
    return f"imports/{instance.pk}.xlsx"


def painted_path(instance: "WorkbookImport", filename: str) -> str:
    return f"imports/{instance.pk}-errors.xlsx"


class WorkbookImport(models.Model):
    """One uploaded workbook: checked, shown, and written as a whole or not at all. `job`: the last one about it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("种类", max_length=40)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    area = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    file = models.FileField("文件", upload_to=import_path)
    name = models.CharField("文件名", max_length=200)
    size = models.PositiveIntegerField("字节")
    sha256 = models.CharField(max_length=64)
    reason = models.CharField("说明", max_length=500, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("上传时间")
    status = models.CharField(
        "状态",
        max_length=10,
        choices=enums.ImportStatus.choices,
        default=enums.ImportStatus.UPLOADED,
    )
    message = models.TextField("说明", blank=True)
    job = models.ForeignKey(Job, models.PROTECT, related_name="imports", null=True)
    new = models.PositiveIntegerField("新增", default=0)
    changed = models.PositiveIntegerField("更改", default=0)
    unchanged = models.PositiveIntegerField("不变", default=0)
    missing = models.PositiveIntegerField("表中没有", default=0)
    problems = models.PositiveIntegerField("错误", default=0)
    digest = models.CharField("预览的校验码", max_length=64, blank=True)
    painted = models.FileField("标出错误的文件", upload_to=painted_path, blank=True)
    applied_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    applied_at = models.DateTimeField("导入时间", null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = "导入的工作簿"
        constraints = [
            models.CheckConstraint(
                condition=Q(status="applied", applied_at__isnull=False, applied_by__isnull=False)
                | (~Q(status="applied") & Q(applied_at__isnull=True, applied_by__isnull=True)),
                name="applied_import_has_who_and_when",
            )
        ]
        indexes = [models.Index(fields=["campaign", "-uploaded_at"])]

    def __str__(self) -> str:
        return self.name


class ImportLine(models.Model):
    """One line of a check's result. `facts`: changes [[head, before, after]], or where an error stands."""

    workbook = models.ForeignKey(WorkbookImport, models.CASCADE, related_name="lines")
    group = models.CharField(max_length=10, choices=enums.LineGroup.choices)
    row = models.PositiveIntegerField("行", null=True)
    label = models.CharField(max_length=300)
    detail = models.TextField(blank=True)
    facts = models.JSONField(default=list)

    class Meta:
        verbose_name = "导入的一行"
        indexes = [models.Index(fields=["workbook", "group", "id"])]

    def __str__(self) -> str:
        return self.label


def export_path(instance: "WorkbookExport", filename: str) -> str:
    return f"exports/{instance.pk}.xlsx"


class WorkbookExport(models.Model):
    """A long list written in the background for one person. `query`: the filters as the page's address has them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    what = models.CharField("内容", max_length=40)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    query = models.TextField(blank=True)
    reason = models.CharField("用途", max_length=500, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField("申请时间")
    job = models.OneToOneField(Job, models.PROTECT, related_name="export")
    rows = models.PositiveIntegerField("行数", default=0)
    file = models.FileField("文件", upload_to=export_path, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = "导出"

    def __str__(self) -> str:
        return self.what
