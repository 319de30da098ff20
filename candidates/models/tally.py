"""唱票计票: the strokes of a live count."""

from django.db import models
from django.db.models import Q

from elections.enums import BallotPost, Stage
from elections.models import VillageElection
from elections.querysets import OfElectionQuerySet

from .. import enums
from .nominees import USER, Candidacy


class TallySheet(models.Model):
    """唱票计票: one teller's count of one round while the ballots are read out. Two people count, each without seeing
    the other's sheet; what they counted is compared when both are closed."""

    election = models.ForeignKey(VillageElection, models.PROTECT, related_name="tally_sheets")
    stage = models.CharField("环节", max_length=30, choices=Stage.choices)
    post = models.CharField("职务", max_length=10, choices=BallotPost.choices)
    number = models.PositiveSmallIntegerField("轮次")
    #: Candidacy ids in the order of the ballot when the sheet was opened.
    candidates = models.JSONField("候选人")
    teller = models.ForeignKey(USER, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField("开始时间")
    closed_at = models.DateTimeField("结束时间", null=True)
    replaced_at = models.DateTimeField("作废时间", null=True)
    replaced_because = models.CharField("重新计票的理由", max_length=200, blank=True)

    objects = OfElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "计票单"
        constraints = [
            models.UniqueConstraint(
                fields=["election", "stage", "post", "number", "teller"],
                condition=Q(replaced_at__isnull=True),
                name="one_sheet_per_teller_and_round",
            )
        ]

    def __str__(self) -> str:
        return f"{self.election} {self.get_post_display()}第{self.number}轮 {self.teller}"


class TallyMark(models.Model):
    """One stroke. `uid` comes from the teller's device: a stroke sent twice is stored once. Strokes are never changed;
    one that was wrong is taken back by another (`undoes`)."""

    sheet = models.ForeignKey(TallySheet, models.CASCADE, related_name="marks")
    uid = models.UUIDField()
    kind = models.CharField("种类", max_length=10, choices=enums.MarkKind.choices)
    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="+", null=True)
    undoes = models.UUIDField(null=True)
    at = models.DateTimeField("收到时间")

    class Meta:
        verbose_name = "计票笔画"
        constraints = [
            models.UniqueConstraint(fields=["sheet", "uid"], name="stroke_once_per_sheet"),
            models.UniqueConstraint(
                fields=["sheet", "undoes"],
                condition=Q(undoes__isnull=False),
                name="stroke_taken_back_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["favour", "against"], candidacy__isnull=False)
                | (~Q(kind__in=["favour", "against"]) & Q(candidacy__isnull=True)),
                name="stroke_for_a_candidate_or_a_ballot",
            ),
            models.CheckConstraint(
                condition=Q(kind="undo", undoes__isnull=False)
                | (~Q(kind="undo") & Q(undoes__isnull=True)),
                name="undo_names_its_stroke",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.get_kind_display()}"
