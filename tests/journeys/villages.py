"""Villages of a township's own campaign, set to a stage by direct writes."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from candidates.enums import CandidacyStatus, ElectedPostKind
from elections.enums import NoticeKind, Stage
from elections.models import Notice, Roll, VillageElection
from tests.candidates.people import stand
from tests.factories.elections import at_stage
from tests.factories.villages import PartyMemberFactory

#: The campaign began so long ago that every date of a whole procedure lies in the past.
DAYS_AGO = 60
NAMES = [f"示范{name}" for name in "甲乙丙丁戊己庚辛壬癸"]


def day(after: int) -> date:
    """A day of the campaign."""
    return timezone.localdate() - timedelta(days=DAYS_AGO - after)


@pytest.fixture
def village_at(stack, own_campaign):
    """village_at(township, number, stage, ...) → an election of the township's own campaign at a stage by direct writes,
    with its members and candidates."""

    def village_at(
        township: str,
        number: int,
        stage: Stage,
        *,
        members=10,
        seats=3,
        candidates=4,
        status="prepared",
    ):
        campaign = own_campaign(township)
        with stack.orm():
            election = (
                VillageElection.objects.select_related("campaign", "village")
                .filter(campaign=campaign, township__name=township)
                .order_by("village__code")[number]
            )
            people = [
                PartyMemberFactory(village=election.village, name=name) for name in NAMES[:members]
            ]
            if stage != Stage.PETITION:
                election = at_stage(election, stage, on=day(40), committee_seats=seats)
                freeze(election, members)
                posts = [ElectedPostKind.SECRETARY] + [ElectedPostKind.MEMBER] * (candidates - 1)
                election.people = stand(
                    election,
                    people[:candidates],
                    status=CandidacyStatus(status),
                    women=(1,),
                    posts=posts if status == "prepared" else (),
                )
            else:
                election = at_stage(election, stage, on=day(10))
            election.members = {m.name: m.pk for m in people}
        return election

    return village_at


def freeze(election, due: int) -> None:
    Roll.objects.create(
        election=election,
        published_on=day(40),
        voters=due,
        excluded=0,
        due=due,
        representatives=20,
        representatives_published_on=day(40),
        frozen_by=election.campaign.created_by,
        frozen_at=timezone.now(),
    )
    Notice.objects.create(
        election=election,
        kind=NoticeKind.CANDIDATES,
        starts_on=day(28),
        ends_on=day(40),
        place="示范公开栏",
    )
