"""Sixteen people press the same button at the same moment, over HTTP: it is done once, and the others are told."""

import re
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.cookiejar import CookieJar
from threading import Barrier

import pytest
from django.utils import timezone

from accounts.models import User
from candidates.enums import ReviewLevel, ReviewResult
from candidates.services import batches, departments, reviews
from demo.scenario import PASSWORD
from elections.enums import Stage
from elections.models import Roll, StageChange, VillageElection
from tests.candidates.people import SECRETARY_AND_MEMBERS, stand
from tests.factories.elections import at_stage
from tests.factories.villages import PartyMemberFactory

PEOPLE = 16
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Browser:
    """A signed-in session without a screen."""

    def __init__(self, base_url: str, username: str):
        self.base_url = base_url
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(cookies, NoRedirect())
        self.post("/login/", {"username": username, "password": PASSWORD})

    def post(self, path: str, values: dict) -> int:
        page = self.opener.open(self.base_url + path).read().decode()
        return self.send(path, values | {"csrfmiddlewaretoken": TOKEN.search(page).group(1)})

    def send(self, path: str, values: dict) -> int:
        request = urllib.request.Request(
            self.base_url + path,
            urllib.parse.urlencode(values, doseq=True).encode(),
            {"Referer": self.base_url + path},
        )
        try:
            return self.opener.open(request).status
        except urllib.error.HTTPError as answer:
            return answer.code


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments):
        return None


@pytest.fixture
def all_at_once(stack):
    """all_at_once(path, values, username) → how often each HTTP status was answered."""

    def all_at_once(path: str, values: dict, username: str = "xiangzhen09") -> Counter:
        browsers = [Browser(stack.base_url, username) for _ in range(PEOPLE)]
        gate = Barrier(PEOPLE)

        def press(browser: Browser) -> int:
            form = browser.opener.open(stack.base_url + path).read().decode()
            token = TOKEN.search(form).group(1)
            gate.wait(timeout=60)
            return browser.send(path, values | {"csrfmiddlewaretoken": token})

        with ThreadPoolExecutor(PEOPLE) as pool:
            return Counter(pool.map(press, browsers))

    return all_at_once


@pytest.fixture
def early(own_campaign):
    return own_campaign("百禄镇")


@pytest.fixture
def villages(stack, early):
    """Elections of 百禄镇, nothing done yet."""
    with stack.orm():
        return list(
            VillageElection.objects.filter(campaign=early, township__name="百禄镇")
            .select_related("campaign__created_by", "village")
            .order_by("village__code")[:2]
        )


def test_one_stage_is_advanced_once(stack, early, villages, all_at_once):
    election = villages[0]
    today = timezone.localdate()
    with stack.orm():
        election = at_stage(election, Stage.HANDOVER, on=today - timedelta(days=3))
        version = election.version
        stack.query(
            "INSERT INTO elections_handover (election_id, handed_on, from_name, to_name, witness, items)"
            " VALUES (%s, %s, '甲', '乙', '丙', '公章1枚')",
            (election.pk, today),
        )
        stack.query(
            "INSERT INTO elections_evidence (id, election_id, stage, attempt, requirement, version, file, thumbnail,"
            " name, content_type, size, sha256, uploaded_by_id, uploaded_at)"
            " VALUES (gen_random_uuid(), %s, 'handover', 1, 'handover_list', 1, 'x', '', '清单.pdf',"
            " 'application/pdf', 1, '', %s, now())",
            (election.pk, early.created_by_id),
        )

    answers = all_at_once(
        f"/elections/{election.pk}/handover/", {"action": "submit", "version": version}
    )

    assert answers[302] == 1, answers
    assert answers[302] + answers[409] + answers[422] == PEOPLE, answers
    with stack.orm():
        done = StageChange.objects.filter(record__election=election, event="completed")
        assert done.count() == 1


def test_one_roll_is_frozen(stack, early, villages, all_at_once):
    election = villages[0]
    today = timezone.localdate()
    with stack.orm():
        election = at_stage(election, Stage.ROSTER, on=today - timedelta(days=3))
        PartyMemberFactory.create_batch(9, village=election.village)
    values = {
        "action": "facts",
        "version": 0,
        "published_on": today,
        "representatives": 30,
        "representatives_published_on": today,
    }

    answers = all_at_once(f"/elections/{election.pk}/roster/", values)

    assert answers[302] == 1, answers
    assert answers[302] + answers[409] == PEOPLE, answers
    with stack.orm():
        assert [roll.version for roll in Roll.objects.filter(election=election)] == [1]


