"""选情研判: the county's rule sheet, the scores a village was given, the requests to clear a red one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from elections.models import Campaign, VillageElection
from elections.querysets import OfElectionQuerySet

from ..enums import Aspect, Grade
from ..rules import FULL_SCORE, Sheet

USER = settings.AUTH_USER_MODEL


class RiskSheet(models.Model):
    """The county's rule sheet. A change is a new version; the newest holds, gradings keep the one they were made by."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField("版本")
    most_team = models.PositiveSmallIntegerField("班子建设满分", default=20)
    most_running = models.PositiveSmallIntegerField("工作运行满分", default=20)
    most_people = models.PositiveSmallIntegerField("人选排摸满分", default=20)
    most_petitions = models.PositiveSmallIntegerField("信访化解满分", default=20)
    most_history = models.PositiveSmallIntegerField("往届选情满分", default=20)
    green_from = models.PositiveSmallIntegerField("绿色起点", default=80)
    yellow_from = models.PositiveSmallIntegerField("黄色起点", default=61)
    created_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "选情研判评分表"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "version"], name="risk_sheet_version_once"),
            models.CheckConstraint(
                condition=Q(
                    most_team=FULL_SCORE
                    - F("most_running")
                    - F("most_people")
                    - F("most_petitions")
                    - F("most_history")
                ),
                name="risk_sheet_adds_up_to_a_hundred",
            ),
            models.CheckConstraint(
                condition=Q(yellow_from__gte=1, yellow_from__lt=F("green_from"))
                & Q(green_from__lte=FULL_SCORE),
                name="risk_sheet_thresholds_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} 评分表第{self.version}版"

    @property
    def rule(self) -> Sheet:
        most = {aspect.value: getattr(self, f"most_{aspect.value}") for aspect in Aspect}
        return Sheet(most, self.green_from, self.yellow_from)


class RiskScore(models.Model):
    """One grading of a village by scores. Kept when it is graded again; the newest made its RiskGrade."""

    election = models.ForeignKey(VillageElection, models.PROTECT, related_name="+")
    sheet_version = models.PositiveSmallIntegerField("评分表版本", default=0)
    team = models.PositiveSmallIntegerField(Aspect.TEAM.label)
    running = models.PositiveSmallIntegerField(Aspect.RUNNING.label)
    people = models.PositiveSmallIntegerField(Aspect.PEOPLE.label)
    petitions = models.PositiveSmallIntegerField(Aspect.PETITIONS.label)
    history = models.PositiveSmallIntegerField(Aspect.HISTORY.label)
    total = models.PositiveSmallIntegerField("总分")
    grade = models.CharField("等级", max_length=10, choices=Grade.choices)
    graded_on = models.DateField("研判日期")
    grounds = models.CharField("研判依据", max_length=500, blank=True)
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = OfElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "选情研判评分"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    total=F("team") + F("running") + F("people") + F("petitions") + F("history")
                ),
                name="risk_score_adds_up",
            )
        ]

    def __str__(self) -> str:
        return f"{self.election} {self.total}分"


class ClearRequest(models.Model):
    """销号 asked for by the township, approved or returned by the county."""

    election = models.ForeignKey(VillageElection, models.PROTECT, related_name="clear_requests")
    note = models.CharField("化解情况", max_length=500)
    requested_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    approved = models.BooleanField("批准", null=True)
    decision_note = models.CharField("意见", max_length=300, blank=True)
    decided_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)

    objects = OfElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "销号申请"
        constraints = [
            models.UniqueConstraint(
                fields=["election"],
                condition=Q(approved__isnull=True),
                name="one_pending_clear_request",
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(approved__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="clear_request_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.election} 销号申请"
