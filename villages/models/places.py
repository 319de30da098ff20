"""Jurisdictions, villages and their party organisations.

Units are never deleted: a renamed or vanished one is closed with a date. The 12-digit code is a dated
attribute, never a key.
"""

from django.db import models
from django.db.models import F, Q

from .. import enums
from ..querysets import JurisdictionQuerySet, VillageQuerySet


class Jurisdiction(models.Model):
    """A unit from nation to township. Ancestors stand as integer columns; a unit's own level is not among them."""

    code = models.CharField("区划代码", max_length=12)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("层级", max_length=10, choices=enums.Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    province = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    city = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    county = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    opened_on = models.DateField("启用日期")
    closed_on = models.DateField("停用日期", null=True)

    objects = JurisdictionQuerySet.as_manager()

    class Meta:
        verbose_name = "辖区"
        constraints = [
            models.UniqueConstraint(
                fields=["level", "code"],
                condition=Q(closed_on__isnull=True),
                name="open_jurisdiction_code_once",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="jurisdiction_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Village(models.Model):
    """A village or community, with its ancestors as integer columns."""

    code = models.CharField("区划代码", max_length=12)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=10, choices=enums.VillageKind.choices)
    township = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    county = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    city = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    province = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    opened_on = models.DateField("启用日期")
    closed_on = models.DateField("停用日期", null=True)

    objects = VillageQuerySet.as_manager()

    class Meta:
        verbose_name = "村（社区）"
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(closed_on__isnull=True), name="open_village_code_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="village_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PartyOrganisation(models.Model):
    """The village's party organisation."""

    village = models.OneToOneField(Village, models.PROTECT, related_name="organisation")
    name = models.CharField("名称", max_length=80)
    kind = models.CharField(
        "类别",
        max_length=20,
        choices=enums.OrganisationKind.choices,
        default=enums.OrganisationKind.BRANCH,
    )
    term_ends_on = models.DateField("本届届满日期", null=True)

    class Meta:
        verbose_name = "党组织"

    def __str__(self) -> str:
        return self.name
