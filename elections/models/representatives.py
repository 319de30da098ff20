"""Who recommends for the villagers: the published list, version by version, and objections to somebody on it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ..querysets import OfElectionQuerySet, RollQuerySet

USER = settings.AUTH_USER_MODEL


class RepresentativeList(models.Model):
    """One version of the published list of villagers' representatives. An upheld challenge adds a version without the
    person; the earlier ones stay. `sha256` is roll_digest.list_digest() over what the version says."""

    election = models.ForeignKey(
        "elections.VillageElection", models.PROTECT, related_name="representative_lists"
    )
    version = models.PositiveSmallIntegerField("版本", default=1)
    is_current = models.BooleanField(default=True)
    published_on = models.DateField("公布日期")
    count = models.PositiveIntegerField("村民代表人数")
    frozen_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField("核定时间")
    sha256 = models.CharField("校验码", max_length=64)

    objects = RollQuerySet.as_manager()

    class Meta:
        verbose_name = "村民代表名单"
        constraints = [
            models.UniqueConstraint(
                fields=["election", "version"], name="representative_list_version_once"
            ),
            models.UniqueConstraint(
                fields=["election"],
                condition=Q(is_current=True),
                name="one_current_representative_list",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.election} 村民代表名单第{self.version}版"


class RepresentativeEntry(models.Model):
    """One representative on the list as of the day it was frozen."""

    list = models.ForeignKey(RepresentativeList, models.CASCADE, related_name="entries")
    representative = models.ForeignKey("villages.Representative", models.PROTECT, related_name="+")
    name = models.CharField("姓名", max_length=50)
    group = models.CharField("村民小组", max_length=30)

    class Meta:
        verbose_name = "名单人员"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["list", "representative"], name="representative_once_per_list"
            )
        ]

    def __str__(self) -> str:
        return self.name


class RepresentativeChallenge(models.Model):
    """村民代表资格异议: an objection to somebody on the published list, and the township's answer. Whoever raised it may
    stay unnamed."""

    election = models.ForeignKey(
        "elections.VillageElection", models.PROTECT, related_name="challenges"
    )
    entry = models.ForeignKey(RepresentativeEntry, models.PROTECT, related_name="challenges")
    raised_on = models.DateField("提出日期")
    raised_by = models.CharField("提出人", max_length=50, blank=True)
    grounds = models.CharField("理由", max_length=500)
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间")
    upheld = models.BooleanField("是否成立", null=True)
    answer = models.CharField("答复", max_length=500, blank=True)
    answered_on = models.DateField("答复日期", null=True)
    answered_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)

    objects = OfElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "村民代表资格异议"
        constraints = [
            models.CheckConstraint(condition=~Q(grounds=""), name="challenge_has_grounds"),
            models.CheckConstraint(
                condition=Q(
                    upheld__isnull=True,
                    answer="",
                    answered_on__isnull=True,
                    answered_by__isnull=True,
                )
                | (
                    Q(
                        upheld__isnull=False,
                        answered_on__isnull=False,
                        answered_by__isnull=False,
                    )
                    & ~Q(answer="")
                ),
                name="challenge_answered_all_or_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"对{self.entry}的资格异议（{self.raised_on:%Y-%m-%d}）"

    @property
    def is_open(self) -> bool:
        return self.upheld is None
