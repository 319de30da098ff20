"""Codes of complaints."""

from django.db import models


class Channel(models.TextChoices):
    LETTER = "letter", "来信"
    VISIT = "visit", "来访"
    CALL = "call", "来电"
    ONLINE = "online", "网络"


class Category(models.TextChoices):
    """What kind of matter it is: it decides the clocks and how long the record is kept."""

    REPORT = "report", "检举控告"
    OBJECTION = "objection", "公示异议"
    PETITION = "petition", "投诉求决"
    ADVICE = "advice", "意见咨询"


class Cause(models.TextChoices):
    CLAN = "clan", "宗族派系"
    HISTORY = "history", "历史矛盾"
    REPRESENTATIVES = "representatives", "村民代表资格认定"
    FINANCE = "finance", "财务问题"
    BRIBERY = "bribery", "拉票贿选"
    PROCEDURE = "procedure", "程序问题"
    QUALIFICATION = "qualification", "候选人资格"
    INTERFERENCE = "interference", "干扰破坏"
    PRESSURE = "pressure", "打招呼、干预"
    OTHER = "other", "其他"


class Accused(models.TextChoices):
    """Who a complaint is about. Everything but the village's own affairs names a unit; rules.ROUTES says who handles it."""

    VILLAGE = "village", "村（社区）的人和事"
    COORDINATOR = "coordinator", "乡镇工作人员"
    LEADER = "leader", "领导班子成员"
    UNIT = "unit", "整个单位"
    DISCIPLINE = "discipline", "纪检信访人员"
    ORG_STAFF = "org_staff", "组织部工作人员"
    VETTING = "vetting", "联审单位工作人员"


class Status(models.TextChoices):
    """Where a complaint stands. Only services change it."""

    RECEIVED = "received", "待受理"
    ACCEPTED = "accepted", "办理中"
    CONCLUDED = "concluded", "已认定，待答复"
    SETTLED = "settled", "已办结"


class Conclusion(models.TextChoices):
    TRUE = "true", "查实"
    PARTLY = "partly", "部分属实"
    FALSE = "false", "不实"
    UNVERIFIABLE = "unverifiable", "无法查实"
    REPEAT = "repeat", "重复件，并案办理"
    DECLINED = "declined", "不予受理"


#: What the facts bore out, wholly or in part: what may be followed by taking a candidacy away.
PROVEN = (Conclusion.TRUE, Conclusion.PARTLY)


class DayUnit(models.TextChoices):
    WORKING = "working", "工作日"
    CALENDAR = "calendar", "自然日"


class Step(models.TextChoices):
    """What was done with a complaint: its history, for those who handle it."""

    RECEIVED = "received", "收到登记"
    CLASSIFIED = "classified", "调整分类、对象"
    JOINED = "joined", "并案"
    PARTED = "parted", "撤销并案"
    ACCEPTED = "accepted", "受理"
    ASSIGNED = "assigned", "指定承办人"
    REPORTED = "reported", "第一时间汇报"
    INVESTIGATED = "investigated", "第一时间调查"
    INFORMED = "informed", "第一时间向群众说明"
    TRANSFERRED = "transferred", "转办"
    RETURNED = "returned", "转办件反馈"
    EXTENSION_ASKED = "extension_asked", "申请延期"
    EXTENSION_DECIDED = "extension_decided", "审批延期"
    CONCLUDED = "concluded", "认定结论"
    ACTED = "acted", "处理措施"
    SETTLED = "settled", "答复办结"
    FOLLOWED_UP = "followed_up", "反映人补充"


class MeasureKind(models.TextChoices):
    TALK = "talk", "谈话提醒"
    DISQUALIFY = "disqualify", "取消候选资格"
    REELECT = "reelect", "重新选举"
    REFER = "refer", "移送纪委、公安"
    CLEAR = "clear", "澄清正名"


class OpinionKind(models.TextChoices):
    """What a post on the net is, once looked at."""

    FACT = "fact", "反映事实"
    RUMOUR = "rumour", "谣言"
    DEMAND = "demand", "诉求"
    OTHER = "other", "其他"


class OpinionLevel(models.TextChoices):
    """How much a post weighs; the highest is reported within the hour."""

    HIGHEST = "highest", "特别重大"
    HIGH = "high", "重大"
    MEDIUM = "medium", "较大"
    NORMAL = "normal", "一般"


class Dimension(models.TextChoices):
    """By what the last campaign's complaints were counted."""

    TOTAL = "total", "合计"
    CHANNEL = "channel", "渠道"
    CAUSE = "cause", "反映问题"
