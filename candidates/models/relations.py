"""近亲属申报: who is whose near relative, as the people standing declared."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from elections.models import VillageElection
from elections.querysets import OfElectionQuerySet
from villages.models import PartyMember

from .. import enums
from .nominees import USER


class DeclaredRelation(models.Model):
    """One relation of two members of a village, from the declaration form of `member`. Each pair stands once."""

    election = models.ForeignKey(VillageElection, models.PROTECT, related_name="relations")
    member = models.ForeignKey(PartyMember, models.PROTECT, related_name="+")
    relative = models.ForeignKey(PartyMember, models.PROTECT, related_name="+")
    kind = models.CharField("关系", max_length=10, choices=enums.RelationKind.choices)
    declared_on = models.DateField("申报日期")
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间")

    objects = OfElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "近亲属申报"
        constraints = [
            models.CheckConstraint(
                condition=~Q(member=F("relative")), name="relative_is_somebody_else"
            ),
            models.UniqueConstraint(
                "election",
                Least("member", "relative"),
                Greatest("member", "relative"),
                name="pair_of_relatives_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}、{self.relative}（{self.get_kind_display()}）"
