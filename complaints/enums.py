"""Codes of complaints."""

from django.db import models


class Channel(models.TextChoices):
    LETTER = "letter", "来信"
    VISIT = "visit", "来访"
    CALL = "call", "来电"
    ONLINE = "online", "网络"


class Cause(models.TextChoices):
    CLAN = "clan", "宗族派系"
    HISTORY = "history", "历史矛盾"
    REPRESENTATIVES = "representatives", "村民代表资格认定"
    FINANCE = "finance", "财务问题"
    BRIBERY = "bribery", "拉票贿选"
    PROCEDURE = "procedure", "程序问题"
    QUALIFICATION = "qualification", "候选人资格"
    OTHER = "other", "其他"


class Conclusion(models.TextChoices):
    TRUE = "true", "查实"
    PARTLY = "partly", "部分属实"
    FALSE = "false", "不实"
