"""A county of two townships, one village in each, one user per role."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.enums import Role
from elections.models import VillageElection
from tests.factories.elections import CampaignFactory
from tests.factories.villages import (
    CountyFactory,
    PartyMemberFactory,
    TownshipFactory,
    UserFactory,
    VillageFactory,
)


@pytest.fixture
def place(db):
    """county, own and other (townships), village and other_village; `village` has eight full members."""
    county = CountyFactory(name="示例县")
    own = TownshipFactory(parent=county, name="东乡镇")
    other = TownshipFactory(parent=county, name="西乡镇")
    village = VillageFactory(township=own, name="东一村")
    members = PartyMemberFactory.create_batch(8, village=village)
    return SimpleNamespace(
        county=county,
        own=own,
        other=other,
        village=village,
        other_village=VillageFactory(township=other, name="西一村"),
        members=members,
    )


@pytest.fixture
def users(place):
    """One user per role: coordinators in `own` (and `foreign` in `other`), everybody else in the county."""
    found = {
        role.value: UserFactory(
            role=role, where=place.own if role == Role.COORDINATOR else place.county
        )
        for role in Role
    }
    found["foreign"] = UserFactory(role=Role.COORDINATOR, where=place.other)
    found["outsider"] = UserFactory(role=Role.ORG_STAFF, where=TownshipFactory().county)
    found["nobody"] = UserFactory()
    return SimpleNamespace(**found)


@pytest.fixture
def campaign(place, users):
    return CampaignFactory(area=place.county, by=users.org_staff)


@pytest.fixture
def election(campaign, place) -> VillageElection:
    """The election of `place.village`, at its first stage."""
    return VillageElection.objects.select_related(
        "campaign", "rule_set", "village__organisation", "township", "county"
    ).get(village=place.village)


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    """Uploads of a test go away with it."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def today():
    """The day on which the tests run, for views, which read the clock."""
    return timezone.localdate()
