"""Codes about people standing for office: their standing, reviews, inspections, posts."""

from django.db import models


class CandidacyStatus(models.TextChoices):
    """Where a person stands in one election. Only services change it. A prepared nominee is a formal candidate
    (正式候选人) once the notice stage of the election is settled: derived, not stored twice."""

    PRELIMINARY = "preliminary", "初步人选"
    REJECTED = "rejected", "审查不合格"
    CLEARED = "cleared", "审查合格"
    VETO_PENDING = "veto_pending", "否决待复核"
    VETOED = "vetoed", "考察否决"
    INSPECTED = "inspected", "考察通过"
    PREPARED = "prepared", "候选人预备人选"
    NOT_PREPARED = "not_prepared", "未列为预备人选"
    WITHDRAWN = "withdrawn", "本人放弃"
    WRITTEN_IN = "written_in", "另选人"


#: Still standing before, at and after each gate.
OUT = (
    CandidacyStatus.REJECTED,
    CandidacyStatus.VETOED,
    CandidacyStatus.NOT_PREPARED,
    CandidacyStatus.WITHDRAWN,
    CandidacyStatus.WRITTEN_IN,
)


#: status → how its chip is coloured.
TONE = {
    CandidacyStatus.PRELIMINARY: "open",
    CandidacyStatus.CLEARED: "open",
    CandidacyStatus.VETO_PENDING: "yellow",
    CandidacyStatus.INSPECTED: "done",
    CandidacyStatus.PREPARED: "done",
} | dict.fromkeys(OUT, "bad")


#: Never among the preliminary nominees.
NEVER_NOMINATED = (CandidacyStatus.WITHDRAWN, CandidacyStatus.WRITTEN_IN)


class ReviewLevel(models.TextChoices):
    TOWNSHIP = "township", "乡镇初审"
    COUNTY = "county", "县级联审"


class ReviewResult(models.TextChoices):
    PASSED = "passed", "合格"
    FAILED = "failed", "不合格"


class InspectionResult(models.TextChoices):
    PASSED = "passed", "同意"
    VETOED = "vetoed", "否决"


class CorrectionStatus(models.TextChoices):
    PENDING = "pending", "待批准"
    APPROVED = "approved", "已更正"
    REFUSED = "refused", "未同意"


class MarkKind(models.TextChoices):
    """One stroke of a count: for or against a candidate, one ballot done, or a stroke taken back."""

    FAVOUR = "favour", "赞成"
    AGAINST = "against", "不赞成"
    VALID = "valid", "有效票"
    INVALID = "invalid", "无效票"
    UNDO = "undo", "撤销"


class ElectedPostKind(models.TextChoices):
    SECRETARY = "secretary", "书记"
    DEPUTY = "deputy", "副书记"
    MEMBER = "member", "委员"
