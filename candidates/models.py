"""A person standing in one village's election: recommendation, candidacy, review, inspection, votes, posts won."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from elections.enums import BallotPost, Stage
from elections.models import BallotRound, Meeting, VillageElection
from elections.querysets import OfElectionQuerySet
from villages.models import PartyMember

from . import enums
from .querysets import CorrectionQuerySet

USER = settings.AUTH_USER_MODEL


class RecommendationTally(models.Model):
    """推荐得票 of one person at one recommendation meeting. Counts are votes (票)."""

    election = models.ForeignKey(VillageElection, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="recommendations")
    member = models.ForeignKey(PartyMember, models.PROTECT, related_name="+")
    votes = models.PositiveIntegerField("得票")

    objects = OfElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "推荐得票"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member"], name="one_tally_per_meeting_and_person"
            )
        ]
        indexes = [models.Index(fields=["election", "member"])]

    def __str__(self) -> str:
        return f"{self.member} {self.votes}票"


class Candidacy(models.Model):
    """人选: one person in one election, from preliminary nominee to formal candidate."""

    election = models.ForeignKey(VillageElection, models.PROTECT, related_name="candidacies")
    member = models.ForeignKey(PartyMember, models.PROTECT, related_name="candidacies")
    status = models.CharField(
        "状态",
        max_length=20,
        choices=enums.CandidacyStatus.choices,
        default=enums.CandidacyStatus.PRELIMINARY,
    )
    rank = models.PositiveSmallIntegerField("推荐名次")
    member_votes = models.PositiveIntegerField("党员推荐票", default=0)
    villager_votes = models.PositiveIntegerField("群众推荐票", default=0)
    is_replacement = models.BooleanField("递补", default=False)
    withdrawal_reason = models.CharField("放弃理由", max_length=200, blank=True)
    # Filled at the nomination: which post the superior agreed to, pledge and talk.
    nominated_post = models.CharField(
        "拟任职务", max_length=10, choices=enums.ElectedPostKind.choices, blank=True
    )
    pledged_on = models.DateField("签订承诺书日期", null=True)
    talked_on = models.DateField("集体谈话日期", null=True)
    talker = models.CharField("谈话人", max_length=50, blank=True)

    objects = OfElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "人选"
        verbose_name_plural = "人选"
        constraints = [
            models.UniqueConstraint(
                fields=["election", "member"], name="one_candidacy_per_person_and_election"
            ),
            models.CheckConstraint(
                condition=~Q(status=enums.CandidacyStatus.WITHDRAWN) | ~Q(withdrawal_reason=""),
                name="withdrawal_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status=enums.CandidacyStatus.PREPARED)
                | Q(pledged_on__isnull=False, talked_on__isnull=False),
                name="nominee_pledged_and_was_talked_to",
            ),
        ]
        indexes = [models.Index(fields=["election", "status"])]

    def __str__(self) -> str:
        return f"{self.member}（{self.get_status_display()}）"

    @property
    def inspection_or_none(self):
        """The inspection, for a row read with select_related("inspection")."""
        return getattr(self, "inspection", None)


class CurrentReviews(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(returned_at__isnull=True)


class Review(models.Model):
    """资格审查 of one person at one level. A rejection carries the rule and the reason.

    One that the county returned no longer counts, here and over `candidacy.reviews`; `everything` has it, too.
    """

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="reviews")
    level = models.CharField("层级", max_length=10, choices=enums.ReviewLevel.choices)
    result = models.CharField("结论", max_length=10, choices=enums.ReviewResult.choices)
    rule = models.CharField("不合格情形", max_length=200, blank=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    decided_on = models.DateField("审查日期")
    decided_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    returned_at = models.DateTimeField("退回时间", null=True)
    return_reason = models.CharField("退回理由", max_length=500, blank=True)

    objects = CurrentReviews()
    everything = models.Manager()  # noqa: DJ012 - a manager, not a field

    class Meta:
        verbose_name = "资格审查"
        constraints = [
            models.UniqueConstraint(
                fields=["candidacy", "level"],
                condition=Q(returned_at__isnull=True),
                name="one_review_per_level",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | ~Q(return_reason=""),
                name="returned_review_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(result=enums.ReviewResult.PASSED) | (~Q(rule="") & ~Q(reason="")),
                name="rejection_has_rule_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidacy} {self.get_level_display()}"


class Inspection(models.Model):
    """组织考察 of one person: talks (人次), assessment votes 优秀/称职/基本称职/不称职 (票), conclusion."""

    candidacy = models.OneToOneField(Candidacy, models.PROTECT, related_name="inspection")
    inspected_on = models.DateField("考察日期")
    team = models.CharField("考察组", max_length=200)
    talks = models.PositiveIntegerField("谈话人数")
    excellent = models.PositiveIntegerField("优秀票")
    competent = models.PositiveIntegerField("称职票")
    basic = models.PositiveIntegerField("基本称职票")
    incompetent = models.PositiveIntegerField("不称职票")
    result = models.CharField("结论", max_length=10, choices=enums.InspectionResult.choices)
    reason = models.CharField("否决理由", max_length=500, blank=True)
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "组织考察"
        constraints = [
            models.CheckConstraint(
                condition=Q(result=enums.InspectionResult.PASSED) | ~Q(reason=""),
                name="veto_has_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.candidacy} 考察"


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
