"""A small county whose villages have been through the whole procedure, played by the demonstration's scenario."""

from datetime import date, timedelta

from demo.scenario import Scenario
from elections.models import Campaign
from villages.models import PartyOrganisation

from .villages import CountyFactory, TownshipFactory, VillageFactory

#: The last day: well after the plan's end, so that the slowest village is done.
LAST_DAY = date(2026, 11, 20)


def play(*, townships: int = 2, villages: int = 4, progress: int = 140) -> Campaign:
    """Townships with so many villages each, played up to LAST_DAY. `progress`: percent of the plan behind that day."""
    county = CountyFactory(code="320799000000", name="示范县")
    for number in range(townships):
        township = TownshipFactory(
            parent=county, code=f"32079910{number}000", name=f"示范{number + 1}镇"
        )
        for village in range(villages):
            VillageFactory(
                township=township,
                code=f"32079910{number}{200 + village}",
                name=f"示范{number + 1}-{village + 1}村",
            )
    PartyOrganisation.objects.update(term_ends_on=LAST_DAY + timedelta(days=60))
    scenario = Scenario(area="320799", progress=progress, seed=7, today=LAST_DAY)
    return scenario.run(say=lambda words: None)
