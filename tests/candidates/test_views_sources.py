"""The pages where people are put forward, give up and are replaced late."""

import pytest
from django.urls import reverse
from django.utils import timezone

from candidates.enums import CandidacyStatus
from candidates.models import Candidacy, Proposal
from elections.enums import Stage
from tests.elections.pages import campaign_around_today, page

from .people import SECRETARY_AND_MEMBERS, notice, stand
from .test_sources import give_up, recommend
from .test_views import signed_in


@pytest.fixture
def campaign(place, users):
    return campaign_around_today(place, users)


@pytest.fixture
def noticed(at, place):
    """Stage 12: four prepared nominees for three seats, the fifth member was recommended, too."""
    election = at(Stage.NOTICE)
    recommend(election, dict(zip(place.members[:5], (20, 19, 18, 17, 16), strict=True)))
    people = stand(
        election, place.members[:4], status=CandidacyStatus.PREPARED, posts=SECRETARY_AND_MEMBERS
    )
    return election, people


def test_proposal_is_entered_and_taken_back_on_the_page(at, place, users):
    election = at(Stage.PRELIMINARY)
    url, client = page(election, Stage.PRELIMINARY), signed_in(users.coordinator)
    sent = {
        "action": "propose",
        "member": place.members[6].pk,
        "source": "self",
        "proposed_by": "本人",
        "reason": "",
    }

    refused = client.post(url, sent)
    taken = client.post(url, sent | {"reason": "示例：返乡创业"})
    shown = client.get(url).content.decode()

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert 'value="本人"' in refused.content.decode()
    assert "未得票，不列入" in shown
    removed = client.post(url, {"action": "remove_proposal", "proposal": Proposal.objects.get().pk})
    assert removed.status_code == 302
    assert not Proposal.objects.exists()


def test_person_s_page_offers_what_fits_the_stage(at, place, users, today):
    person = stand(at(Stage.REVIEW), place.members[:4])[0]
    url, client = reverse("candidacy_detail", args=[person.pk]), signed_in(users.coordinator)

    assert set(client.get(url).context["forms"]) == {"withdraw", "assess"}
    assert set(signed_in(users.org_staff).get(url).context["forms"]) == set()
    refused = client.post(url, {"action": "withdraw", "withdrawn_on": today, "reason": ""})
    taken = client.post(url, {"action": "withdraw", "withdrawn_on": today, "reason": "示例：出国"})

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert set(client.get(url).context["forms"]) == set()
    assert "示例：出国" in client.get(url).content.decode()


def test_replacement_page_leads_through_the_steps(noticed, users, today):
    election, people = noticed
    notice(election, ends_on=timezone.localdate())
    give_up(people[3], users)
    url, client = reverse("replacement", args=[election.pk]), signed_in(users.coordinator)

    assert client.post(url, {"action": "replace"}).status_code == 302
    made = Candidacy.objects.get(is_replacement=True)
    reviewed = {"candidacy": made.pk, "result": "passed", "decided_on": today}
    assert client.post(url, reviewed | {"action": "township"}).status_code == 302
    county = signed_in(users.org_staff).post(url, reviewed | {"action": "county"})
    assert county.status_code == 302
    inspected = {
        "action": "inspect",
        "candidacy": made.pk,
        "inspected_on": today,
        "team": "示例考察组",
        "leader": "示例组长",
        "leader_unit": "示例组织科",
        "members": "示例组员 示例镇党委",
        "talks_members": 3,
        "talks_cadres": 1,
        "talks_villagers": 2,
        "voters": 20,
        "excellent": 18,
        "competent": 2,
        "basic": 0,
        "incompetent": 0,
        "result": "passed",
    }
    assert client.post(url, inspected).status_code == 302
    put_up = {"action": "nominate", "candidacy": made.pk, "post": "member"}
    assert client.post(url, put_up).status_code == 302

    made.refresh_from_db()
    assert (made.status, made.nominated_post) == (CandidacyStatus.PREPARED, "member")
    assert client.get(url).status_code == 200
