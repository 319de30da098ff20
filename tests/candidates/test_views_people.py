"""The library of candidates shows one's own area only; refused forms of the later pages keep what was typed."""

import pytest
from django.urls import reverse

from candidates.enums import CandidacyStatus, ReviewLevel
from candidates.models import Candidacy, Inspection, Review
from elections.enums import Stage
from elections.models import BallotRound, VillageElection
from tests.elections.pages import campaign_around_today, page
from tests.factories.villages import PartyMemberFactory

from .people import DAY, SECRETARY_AND_MEMBERS, notice, stand
from .test_views import counted, signed_in

SECRET = "示例：不外传的理由"


@pytest.fixture
def campaign(place, users):
    return campaign_around_today(place, users)


@pytest.fixture
def two(election, place):
    """One person in each township, the second rejected with a reason."""
    other = VillageElection.objects.get(village=place.other_village)
    own = stand(election, [PartyMemberFactory(village=place.village, name="东甲")])[0]
    far = stand(
        other,
        [PartyMemberFactory(village=place.other_village, name="西乙")],
        status=CandidacyStatus.REJECTED,
    )[0]
    Review.objects.create(
        candidacy=far,
        level=ReviewLevel.TOWNSHIP,
        result="failed",
        rule="示例情形",
        reason=SECRET,
        decided_on=DAY,
        decided_by=election.campaign.created_by,
    )
    return own, far


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("coordinator", ["东甲"]),
        ("foreign", ["西乙"]),
        ("org_staff", ["东甲", "西乙"]),
        ("leader", ["东甲", "西乙"]),
    ],
)
def test_library_lists_the_people_of_one_s_area(two, users, who, names):
    url = reverse("people_list", args=[two[0].election.campaign_id])

    answer = signed_in(getattr(users, who)).get(url)

    assert sorted(p.member.name for p in answer.context["page"]) == sorted(names)
    shown = answer.content.decode()
    assert [name for name in ("东甲", "西乙") if name in shown] == names
    assert "不限</option>" in shown
    assert "-----" not in shown


def test_filters_cannot_reach_into_another_township(two, users, place):
    url = reverse("people_list", args=[two[0].election.campaign_id])
    client = signed_in(users.coordinator)

    by_name = client.get(url, {"q": "西乙"})
    by_township = client.get(url, {"township": place.other.pk})

    assert list(by_name.context["page"]) == []
    assert two[1] not in list(by_township.context["page"])
    assert place.other not in by_township.context["filter"].filters["township"].queryset


def test_library_filters_by_status_and_name(two, users):
    url = reverse("people_list", args=[two[0].election.campaign_id])
    client = signed_in(users.org_staff)

    assert list(client.get(url, {"status": "rejected"}).context["page"]) == [two[1]]
    assert list(client.get(url, {"q": "东"}).context["page"]) == [two[0]]


@pytest.mark.parametrize(
    ("who", "code"),
    [("org_staff", 200), ("foreign", 200), ("coordinator", 404), ("outsider", 404)],
)
def test_reason_of_a_rejection_is_read_in_its_own_area_only(two, users, who, code):
    answer = signed_in(getattr(users, who)).get(reverse("candidacy_detail", args=[two[1].pk]))

    assert answer.status_code == code
    assert (SECRET in answer.content.decode()) is (code == 200)


# --- what was typed -----------------------------------------------------------------------------


def test_refused_inspection_opens_its_own_row_with_what_was_typed(at, place, users, today):
    election = at(Stage.INSPECTION)
    people = stand(election, place.members[:3], status=CandidacyStatus.CLEARED)
    sent = {
        "action": "inspect",
        "candidacy": people[1].pk,
        "inspected_on": today,
        "team": "示例第二考察组",
        "leader": "示例组长",
        "leader_unit": "示例组织科",
        "members": "示例组员 示例镇党委",
        "talks_members": 13,
        "talks_cadres": 0,
        "talks_villagers": 0,
        "voters": 28,
        "excellent": 21,
        "competent": 4,
        "basic": 2,
        "incompetent": 1,
        "result": "vetoed",
        "reason": "",
    }

    answer = signed_in(users.coordinator).post(page(election, Stage.INSPECTION), sent)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f"否决{people[1].member.name}须写明理由。" in answer.context["refusals"]
    assert shown.count("<details open>") == 1
    row = shown.split(f'id="person-{people[1].pk}"')[1].split("</article>")[0]
    assert "<details open>" in row
    for typed in ("示例第二考察组", "13", "21", "4", "2", "1"):
        assert f'value="{typed}"' in row
    assert '<option value="vetoed" selected>' in row
    assert shown.count('value="示例第二考察组"') == 1
    assert not Inspection.objects.exists()


