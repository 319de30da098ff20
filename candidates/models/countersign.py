"""复核: what a decision carries that needs a second person."""

from django.db import models
from django.db.models import F, Q

from .. import enums
from .nominees import USER


class NeedsSecond(models.Model):
    """A decision that is not in force until a second person agreed. `first`: field of who decided, for the constraint.

    Name and post are those of the day, kept when the account is disabled or the posting ends.
    """

    countersign = models.CharField(
        "复核", max_length=10, choices=enums.Countersign.choices, blank=True
    )
    second_by = models.ForeignKey(USER, models.PROTECT, related_name="+", null=True)
    second_name = models.CharField("复核人", max_length=50, blank=True)
    second_post = models.CharField("复核人岗位", max_length=100, blank=True)
    second_at = models.DateTimeField("复核时间", null=True)
    second_note = models.CharField("复核意见", max_length=500, blank=True)

    class Meta:
        abstract = True

    @property
    def is_pending(self) -> bool:
        return self.countersign == enums.Countersign.PENDING


def second_person(first: str, name: str) -> list[models.CheckConstraint]:
    """The second person is another than `first` and is there exactly when the decision was countersigned."""
    decided = (enums.Countersign.AGREED, enums.Countersign.REFUSED)
    return [
        models.CheckConstraint(condition=~Q(second_by=F(first)), name=f"{name}_second_is_another"),
        models.CheckConstraint(
            condition=Q(countersign__in=decided, second_by__isnull=False, second_at__isnull=False)
            | Q(~Q(countersign__in=decided), second_by__isnull=True, second_at__isnull=True),
            name=f"{name}_second_all_or_nothing",
        ),
        models.CheckConstraint(
            condition=~Q(countersign=enums.Countersign.REFUSED) | ~Q(second_note=""),
            name=f"{name}_refusal_has_a_reason",
        ),
    ]
