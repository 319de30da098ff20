"""Codes of the ledgers around the procedure."""

from django.db import models


class Grade(models.TextChoices):
    """选情研判 of a village before it starts."""

    GREEN = "green", "绿色（平稳）"
    YELLOW = "yellow", "黄色（关注）"
    RED = "red", "红色（难点）"


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
