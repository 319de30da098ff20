"""资格审查: what was found about a person before anybody votes."""

from django.db import models
from django.db.models import Q

from .. import enums
from ..querysets import ReviewQuerySet
from .countersign import NeedsSecond, second_person
from .negative import NegativeRule
from .nominees import USER, Candidacy


class CurrentReviews(models.Manager.from_queryset(ReviewQuerySet)):
    def get_queryset(self):
        return super().get_queryset().filter(returned_at__isnull=True)


class Review(NeedsSecond):
    """资格审查 of one person at one level. A rejection carries the rule and the reason, and needs a second person; so
    does a pass at the county against a department's objection (`set_aside`: why).

    One that was returned, corrected or not countersigned no longer counts, here and over `candidacy.reviews`;
    `everything` has it, too. `supplement`: what the township added for the departments that asked for more.
    """

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="reviews")
    level = models.CharField("层级", max_length=10, choices=enums.ReviewLevel.choices)
    result = models.CharField("结论", max_length=10, choices=enums.ReviewResult.choices)
    rule = models.CharField("不合格情形", max_length=200, blank=True)
    cited = models.ForeignKey(NegativeRule, models.PROTECT, related_name="+", null=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    set_aside = models.CharField("不采纳异议的理由", max_length=500, blank=True)
    supplement = models.CharField("补充情况", max_length=500, blank=True)
    decided_on = models.DateField("审查日期")
    decided_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    by_name = models.CharField("登记人", max_length=50, blank=True)
    by_post = models.CharField("登记人岗位", max_length=100, blank=True)
    returned_at = models.DateTimeField("退回时间", null=True)
    return_reason = models.CharField("退回理由", max_length=500, blank=True)

    objects = CurrentReviews()
    everything = ReviewQuerySet.as_manager()

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
            models.CheckConstraint(
                condition=Q(set_aside="") | ~Q(countersign=""),
                name="objection_set_aside_by_two",
            ),
            *second_person("decided_by", "review"),
        ]

    def __str__(self) -> str:
        return f"{self.candidacy} {self.get_level_display()}"

    @property
    def is_in_force(self) -> bool:
        return self.countersign in enums.IN_FORCE
