"""Survey, risk grade, disputes and departure audits: what is taken, what is refused, what holds a stage up."""

from datetime import date, timedelta

import pytest

from accounts.errors import Forbidden, Refused
from accounts.models import AuditEntry
from elections.enums import Stage, StageStatus
from groundwork import gates, services
from groundwork.enums import DisputeStatus, Grade
from groundwork.models import DepartureAudit, Dispute, RiskGrade, SurveyItem
from tests.factories.elections import at_stage, moment
from villages.models import PostHeld

DAY = date(2026, 9, 20)
AT = moment(DAY, 15)
CLEAR = {n: (True, f"示例{n}") for n in range(1, 8)}


def acting(election, users, **more) -> dict:
    return {"election": election, "by": users.coordinator, "at": AT} | more


def grade(election, users, grade=Grade.RED, **more):
    facts = {
        "grade": grade,
        "grounds": "示例依据",
        "graded_on": DAY,
        "leader": "示例领导",
        "work_group": "示例工作组",
        "plan": "示例预案",
    }
    return services.save_risk_grade(**acting(election, users), **facts | more)


# --- survey and risk -----------------------------------------------------------------------------


def test_survey_is_complete_when_all_seven_are_clear_and_the_village_is_graded(election, users):
    services.save_survey(**acting(election, users, items=CLEAR | {3: (False, "还不清楚")}))
    messages = [b.message for b in gates.survey_complete(election, at=AT)]
    name = election.campaign.survey_items[2]
    assert messages == [
        f"“七个清楚”还有1项不清楚：{name}。",
        "未作选情研判（红黄绿）。",
    ]

    services.save_survey(**acting(election, users, items=CLEAR))
    grade(election, users, Grade.GREEN)

    assert gates.survey_complete(election, at=AT) == []
    assert SurveyItem.objects.count() == 7


def test_clear_without_a_finding_is_refused_by_name(election, users):
    name = election.campaign.survey_items[0]

    with pytest.raises(Refused, match=f"“{name}”标为已清楚，请写明情况"):
        services.save_survey(**acting(election, users, items={1: (True, " ")}))
    assert not SurveyItem.objects.exists()


def test_red_village_needs_leader_group_and_plan_all_named_at_once(election, users):
    with pytest.raises(Refused) as refusal:
        grade(election, users, leader="", work_group=" ", plan="")

    assert [p.message for p in refusal.value.problems] == [
        "红色村须填写包保领导。",
        "红色村须填写工作组。",
        "红色村须填写“一村一策”预案。",
    ]
    assert not RiskGrade.objects.exists()


def test_red_village_does_not_start_before_it_is_cleared(election, users):
    grade(election, users)
    assert [b.code for b in gates.red_village_cleared(election, at=AT)] == ["red_not_cleared"]

    services.clear_risk(**acting(election, users, cleared_on=DAY))

    assert gates.red_village_cleared(election, at=AT) == []
    assert AuditEntry.objects.filter(action="risk.cleared").count() == 1


def test_grading_again_takes_the_clearance_back(election, users):
    grade(election, users)
    services.clear_risk(**acting(election, users, cleared_on=DAY))

    grade(election, users)

    assert RiskGrade.objects.get().cleared_on is None


@pytest.mark.parametrize(
    ("graded", "cleared_on", "words"),
    [
        (Grade.GREEN, DAY, "不是红色村，不需要销号"),
        (Grade.RED, DAY - timedelta(days=1), "销号日期早于研判日期"),
        (Grade.RED, DAY + timedelta(days=1), "销号日期"),
    ],
)
def test_clearance_that_cannot_be_is_refused(election, users, graded, cleared_on, words):
    grade(election, users, graded)

    with pytest.raises(Refused, match=words):
        services.clear_risk(**acting(election, users, cleared_on=cleared_on))


def test_clearance_is_fixed_once_the_petition_is_settled(election, users):
    grade(election, users)
    moved = at_stage(election, Stage.MOBILISATION)

    with pytest.raises(Refused, match="请示与批复已办结"):
        services.clear_risk(**acting(moved, users, cleared_on=DAY))


# --- rectification -------------------------------------------------------------------------------


@pytest.fixture
def rectifying(election):
    return at_stage(election, Stage.RECTIFICATION)


def dispute(election, users, **more):
    facts = {"category": "land", "summary": "示例矛盾", "responsible": "示例镇", "found_on": DAY}
    return services.add_dispute(**acting(election, users), **facts | more)


def close(found, users, **more):
    facts = {"status": DisputeStatus.SETTLED, "measures": "示例措施", "closed_on": DAY}
    return services.close_dispute(
        **{"dispute": found, "by": users.coordinator, "at": AT} | facts | more
    )


