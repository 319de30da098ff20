"""The pages of selection and ballots: what was typed stays, who may not is told, the outcome is put in words."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from candidates.enums import CandidacyStatus
from candidates.models import Candidacy, Review
from elections.enums import Stage
from elections.models import BallotRound
from tests.elections.pages import campaign_around_today

from .people import SECRETARY_AND_MEMBERS, notice, stand


@pytest.fixture
def campaign(place, users):
    return campaign_around_today(place, users)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(election, stage: Stage) -> str:
    return reverse(f"stage_{stage}", kwargs={"pk": election.pk})


@pytest.fixture
def people(at, place):
    return stand(at(Stage.REVIEW), place.members[:4], women=(0,))


def test_refused_review_comes_back_open_with_what_was_typed(people, users, today):
    election, person = people[0].election, people[2]
    sent = {
        "action": "township",
        "candidacy": person.pk,
        "result": "failed",
        "decided_on": today,
        "rule": "失信被执行人（示例）",
        "reason": "",
    }

    answer = signed_in(users.coordinator).post(page(election, Stage.REVIEW), sent)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert shown.count('value="失信被执行人（示例）"') == 1
    assert shown.count("<details open>") == 1
    assert f"{person.member.name}审查不合格，须写明不合格情形和理由" in shown
    assert not Review.objects.exists()


def test_person_of_another_election_is_not_there(people, users, today):
    other = Candidacy.objects.create(
        election=foreign(people),
        member=people[0].member,
        rank=1,
    )
    sent = {"action": "township", "candidacy": other.pk, "result": "passed", "decided_on": today}

    answer = signed_in(users.coordinator).post(page(people[0].election, Stage.REVIEW), sent)

    assert answer.status_code == 404


def foreign(people):
    election = people[0].election
    return election.campaign.elections.exclude(pk=election.pk).get()


@pytest.mark.parametrize(("who", "code"), [("coordinator", 403), ("leader", 403), ("foreign", 404)])
def test_county_review_is_the_county_s(people, users, today, who, code):
    sent = {"action": "county_all", "decided_on": today}

    answer = signed_in(getattr(users, who)).post(page(people[0].election, Stage.REVIEW), sent)

    assert answer.status_code == code


@pytest.mark.parametrize("stage", [Stage.REVIEW, Stage.INSPECTION])
def test_page_takes_the_same_queries_for_one_and_for_four_people(
    at, place, users, stage, django_assert_num_queries, django_assert_max_num_queries
):
    election = at(stage)
    stand(election, place.members[:1])
    client = signed_in(users.coordinator)
    client.get(page(election, stage))
    with django_assert_max_num_queries(40) as one:
        client.get(page(election, stage))
    for rank, member in enumerate(place.members[1:4], start=2):
        Candidacy.objects.create(election=election, member=member, rank=rank)

    with django_assert_num_queries(len(one)):
        client.get(page(election, stage))


def test_refused_recommendation_keeps_every_number(at, place, users, today):
    election = at(Stage.MEMBER_RECOMMENDATION)
    votes = {f"votes_{m.pk}": n for m, n in zip(place.members, (17, 11, 7), strict=False)}
    sent = {
        "action": "facts",
        "held_on": today,
        "present": 19,
        "chair": "示例主持人",
        "recorder": "示例记录人",
        **votes,
    }

    answer = signed_in(users.coordinator).post(page(election, Stage.MEMBER_RECOMMENDATION), sent)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "未达到2/3（至少20人）" in shown
    for name, number in votes.items():
        assert f'name="{name}" value="{number}"' in shown


@pytest.fixture
def ballot(at, place, today):
    election = at(Stage.COMMITTEE_BALLOT)
    notice(election, ends_on=today - timedelta(days=1))
    election.people = stand(
        election,
        place.members[:4],
        status=CandidacyStatus.PREPARED,
        posts=SECRETARY_AND_MEMBERS,
    )
    return election


def counted(election, place, today, favour, **more) -> dict:
    sent = {
        "action": "round",
        "post": "committee",
        "number": 1,
        "held_on": today,
        "present": 30,
        "chair": "示例主持人",
        "recorder": "示例记录人",
        "issued": 30,
        "returned": 30,
        "valid": 30,
        "invalid": 0,
        "tellers": [place.members[-1].pk],
    } | more
    for person, votes in zip(election.people, favour, strict=True):
        sent |= {
            f"favour_{person.pk}": votes,
            f"against_{person.pk}": 30 - votes,
            f"abstain_{person.pk}": 0,
        }
    return sent


def test_outcome_is_explained_on_the_page(ballot, place, users, today):
    client, url = signed_in(users.coordinator), page(ballot, Stage.COMMITTEE_BALLOT)

    answer = client.post(url, counted(ballot, place, today, (28, 25, 15, 10)), follow=True)

    shown = answer.content.decode()
    name = ballot.people[2].member.name
    assert f"实到30人，过半数为16票，{name}得15票，差1票，未当选。" in shown
    assert "还有1个名额，须“" in shown
    assert "不得以未过半数的人补足" in shown


def test_refused_count_keeps_every_number_and_names_the_rule(ballot, place, users, today):
    client, url = signed_in(users.coordinator), page(ballot, Stage.COMMITTEE_BALLOT)
    sent = counted(ballot, place, today, (28, 25, 16, 15), issued=29)

    answer = client.post(url, sent)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "收回选票30张，多于发出的29张" in shown
    for person in ballot.people:
        name = f"favour_{person.pk}"
        assert f'name="{name}" value="{sent[name]}"' in shown


def test_second_person_sending_the_same_round_is_told(ballot, place, users, today):
    client, url = signed_in(users.coordinator), page(ballot, Stage.COMMITTEE_BALLOT)
    client.post(url, counted(ballot, place, today, (28, 25, 16, 15)))

    answer = client.post(url, counted(ballot, place, today, (27, 25, 16, 15)))

    assert answer.status_code in (409, 422)
    assert "已登记或已不需要" in answer.content.decode()


def test_county_checks_the_count_on_the_page_and_finds_it_among_its_tasks(
    ballot, place, users, today
):
    url = page(ballot, Stage.COMMITTEE_BALLOT)
    signed_in(users.coordinator).post(url, counted(ballot, place, today, (28, 25, 16, 15)))
    row = BallotRound.objects.get()
    task = f"{ballot.village.name} · 委员第1轮"
    staff = signed_in(users.org_staff)

    assert task in staff.get(reverse("todo")).content.decode()
    assert task not in signed_in(users.coordinator).get(reverse("todo")).content.decode()
    assert "核对无误" in staff.get(url).content.decode()
    assert "核对无误" not in signed_in(users.coordinator).get(url).content.decode()
    assert "核对无误" not in signed_in(users.leader).get(url).content.decode()
    own = signed_in(users.coordinator).post(url, {"action": "certify", "round": row.pk})
    assert own.status_code == 422
    done = staff.post(url, {"action": "certify", "round": row.pk}, follow=True)

    assert "已核对第1轮计票" in done.content.decode()
    assert users.org_staff.name in done.content.decode()
    assert task not in staff.get(reverse("todo")).content.decode()


def test_candidates_stand_on_the_ballot_by_surname_strokes(ballot, place, users):
    for person, name in zip(ballot.people, ("陈示范", "欧阳示范", "丁示范", "王示范"), strict=True):
        person.member.name = name
        person.member.save()

    html = signed_in(users.coordinator).get(page(ballot, Stage.COMMITTEE_BALLOT)).content.decode()

    grid = html.split("vote-table")[1]
    order = sorted(("陈示范", "欧阳示范", "丁示范", "王示范"), key=grid.index)
    assert order == ["丁示范", "王示范", "陈示范", "欧阳示范"]
    assert "候选人以姓氏笔画为序" in html
