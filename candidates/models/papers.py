"""Scans that belong to one person: the signed pledge, the record of the talk."""

from django.db import models
from django.db.models import Q

from elections.models import Evidence
from elections.querysets import OfElectionQuerySet

from .. import enums
from .nominees import Candidacy


class CandidacyPaper(models.Model):
    """One person's scan; the file itself is evidence of the stage. Withdrawn there, it counts no longer here."""

    election = models.ForeignKey("elections.VillageElection", models.PROTECT, related_name="+")
    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="papers")
    kind = models.CharField("种类", max_length=10, choices=enums.PaperKind.choices)
    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="+")

    objects = OfElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "人选材料"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=enums.PaperKind.values), name="known_kind_of_paper"
            )
        ]

    def __str__(self) -> str:
        return f"{self.candidacy} {self.get_kind_display()}"
