"""Rollups, daily reports, bulletins, jobs, closing reports and workbooks. Reads every app, writes only its own rows."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from elections.models import Campaign
from villages.models import Jurisdiction

from . import enums
from .querysets import (
    BulletinQuerySet,
    ClosingQuerySet,
    CountyRowQuerySet,
    DailyQuerySet,
    ExportQuerySet,
    ImportQuerySet,
    JobQuerySet,
    OwnQuerySet,
    TownshipRowQuerySet,
)

USER = settings.AUTH_USER_MODEL


class ProgressFigures(models.Model):
    """The figures of one area in one campaign, as columns.

    `settled_x`: elections whose stage x is done or not applicable. People are counted as unique persons.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    county = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    city = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+", null=True)
    province = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+", null=True)
    elections = models.PositiveIntegerField(default=0)
    villages = models.PositiveIntegerField(default=0)
    communities = models.PositiveIntegerField(default=0)
    completed = models.PositiveIntegerField(default=0)
    settled_survey = models.PositiveIntegerField(default=0)
    settled_rectification = models.PositiveIntegerField(default=0)
    settled_petition = models.PositiveIntegerField(default=0)
    settled_mobilisation = models.PositiveIntegerField(default=0)
    settled_roster = models.PositiveIntegerField(default=0)
    settled_member_recommendation = models.PositiveIntegerField(default=0)
    settled_villager_recommendation = models.PositiveIntegerField(default=0)
    settled_preliminary = models.PositiveIntegerField(default=0)
    settled_review = models.PositiveIntegerField(default=0)
    settled_inspection = models.PositiveIntegerField(default=0)
    settled_nomination = models.PositiveIntegerField(default=0)
    settled_notice = models.PositiveIntegerField(default=0)
    settled_committee_ballot = models.PositiveIntegerField(default=0)
    settled_secretary_ballot = models.PositiveIntegerField(default=0)
    settled_approval = models.PositiveIntegerField(default=0)
    settled_announcement = models.PositiveIntegerField(default=0)
    settled_handover = models.PositiveIntegerField(default=0)
    committee_members = models.PositiveIntegerField(default=0)
    committee_women = models.PositiveIntegerField(default=0)
    committee_new = models.PositiveIntegerField(default=0)
    committee_reelected = models.PositiveIntegerField(default=0)
    secretaries = models.PositiveIntegerField(default=0)
    secretary_women = models.PositiveIntegerField(default=0)
    secretary_new = models.PositiveIntegerField(default=0)
    secretary_reelected = models.PositiveIntegerField(default=0)
    nominees_preliminary = models.PositiveIntegerField(default=0)
    rejected_review = models.PositiveIntegerField(default=0)
    rejected_inspection = models.PositiveIntegerField(default=0)
    nominees_prepared = models.PositiveIntegerField(default=0)
    candidates_formal = models.PositiveIntegerField(default=0)
    nominees_withdrawn = models.PositiveIntegerField(default=0)
    nominees_disqualified = models.PositiveIntegerField(default=0)
    nominees_not_prepared = models.PositiveIntegerField(default=0)
    candidates_elected = models.PositiveIntegerField(default=0)
    candidates_lost = models.PositiveIntegerField(default=0)
    risk_red = models.PositiveIntegerField(default=0)
    risk_yellow = models.PositiveIntegerField(default=0)
    risk_green = models.PositiveIntegerField(default=0)
    ballots_decided = models.PositiveIntegerField(default=0)
    first_ballot_success = models.PositiveIntegerField(default=0)
    refreshed_at = models.DateTimeField()

    class Meta:
        abstract = True


class TownshipProgress(ProgressFigures):
    """First tier: one row per campaign and township, recomputed in the transaction of every write in that township."""

    township = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")

    objects = TownshipRowQuerySet.as_manager()

    class Meta:
        verbose_name = "乡镇进度"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "township"], name="one_progress_row_per_township"
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.township}"


class CountyProgress(ProgressFigures):
    """Second tier: the sum of a county's townships. Written by the refresher alone, never by a person's write, so that
    two townships never wait for one row. `refreshed_at`: when the figures last changed, not when they were checked."""

    townships = models.PositiveIntegerField(default=0)

    objects = CountyRowQuerySet.as_manager()

    class Meta:
        verbose_name = "县级进度"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "county"], name="one_progress_row_per_county"
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.county}"


class TierRun(models.Model):
    """When the second tier was last refreshed, and when all tiers were last compared with the records."""

    kind = models.CharField("内容", max_length=10, choices=enums.TierWork.choices, unique=True)
    at = models.DateTimeField("时间")
    found = models.JSONField("发现并改正的不符", default=list)

    class Meta:
        verbose_name = "汇总运行"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M:%S}"


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


class KeptFigures(models.Model):
    """指标留底: all figures of a campaign as they stood when a Shanghai day ended. Never changed afterwards: what the
    records give for that day later is compared with it. `figures`: key → value."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    day = models.DateField("日期")
    figures = models.JSONField("指标")
    kept_at = models.DateTimeField("留底时间")

    objects = ClosingQuerySet.as_manager()

    class Meta:
        verbose_name = "指标留底"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "day"], name="figures_kept_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.day}"

    def restated(self, values: dict) -> list[str]:
        """The keys of `values` whose figure is not the one that was kept; keys that came later are none."""
        return [k for k, v in values.items() if k in self.figures and v != self.figures[k]]


class DailyDigest(models.Model):
    """A text made for one person on one day, to paste into a chat group: 每日提醒, what waits in the morning; 催报, before
    the cut-off, which daily reports are missing. `count`: the duties or townships it names."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    day = models.DateField("日期")
    kind = models.CharField(
        "种类",
        max_length=10,
        choices=enums.DigestKind.choices,
        default=enums.DigestKind.MORNING,
    )
    count = models.PositiveIntegerField("件数")
    text = models.TextField("文字")
    produced_at = models.DateTimeField("生成时间")

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = "每日提醒"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "user", "day", "kind"],
                name="one_digest_per_person_day_and_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.day} {self.get_kind_display()}"


class SavedView(models.Model):
    """常用筛选: the filters of one list as one person keeps them under a name. `page`: the list's URL name; `campaign`: only
    if the filters name something of that campaign's area; otherwise they mean the same in each."""

    user = models.ForeignKey(USER, models.CASCADE, related_name="+")
    page = models.CharField("列表", max_length=40)
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+", null=True)
    name = models.CharField("名称", max_length=20)
    query = models.CharField("筛选条件", max_length=500)
    created_at = models.DateTimeField("保存时间")

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = "常用筛选"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page", "name"], name="one_saved_view_per_name_and_page"
            )
        ]

    def __str__(self) -> str:
        return self.name


class TeamTarget(models.Model):
    """班子结构目标: at least so many percent, as the campaign's plan asks; without a row there is no target."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    measure = models.CharField("项目", max_length=20, choices=enums.TeamMeasure.choices)
    percent = models.PositiveSmallIntegerField("不低于（%）")
    set_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    set_at = models.DateTimeField("设定时间")

    class Meta:
        verbose_name = "班子结构目标"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "measure"], name="one_team_target_per_measure"
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100), name="team_target_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()}不低于{self.percent}%"


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
