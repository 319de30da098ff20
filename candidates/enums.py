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
    DECLINED = "declined", "推荐后放弃（未列入）"
    WRITTEN_IN = "written_in", "另选人"
    DISQUALIFIED = "disqualified", "取消资格"


#: Still standing before, at and after each gate.
OUT = (
    CandidacyStatus.REJECTED,
    CandidacyStatus.VETOED,
    CandidacyStatus.NOT_PREPARED,
    CandidacyStatus.WITHDRAWN,
    CandidacyStatus.DECLINED,
    CandidacyStatus.WRITTEN_IN,
    CandidacyStatus.DISQUALIFIED,
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
NEVER_NOMINATED = (CandidacyStatus.DECLINED, CandidacyStatus.WRITTEN_IN)


class Source(models.TextChoices):
    """How a person came among the nominees."""

    RECOMMENDED = "recommended", "两推"
    SELF = "self", "个人自荐"
    ORGANISATION = "organisation", "组织推荐"
    RESERVE = "reserve", "后备干部库"


#: How somebody may be put forward besides the two recommendations.
PROPOSED = (Source.SELF, Source.ORGANISATION, Source.RESERVE)


class Strength(models.TextChoices):
    """How a nominee for secretary does in one of the two qualities (双强)."""

    STRONG = "strong", "强"
    FAIR = "fair", "较强"
    WEAK = "weak", "一般"


class PaperKind(models.TextChoices):
    PLEDGE = "pledge", "纪律承诺书"
    TALK = "talk", "谈话记录"


class WomenState(models.TextChoices):
    """How a village stands at one of the three gates for women."""

    WAITING = "waiting", "未到"
    MET = "met", "达标"
    SHORT = "short", "未达标"
    ASKED = "asked", "例外待批"
    EXCEPTED = "excepted", "已批准例外"
    NONE = "none", "不适用"

    @property
    def tone(self) -> str:
        return {
            "waiting": "waiting",
            "met": "done",
            "short": "bad",
            "asked": "submitted",
            "excepted": "yellow",
            "none": "not_applicable",
        }[self.value]


#: Below the minimum, excepted or not.
BELOW = (WomenState.SHORT, WomenState.ASKED, WomenState.EXCEPTED)


class ReserveWay(models.TextChoices):
    """三荐: the three ways into the reserve pool."""

    SELF = "self", "个人自荐"
    JOINT = "joint", "联名举荐"
    ORGANISATION = "organisation", "组织推荐"


class ReserveState(models.TextChoices):
    """Where a reserve cadre stands. Whoever was elected counts as used, whatever is stored: see
    ReserveCadreQuerySet.with_use."""

    LISTED = "listed", "在库"
    USED = "used", "使用"
    LEFT = "left", "退出"


class RelationKind(models.TextChoices):
    """Near relatives who do not sit in one team."""

    SPOUSE = "spouse", "夫妻"
    PARENT = "parent", "父母子女"
    SIBLING = "sibling", "兄弟姐妹"
    IN_LAW = "in_law", "其他近姻亲"


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


class Countersign(models.TextChoices):
    """复核: the second person's word about a decision that one person may not take alone. Empty: none is needed."""

    PENDING = "pending", "待复核"
    AGREED = "agreed", "复核同意"
    REFUSED = "refused", "复核不同意"


#: A decision in force: nobody else was needed, or the second person agreed.
IN_FORCE = ("", Countersign.AGREED)


class RuleCategory(models.TextChoices):
    POLITICAL = "political", "政治"
    CRIMINAL = "criminal", "刑事"
    DISCIPLINE = "discipline", "纪律"
    INTEGRITY = "integrity", "廉洁"
    PETITION = "petition", "信访"
    CREDIT = "credit", "失信"
    ECOLOGY = "ecology", "生态"
    PROCEDURE = "procedure", "程序"


class RuleWeight(models.TextChoices):
    MUST_NOT = "must_not", "不得"
    SHOULD_NOT = "should_not", "不宜"


class StartingPoint(models.TextChoices):
    """起算点: which date of a fact a look-back is counted from."""

    HAPPENED = "happened_on", "查处之日"
    DECIDED = "decided_on", "决定之日"
    ENDED = "ended_on", "刑满（影响期满）之日"


class FactKind(models.TextChoices):
    CRIMINAL = "criminal", "刑事处罚"
    DISCIPLINE = "discipline", "党纪政务处分"
    ORGANISATIONAL = "organisational", "组织处理"
    PUBLIC_ORDER = "public_order", "治安处罚"
    CREDIT = "credit", "失信"
    GANG = "gang", "涉黑涉恶"
    CULT = "cult", "邪教"
    PETITION = "petition", "信访"
    ECOLOGY = "ecology", "生态违法"
    AUDIT = "audit", "审计问题"
    OTHER = "other", "其他"


class AskState(models.TextChoices):
    """Where one department's question about one person stands. Only services change it."""

    OPEN = "open", "待答复"
    CLEAR = "clear", "无异议"
    OBJECTION = "objection", "有异议"
    SUPPLEMENT = "supplement", "需补充"
    VOID = "void", "已不需要"


#: What a department may answer.
ANSWERS = (AskState.CLEAR, AskState.OBJECTION, AskState.SUPPLEMENT)
