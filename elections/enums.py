"""Codes of the procedure: stages, their states, meetings, papers, ballots. Codes are stored, labels are shown."""

from django.db import models


class Stage(models.TextChoices):
    """The seventeen stages of "two recommendations, one election", in order."""

    SURVEY = "survey", "调研摸底"
    RECTIFICATION = "rectification", "集中整顿、离任审计"
    PETITION = "petition", "请示与批复"
    MOBILISATION = "mobilisation", "动员培训、纪律教育"
    ROSTER = "roster", "党员名册公示、应到会人员核定"
    MEMBER_RECOMMENDATION = "member_recommendation", "党员推荐"
    VILLAGER_RECOMMENDATION = "villager_recommendation", "群众（村民代表）推荐"
    PRELIMINARY = "preliminary", "确定初步人选"
    REVIEW = "review", "资格审查"
    INSPECTION = "inspection", "组织考察"
    NOMINATION = "nomination", "研究报批候选人预备人选"
    NOTICE = "notice", "公示"
    COMMITTEE_BALLOT = "committee_ballot", "党员大会选举"
    SECRETARY_BALLOT = "secretary_ballot", "选举书记、副书记"
    APPROVAL = "approval", "结果报批与备案"
    ANNOUNCEMENT = "announcement", "公布结果"
    HANDOVER = "handover", "工作移交、归档"


class Phase(models.TextChoices):
    PREPARATION = "preparation", "前期准备"
    LAUNCH = "launch", "部署启动"
    PUBLICITY = "publicity", "宣传动员"
    SELECTION = "selection", "确定人选"
    ELECTION = "election", "大会选举"
    FOLLOW_UP = "follow_up", "后续工作"


class StageStatus(models.TextChoices):
    """State of one attempt at one stage. WAITING → OPEN → (SUBMITTED →) DONE; SUBMITTED → RETURNED opens a new attempt."""

    WAITING = "waiting", "未开始"
    OPEN = "open", "办理中"
    SUBMITTED = "submitted", "待确认"
    DONE = "done", "已完成"
    RETURNED = "returned", "已退回"
    NOT_APPLICABLE = "not_applicable", "不适用"


#: A stage in one of these states no longer holds up the stages after it.
SETTLED = (StageStatus.DONE, StageStatus.NOT_APPLICABLE)


class StageEvent(models.TextChoices):
    OPENED = "opened", "开始"
    SUBMITTED = "submitted", "提交"
    COMPLETED = "completed", "完成"
    CONFIRMED = "confirmed", "确认"
    RETURNED = "returned", "退回"
    REOPENED = "reopened", "重新办理"
    NOT_APPLICABLE = "not_applicable", "不适用"
    OVERRIDDEN = "overridden", "特批放行"
    OVERRIDE_WITHDRAWN = "override_withdrawn", "撤销特批"


class CampaignStatus(models.TextChoices):
    ACTIVE = "active", "进行中"
    CLOSED = "closed", "已结束"


class MeetingKind(models.TextChoices):
    MOBILISATION = "mobilisation", "动员会"
    TRAINING = "training", "业务培训"
    DISCIPLINE = "discipline", "纪律教育"
    MEMBER_RECOMMENDATION = "member_recommendation", "党员推荐大会"
    VILLAGER_RECOMMENDATION = "villager_recommendation", "群众（村民代表）推荐会"
    COMMITTEE_BALLOT = "committee_ballot", "党员大会"
    SECRETARY_BALLOT = "secretary_ballot", "委员会全体会议"


class DocumentKind(models.TextChoices):
    REQUEST = "request", "请示"
    REPLY = "reply", "批复"
    FILING = "filing", "备案"


class NoticeKind(models.TextChoices):
    CANDIDATES = "candidates", "候选人预备人选公示"
    RESULT = "result", "选举结果公告"


class ExclusionReason(models.TextChoices):
    """Why a member with voting rights may be left out of 应到会 (中组部 interpretation; the sixth is local practice)."""

    UNABLE_TO_EXPRESS = "unable_to_express", "患精神病或因其他疾病不能表达本人意志"
    ABROAD = "abroad", "自费出国（境）半年以上"
    SERVING_SENTENCE = "serving_sentence", "虽未受留党察看以上处分但正在服刑"
    BEDRIDDEN = "bedridden", "年老体弱卧床不起或长期患病生活不能自理"
    MOVED_AWAY = "moved_away", "外出半年以上且按规定应转走组织关系而未转"
    RETIRED_ELSEWHERE = "retired_elsewhere", "离退休后长期异地居住且组织关系因特殊原因未转出"


class BallotPost(models.TextChoices):
    """What a round of voting fills."""

    COMMITTEE = "committee", "委员"
    SECRETARY = "secretary", "书记"
    DEPUTY = "deputy", "副书记"


class BallotKind(models.TextChoices):
    MAIN = "main", "首次投票"
    RUNOFF = "runoff", "得票相等者再次投票"
    FURTHER = "further", "不足名额另行选举"


class Lift(models.TextChoices):
    """Whether a blocker can be lifted: never, when the township asks and the county agrees, by the county's order."""

    FIRM = "firm", "须补齐，不能放行"
    EXCEPTION = "exception", "可申请例外"
    OVERRIDE = "override", "可由县级特批"


class MergeRule(models.TextChoices):
    """How the two recommendations are merged; the codes are those of rules.merge_recommendations."""

    SUM = "sum", "两次得票之和"
    WEIGHTED = "weighted", "两次得票加权"
    TOP_OF_BOTH = "top_of_both", "各取前列（两次都在前列的优先）"


class ElectionMethod(models.TextChoices):
    SURPLUS = "surplus", "差额选举"
