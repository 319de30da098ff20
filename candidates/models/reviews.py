"""资格审查: what was found about a person before anybody votes."""

from django.db import models
from django.db.models import Q

from .. import enums
from .nominees import USER, Candidacy


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
