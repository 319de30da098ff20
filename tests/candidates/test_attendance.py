"""Attendance by name at recommendations and ballots: only those due, in person; the number follows from the names."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.errors import Refused
from candidates.enums import CandidacyStatus
from candidates.services import ballots
from candidates.services.corrections import propose_correction
from candidates.services.recommendation import record_recommendation
from elections.enums import BallotPost, Stage
from elections.models import Attendance, Meeting, RollEntry
from elections.selectors import due_by_name, ticked
from elections.services import rolls
from tests.factories.elections import START, at_stage, moment
from tests.factories.villages import PartyMemberFactory, UserFactory
from villages.models import Representative

from .people import AT, DAY, SECRETARY_AND_MEMBERS, notice, stand

MEMBERS, VILLAGERS = Stage.MEMBER_RECOMMENDATION, Stage.VILLAGER_RECOMMENDATION
COMMITTEE = Stage.COMMITTEE_BALLOT


@pytest.fixture
def frozen(election, users, place):
    """Ten members, one of them left out of 应到会, nine due; four representatives on the list."""
    place.members += PartyMemberFactory.create_batch(2, village=place.village)
    for n in range(4):
        Representative.objects.create(
            village=place.village,
            name=f"示例代表{n}",
            sex="male",
            born_on=START - timedelta(days=15_000),
            group="一组",
            since=START - timedelta(days=500),
        )
    election = at_stage(election, Stage.ROSTER)
    rolls.freeze_roll(
        election=election,
        published_on=START,
        representatives=None,
        representatives_published_on=START,
        exclusions=[rolls.Exclusion(place.members[-1].pk, "bedridden", START, START)],
        by=users.coordinator,
        at=moment(START),
    )
    return election


def due(election, stage=MEMBERS) -> list[int]:
    return [entry.pk for entry in due_by_name(election, stage.value)]


def recommend(election, users, place, *, stage=MEMBERS, present=None, attended=()):
    return record_recommendation(
        election=election,
        stage=stage,
        held_on=DAY,
        present=present,
        attended=attended,
        votes={place.members[0].pk: 2},
        by=users.coordinator,
        at=AT,
    )


def codes(refusal) -> list[str]:
    return [p.code for p in refusal.value.problems]


def test_number_of_people_follows_from_their_names(frozen, users, place):
    election = at_stage(frozen, MEMBERS)
    meeting = recommend(election, users, place, attended=due(election)[:7])

    assert (meeting.due, meeting.present) == (9, 7)
    assert ticked(meeting) == due(election)[:7]
    recommend(election, users, place, present=8)
    assert (Meeting.objects.get().present, Attendance.objects.count()) == (8, 0)


def test_representatives_are_ticked_on_their_list(frozen, users, place):
    election = at_stage(frozen, VILLAGERS)
    meeting = recommend(
        election, users, place, stage=VILLAGERS, attended=due(election, VILLAGERS)[:3]
    )

    assert (meeting.due, meeting.present) == (4, 3)
    assert meeting.attendance.first().representative_entry.name == "示例代表0"


def test_typed_number_may_not_contradict_the_names(frozen, users, place):
    election = at_stage(frozen, MEMBERS)
    with pytest.raises(Refused, match="按姓名登记到会7人，所填实到8人") as refusal:
        recommend(election, users, place, present=8, attended=due(election)[:7])
    assert codes(refusal) == ["attendance_contradicts"]


def test_whoever_was_left_out_is_not_ticked(frozen, users, place):
    election = at_stage(frozen, MEMBERS)
    left_out = RollEntry.objects.get(roll__election=election, member=place.members[-1])
    assert left_out.pk not in due(election)
    with pytest.raises(Refused) as refusal:
        recommend(election, users, place, attended=[*due(election)[:7], left_out.pk])
    assert codes(refusal) == ["attended_not_due"]


def test_too_few_names_are_too_few_people(frozen, users, place):
    election = at_stage(frozen, MEMBERS)
    with pytest.raises(Refused) as refusal:
        recommend(election, users, place, attended=due(election)[:5])
    assert codes(refusal) == ["recommendation_quorum"]


# --- the ballot ----------------------------------------------------------------------------------


@pytest.fixture
def ballot(frozen, place):
    election = at_stage(frozen, COMMITTEE)
    notice(election, ends_on=DAY - timedelta(days=1))
    election.people = stand(
        election,
        place.members[:4],
        status=CandidacyStatus.PREPARED,
        posts=SECRETARY_AND_MEMBERS,
        women=(1,),
    )
    return election


def vote(
    election, users, place, *, attended=(), present=None, teller=7, number=1, favour=(8, 8, 8, 0)
):
    came = len(attended) or present
    return ballots.record_round(
        election=election,
        stage=COMMITTEE,
        post=BallotPost.COMMITTEE,
        number=number,
        gathering=ballots.Gathering(
            held_on=DAY,
            present=present,
            chair="示例主持人",
            recorder="示例记录人",
            tellers=(place.members[teller].pk,),
            attended=tuple(attended),
        ),
        count=figures(election, came, favour),
        by=users.coordinator,
        at=AT,
    )


def figures(election, came: int, favour) -> ballots.Count:
    return ballots.Count(
        issued=came,
        returned=came,
        valid=came,
        invalid=0,
        tallies={p.pk: (n, came - n, 0) for p, n in zip(election.people, favour, strict=True)},
    )


def test_voters_are_ticked_at_the_ballot(ballot, users, place):
    row = vote(ballot, users, place, attended=due(ballot)[:8])

    assert (row.present, row.meeting.present, row.meeting.due) == (8, 8, 9)
    assert ticked(row.meeting) == due(ballot)[:8]


def test_teller_who_did_not_come_is_refused(ballot, users, place):
    with pytest.raises(Refused) as refusal:
        vote(ballot, users, place, attended=due(ballot)[:8], teller=8)
    assert codes(refusal) == ["absent_teller"]


def test_names_are_ticked_once(ballot, users, place):
    vote(ballot, users, place, attended=due(ballot)[:8], favour=(8, 8, 4, 4))
    ballot.people = ballot.people[2:]
    with pytest.raises(Refused) as refusal:
        vote(ballot, users, place, attended=due(ballot)[:8], number=2, favour=(8, 0))
    assert "attended_twice" in codes(refusal)


def test_number_of_those_ticked_is_not_corrected_apart(ballot, users, place):
    row = vote(ballot, users, place, attended=due(ballot)[:8])
    checker = UserFactory(role="coordinator", where=place.own)
    ballots.certify_round(election=ballot, stage=COMMITTEE, round_id=row.pk, by=checker, at=AT)
    with pytest.raises(Refused) as refusal:
        propose_correction(
            election=ballot,
            round_id=row.pk,
            present=9,
            count=figures(ballot, 9, (8, 8, 8, 0)),
            reason="示例",
            by=users.coordinator,
            at=AT,
        )
    assert "attendance_contradicts" in codes(refusal)


# --- pages ---------------------------------------------------------------------------------------


def test_names_are_ticked_on_the_page_and_kept(frozen, users, place, client, today):
    election = at_stage(frozen, MEMBERS)
    client.force_login(users.coordinator)
    page = reverse("stage_member_recommendation", args=[election.pk])
    sent = {
        "action": "facts",
        "held_on": today,
        "present": "",
        "chair": "甲",
        "recorder": "乙",
        "attended": due(election)[:7],
        f"votes_{place.members[0].pk}": 2,
    }
    assert "按姓名登记到会（应到9人）" in client.get(page).content.decode()

    refused = client.post(page, sent | {"attended": []})
    assert refused.status_code == 422
    assert "请填写实到人数，或按姓名登记到会人员" in refused.content.decode()
    refused = client.post(page, sent | {"present": 8})
    assert refused.status_code == 422
    assert refused.content.decode().count(" checked") == 7, "what was ticked is kept"
    client.post(page, sent)

    assert Meeting.objects.get().present == 7
    shown = client.get(page).content.decode()
    assert shown.count(" checked") == 7
    stranger = client.post(page, sent | {"attended": [999_999]})
    assert stranger.status_code == 422


def test_ballot_s_page_offers_the_names_at_the_first_round_only(ballot, users, place, client):
    client.force_login(users.coordinator)
    page = reverse("stage_committee_ballot", args=[ballot.pk])
    assert "按姓名登记到会" in client.get(page).content.decode()
    vote(ballot, users, place, attended=due(ballot)[:8], favour=(8, 8, 4, 4))
    assert "按姓名登记到会" not in client.get(page).content.decode()
