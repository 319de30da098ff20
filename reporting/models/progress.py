"""Rollups, the figures kept of past days, targets: what dashboards add up and compare."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from elections.models import Campaign
from villages.models import Jurisdiction

from .. import enums
from ..querysets import ClosingQuerySet, CountyRowQuerySet, TownshipRowQuerySet

USER = settings.AUTH_USER_MODEL


class ProgressFigures(models.Model):
    """The figures of one area in one campaign, as columns.

    `settled_x`: elections whose stage x is done or not applicable. People are counted as unique persons.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    county = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    city = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+", null=True)
    province = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+", null=True)
    elections = models.PositiveIntegerField(default=0)
    villages = models.PositiveIntegerField(default=0)
    communities = models.PositiveIntegerField(default=0)
    completed = models.PositiveIntegerField(default=0)
    settled_survey = models.PositiveIntegerField(default=0)
    settled_rectification = models.PositiveIntegerField(default=0)
    settled_petition = models.PositiveIntegerField(default=0)
    settled_mobilisation = models.PositiveIntegerField(default=0)
    settled_roster = models.PositiveIntegerField(default=0)
    settled_member_recommendation = models.PositiveIntegerField(default=0)
    settled_villager_recommendation = models.PositiveIntegerField(default=0)
    settled_preliminary = models.PositiveIntegerField(default=0)
    settled_review = models.PositiveIntegerField(default=0)
    settled_inspection = models.PositiveIntegerField(default=0)
    settled_nomination = models.PositiveIntegerField(default=0)
    settled_notice = models.PositiveIntegerField(default=0)
    settled_committee_ballot = models.PositiveIntegerField(default=0)
    settled_secretary_ballot = models.PositiveIntegerField(default=0)
    settled_approval = models.PositiveIntegerField(default=0)
    settled_announcement = models.PositiveIntegerField(default=0)
    settled_handover = models.PositiveIntegerField(default=0)
    committee_members = models.PositiveIntegerField(default=0)
    committee_women = models.PositiveIntegerField(default=0)
    committee_new = models.PositiveIntegerField(default=0)
    committee_reelected = models.PositiveIntegerField(default=0)
    secretaries = models.PositiveIntegerField(default=0)
    secretary_women = models.PositiveIntegerField(default=0)
    secretary_new = models.PositiveIntegerField(default=0)
    secretary_reelected = models.PositiveIntegerField(default=0)
    nominees_preliminary = models.PositiveIntegerField(default=0)
    rejected_review = models.PositiveIntegerField(default=0)
    rejected_inspection = models.PositiveIntegerField(default=0)
    nominees_prepared = models.PositiveIntegerField(default=0)
    candidates_formal = models.PositiveIntegerField(default=0)
    nominees_withdrawn = models.PositiveIntegerField(default=0)
    nominees_disqualified = models.PositiveIntegerField(default=0)
    nominees_not_prepared = models.PositiveIntegerField(default=0)
    candidates_elected = models.PositiveIntegerField(default=0)
    candidates_lost = models.PositiveIntegerField(default=0)
    risk_red = models.PositiveIntegerField(default=0)
    risk_yellow = models.PositiveIntegerField(default=0)
    risk_green = models.PositiveIntegerField(default=0)
    ballots_decided = models.PositiveIntegerField(default=0)
    first_ballot_success = models.PositiveIntegerField(default=0)
    refreshed_at = models.DateTimeField()

    class Meta:
        abstract = True


class TownshipProgress(ProgressFigures):
    """First tier: one row per campaign and township, recomputed in the transaction of every write in that township."""

    township = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")

    objects = TownshipRowQuerySet.as_manager()

    class Meta:
        verbose_name = "乡镇进度"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "township"], name="one_progress_row_per_township"
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.township}"


class CountyProgress(ProgressFigures):
    """Second tier: the sum of a county's townships. Written by the refresher alone, never by a person's write, so that
    two townships never wait for one row. `refreshed_at`: when the figures last changed, not when they were checked."""

    townships = models.PositiveIntegerField(default=0)

    objects = CountyRowQuerySet.as_manager()

    class Meta:
        verbose_name = "县级进度"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "county"], name="one_progress_row_per_county"
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.county}"


class TierRun(models.Model):
    """When the second tier was last refreshed, and when all tiers were last compared with the records."""

    kind = models.CharField("内容", max_length=10, choices=enums.TierWork.choices, unique=True)
    at = models.DateTimeField("时间")
    found = models.JSONField("发现并改正的不符", default=list)

    class Meta:
        verbose_name = "汇总运行"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M:%S}"


class KeptFigures(models.Model):
    """指标留底: all figures of a campaign as they stood when a Shanghai day ended. Never changed afterwards: what the
    records give for that day later is compared with it. `figures`: key → value."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    day = models.DateField("日期")
    figures = models.JSONField("指标")
    kept_at = models.DateTimeField("留底时间")

    objects = ClosingQuerySet.as_manager()

    class Meta:
        verbose_name = "指标留底"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "day"], name="figures_kept_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.day}"


class TeamTarget(models.Model):
    """班子结构目标: at least so many percent, as the campaign's plan asks; without a row there is no target."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    measure = models.CharField("项目", max_length=20, choices=enums.TeamMeasure.choices)
    percent = models.PositiveSmallIntegerField("不低于（%）")
    set_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    set_at = models.DateTimeField("设定时间")

    class Meta:
        verbose_name = "班子结构目标"
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "measure"], name="one_team_target_per_measure"
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100), name="team_target_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()}不低于{self.percent}%"
