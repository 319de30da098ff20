"""Who may vote and who was counted as due: the frozen roll, version by version."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .. import enums
from ..querysets import RollQuerySet

USER = settings.AUTH_USER_MODEL


class Roll(models.Model):
    """One version of the frozen roll of voters of one election. A later freeze adds a version, the earlier ones stay.

    `sha256` is roll_digest.digest() over what the version says; a row changed afterwards no longer agrees with it.
    """

    election = models.ForeignKey("elections.VillageElection", models.PROTECT, related_name="rolls")
    version = models.PositiveSmallIntegerField("版本", default=1)
    is_current = models.BooleanField(default=True)
    published_on = models.DateField("名册公示日期")
    voters = models.PositiveIntegerField("有选举权的党员")
    excluded = models.PositiveIntegerField("不计入应到会")
    due = models.PositiveIntegerField("应到会人数")
    representatives = models.PositiveIntegerField("村民代表人数")
    representatives_published_on = models.DateField("村民代表名单公布日期")
    frozen_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField("核定时间")
    sha256 = models.CharField("校验码", max_length=64, blank=True)

    objects = RollQuerySet.as_manager()

    class Meta:
        verbose_name = "应到会人员名册"
        constraints = [
            models.UniqueConstraint(fields=["election", "version"], name="roll_version_once"),
            models.UniqueConstraint(
                fields=["election"], condition=Q(is_current=True), name="one_current_roll"
            ),
            models.CheckConstraint(
                condition=Q(due=F("voters") - F("excluded")), name="due_is_voters_less_excluded"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.election} 名册第{self.version}版"


class RollEntry(models.Model):
    """One member on the roll as of the day it was frozen. An exclusion carries all three conditions."""

    roll = models.ForeignKey(Roll, models.CASCADE, related_name="entries")
    member = models.ForeignKey("villages.PartyMember", models.PROTECT, related_name="+")
    name = models.CharField("姓名", max_length=50)
    status = models.CharField("党员类别", max_length=20)
    may_vote = models.BooleanField("有选举权")
    exclusion = models.CharField(
        "不计入理由", max_length=30, choices=enums.ExclusionReason.choices, blank=True
    )
    superior_agreed_on = models.DateField("上级党委同意日期", null=True)
    adopted_on = models.DateField("党员大会通过日期", null=True)

    class Meta:
        verbose_name = "名册人员"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["roll", "member"], name="member_once_per_roll"),
            models.CheckConstraint(
                condition=Q(exclusion="")
                | Q(may_vote=True, superior_agreed_on__isnull=False, adopted_on__isnull=False),
                name="exclusion_meets_three_conditions",
            ),
        ]

    def __str__(self) -> str:
        return self.name
