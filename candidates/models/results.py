"""What the ballots gave: votes, seats given up, corrections of a count, posts won."""

from django.db import models
from django.db.models import F, Q

from elections.enums import BallotPost, Stage
from elections.models import BallotRound, Meeting, VillageElection
from elections.querysets import OfElectionQuerySet
from villages.models import PartyMember

from .. import enums
from ..querysets import CorrectionQuerySet
from .nominees import USER, Candidacy


class VoteTally(models.Model):
    """计票: votes of one candidate in one round (张)."""

    round = models.ForeignKey(BallotRound, models.PROTECT, related_name="tallies")
    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="tallies")
    in_favour = models.PositiveIntegerField("赞成")
    against = models.PositiveIntegerField("不赞成")
    abstained = models.PositiveIntegerField("弃权")
    #: 另选人: not on the ballot, so that only votes in favour exist.
    written_in = models.BooleanField("另选人", default=False)

    class Meta:
        verbose_name = "计票"
        constraints = [
            models.CheckConstraint(
                condition=Q(written_in=False) | Q(against=0, abstained=0),
                name="written_in_has_only_votes_in_favour",
            ),
            models.UniqueConstraint(
                fields=["round", "candidacy"], name="one_tally_per_round_and_candidate"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidacy} {self.in_favour}/{self.against}/{self.abstained}"


class SeatReduction(models.Model):
    """减少名额: the committee stays with those elected, because more than half of the voters present agreed to give
    up the seats that were left open. Counts are people."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="seat_reduction")
    seats = models.PositiveSmallIntegerField("减少后的名额")
    present = models.PositiveIntegerField("实到有选举权")
    consenting = models.PositiveIntegerField("同意人数")
    decided_on = models.DateField("表决日期")
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "减少名额"
        constraints = [
            models.CheckConstraint(
                condition=Q(consenting__lte=F("present")), name="consent_within_present"
            )
        ]

    def __str__(self) -> str:
        return f"{self.meeting} 减为{self.seats}名"


class BallotCorrection(models.Model):
    """计票更正: new figures for a count that a second person had checked, put forward by one and approved by another.

    The round then holds the new figures; the old ones stay here (`before`). `effect`: who was elected before and
    after, rounds that became void with their figures, stages that had to be done again. `round` is empty once the
    round itself became void by a later correction.
    """

    election = models.ForeignKey(VillageElection, models.PROTECT, related_name="corrections")
    round = models.ForeignKey(BallotRound, models.SET_NULL, null=True, related_name="corrections")
    stage = models.CharField("环节", max_length=30, choices=Stage.choices)
    post = models.CharField("职务", max_length=10, choices=BallotPost.choices)
    number = models.PositiveSmallIntegerField("轮次")
    held_on = models.DateField("投票日期")
    counted_at = models.DateTimeField("原计票登记时间")
    before = models.JSONField("原数字")
    after = models.JSONField("更正后数字")
    reason = models.CharField("更正理由", max_length=500)
    status = models.CharField(
        "状态",
        max_length=10,
        choices=enums.CorrectionStatus.choices,
        default=enums.CorrectionStatus.PENDING,
    )
    effect = models.JSONField("结果", default=dict)
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("申请时间")
    decided_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField("批准时间", null=True)
    note = models.CharField("批准意见", max_length=500, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = "计票更正"
        constraints = [
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(status=enums.CorrectionStatus.PENDING),
                name="one_pending_correction_per_round",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("proposed_by")), name="correction_approved_by_another"
            ),
            models.CheckConstraint(
                condition=Q(
                    status=enums.CorrectionStatus.PENDING,
                    decided_by__isnull=True,
                    decided_at__isnull=True,
                )
                | (
                    ~Q(status=enums.CorrectionStatus.PENDING)
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                ),
                name="correction_decided_all_or_nothing",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_has_a_reason"),
        ]
        indexes = [models.Index(fields=["election", "status"])]

    def __str__(self) -> str:
        return f"{self.election} {self.get_post_display()}第{self.number}轮更正"


class ElectedPost(models.Model):
    """当选职务: a post won, derived from the rounds. A secretary of a committee also has a MEMBER row:
    count persons, not rows. `reelected` is derived from the posts the person held on the day of the ballot."""

    election = models.ForeignKey(VillageElection, models.PROTECT, related_name="elected_posts")
    member = models.ForeignKey(PartyMember, models.PROTECT, related_name="+")
    round = models.ForeignKey(BallotRound, models.PROTECT, related_name="+")
    post = models.CharField("职务", max_length=10, choices=enums.ElectedPostKind.choices)
    votes = models.PositiveIntegerField("得票")
    elected_on = models.DateField("当选日期")
    term_ends_on = models.DateField("任期届满")
    reelected = models.BooleanField("连任")

    objects = OfElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "当选职务"
        constraints = [
            models.UniqueConstraint(
                fields=["election", "member", "post"], name="post_once_per_person"
            ),
            models.UniqueConstraint(
                fields=["election"],
                condition=Q(post=enums.ElectedPostKind.SECRETARY),
                name="one_secretary_per_election",
            ),
            models.CheckConstraint(
                condition=Q(term_ends_on__gt=F("elected_on")), name="term_ends_after_election"
            ),
        ]
        indexes = [models.Index(fields=["election", "post"])]

    def __str__(self) -> str:
        return f"{self.member} {self.get_post_display()}"
