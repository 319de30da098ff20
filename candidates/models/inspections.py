"""组织考察 of a person."""

from django.db import models
from django.db.models import Q

from .. import enums
from .nominees import USER, Candidacy


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
