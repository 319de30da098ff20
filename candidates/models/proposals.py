"""Who was put forward besides the two recommendations."""

from django.db import models
from django.db.models import Q

from elections.models import VillageElection
from elections.querysets import OfElectionQuerySet
from villages.models import PartyMember

from .. import enums
from .nominees import USER


class Proposal(models.Model):
    """自荐、组织推荐、后备库推荐: one person to be considered at stage 8, by whom and why."""

    election = models.ForeignKey(VillageElection, models.PROTECT, related_name="proposals")
    member = models.ForeignKey(PartyMember, models.PROTECT, related_name="+")
    source = models.CharField("来源", max_length=15, choices=enums.Source.choices)
    proposed_by = models.CharField("推荐人（单位）", max_length=100)
    reason = models.CharField("推荐理由", max_length=500)
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间")

    objects = OfElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "推荐提名"
        constraints = [
            models.UniqueConstraint(
                fields=["election", "member"], name="one_proposal_per_person_and_election"
            ),
            models.CheckConstraint(
                condition=Q(source__in=enums.PROPOSED), name="proposal_besides_the_recommendations"
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(proposed_by=""), name="proposal_says_by_whom_and_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}（{self.get_source_display()}）"