def test_refused_county_review_keeps_what_was_typed(at, place, users, today):
    election = at(Stage.REVIEW)
    people = stand(election, place.members[:2])
    for person in people:
        Review.objects.create(
            candidacy=person,
            level=ReviewLevel.TOWNSHIP,
            result="passed",
            decided_on=today,
            decided_by=users.coordinator,
        )
    sent = {
        "action": "county",
        "candidacy": people[1].pk,
        "result": "failed",
        "decided_on": today,
        "rule": "",
        "reason": "示例联审理由",
    }

    answer = signed_in(users.org_staff).post(page(election, Stage.REVIEW), sent)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert shown.count('value="示例联审理由"') == 1
    row = shown.split(f'id="person-{people[1].pk}"')[1].split("</article>")[0]
    assert 'value="示例联审理由"' in row
    assert Review.objects.count() == 2


def test_refused_nomination_keeps_posts_and_dates(at, place, users, today):
    election = at(Stage.NOMINATION)
    people = stand(election, place.members[:4], status=CandidacyStatus.INSPECTED)
    sent = {"action": "people", "talker": "示例谈话人"}
    for person in people:
        sent |= {f"post_{person.pk}": "member", f"pledged_on_{person.pk}": today}

    answer = signed_in(users.coordinator).post(page(election, Stage.NOMINATION), sent)

    assert answer.status_code == 422
    assert "拟任书记应恰好1名：请在预备人选中指定。" in answer.context["refusals"]
    assert (
        f"{people[0].member.name}未参加集体谈话，不能列为预备人选。" in answer.context["refusals"]
    )
    shown = answer.content.decode()
    assert shown.count('<option value="member" selected>') == 4
    for person in people:
        assert f'name="pledged_on_{person.pk}" value="{today}"' in shown
    assert 'value="示例谈话人"' in shown


def test_refused_preliminary_keeps_number_and_reasons(at, place, users, today):
    election = at(Stage.MEMBER_RECOMMENDATION)
    client = signed_in(users.coordinator)
    votes = {f"votes_{m.pk}": 9 for m in place.members[:5]}
    head = {"held_on": today, "present": 24, "chair": "示例主持人", "recorder": "示例记录人"}
    url = page(election, Stage.MEMBER_RECOMMENDATION)
    assert client.post(url, {"action": "facts"} | head | votes).status_code == 302
    election.stage_records.filter(stage=Stage.PRELIMINARY, is_current=True).update(status="open")
    sent = {"action": "facts", "wanted": 3, f"decline_{place.members[0].pk}": "示例：外出务工"}

    answer = client.post(page(election, Stage.PRELIMINARY), sent)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "初步人选3名，少于应有的4名" in answer.context["refusals"][0]
    assert 'value="示例：外出务工"' in shown
    assert 'name="wanted" value="3"' in shown
    assert not Candidacy.objects.exists()


def test_second_sender_of_a_round_is_answered_409(at, place, users, today):
    election = at(Stage.COMMITTEE_BALLOT)
    notice(election, ends_on=DAY)
    election.people = stand(
        election,
        place.members[:4],
        status=CandidacyStatus.PREPARED,
        posts=SECRETARY_AND_MEMBERS,
    )
    client, url = signed_in(users.coordinator), page(election, Stage.COMMITTEE_BALLOT)
    sent = counted(election, place, today, (28, 25, 16, 15))

    codes = [client.post(url, sent).status_code for _ in range(2)]

    assert codes == [302, 409]
    assert BallotRound.objects.count() == 1
