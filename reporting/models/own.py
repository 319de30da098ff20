"""What is made for one person: reminders, saved filters."""

from django.conf import settings
from django.db import models

from elections.models import Campaign

from .. import enums
from ..querysets import OwnQuerySet

USER = settings.AUTH_USER_MODEL


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
