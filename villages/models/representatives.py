"""村民代表: whom the villagers' groups chose to speak for them. Party members or not."""

from django.db import models
from django.db.models import F, Q

from .. import enums
from ..querysets import RepresentativeQuerySet
from .identity import HasIdentity
from .members import PartyMember
from .places import Village


class Representative(HasIdentity):
    """One person's time as a representative. A new term is a new row; ended, never deleted."""

    village = models.ForeignKey(Village, models.PROTECT, related_name="representatives")
    name = models.CharField("姓名", max_length=50)
    sex = models.CharField("性别", max_length=6, choices=enums.Sex.choices)
    born_on = models.DateField("出生日期")
    phone = models.CharField("联系电话", max_length=20, blank=True)
    group = models.CharField("村民小组", max_length=30)
    since = models.DateField("起任日期")
    until = models.DateField("离任日期", null=True, blank=True)
    member = models.ForeignKey(
        PartyMember,
        models.PROTECT,
        verbose_name="本村党员",
        related_name="+",
        null=True,
        blank=True,
    )

    objects = RepresentativeQuerySet.as_manager()

    class Meta:
        verbose_name = "村民代表"
        constraints = [
            models.CheckConstraint(
                condition=Q(since__gt=F("born_on")), name="representative_since_after_birth"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="representative_until_after_since",
            ),
            models.CheckConstraint(
                condition=Q(identity_sealed="", identity_hash="")
                | (~Q(identity_sealed="") & ~Q(identity_hash="")),
                name="representative_identity_both_or_neither",
            ),
            models.UniqueConstraint(
                fields=["village", "identity_hash"],
                condition=Q(until__isnull=True) & ~Q(identity_hash=""),
                name="representative_identity_once",
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(until__isnull=True),
                name="member_once_a_representative",
            ),
        ]

    def __str__(self) -> str:
        return self.name
