"""Codes of reports and background jobs."""

from django.db import models


class JobKind(models.TextChoices):
    CLOSING_REPORT = "closing_report", "总结报告"
    BULLETIN = "bulletin", "换届工作简报"


class JobStatus(models.TextChoices):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "正在生成"
    DONE = "done", "已完成"
    FAILED = "failed", "未成功"
