"""Who sees which rows of a ledger, and how the rows of one campaign or one place are found."""

from django.db import models
from django.db.models import Q

from elections.querysets import READERS
from villages.scoping import area_q, area_q_of, postings_of


class LedgerQuerySet(models.QuerySet):
    """What every ledger offers; the two kinds below say where a row belongs."""

    #: Lookups to the row's campaign, its unit, and what a line of a list shows of its place.
    campaign_lookup: str
    place_related: tuple[str, ...]
    place_order: tuple[str, ...]

    def live(self):
        """Rows that count; withdrawn ones stay to be read."""
        return self.filter(withdrawn_at__isnull=True)

    def of_campaign(self, campaign):
        return self.filter(**{self.campaign_lookup: campaign})

    def in_order(self, *fields: str):
        """By place, then by these fields, with the place at hand."""
        return self.select_related(*self.place_related).order_by(*self.place_order, *fields, "pk")


class VillageRowQuerySet(LedgerQuerySet):
    """Rows of a village's election: seen by whoever sees the election."""

    campaign_lookup = "election__campaign"
    place_related = ("election__village__township", "election__campaign")
    place_order = ("election__village__code",)

    def visible_to(self, user):
        return self.filter(area_q(user, roles=READERS, prefix="election__"))

    def inside(self, area):
        return self.filter(area_q_of(area, prefix="election__"))

    def of_township(self, pk):
        return self.filter(election__township=pk)


class AreaRowQuerySet(LedgerQuerySet):
    """Rows of a county or a township."""

    campaign_lookup = "campaign"
    place_related = ("area", "campaign")
    place_order = ("area__code",)

    def visible_to(self, user):
        """Of the units in the user's areas and of those above them: the county's groups, meetings and documents concern
        every township, another township's do not."""
        places = [p.jurisdiction for p in postings_of(user) if p.role in READERS]
        above = {pk for j in places for pk in (j.county_id, j.city_id, j.province_id) if pk}
        inside = area_q(user, roles=READERS, prefix="area__", own="area")
        return self.filter(inside | Q(area__in=above))

    def inside(self, area):
        return self.filter(area_q_of(area, prefix="area__", own="area"))

    def of_township(self, pk):
        return self.filter(area=pk)
