"""A village whose thirty members vote, taken to the stage under test by direct writes."""

import pytest

from elections.enums import Stage
from tests.elections.conftest import campaign, election, place, storage, today, users  # noqa: F401
from tests.factories.elections import at_stage
from tests.factories.villages import PartyMemberFactory

from .people import freeze


@pytest.fixture
def at(election, place):  # noqa: F811
    """at(stage, seats=3, due=30) → the village's election at a stage, with as many members as are due."""

    def at(stage: Stage, *, seats: int = 3, due: int = 30):
        missing = due - len(place.members)
        if missing > 0:
            place.members += PartyMemberFactory.create_batch(missing, village=place.village)
        found = at_stage(election, stage, committee_seats=seats)
        freeze(found, due=due)
        return found

    return at
