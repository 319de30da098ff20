"""Pages of the joint review: the list, the departments, batches, a department's task, facts, and who sees what there."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from candidates.enums import AskState, FactKind, ReviewResult
from candidates.models import (
    Candidacy,
    NegativeRule,
    PersonFact,
    Review,
    ReviewAsk,
    ReviewBatch,
    VettingDepartment,
)
from candidates.services import facts, negative_list
from elections.enums import Stage
from reporting.selectors.todo import todo, todo_count
from tests.factories.villages import UserFactory

from .joint import COURT, POLICE, joint_of
from .people import stand

SECRET = "示例：法院的意见不外传"
NOW = timezone.now()
TODAY = timezone.localdate(NOW)


@pytest.fixture
def people(at, place):
    return stand(at(Stage.REVIEW), place.members[:4], women=(0,))


@pytest.fixture
def joint(people, campaign, place, users):
    made = joint_of(
        campaign, staff=users.org_staff, coordinator=users.coordinator, place=place.county
    )
    made.at, made.day = NOW, TODAY
    return made


@pytest.fixture
def sent(joint, people):
    joint.first(*people)
    joint.send(*people)
    return people


@pytest.fixture
def sign_in():
    def sign_in(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def staff(sign_in, users):
    return sign_in(users.org_staff)


def text(response) -> str:
    return response.content.decode()


# --- the negative list ----------------------------------------------------------------------------

RULE = {
    "action": "add", "code": "1", "category": "criminal", "weight": "must_not", "text": "受过刑事处罚",
    "years": 3, "starts_from": "ended_on", "kinds": ["criminal"], "posts": ["secretary"],
    "department": "公安局、法院",
}  # fmt: skip


def test_list_is_entered_pasted_changed_and_retired(campaign, staff):
    url = reverse("negative_list", args=[campaign.pk])
    assert "还没有负面清单" in text(staff.get(url))

    assert staff.post(url, RULE).status_code == 302
    refused = staff.post(url, RULE)
    assert refused.status_code == 422
    assert "编号“1”已在清单中" in text(refused)
    assert "受过刑事处罚</textarea>" in text(refused).replace("\n", "")
    assert "第1行：类别“杂项”不认识" in text(
        staff.post(url, {"action": "paste", "lines": "2|杂项|甲"})
    )
    staff.post(url, {"action": "paste", "lines": "2|失信|失信被执行人|不限|法院"})

    first, second = NegativeRule.objects.current()
    assert (first.years, first.posts_label, first.departments) == (3, "书记", ["公安局", "法院"])
    edit = reverse("negative_rule", args=[second.pk])
    changed = {**RULE, "action": "change", "code": "9", "text": "改过的", "years": ""}
    assert staff.post(edit, changed).status_code == 302
    second.refresh_from_db()
    assert (second.code, second.text, second.version) == ("2", "改过的", 1)
    assert staff.post(edit, {"action": "retire", "reason": "示例：文件已废止"}).status_code == 302
    assert staff.post(edit, {"action": "retire", "reason": "再来"}).status_code == 409
    assert "示例：文件已废止" in text(staff.get(url))


def test_sample_is_loaded_only_on_demand_into_an_empty_list(campaign, staff):
    url = reverse("negative_list", args=[campaign.pk])
    assert not NegativeRule.objects.exists()

    staff.post(url, {"action": "sample"})

    assert NegativeRule.objects.filter(is_sample=True).count() == 10
    assert text(staff.get(url)).count('chip-warn">示例') == 10
    assert "不再载入示例" in text(staff.post(url, {"action": "sample"}))


def test_cited_rule_gets_a_new_version_on_the_page(joint, people, staff):
    (rule, *_) = negative_list.load_sample(campaign=joint.campaign, by=joint.staff, at=NOW)
    joint.first(people[0], result=ReviewResult.FAILED, cited=rule.pk, reason="示例")
    url = reverse("negative_rule", args=[rule.pk])
    assert "修改后形成新的一版" in text(staff.get(url))

    staff.post(url, {**RULE, "action": "change"})

    versions = NegativeRule.objects.filter(code=rule.code).order_by("version")
    assert [(r.version, r.retired_at is None) for r in versions] == [(1, False), (2, True)]
    assert not versions[1].is_sample


# --- departments ----------------------------------------------------------------------------------


def test_departments_are_kept_on_a_page(joint, staff):
    url = reverse("vetting_departments", args=[joint.campaign.pk])
    values = {"action": "save", "name": "审计局", "questions": "示例", "order": 4}
    staff.post(url, values | {"required": "on"})

    assert "没有账号" in text(staff.get(url))
    court = joint.department(COURT)
    assert staff.post(url, values | {"department": court.pk, "name": "审计局"}).status_code == 422
    staff.post(url, {"action": "retire", "department": court.pk})

    names = [d.name for d in VettingDepartment.objects.current()]
    assert names == ["公安局", "信访局", "审计局"]


# --- batches --------------------------------------------------------------------------------------


def test_staff_send_a_batch_and_follow_it(joint, people, staff):
    joint.first(*people)
    url = reverse("review_batches", args=[joint.campaign.pk])
    assert text(staff.get(url)).count('name="people"') == 4

    refused = staff.post(url, {"action": "send", "people": people[0].pk, "working_days": 99})
    assert refused.status_code == 422
    assert text(refused).count(" checked>") == 1  # what was ticked stays ticked
    staff.post(url, {"action": "send", "people": [p.pk for p in people[:3]], "working_days": 5})

    batch = ReviewBatch.objects.get()
    assert "0 / 9" in text(staff.get(url))
    page = reverse("review_batch", args=[batch.pk])
    assert text(staff.get(page)).count("待答复") == 9
    task = batch.tasks.order_by("pk").first()
    staff.post(page, {"action": "remind", "task": task.pk})
    task.refresh_from_db()
    assert task.reminded_at is not None
    joint.all_clear(*people[:3])
    staff.post(page, {"action": "pass", "decided_on": TODAY})
    assert Candidacy.objects.filter(status="cleared").count() == 3
    refused = staff.post(page, {"action": "pass", "decided_on": TODAY})
    assert "没有各单位均已答复无异议" in text(refused)


@pytest.mark.parametrize("name", ["review_batches", "review_batch"])
def test_pages_of_staff_cost_the_same_for_one_and_for_many(joint, people, staff, name):
    counts = []
    staff.get(reverse("todo"))
    for group in (people[:1], people[1:]):
        joint.first(*group)
        if name == "review_batch":
            target = reverse(name, args=[joint.send(*group).pk])
        else:
            target = reverse(name, args=[joint.campaign.pk])
        with CaptureQueriesContext(connection) as seen:
            assert staff.get(target).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 18


# --- a department's task ----------------------------------------------------------------------------


def answers(people, state="clear", version=0, **more) -> dict:
    values = {"action": "answer"}
    for person in people:
        values |= {f"answer_{person.pk}": state, f"version_{person.pk}": version}
        values |= {f"{name}_{person.pk}": value for name, value in more.items()}
    return values


@pytest.fixture
def police(sign_in, joint):
    return sign_in(joint.users[POLICE])


def task_url(joint, person, name=POLICE) -> str:
    return reverse("review_task", args=[joint.task(name, person).pk])


def test_department_answers_one_by_one_and_many_at_once(joint, sent, police):
    home = text(police.get(reverse("vetting_home")))
    assert "0 / 4人" in home
    url = task_url(joint, sent[0])
    page = text(police.get(url))
    assert all(p.member.name in page for p in sent)
    assert "公安局的审查事项（示例）" in page

    sent_one = police.post(url, answers(sent[:1], "objection", reason="示例：有前科"))
    assert sent_one.status_code == 302, sent_one.context["refusals"]
    assert police.post(url, answers(sent[1:])).status_code == 302

    assert [joint.ask(POLICE, p).state for p in sent] == ["objection", "clear", "clear", "clear"]
    assert "示例：有前科" in text(police.get(url))
    assert "已答齐" in text(police.get(reverse("vetting_home")))


def test_unticked_people_stay_open(joint, sent, police):
    url = task_url(joint, sent[0])
    police.post(url, answers(sent[:1]))
    assert ReviewAsk.objects.filter(department__name=POLICE, state="open").count() == 3
    assert "没有勾选意见" in text(police.post(url, {"action": "answer", **{
        f"version_{p.pk}": 0 for p in sent
    }}, follow=True))  # fmt: skip


def test_refused_answers_keep_what_was_typed(joint, sent, police):
    url = task_url(joint, sent[0])
    values = answers(sent[:1], "supplement", reason="示例：缺材料") | answers(
        sent[1:2], "objection", reason=""
    )
    refused = police.post(url, values)

    assert refused.status_code == 422
    assert f"{sent[1].member.name}有异议，须写明理由" in text(refused)
    assert 'value="示例：缺材料"' in text(refused)
    assert not ReviewAsk.objects.exclude(state="open").exists()


def test_page_that_a_colleague_overtook_gets_a_conflict(joint, sent, police):
    joint.answer(POLICE, sent[0])
    answer = police.post(task_url(joint, sent[0]), answers(sent[:1]))
    assert answer.status_code == 409
    assert "刚由本部门他人答复" in text(answer)


def test_department_sees_who_the_person_is_and_nothing_of_the_others(joint, sent, police):
    joint.answer(COURT, sent[0], state=AskState.OBJECTION, reason=SECRET)
    page = text(police.get(task_url(joint, sent[0])))
    assert (SECRET in page, COURT in page) == (False, False)
    assert police.get(task_url(joint, sent[0], COURT)).status_code == 404
    for name in ("stage_review", "election_detail"):
        assert police.get(reverse(name, args=[sent[0].election_id])).status_code == 404


@pytest.mark.parametrize("name", ["vetting_home", "review_task"])
def test_pages_of_a_department_cost_the_same_for_one_and_for_many(joint, people, police, name):
    counts = []
    police.get(reverse("todo"))
    for group in (people[:1], people[1:]):
        joint.first(*group)
        joint.send(*group)
        target = task_url(joint, group[0]) if name == "review_task" else reverse(name)
        with CaptureQueriesContext(connection) as seen:
            assert police.get(target).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 16


# --- the stage's page --------------------------------------------------------------------------------


def test_who_sees_what_on_the_stage_s_page(joint, sent, staff, sign_in, users):
    joint.answer(COURT, sent[0], state=AskState.OBJECTION, reason=SECRET)
    facts.record_fact(
        candidacy=sent[0],
        facts=facts.Facts(FactKind.CRIMINAL, "示例：判过刑", "示例法院"),
        by=users.coordinator,
        at=NOW,
    )
    negative_list.load_sample(campaign=joint.campaign, by=joint.staff, at=NOW)
    url = reverse("stage_review", args=[sent[0].election_id])
    pages = {
        "staff": text(staff.get(url)),
        "coordinator": text(sign_in(users.coordinator).get(url)),
        "leader": text(sign_in(users.leader).get(url)),
    }

    assert {who: SECRET in page for who, page in pages.items()} == {
        "staff": True, "coordinator": False, "leader": False,
    }  # fmt: skip
    assert {who: "对应负面清单" in page for who, page in pages.items()} == {
        "staff": True, "coordinator": True, "leader": False,
    }  # fmt: skip
    assert "有异议" not in pages["coordinator"].split('id="submit"')[0]
    assert "已答复" in pages["leader"]
    assert "公安局未答复" in pages["coordinator"]


def test_rejection_and_its_countersignature_on_the_page(joint, sent, staff, sign_in, place):
    joint.all_clear(*sent)
    colleague = sign_in(UserFactory(role=Role.ORG_STAFF, where=place.county))
    url = reverse("stage_review", args=[sent[0].election_id])
    values = {"action": "county", "candidacy": sent[0].pk, "result": "failed", "decided_on": TODAY}

    assert "须写明不合格情形和理由" in text(staff.post(url, values))
    staff.post(url, values | {"rule": "示例", "reason": "示例"})
    assert "待复核" in text(staff.get(url))
    review = Review.objects.get(level="county", candidacy=sent[0])
    sign = {"action": "countersign", "review": review.pk, "agreed": "yes"}
    assert staff.post(url, sign).status_code == 422
    assert colleague.post(url, sign).status_code == 302
    assert colleague.post(url, sign).status_code == 409
    assert Candidacy.objects.get(pk=sent[0].pk).status == "rejected"


def test_person_s_page_shows_every_version_to_staff_only(joint, sent, staff, sign_in, users):
    joint.answer(COURT, sent[0])
    joint.answer(COURT, sent[0], state=AskState.OBJECTION, reason=SECRET)
    url = reverse("candidacy_detail", args=[sent[0].pk])

    page = text(staff.get(url))
    assert "已更正" in page
    assert SECRET in page
    for who in (users.coordinator, users.leader):
        assert "各单位的意见" not in text(sign_in(who).get(url))


# --- facts -------------------------------------------------------------------------------------------


def fact(**more) -> dict:
    return {
        "action": "record", "kind": "criminal", "source": "示例法院", "text": "示例：判过刑",
    } | more  # fmt: skip


def test_facts_are_kept_apart(joint, sent, sign_in, users):
    url = reverse("candidacy_facts", args=[sent[0].pk])
    coordinator, police, court = (
        sign_in(u) for u in (users.coordinator, joint.users[POLICE], joint.users[COURT])
    )
    assert coordinator.post(url, fact(text="乡镇知道的事")).status_code == 302
    assert court.post(url, fact(text="法院知道的事")).status_code == 302

    seen = {
        who: {w for w in ("乡镇知道的事", "法院知道的事") if w in text(client.get(url))}
        for who, client in (("coordinator", coordinator), ("police", police), ("court", court))
    }
    assert seen == {
        "coordinator": {"乡镇知道的事", "法院知道的事"}, "police": set(), "court": {"法院知道的事"},
    }  # fmt: skip
    assert sign_in(users.leader).get(url).status_code == 403
    assert sign_in(users.foreign).get(url).status_code == 404
    assert sign_in(users.discipline).get(url).status_code == 404


def test_department_that_was_not_asked_has_no_such_person(joint, people, police):
    assert police.get(reverse("candidacy_facts", args=[people[0].pk])).status_code == 404


def test_fact_is_withdrawn_with_a_reason_and_stays(joint, sent, sign_in, users):
    url = reverse("candidacy_facts", args=[sent[0].pk])
    client = sign_in(users.coordinator)
    client.post(url, fact())
    row = PersonFact.objects.get()

    assert client.post(url, {"action": "withdraw", "fact": row.pk, "reason": ""}).status_code == 422
    client.post(url, {"action": "withdraw", "fact": row.pk, "reason": "示例：查无此事"})

    assert "已撤回" in text(client.get(url))
    assert not PersonFact.objects.standing().exists()


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        ({"happened_on": TODAY + timedelta(days=1)}, "在今天之后"),
        ({"happened_on": TODAY, "decided_on": TODAY - timedelta(days=1)}, "应依次不早于前一个"),
    ],
)
def test_fact_with_wrong_dates_is_refused(sent, sign_in, users, dates, words):
    url = reverse("candidacy_facts", args=[sent[0].pk])
    answer = sign_in(users.coordinator).post(url, fact(**dates))
    assert answer.status_code == 422
    assert words in text(answer)


# --- what waits ----------------------------------------------------------------------------------------


def test_what_waits_for_whom(joint, people, users, place, sign_in):
    colleague = UserFactory(role=Role.ORG_STAFF, where=place.county)
    joint.first(*people)
    assert todo(users.org_staff, joint.campaign, at=NOW).joint.to_send == 4
    joint.send(*people)
    later = NOW + timedelta(days=40)
    assert todo(users.org_staff, joint.campaign, at=later).joint.late_tasks == 3
    police = joint.users[POLICE]
    assert [t.department.name for t in todo(police, joint.campaign, at=NOW).tasks] == [POLICE]
    joint.all_clear(*people)
    assert todo(users.org_staff, joint.campaign, at=NOW).joint.ready == 4
    joint.county(people[0], result=ReviewResult.FAILED, rule="示例", reason="示例")

    assert todo(joint.staff, joint.campaign, at=NOW).signs == []
    assert len(todo(colleague, joint.campaign, at=NOW).signs) == 1
    for user in (users.org_staff, colleague, police, users.coordinator):
        found = todo(user, joint.campaign, at=NOW)
        assert todo_count(user, joint.campaign, at=NOW) == found.total
        assert sign_in(user).get(reverse("todo")).status_code == 200
