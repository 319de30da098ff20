"""Codes of reports, background jobs and the cells of the progress grids."""

from django.db import models

from elections.enums import Stage


class JobKind(models.TextChoices):
    CLOSING_REPORT = "closing_report", "总结报告"
    BULLETIN = "bulletin", "换届工作简报"
    IMPORT_CHECK = "import_check", "检查导入的工作簿"
    IMPORT_APPLY = "import_apply", "导入工作簿"
    EXPORT = "export", "导出"


#: What a campaign produces for all of its staff; the other jobs belong to one person's workbook.
DOCUMENT_JOBS = (JobKind.CLOSING_REPORT, JobKind.BULLETIN)


class TextSection(models.TextChoices):
    """Where the closing report takes words that no record gives."""

    FIRST = "first", "三先行的做法"
    IN_PLACE = "in_place", "三到位的做法"
    FOCUS = "focus", "三重抓的做法"
    STRICT = "strict", "三从严的做法"
    PROBLEMS = "problems", "存在问题"
    ADVICE = "advice", "建议"


class JobStatus(models.TextChoices):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "正在办理"
    DONE = "done", "已完成"
    FAILED = "failed", "未成功"
    CANCELLED = "cancelled", "已取消"


#: Jobs that wait or are being worked on.
LIVE_JOBS = (JobStatus.QUEUED, JobStatus.RUNNING)


class ReportApproval(models.TextChoices):
    """Whether the township's leader has seen a daily report, where the campaign asks for it."""

    NOT_ASKED = "not_asked", "无须审定"
    PENDING = "pending", "待乡镇领导审定"
    APPROVED = "approved", "乡镇领导已审定"
    RETURNED = "returned", "乡镇领导退回"


class DigestKind(models.TextChoices):
    """When a digest is made, and of what."""

    MORNING = "morning", "每日提醒"
    CUTOFF = "cutoff", "催报"


class TierWork(models.TextChoices):
    REFRESH = "refresh", "县级汇总"
    RECONCILE = "reconcile", "三层核对"


class ImportStatus(models.TextChoices):
    UPLOADED = "uploaded", "待检查"
    CHECKED = "checked", "已检查"
    APPLIED = "applied", "已导入"
    FAILED = "failed", "未成功"
    DISCARDED = "discarded", "已放弃"


class LineGroup(models.TextChoices):
    """What the check says about a line."""

    PROBLEM = "problem", "错误"
    NEW = "new", "新增"
    CHANGED = "changed", "更改"
    MISSING = "missing", "表中没有"


class CellState(models.TextChoices):
    """How one stage of one village shows in the 作战图 and on the village page."""

    DONE = "done", "已办结"
    OPEN = "open", "办理中"
    OVERDUE = "overdue", "逾期"
    SUBMITTED = "submitted", "待确认"
    RETURNED = "returned", "退回重办"
    NOT_APPLICABLE = "not_applicable", "不适用"
    WAITING = "waiting", "未开始"


#: Two or three characters for the head of a column with seventeen beside each other.
STAGE_SHORT = {
    Stage.SURVEY: "调研",
    Stage.RECTIFICATION: "整顿",
    Stage.PETITION: "批复",
    Stage.MOBILISATION: "动员",
    Stage.ROSTER: "名册",
    Stage.MEMBER_RECOMMENDATION: "党员荐",
    Stage.VILLAGER_RECOMMENDATION: "群众荐",
    Stage.PRELIMINARY: "初步",
    Stage.REVIEW: "审查",
    Stage.INSPECTION: "考察",
    Stage.NOMINATION: "预备",
    Stage.NOTICE: "公示",
    Stage.COMMITTEE_BALLOT: "大会",
    Stage.SECRETARY_BALLOT: "书记",
    Stage.APPROVAL: "报批",
    Stage.ANNOUNCEMENT: "公布",
    Stage.HANDOVER: "移交",
}


class TeamMeasure(models.TextChoices):
    """What a campaign may set a target for: at least so many percent of the team members, or of the secretaries."""

    MEMBER_WOMEN = "member_women", "班子成员中女性"
    MEMBER_YOUNG = "member_young", "班子成员中35岁及以下"
    MEMBER_COLLEGE = "member_college", "班子成员中大专及以上学历"
    MEMBER_CROSS = "member_cross", "交叉任职（兼村（居）委会成员）"
    SECRETARY_WOMEN = "secretary_women", "书记中女性"
    SECRETARY_YOUNG = "secretary_young", "书记中35岁及以下"
    SECRETARY_COLLEGE = "secretary_college", "书记中大专及以上学历"
    SECRETARY_DUAL = "secretary_dual", "一肩挑（书记兼村（居）委会主任）"