def test_one_count_is_recorded_and_certified_once(stack, early, villages, all_at_once):
    election = villages[1]
    today = timezone.localdate()
    with stack.orm():
        members = PartyMemberFactory.create_batch(10, village=election.village)
        election = at_stage(election, Stage.COMMITTEE_BALLOT, on=today - timedelta(days=3))
        Roll.objects.create(
            election=election,
            published_on=today,
            voters=10,
            excluded=0,
            due=10,
            representatives=20,
            representatives_published_on=today,
            frozen_by=early.created_by,
            frozen_at=timezone.now(),
        )
        people = stand(
            election, members[:4], status="prepared", posts=SECRETARY_AND_MEMBERS, women=(1,)
        )
    values = {
        "action": "round",
        "post": "committee",
        "number": 1,
        "held_on": today,
        "present": 10,
        "chair": "示例主持人",
        "recorder": "示例记录人",
        "issued": 10,
        "returned": 10,
        "valid": 10,
        "invalid": 0,
        "tellers": [members[-1].pk],
    }
    for person, votes in zip(people, (9, 8, 7, 3), strict=True):
        values |= {
            f"favour_{person.pk}": votes,
            f"against_{person.pk}": 10 - votes,
            f"abstain_{person.pk}": 0,
        }

    answers = all_at_once(f"/elections/{election.pk}/committee_ballot/", values)

    assert answers[302] == 1, answers
    assert answers[302] + answers[409] + answers[422] == PEOPLE, answers
    rounds = stack.query(
        "SELECT count(*) FROM elections_ballotround r JOIN elections_meeting m ON m.id = r.meeting_id"
        " WHERE m.election_id = %s",
        (election.pk,),
    )
    posts = stack.query(
        "SELECT count(*) FROM candidates_electedpost WHERE election_id = %s", (election.pk,)
    )
    assert (rounds, posts) == ([(1,)], [(3,)])

    ((pk,),) = stack.query(
        "SELECT r.id FROM elections_ballotround r JOIN elections_meeting m ON m.id = r.meeting_id"
        " WHERE m.election_id = %s",
        (election.pk,),
    )
    answers = all_at_once(
        f"/elections/{election.pk}/committee_ballot/",
        {"action": "certify", "round": pk},
        username="zuzhibu",
    )

    assert answers[302] == 1, answers
    assert answers[302] + answers[409] == PEOPLE, answers
    audited = stack.query(
        "SELECT count(*) FROM accounts_auditentry WHERE action = 'ballot.certified'"
        " AND target_pk = %s",
        (str(pk),),
    )
    assert audited == [(1,)]


def test_one_answer_of_a_department_and_one_second_person(stack, village_at, all_at_once):
    election = village_at("三口镇", 0, Stage.REVIEW, status="preliminary")
    with stack.orm():
        person = election.people[0]
        acting = {"by": election.campaign.created_by, "at": timezone.now()}
        departments.save_department(
            campaign=election.campaign,
            name="公安局",
            questions="示例",
            required=True,
            order=0,
            **acting,
        )
        township = User.objects.get(username="xiangzhen06")
        deciding = {"candidacy": person, "stage": Stage.REVIEW, "decided_on": timezone.localdate()}
        reviews.record_review(
            **deciding,
            level=ReviewLevel.TOWNSHIP,
            result=ReviewResult.PASSED,
            **acting | {"by": township},
        )
        batch = batches.send_batch(
            campaign=election.campaign, people=[person.pk], working_days=5, **acting
        )
        task = batch.tasks.get().pk

    answers = all_at_once(
        f"/reviews/tasks/{task}/",
        {"action": "answer", f"answer_{person.pk}": "clear", f"version_{person.pk}": 0},
        username="lianshen",
    )

    assert answers == {302: 1, 409: PEOPLE - 1}
    opinions = stack.query(
        "SELECT count(*) FROM candidates_reviewopinion o JOIN candidates_reviewask a ON a.id = o.ask_id"
        " WHERE a.candidacy_id = %s",
        (person.pk,),
    )
    assert opinions == [(1,)]
    with stack.orm():
        review = reviews.record_review(
            **deciding,
            level=ReviewLevel.COUNTY,
            result=ReviewResult.FAILED,
            rule="示例",
            reason="示例",
            **acting,
        )

    answers = all_at_once(
        f"/elections/{election.pk}/review/",
        {"action": "countersign", "review": review.pk, "agreed": "yes"},
        username="zuzhibu2",
    )

    assert answers == {302: 1, 409: PEOPLE - 1}
