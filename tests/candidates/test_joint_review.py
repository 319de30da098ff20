"""Joint review: no answer is consent, a return keeps the others' answers, a rejection needs a second person."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from accounts.errors import Conflict, Forbidden, Refused
from accounts.models import AuditEntry
from candidates import gates, selectors
from candidates.enums import AskState, CandidacyStatus, ReviewLevel, ReviewResult
from candidates.models import Candidacy, Review, ReviewAsk, ReviewOpinion, VettingDepartment
from candidates.services import (
    batches,
    countersign,
    departments,
    negative_list,
    opinions,
    reviews,
    withdrawal,
)
from candidates.services.negative_list import RuleText
from elections.enums import Stage
from tests.factories.elections import moment
from tests.factories.villages import UserFactory
from villages.models import Posting

from .joint import COURT, PETITIONS, POLICE, joint_of
from .people import AT, DAY, stand

SECRET = "示例：不外传的意见"
FAILED = ReviewResult.FAILED


@pytest.fixture
def people(at, place):
    return stand(at(Stage.REVIEW), place.members[:4], women=(0,))


@pytest.fixture
def joint(people, campaign, place, users):
    return joint_of(
        campaign, staff=users.org_staff, coordinator=users.coordinator, place=place.county
    )


@pytest.fixture
def colleague(place):
    """A second member of the organisation staff."""
    return UserFactory(role=Role.ORG_STAFF, where=place.county)


@pytest.fixture
def sent(joint, people):
    joint.first(*people)
    joint.send(*people)
    return people


def status(person) -> str:
    return Candidacy.objects.get(pk=person.pk).status


def agree(review, by, *, agreed=True, note=""):
    return countersign.countersign_review(
        review=review, stage=Stage.REVIEW, agreed=agreed, note=note, by=by, at=AT
    )


def states(person) -> dict[str, str]:
    asks = ReviewAsk.objects.filter(candidacy=person, is_current=True)
    return dict(asks.values_list("department__name", "state"))


# --- sending ------------------------------------------------------------------------------------


def test_batch_asks_every_department_about_everybody(joint, people):
    joint.first(*people)

    batch = joint.send(*people)

    assert (batch.number, batch.due_on) == (1, date(2026, 9, 28))  # over the Mid-Autumn holiday
    assert [t.department.name for t in batch.tasks.order_by("pk")] == [POLICE, COURT, PETITIONS]
    assert ReviewAsk.objects.open().count() == 12
    assert batch.created_name == joint.staff.name


def test_nobody_is_sent_twice_and_nobody_before_the_township(joint, people):
    joint.first(people[0])
    joint.send(people[0])

    with pytest.raises(Refused) as refusal:
        joint.send(people[0], people[1])

    assert [p.message for p in refusal.value.problems] == [
        f"{people[0].member.name}已送各单位联审，不重复送审。",
        f"{people[1].member.name}没有等待县级联审：请刷新页面。",
    ]


def test_department_named_later_is_asked_alone(joint, sent, users):
    joint.all_clear(*sent)
    departments.save_department(
        campaign=joint.campaign, name="审计局", questions="示例", required=True, order=9,
        by=users.org_staff, at=AT,
    )  # fmt: skip
    with pytest.raises(Refused, match="未送审计局联审"):
        joint.county(sent[0])

    batch = joint.send(*sent)

    assert [t.department.name for t in batch.tasks.all()] == ["审计局"]
    assert states(sent[0]) == {
        POLICE: "clear",
        COURT: "clear",
        PETITIONS: "clear",
        "审计局": "open",
    }


@pytest.mark.parametrize("who", ["coordinator", "leader", "vetting", "outsider"])
def test_only_staff_send(joint, people, users, who):
    joint.first(people[0])
    with pytest.raises(Forbidden):
        batches.send_batch(
            campaign=joint.campaign,
            people=[people[0].pk],
            working_days=5,
            by=getattr(users, who),
            at=AT,
        )


@pytest.mark.parametrize("days", [0, 61])
def test_deadline_in_working_days_has_limits(joint, people, days):
    joint.first(people[0])
    with pytest.raises(Refused, match="1至60个工作日"):
        joint.send(people[0], working_days=days)


def test_batch_of_many_costs_few_statements(joint, people):
    joint.first(*people)
    counts = []
    for group in (people[:1], people[1:]):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            joint.send(*group)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 22


# --- answers ------------------------------------------------------------------------------------


def test_county_waits_for_every_required_department(joint, sent):
    joint.answer(POLICE, *sent)

    with pytest.raises(Refused, match="法院未答复（期限9月28日），不能作县级联审结论"):
        joint.county(sent[0])
    joint.answer(COURT, *sent)
    joint.county(sent[0])  # the department that need not answer is not waited for

    assert status(sent[0]) == CandidacyStatus.CLEARED
    assert states(sent[0])[PETITIONS] == AskState.VOID
    assert ReviewAsk.objects.get(candidacy=sent[0], state="void").why == "已有审查结论"


def test_gate_names_who_is_awaited_and_how_late(joint, sent):
    joint.answer(POLICE, *sent)
    election = sent[0].election
    late = moment(DAY + timedelta(days=10))  # Wednesday 30 September

    found = gates.review_complete(election, at=late)

    assert [(b.message, b.who) for b in found][:1] == [
        (f"{sent[0].member.name}：法院未答复（期限9月28日，已逾期2个工作日）。", Role.VETTING)
    ]
    assert len(found) == 4


def test_corrected_answer_is_a_new_version(joint, sent):
    joint.answer(POLICE, sent[0])
    joint.answer(POLICE, sent[0], state=AskState.OBJECTION, reason=SECRET, version=1)

    ask = joint.ask(POLICE, sent[0])
    assert (ask.state, ask.version) == (AskState.OBJECTION, 2)
    assert [(o.version, o.answer) for o in ask.opinions.order_by("version")] == [
        (1, "clear"),
        (2, "objection"),
    ]
    assert ReviewOpinion.objects.filter(by_name=joint.users[POLICE].name).count() == 2


def test_second_of_two_colleagues_gets_a_conflict(joint, sent):
    joint.answer(POLICE, sent[0], version=0)
    with pytest.raises(Conflict, match="刚由本部门他人答复"):
        joint.answer(POLICE, sent[0], version=0)


def test_answer_after_the_county_s_word_is_refused(joint, sent):
    joint.all_clear(*sent)
    joint.county(sent[0])
    with pytest.raises(Refused, match="已不需要答复"):
        joint.answer(POLICE, sent[0], state=AskState.OBJECTION)


def test_all_problems_are_named_and_nothing_is_saved(joint, sent):
    negative_list.load_sample(campaign=joint.campaign, by=joint.staff, at=AT)
    answers = {
        sent[0].pk: opinions.Answer(AskState.CLEAR),
        sent[1].pk: opinions.Answer(AskState.OBJECTION),
        sent[2].pk: opinions.Answer(AskState.SUPPLEMENT, reason=" "),
        sent[3].pk: opinions.Answer(AskState.OPEN),
    }
    with pytest.raises(Refused) as refusal:
        opinions.answer_many(
            task=joint.task(POLICE, sent[0]), answers=answers, by=joint.users[POLICE], at=AT
        )
    names = [p.member.name for p in sent]
    assert [p.message for p in refusal.value.problems] == [
        f"{names[1]}有异议，须选定负面清单的条目。",
        f"{names[1]}有异议，须写明理由。",
        f"{names[2]}需补充，须写明补充什么。",
        f"{names[3]}：请选择无异议、有异议或需补充。",
    ]
    assert not ReviewOpinion.objects.exists()


def test_other_departments_and_roles_do_not_answer(joint, sent, users):
    with pytest.raises(Refused, match="不在本部门的这项任务中"):
        joint.answer(POLICE, sent[0], by=joint.users[COURT])
    with pytest.raises(Forbidden):
        joint.answer(POLICE, sent[0], by=users.org_staff)


def test_colleague_goes_on_when_somebody_left(joint, sent, place):
    joint.answer(POLICE, sent[0])
    gone = joint.users[POLICE]
    Posting.objects.filter(user=gone).update(ends_on=DAY)
    gone.is_active = False
    gone.save()
    heir = UserFactory(role=Role.VETTING, where=place.county)
    Posting.objects.filter(user=heir).update(department=POLICE)

    joint.answer(POLICE, *sent[1:], by=heir)

    assert joint.ask(POLICE, sent[0]).opinions.get().by_name == gone.name
    assert "联审单位" in joint.ask(POLICE, sent[0]).opinions.get().by_post
    assert ReviewAsk.objects.filter(department__name=POLICE, state="clear").count() == 4


def test_answers_of_many_cost_the_same_statements(joint, sent):
    counts = []
    for group in (sent[:1], sent[1:]):
        task, user = joint.task(COURT, group[0]), joint.users[COURT]
        with CaptureQueriesContext(connection) as seen:
            opinions.answer_many(
                task=task,
                answers={p.pk: opinions.Answer(AskState.CLEAR) for p in group},
                by=user,
                at=AT,
            )
        counts.append(len(seen))
    assert counts[0] == counts[1] + 1 <= 14  # the first reads the user's postings


def test_file_of_an_objection_is_checked_and_kept(joint, sent):
    good = SimpleUploadedFile("判决书.pdf", b"%PDF-1.7 example")
    joint.answer(COURT, sent[0], state=AskState.OBJECTION, file=good)
    opinion = ReviewOpinion.objects.get()
    assert (opinion.file_name, opinion.content_type) == ("判决书.pdf", "application/pdf")
    with pytest.raises(Refused, match="内容与扩展名不符"):
        joint.answer(
            COURT,
            sent[1],
            state=AskState.OBJECTION,
            file=SimpleUploadedFile("假.pdf", b"MZ"),
        )


# --- supplements --------------------------------------------------------------------------------


def test_supplement_goes_back_for_one_person_and_asks_one_department_again(joint, sent):
    joint.answer(POLICE, *sent)
    joint.answer(COURT, sent[1], state=AskState.SUPPLEMENT, reason="示例：补充判决书")
    joint.answer(COURT, sent[0], sent[2], sent[3])

    (blocker,) = [b for b in gates.review_complete(sent[0].election, at=AT) if "初审" in b.message]
    assert blocker.message == (
        f"{sent[1].member.name}未作乡镇初审（县级退回：法院要求补充：示例：补充判决书）。"
    )
    with pytest.raises(Refused, match="请填写补充情况"):
        joint.first(sent[1])
    joint.first(sent[1], supplement="示例：已附判决书")

    assert states(sent[1]) == {POLICE: "clear", COURT: "open", PETITIONS: "open"}
    ask = joint.ask(COURT, sent[1])
    assert (ask.attempt, ask.why) == (2, "乡镇已补充")
    old = ReviewAsk.objects.get(candidacy=sent[1], department__name=COURT, attempt=1)
    assert (old.state, old.opinions.get().reason) == ("supplement", "示例：补充判决书")
    joint.answer(COURT, sent[1])
    joint.county(sent[1])
    assert status(sent[1]) == CandidacyStatus.CLEARED


def test_all_at_once_leaves_out_who_must_be_supplemented(joint, sent):
    joint.answer(COURT, sent[1], state=AskState.SUPPLEMENT)
    with pytest.raises(Refused, match="没有等待乡镇初审的人选"):
        reviews.pass_reviews(
            election=sent[0].election, stage=Stage.REVIEW, level=ReviewLevel.TOWNSHIP,
            decided_on=DAY, by=joint.coordinator, at=AT,
        )  # fmt: skip


def test_staff_choose_who_is_asked_again_after_a_supplement(joint, sent):
    joint.all_clear(sent[0])
    again = {"candidacy": sent[0], "stage": Stage.REVIEW, "by": joint.staff, "at": AT}
    police = joint.department(POLICE).pk

    with pytest.raises(Refused, match="请填写再次征求意见的理由"):
        batches.ask_again(**again, departments=[police], why=" ")
    batches.ask_again(**again, departments=[police], why="示例：新材料")

    assert states(sent[0]) == {POLICE: "open", COURT: "clear", PETITIONS: "clear"}
    with pytest.raises(Refused, match="还没有答复，不需再次征求"):
        batches.ask_again(**again, departments=[police], why="示例：新材料")


# --- the county's word --------------------------------------------------------------------------


def test_all_ready_pass_at_once_and_the_others_wait(joint, sent):
    joint.answer(POLICE, *sent)
    joint.answer(COURT, sent[0], sent[1])
    joint.answer(COURT, sent[2], state=AskState.OBJECTION)
    passing = {
        "election": sent[0].election, "stage": Stage.REVIEW, "level": ReviewLevel.COUNTY,
        "decided_on": DAY, "by": joint.staff, "at": AT,
    }  # fmt: skip

    made = reviews.pass_reviews(**passing)

    assert {r.candidacy_id for r in made} == {sent[0].pk, sent[1].pk}
    assert [status(p) for p in sent] == ["cleared", "cleared", "preliminary", "preliminary"]
    with pytest.raises(Refused, match="法院未答复"):
        reviews.pass_reviews(**passing)


def test_rejection_counts_only_when_a_second_person_agrees(joint, sent, colleague):
    joint.answer(COURT, sent[0], state=AskState.OBJECTION, reason=SECRET)
    joint.answer(POLICE, sent[0])
    review = joint.county(sent[0], result=FAILED, rule="失信（示例）", reason=SECRET)

    assert status(sent[0]) == CandidacyStatus.PRELIMINARY
    (blocker,) = [b for b in gates.review_complete(sent[0].election, at=AT) if "复核" in b.message]
    assert blocker.message == f"{sent[0].member.name}县级联审不合格，待另一人复核。"
    with pytest.raises(Refused, match="不能复核自己登记的结论"):
        agree(review, joint.staff)
    with pytest.raises(Forbidden):
        agree(review, joint.coordinator)
    agree(review, colleague)

    assert status(sent[0]) == CandidacyStatus.REJECTED
    assert states(sent[0])[PETITIONS] == AskState.VOID
    stored = Review.objects.get(pk=review.pk)
    assert (stored.second_name, stored.second_post) == (colleague.name, stored.by_post)
    with pytest.raises(Conflict, match="刚被他人复核"):
        agree(review, colleague)


def test_second_person_may_refuse_and_nothing_is_decided(joint, sent, colleague):
    joint.all_clear(sent[0])
    review = joint.county(sent[0], result=FAILED, rule="示例", reason="示例")

    with pytest.raises(Refused, match="复核不同意，须写明理由"):
        agree(review, colleague, agreed=False)
    agree(review, colleague, agreed=False, note="示例：证据不足")

    assert status(sent[0]) == CandidacyStatus.PRELIMINARY
    assert not Review.objects.filter(candidacy=sent[0], level="county").exists()
    assert Review.everything.get(pk=review.pk).return_reason == "复核不同意：示例：证据不足"
    joint.county(sent[0])
    assert status(sent[0]) == CandidacyStatus.CLEARED


def test_township_s_rejection_is_countersigned_by_colleague_or_county(joint, people, users, place):
    other = UserFactory(role=Role.COORDINATOR, where=place.own)
    for person, second in ((people[0], other), (people[1], users.org_staff)):
        review = joint.first(person, result=FAILED, rule="示例", reason="示例")
        with pytest.raises(Refused, match="不能复核自己"):
            agree(review, users.coordinator)
        with pytest.raises(Forbidden):
            agree(review, users.foreign)
        agree(review, second)
    assert [status(p) for p in people[:2]] == ["rejected", "rejected"]


def test_objection_is_set_aside_by_two_with_a_reason(joint, sent, colleague):
    joint.answer(COURT, sent[0], state=AskState.OBJECTION)
    joint.answer(POLICE, sent[0])

    with pytest.raises(Refused, match=f"法院对{sent[0].member.name}有异议：登记合格须写明不采纳"):
        joint.county(sent[0])
    review = joint.county(sent[0], set_aside="示例：已履行完毕")
    assert status(sent[0]) == CandidacyStatus.PRELIMINARY
    agree(review, colleague)

    assert status(sent[0]) == CandidacyStatus.CLEARED


def test_answers_do_not_change_while_a_decision_waits(joint, sent):
    joint.all_clear(sent[0])
    joint.county(sent[0], result=FAILED, rule="示例", reason="示例")
    with pytest.raises(Refused, match="已有县级联审结论，答复不能再改"):
        joint.answer(COURT, sent[0], state=AskState.OBJECTION)


def test_rejection_in_force_is_taken_up_again_only_by_a_return(joint, sent, colleague):
    joint.all_clear(sent[0])
    agree(joint.county(sent[0], result=FAILED, rule="示例", reason="示例"), colleague)
    with pytest.raises(Refused, match="须由县委组织部退回后重新审查"):
        joint.county(sent[0])

    reviews.return_review(
        candidacy=sent[0], stage=Stage.REVIEW, reason="示例：申诉成立", by=joint.staff, at=AT
    )
    joint.county(sent[0])

    assert status(sent[0]) == CandidacyStatus.CLEARED
    assert ReviewAsk.objects.filter(candidacy=sent[0]).count() == 3


def test_campaign_with_a_list_rejects_by_a_rule_of_it(joint, people):
    (rule,) = negative_list.add_rules(
        campaign=joint.campaign, wanted=[RuleText("1", "credit", "失信被执行人")],
        by=joint.staff, at=AT,
    )  # fmt: skip
    with pytest.raises(Refused, match="须选定负面清单的条目"):
        joint.first(people[0], result=FAILED, rule="随意", reason="示例")

    review = joint.first(people[0], result=FAILED, cited=rule.pk, reason="示例")

    assert (review.rule, review.cited) == ("1 失信被执行人", rule)
    changed = negative_list.change_rule(
        rule=rule, to=RuleText("1", "credit", "改过的"), by=joint.staff, at=AT
    )
    assert (changed.version, Review.objects.get(pk=review.pk).cited.text) == (2, "失信被执行人")


# --- who leaves ---------------------------------------------------------------------------------


def test_withdrawn_person_is_asked_about_no_more(joint, sent):
    joint.answer(POLICE, sent[0])
    withdrawal.withdraw(
        candidacy=sent[0],
        reason="示例：本人意愿",
        withdrawn_on=timezone.localdate(AT),
        by=joint.coordinator,
        at=AT,
    )
    assert states(sent[0]) == {POLICE: "clear", COURT: "void", PETITIONS: "void"}
    with pytest.raises(Refused, match="已不需要答复：本人放弃"):
        joint.answer(COURT, sent[0])


def test_retired_department_is_not_waited_for_and_its_answers_stay(joint, sent):
    joint.answer(COURT, sent[0], state=AskState.OBJECTION)
    joint.answer(POLICE, *sent)
    departments.retire_department(department=joint.department(COURT), by=joint.staff, at=AT)

    joint.county(sent[1])
    with pytest.raises(Refused, match="法院对"):
        joint.county(sent[0])
    assert status(sent[1]) == CandidacyStatus.CLEARED


def test_audit_trail_has_no_opinion(joint, sent, colleague):
    joint.answer(COURT, sent[0], state=AskState.OBJECTION, reason=SECRET)
    joint.answer(POLICE, sent[0])
    review = joint.county(sent[0], result=FAILED, rule=SECRET, reason=SECRET)
    agree(review, colleague, agreed=False, note=SECRET)
    assert SECRET not in str([vars(e) for e in AuditEntry.objects.all()])


def test_departments_have_a_name_once(joint):
    with pytest.raises(Refused, match="已有联审单位“公安局”"):
        departments.save_department(
            campaign=joint.campaign, name="公安局 ", questions="", required=True, order=1,
            by=joint.staff, at=AT,
        )  # fmt: skip


def test_staff_are_told_which_department_has_no_account(joint):
    Posting.objects.filter(user=joint.users[COURT]).update(ends_on=DAY)
    found = list(VettingDepartment.objects.filter(campaign=joint.campaign).current())
    assert selectors.without_account(joint.campaign, found, on=DAY) == {COURT}
