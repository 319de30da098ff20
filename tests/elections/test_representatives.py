"""The published list of representatives: frozen, challenged, answered; what an open objection holds up."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import Forbidden, Refused
from accounts.models import AuditEntry
from complaints.models import Complaint
from complaints.services.complaints import register_complaint
from elections import gates, selectors
from elections.enums import Stage, StageStatus
from elections.models import RepresentativeChallenge, RepresentativeList, StageRecord
from elections.roll_digest import list_digest
from elections.services import representatives as services
from tests.factories.elections import at_stage, moment
from villages.models import Representative

from .freezing import AT, DAY, freeze


@pytest.fixture
def people(place):
    """Three representatives of the village, and one of another who could leak."""

    def add(village, name: str) -> Representative:
        return Representative.objects.create(
            village=village,
            name=name,
            sex="female",
            born_on=DAY - timedelta(days=15_000),
            group="一组",
            since=DAY - timedelta(days=1500),
        )

    add(place.other_village, "西村代表")
    return [add(place.village, f"示例代表{n}") for n in "甲乙丙"]


@pytest.fixture
def frozen(election, users, people):
    """The election at stage 5 with roll and list frozen."""
    election = at_stage(election, Stage.ROSTER)
    freeze(election, users.coordinator, representatives=None)
    return election


def current(election) -> RepresentativeList:
    return RepresentativeList.objects.current().get(election=election)


def codes(refusal) -> list[str]:
    return [p.code for p in refusal.value.problems]


def challenge(election, users, number=0, *, by=None, **change) -> RepresentativeChallenge:
    facts = {"raised_on": DAY, "raised_by": "", "grounds": "示例：户口不在本组"}
    entry = current(election).entries.order_by("pk")[number]
    return services.raise_challenge(
        election=election,
        entry_id=entry.pk,
        **facts | change,
        by=by or users.coordinator,
        at=AT,
    )


def answer(raised, users, *, upheld: bool, **change) -> RepresentativeChallenge:
    facts = {"answer": "示例：已核对户口簿", "answered_on": DAY}
    return services.answer_challenge(
        challenge=raised, upheld=upheld, **facts | change, by=users.coordinator, at=AT
    )


# --- the list ------------------------------------------------------------------------------------


def test_list_is_frozen_with_the_roll_and_its_number_is_the_list_s(frozen, users, people):
    published = current(frozen)

    names = [e.name for e in published.entries.all()]
    assert names == [p.name for p in people]
    assert (published.version, published.count, published.frozen_by) == (1, 3, users.coordinator)
    assert list_digest(published, published.entries.all()) == published.sha256
    assert frozen.rolls.get().representatives == 3
    published.entries.filter(name=people[0].name).update(group="二组")
    assert list_digest(published, published.entries.all()) != published.sha256


def test_typed_number_may_not_contradict_the_list(election, users, people):
    election = at_stage(election, Stage.ROSTER)
    with pytest.raises(Refused, match="村民代表名册有3人，所填30人") as refusal:
        freeze(election, users.coordinator)
    assert codes(refusal) == ["representatives"]
    assert not RepresentativeList.objects.exists()
    freeze(election, users.coordinator, representatives=3)


def test_without_recorded_representatives_the_number_is_typed(election, users):
    election = at_stage(election, Stage.ROSTER)
    with pytest.raises(Refused) as refusal:
        freeze(election, users.coordinator, representatives=None)
    assert codes(refusal) == ["representatives"]
    roll = freeze(election, users.coordinator)
    assert not RepresentativeList.objects.exists()
    assert selectors.representatives_due(election, roll) == 30


def test_second_freeze_is_a_new_version_and_the_first_stays(frozen, users, people):
    Representative.objects.filter(pk=people[0].pk).update(until=DAY)
    freeze(frozen, users.coordinator, representatives=None)

    versions = RepresentativeList.objects.filter(election=frozen).order_by("version")
    assert list(versions.values_list("version", "count", "is_current")) == [
        (1, 3, False),
        (2, 2, True),
    ]


# --- objections ----------------------------------------------------------------------------------


def test_upheld_objection_takes_the_person_off_as_a_new_version(frozen, users, people):
    answer(challenge(frozen, users), users, upheld=True)

    published = current(frozen)
    assert (published.version, published.count) == (2, 2)
    assert [e.name for e in published.entries.all()] == [p.name for p in people[1:]]
    assert list_digest(published, published.entries.all()) == published.sha256
    assert RepresentativeList.objects.get(version=1).entries.count() == 3
    people[0].refresh_from_db()
    assert people[0].until == DAY
    roll = frozen.rolls.get()
    assert selectors.representatives_due(frozen, roll) == 2
    Representative.objects.filter(pk=people[0].pk).update(until=None)
    freeze(frozen, users.coordinator, representatives=None)
    assert current(frozen).count == 2, "whoever lost a challenge stays off"


def test_dismissed_objection_leaves_the_list_alone(frozen, users):
    done = answer(challenge(frozen, users), users, upheld=False)
    assert (done.upheld, current(frozen).version) == (False, 1)
    row = AuditEntry.objects.get(action="challenge.answered")
    assert row.reason == "示例：已核对户口簿"
    with pytest.raises(Refused) as refusal:
        answer(done, users, upheld=True)
    assert codes(refusal) == ["challenge_answered"]


def test_last_person_is_not_taken_off(frozen, users):
    for _ in range(2):
        answer(challenge(frozen, users), users, upheld=True)
    with pytest.raises(Refused) as refusal:
        answer(challenge(frozen, users), users, upheld=True)
    assert codes(refusal) == ["list_empty"]


def test_open_objections_hold_up_the_villagers_recommendation_by_name(frozen, users):
    first, second = challenge(frozen, users), challenge(frozen, users, 1)
    (blocker,) = gates.representatives_settled(frozen, at=AT)
    assert "示例代表甲、示例代表乙" in blocker.message
    assert blocker.link == "election_representatives"

    for raised in (first, second):
        answer(raised, users, upheld=False)
    assert gates.representatives_settled(frozen, at=AT) == []


def test_meeting_of_a_list_that_changed_is_recorded_again(frozen, users):
    frozen.meetings.create(kind="villager_recommendation", held_on=DAY, due=3, present=3)
    answer(challenge(frozen, users), users, upheld=True)
    (blocker,) = gates.representatives_settled(frozen, at=AT)
    assert blocker.code == "representatives_changed"


def test_objections_end_with_the_recommendation(frozen, users):
    StageRecord.objects.filter(election=frozen, stage=Stage.VILLAGER_RECOMMENDATION).update(
        status=StageStatus.DONE, actual_on=DAY
    )
    with pytest.raises(Refused) as refusal:
        challenge(frozen, users)
    assert codes(refusal) == ["challenge_late"]


def test_objection_needs_a_published_list(election, users):
    with pytest.raises(Refused) as refusal:
        services.raise_challenge(
            election=election,
            entry_id=1,
            raised_on=DAY,
            raised_by="",
            grounds="示例",
            by=users.coordinator,
            at=AT,
        )
    assert codes(refusal) == ["no_list"]


@pytest.mark.parametrize("who", ["foreign", "leader", "org_staff", "discipline", "system_admin"])
def test_only_the_township_records_objections(frozen, users, who):
    with pytest.raises(Forbidden):
        challenge(frozen, users, by=getattr(users, who))


# --- pages ---------------------------------------------------------------------------------------


def test_objection_is_raised_and_answered_on_the_page(frozen, users, client, people):
    client.force_login(users.coordinator)
    page = reverse("election_representatives", args=[frozen.pk])
    entry = current(frozen).entries.order_by("pk").first()
    sent = {"action": "raise", "entry": entry.pk, "raised_on": DAY, "grounds": "示例理由"}

    refused = client.post(page, sent | {"grounds": ""})
    assert refused.status_code == 422
    refused = client.post(page, sent | {"raised_on": "2020-01-01"})
    assert refused.status_code == 422
    assert "示例理由" in refused.content.decode()
    client.post(page, sent)
    raised = RepresentativeChallenge.objects.get()
    assert "匿名" in client.get(page).content.decode()

    answered = {
        "action": "answer",
        "challenge": raised.pk,
        "upheld": "1",
        "answered_on": DAY,
        "answer": "示例答复",
    }
    refused = client.post(page, answered | {"answer": ""})
    assert refused.status_code == 422
    client.post(page, answered)
    text = client.get(page).content.decode()
    assert "成立，已除名" in text
    assert current(frozen).count == 2


def test_other_township_s_objection_is_not_answered_through_this_page(frozen, users, client):
    raised = challenge(frozen, users)
    client.force_login(users.foreign)
    page = reverse("election_representatives", args=[frozen.pk])
    assert client.post(page, {"action": "answer", "challenge": raised.pk}).status_code == 404


def test_complaint_and_objection_show_each_other_to_discipline_staff_only(frozen, users, client):
    raised = challenge(frozen, users)
    at = timezone.now()
    complaint = register_complaint(
        election=frozen,
        challenge=raised,
        channel="call",
        cause="representatives",
        summary="示例",
        received_at=at,
        blocks_notice=False,
        by=users.discipline,
        at=at,
    )
    about = reverse("complaint_challenge", args=[raised.pk])
    client.force_login(users.discipline)
    assert complaint.number in client.get(about).content.decode()
    detail = client.get(reverse("complaint_detail", args=[complaint.pk])).content.decode()
    assert about in detail
    for who in ("coordinator", "org_staff", "leader"):
        client.force_login(getattr(users, who))
        assert client.get(about).status_code == 403
        page = client.get(reverse("election_representatives", args=[frozen.pk]))
        assert complaint.number not in page.content.decode()


def test_complaint_about_another_village_s_objection_is_refused(frozen, users, place, campaign):
    raised = challenge(frozen, users)
    other = campaign.elections.get(village=place.other_village)
    with pytest.raises(Refused, match="不是这个村的"):
        register_complaint(
            election=other,
            challenge=raised,
            channel="call",
            cause="representatives",
            summary="示例",
            received_at=moment(DAY),
            blocks_notice=False,
            by=users.discipline,
            at=AT,
        )
    assert not Complaint.objects.exists()
