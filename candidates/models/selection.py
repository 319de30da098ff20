"""书记选配: what is compared when the township committee chooses whom to put forward as secretary."""

from django.db import models
from django.db.models import Q

from elections.querysets import OfElectionQuerySet

from .. import enums
from .nominees import USER, Candidacy


class SecretaryAssessment(models.Model):
    """双强 of one person compared for secretary: political quality, ability to develop the village and lead people to
    prosperity, each with its grounds. Whoever has one is on the comparison sheet (人选比选表)."""

    election = models.ForeignKey("elections.VillageElection", models.PROTECT, related_name="+")
    candidacy = models.OneToOneField(Candidacy, models.CASCADE, related_name="secretary_assessment")
    political = models.CharField("政治素质", max_length=10, choices=enums.Strength.choices)
    political_grounds = models.CharField("政治素质依据", max_length=300)
    prosperity = models.CharField("发展带富能力", max_length=10, choices=enums.Strength.choices)
    prosperity_grounds = models.CharField("发展带富能力依据", max_length=300)
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间")

    objects = OfElectionQuerySet.as_manager()

    class Meta:
        verbose_name = "书记人选双强评价"
        constraints = [
            models.CheckConstraint(
                condition=~Q(political_grounds="") & ~Q(prosperity_grounds=""),
                name="strength_has_grounds",
            )
        ]

    def __str__(self) -> str:
        return f"{self.candidacy} 双强"

    @property
    def is_strong_in_both(self) -> bool:
        return self.political == self.prosperity == enums.Strength.STRONG
