"""The survey and rectification pages."""

import pytest
from django.urls import reverse

from elections.enums import Stage
from groundwork.enums import Aspect
from groundwork.ledgers import LEDGERS
from groundwork.models import ContingencyPlan, Dispute, RiskGrade, SurveyItem
from tests.elections.pages import campaign_around_today, moved
from tests.factories.ledgers import add


@pytest.fixture
def campaign(place, users):
    return campaign_around_today(place, users)


def url(election, stage) -> str:
    return reverse(f"stage_{stage}", kwargs={"pk": election.pk})


def test_survey_is_saved_and_shown_again(election, users, client):
    client.force_login(users.coordinator)
    sent = {"action": "survey", "clear_1": "on", "finding_1": "示例情况"}

    answer = client.post(url(election, Stage.SURVEY), sent, follow=True)

    assert "已保存调研情况" in answer.content.decode()
    assert "示例情况</textarea>" in answer.content.decode()
    assert SurveyItem.objects.filter(is_clear=True).count() == 1


def test_refused_risk_grade_keeps_what_was_typed(election, users, client, today):
    client.force_login(users.coordinator)
    sent = {
        "action": "risk",
        **dict.fromkeys(Aspect.values, 12),
        "graded_on": today,
        "grounds": "示例依据",
        "leader": "",
        "work_group": "示例工作组",
        "plan": "",
    }

    answer = client.post(url(election, Stage.SURVEY), sent)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "红色村须填写包保领导。" in shown
    assert 'value="示例工作组"' in shown
    assert not RiskGrade.objects.exists()


@pytest.fixture
def disputes(election, today):
    election = moved(election, Stage.RECTIFICATION, today)
    return [
        Dispute.objects.create(
            election=election,
            category="land",
            summary=f"示例矛盾{n}",
            responsible="示例镇",
            found_on=today,
        )
        for n in range(3)
    ]


def test_refused_result_stays_with_its_dispute(disputes, users, client, today):
    client.force_login(users.coordinator)
    sent = {
        "action": "close",
        "dispute": disputes[1].pk,
        "status": "stable",
        "closed_on": today.replace(year=today.year - 1),
        "measures": "示例措施",
    }

    answer = client.post(url(disputes[1].election, Stage.RECTIFICATION), sent)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert shown.count('value="示例措施"') == 1
    assert shown.count("<details open>") == 1
    assert shown.index("示例矛盾1") < shown.index('value="示例措施"') < shown.index("示例矛盾2")


def test_dispute_of_another_village_is_not_there(disputes, users, client, today):
    election = disputes[0].election
    other = election.campaign.elections.exclude(pk=election.pk).get()
    foreign = Dispute.objects.create(
        election=other, category="land", summary="外镇", responsible="外镇", found_on=today
    )
    client.force_login(users.coordinator)
    sent = {
        "action": "close",
        "dispute": foreign.pk,
        "status": "stable",
        "closed_on": today,
        "measures": "示例",
    }

    assert client.post(url(election, Stage.RECTIFICATION), sent).status_code == 404


def test_page_takes_the_same_queries_for_one_and_for_three(
    disputes, users, client, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(users.coordinator)
    page = url(disputes[0].election, Stage.RECTIFICATION)
    client.get(page)
    with django_assert_max_num_queries(40) as three:
        client.get(page)
    for dispute in disputes[1:]:
        dispute.delete()

    with django_assert_num_queries(len(three)):
        client.get(page)


def test_a_red_village_is_asked_for_by_the_township_and_cleared_by_the_county(
    election, users, client, today
):
    RiskGrade.objects.create(
        election=election, grade="red", graded_on=today, leader="示例", work_group="组", plan="案"
    )
    plan = add("plans", election, day=today)
    page = url(election, Stage.SURVEY)
    client.force_login(users.coordinator)
    assert client.post(page, {"action": "clear", "note": ""}).status_code == 422
    assert client.post(page, {"action": "clear", "note": "示例已化解"}).status_code == 302
    assert client.post(page, {"action": "decide_clear", "approved": "yes"}).status_code == 403

    client.force_login(users.org_staff)
    early = client.post(page, {"action": "decide_clear", "approved": "yes"})
    assert early.status_code == 422
    assert "预案还没有批准" in early.content.decode()
    row = reverse("ledger_row", args=[election.campaign_id, "plans", plan.pk])
    assert client.post(row, {"action": "approve"}).status_code == 302
    assert client.post(row, {"action": "approve"}).status_code == 422
    assert client.post(page, {"action": "decide_clear", "approved": "yes"}).status_code == 302

    assert RiskGrade.objects.get().cleared_on == today
    assert "批准" in client.get(page).content.decode()


def test_changing_an_approved_plan_makes_its_next_version(election, users, client, today):
    plan = add("plans", election, day=today)
    row = reverse("ledger_row", args=[election.campaign_id, "plans", plan.pk])
    client.force_login(users.org_staff)
    client.post(row, {"action": "approve"})
    client.force_login(users.coordinator)
    sent = LEDGERS["plans"].values_of(plan) | {"measures": "示例新措施"}

    assert client.post(row, sent).status_code == 302

    kept = ContingencyPlan.objects.order_by("version")
    assert [(p.version, p.withdrawn_reason, p.approved_by) for p in kept] == [
        (1, "修订为第2版", users.org_staff),
        (2, "", None),
    ]


def test_rule_sheet_page_refuses_points_that_do_not_add_up(campaign, users, client):
    client.force_login(users.org_staff)
    page = reverse("risk_sheet", args=[campaign.pk])
    sent = dict.fromkeys(Aspect.values, 20) | {"green_from": 85, "yellow_from": 60}

    wrong = client.post(page, sent | {"team": 30})
    assert (wrong.status_code, "合计110分" in wrong.content.decode()) == (422, True)
    assert client.post(page, sent).status_code == 302
    assert "60至84分黄色，59分及以下红色" in client.get(page).content.decode()