def test_open_dispute_holds_the_stage_up_until_it_is_settled(rectifying, users):
    found = dispute(rectifying, users)
    (blocker,) = gates.rectified(rectifying, at=AT)
    assert blocker.message == "还有1起隐患矛盾未化解也未稳控。"

    close(found, users)

    assert gates.rectified(rectifying, at=AT) == []
    with pytest.raises(Refused, match="已有结果，不必重复登记"):
        close(found, users)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"measures": " "}, "请填写化解（稳控）措施"),
        ({"status": DisputeStatus.OPEN}, "请选择已化解或已稳控"),
        ({"closed_on": DAY - timedelta(days=1)}, "化解日期早于排查日期"),
        ({"closed_on": DAY + timedelta(days=1)}, "化解日期"),
    ],
)
def test_result_that_cannot_be_is_refused(rectifying, users, changed, words):
    found = dispute(rectifying, users)

    with pytest.raises(Refused, match=words):
        close(found, users, **changed)
    assert Dispute.objects.get().status == DisputeStatus.OPEN


def audit(election, users, **more):
    facts = {
        "subject": "示例书记",
        "post": "党支部书记",
        "auditor": "示例审计组",
        "report_number": "示例审〔1〕号",
        "reported_on": DAY,
        "published_on": None,
    }
    return services.add_audit(**acting(election, users), **facts | more)


def test_secretary_in_office_is_audited_and_the_result_published(rectifying, users, place):
    PostHeld.objects.create(member=place.members[0], post="secretary", started_on=date(2021, 1, 1))
    assert [b.code for b in gates.rectified(rectifying, at=AT)] == ["audit"]

    audit(rectifying, users)
    assert [b.message for b in gates.rectified(rectifying, at=AT)] == [
        "示例书记的离任审计结果未公布。"
    ]
    assert [b.code for b in gates.audit_published(rectifying, at=AT)] == ["audit_unpublished"]

    audit(rectifying, users, published_on=DAY)
    assert gates.rectified(rectifying, at=AT) == []
    assert DepartureAudit.objects.count() == 1


def test_result_is_not_published_before_the_report(rectifying, users):
    with pytest.raises(Refused, match="公布日期早于报告日期"):
        audit(rectifying, users, published_on=DAY - timedelta(days=1))


def test_what_was_left_undone_is_recorded_after_the_stage(rectifying, users):
    found = dispute(rectifying, users)
    unpublished = audit(rectifying, users)
    at_stage(rectifying, Stage.MEMBER_RECOMMENDATION)

    close(found, users)
    services.publish_audit(audit=unpublished, published_on=DAY, by=users.coordinator, at=AT)

    assert Dispute.objects.get().status == DisputeStatus.SETTLED
    assert DepartureAudit.objects.get().published_on == DAY
    assert gates.audit_published(rectifying, at=AT) == []
    with pytest.raises(Refused, match="不必重复登记"):
        services.publish_audit(audit=unpublished, published_on=DAY, by=users.coordinator, at=AT)


@pytest.mark.parametrize(("days", "words"), [(-1, "公布日期早于报告日期"), (1, "公布日期")])
def test_publication_day_that_cannot_be_is_refused(rectifying, users, days, words):
    unpublished = audit(rectifying, users)

    with pytest.raises(Refused, match=words):
        services.publish_audit(
            audit=unpublished,
            published_on=DAY + timedelta(days=days),
            by=users.coordinator,
            at=AT,
        )


def test_nothing_is_followed_up_before_the_stage_begins(election, users):
    found = Dispute.objects.create(
        election=election, category="land", summary="示例", responsible="示例镇", found_on=DAY
    )

    with pytest.raises(Refused, match="还没有开始，不能登记结果"):
        close(found, users)


@pytest.mark.parametrize("who", ["foreign", "leader", "org_staff"])
def test_only_the_township_s_coordinator_publishes(rectifying, users, who):
    unpublished = audit(rectifying, users)

    with pytest.raises(Forbidden):
        services.publish_audit(audit=unpublished, published_on=DAY, by=getattr(users, who), at=AT)


# --- who -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["foreign", "leader", "org_staff", "discipline"])
def test_only_the_township_s_coordinator_writes(election, users, who):
    by = getattr(users, who)

    with pytest.raises(Forbidden):
        services.save_survey(**acting(election, users, items=CLEAR, by=by))
    with pytest.raises(Forbidden):
        services.save_risk_grade(
            election=election, grade=Grade.GREEN, grounds="", graded_on=DAY, by=by, at=AT
        )


def test_closed_stage_takes_nothing_more(election, users):
    done = at_stage(election, Stage.PETITION, status=StageStatus.OPEN)

    with pytest.raises(Refused, match="“调研摸底”现在不能登记"):
        services.save_survey(**acting(done, users, items=CLEAR))
    with pytest.raises(Refused, match="现在不能登记"):
        dispute(done, users)
