"""Who was recommended, and who stands."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from elections.models import Meeting, VillageElection
from elections.querysets import OfElectionQuerySet
from villages.models import PartyMember

from .. import enums

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
