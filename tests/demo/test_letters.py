"""The demonstration's complaints: every state, through the services."""

from datetime import timedelta

from complaints.models import Complaint, Matter
from demo.letters import Letters
from tests.elections.conftest import campaign, place, users  # noqa: F401


def test_letters_stand_in_every_state(campaign, users, place):  # noqa: F811
    cast = {"jijian": users.discipline}

    Letters(campaign, cast, campaign.starts_on + timedelta(days=30)).run()

    states = sorted(Complaint.objects.values_list("status", flat=True))
    assert states == ["accepted", "received", "received", "settled", "settled"]
    assert Matter.objects.count() == 4
    assert Complaint.objects.filter(accused="leader").get().held_by == place.county
    Letters(campaign, cast, campaign.starts_on).run()  # a campaign that has just begun has none
    assert Complaint.objects.count() == 5
