"""Where a row of a workbook belongs: a village's election of the campaign, or a unit."""

from elections.models import Campaign, VillageElection
from villages.models import Jurisdiction
from villages.places import Places, UnknownPlace, place_label
from villages.scoping import area_q_of
from workbooks.plans import Row
from workbooks.text import plain


class VillagePlaces:
    """The elections of an area, found as workbooks name villages (two queries)."""

    column = "village"

    def __init__(self, campaign: Campaign, area: Jurisdiction):
        self._places = Places(area)
        self._campaign = campaign
        self._elections = {
            e.village_id: e
            for e in VillageElection.objects.filter(area_q_of(area), campaign=campaign)
        }

    def find(self, row: Row) -> VillageElection:
        """Raises UnknownPlace."""
        village = self._places.find(row)
        election = self._elections.get(village.pk)
        if election is None:
            message = f"{village.name}不参加“{self._campaign.name}”：请删去这一行。"
            raise UnknownPlace("village", message)
        election.village, election.campaign = village, self._campaign
        return election

    def label(self, election: VillageElection) -> str:
        return place_label(election.village)


class AreaPlaces:
    """Units (the county and its townships), by name (one query)."""

    column = "area"

    def __init__(self, units, area: Jurisdiction):
        """units: the Jurisdictions where a row may stand; area: whose rows they are, for the message."""
        self._area = area
        self._units = {plain(unit.name): unit for unit in units}

    def find(self, row: Row) -> Jurisdiction:
        """Raises UnknownPlace."""
        unit = self._units.get(plain(row.values["area"]))
        if unit is None:
            names = "、".join(self._units)
            raise UnknownPlace(
                "area", f"{self._area.name}范围内没有这个单位：请从“{names}”中选填。"
            )
        return unit

    def label(self, unit: Jurisdiction) -> str:
        return unit.name
