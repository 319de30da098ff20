"""What every row of a ledger has: a place it belongs to, and a way to be taken back without being deleted."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from elections.models import Campaign, VillageElection
from villages.enums import Level

from ..querysets import AreaRowQuerySet, VillageRowQuerySet


class LedgerRow(models.Model):
    """A row that was entered wrongly, or no longer holds, is marked withdrawn with a reason."""

    withdrawn_at = models.DateTimeField("撤销时间", null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    withdrawn_reason = models.CharField("撤销理由", max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | (
                    Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~Q(withdrawn_reason="")
                ),
                name="%(class)s_withdrawn_by_whom_and_why",
            )
        ]


class VillageRow(LedgerRow):
    """A row about one village's election."""

    election = models.ForeignKey(VillageElection, models.PROTECT, related_name="+")

    objects = VillageRowQuerySet.as_manager()

    class Meta(LedgerRow.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.election} {self._meta.verbose_name}"

    @property
    def place(self) -> VillageElection:
        return self.election

    @property
    def place_names(self) -> tuple[str, ...]:
        """乡镇, 村（社区）: the first cells of a line."""
        return self.election.village.township.name, self.election.village.name

    @property
    def township_pk(self) -> int:
        return self.election.township_id

    @property
    def campaign_pk(self) -> int:
        return self.election.campaign_id


class AreaRow(LedgerRow):
    """A row of the county, or of one of its townships, about its own work in a campaign."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    area = models.ForeignKey(
        "villages.Jurisdiction", models.PROTECT, verbose_name="单位", related_name="+"
    )

    objects = AreaRowQuerySet.as_manager()

    class Meta(LedgerRow.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.area} {self._meta.verbose_name}"

    @property
    def place(self):
        return self.area

    @property
    def place_names(self) -> tuple[str, ...]:
        """单位: the first cell of a line."""
        return (self.area.name,)

    @property
    def township_pk(self) -> int | None:
        """The township whose audit chain the row's history belongs to; the county's rows have none."""
        return self.area_id if self.area.level == Level.TOWNSHIP else None

    @property
    def campaign_pk(self) -> int:
        return self.campaign_id


def in_order(name: str, earlier: str, later: str) -> models.CheckConstraint:
    """`later`, where it is given, is not before `earlier`."""
    return models.CheckConstraint(
        condition=Q(**{f"{later}__isnull": True})
        | Q(**{f"{earlier}__isnull": True})
        | Q(**{f"{later}__gte": models.F(earlier)}),
        name=name,
    )


def once(name: str, *fields: str) -> models.UniqueConstraint:
    """One live row with these values."""
    return models.UniqueConstraint(fields=fields, condition=Q(withdrawn_at__isnull=True), name=name)
