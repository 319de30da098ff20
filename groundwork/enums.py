"""Codes of the ledgers around the procedure."""

from django.db import models


class Grade(models.TextChoices):
    """选情研判 of a village before it starts."""

    GREEN = "green", "绿色（平稳）"
    YELLOW = "yellow", "黄色（关注）"
    RED = "red", "红色（难点）"


class Aspect(models.TextChoices):
    """The five aspects that a grading scores."""

    TEAM = "team", "班子建设"
    RUNNING = "running", "工作运行"
    PEOPLE = "people", "人选排摸"
    PETITIONS = "petitions", "信访化解"
    HISTORY = "history", "往届选情"


class DisputeCategory(models.TextChoices):
    LAND = "land", "土地权属"
    FINANCE = "finance", "村级财务"
    CADRES = "cadres", "干群关系"
    CLAN = "clan", "宗族派系"
    ELECTION = "election", "选举纠纷"
    HISTORY = "history", "历史遗留"
    OTHER = "other", "其他"


class DisputeStatus(models.TextChoices):
    OPEN = "open", "化解中"
    SETTLED = "settled", "已化解"
    STABLE = "stable", "已稳控"


class DifficultKind(models.TextChoices):
    """Why a village needs more than the others. A village may be of several kinds."""

    HARD = "hard", "难点村"
    KEY = "key", "重点村"
    LAGGING = "lagging", "后进村"


class GroupKind(models.TextChoices):
    LEADING = "leading", "领导小组"
    RESEARCH = "research", "调研组"
    GUIDANCE = "guidance", "指导组"
    SUPERVISION = "supervision", "监督组"
    PUBLICITY = "publicity", "宣传组"


class CadreKind(models.TextChoices):
    """Who is responsible for a village."""

    VILLAGE = "village", "包村干部"
    STATIONED = "stationed", "驻村督导"


class WorkMeetingKind(models.TextChoices):
    """Meetings of the county and the townships; those of a village belong to its stage 4."""

    MOBILISATION = "mobilisation", "动员会"
    TRAINING = "training", "业务培训"
    DISPATCH = "dispatch", "工作调度会"
    STUDY = "study", "学习"


class AdjustmentWay(models.TextChoices):
    """How a secretary was replaced before the election."""

    POSTED = "posted", "机关干部下村挂职"
    CONCURRENT = "concurrent", "优秀村书记跨村兼职"
    RETURNED = "returned", "在外能人返乡任职"
    OTHER = "other", "其他方式"


class PublicityKind(models.TextChoices):
    MANUAL = "manual", "操作手册"
    NOTICE = "notice", "通告"
    COMIC = "comic", "漫画"
    FILM = "film", "宣教片（动漫片）"
    SLOGAN = "slogan", "标语横幅"
    OTHER = "other", "其他"
