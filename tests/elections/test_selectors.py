"""The sentence of a stage, its date and its blockers."""

from datetime import date, timedelta

import pytest

from accounts.enums import Role
from elections import selectors
from elections.blockers import Blocker
from elections.enums import DocumentKind, MeetingKind, NoticeKind, Stage, StageStatus
from elections.models import Meeting, Notice, OfficialDocument, StageRecord
from tests.factories.elections import START, at_stage, moment

DAY = date(2026, 9, 15)
AT = moment(DAY)


def sentence(election, stage, blockers=()) -> str:
    records = selectors.current_records(election)
    return selectors.waiting_sentence(election, records[stage], list(blockers), records)


def test_waiting_stage_names_what_must_come_first(election):
    election = at_stage(election, Stage.ROSTER)

    assert (
        sentence(election, Stage.PRELIMINARY)
        == "须先办结“党员推荐”“群众（村民代表）推荐”，再办理本环节。"
    )


def test_open_stage_says_who_must_do_what(election):
    blockers = [Blocker("a", "未登记甲。"), Blocker("b", "未登记乙。", who=Role.ORG_STAFF)]

    assert sentence(election, Stage.SURVEY, blockers) == "等东乡镇联络员：未登记甲。（另有1项）"
    assert sentence(election, Stage.SURVEY, blockers[1:]) == "等示例县组织部工作人员：未登记乙。"
    assert sentence(election, Stage.SURVEY) == "要件已齐，等东乡镇联络员提交。"


def test_submitted_done_returned_and_skipped_stages_say_so(election):
    election = at_stage(election, Stage.PETITION, status=StageStatus.SUBMITTED)
    assert sentence(election, Stage.PETITION) == "已提交，等示例县组织部工作人员确认。"
    assert sentence(election, Stage.SURVEY) == "已于2026年09月01日办结。"

    election = at_stage(election, Stage.APPROVAL, committee_seats=0)
    assert "不适用" in sentence(election, Stage.SECRETARY_BALLOT)


@pytest.mark.parametrize("stage", [s for s in Stage if s not in selectors.TYPED_DATE])
def test_stages_without_a_typed_date_take_it_from_their_facts(election, stage):
    assert selectors.recorded_date(election, stage) is None
    for kind in MeetingKind:
        Meeting.objects.create(election=election, kind=kind, held_on=DAY, present=1)
    for paper_stage in (Stage.PETITION, Stage.NOMINATION, Stage.APPROVAL):
        for kind in DocumentKind:
            OfficialDocument.objects.create(
                election=election, stage=paper_stage, kind=kind, number="1号", issued_on=DAY
            )
    for kind in NoticeKind:
        Notice.objects.create(election=election, kind=kind, starts_on=DAY, ends_on=DAY, place="栏")
    if stage in (Stage.ROSTER, Stage.HANDOVER):  # their own tests record these
        return

    assert selectors.recorded_date(election, stage) == DAY


@pytest.mark.parametrize("stage", selectors.TYPED_DATE)
def test_no_fact_dates_the_other_stages(election, stage):
    assert selectors.recorded_date(election, stage) is None


def test_not_before_looks_through_a_skipped_stage(election):
    election = at_stage(election, Stage.APPROVAL, on=DAY, committee_seats=0)
    records = selectors.current_records(election)

    day, reason = selectors.not_before(election, Stage.APPROVAL, records)

    assert (day, reason) == (DAY, "上一环节“党员大会选举”的办理日期")


def test_not_before_takes_the_later_of_two_predecessors(election):
    election = at_stage(election, Stage.PRELIMINARY, on=START)
    StageRecord.objects.filter(election=election, stage=Stage.VILLAGER_RECOMMENDATION).update(
        actual_on=DAY
    )

    day, _ = selectors.not_before(election, Stage.PRELIMINARY, selectors.current_records(election))

    assert day == DAY


def test_the_first_stage_is_not_before_the_campaign(election):
    records = selectors.current_records(election)

    assert selectors.not_before(election, Stage.SURVEY, records) == (START, "换届启动日期")


def test_overdue_counts_open_stages_only(election):
    election = at_stage(election, Stage.PETITION)
    late = moment(START + timedelta(days=50))

    overdue = {v.spec.code for v in selectors.stage_views(election, at=late) if v.days_late}
    on_time = {v.spec.code for v in selectors.stage_views(election, at=AT) if v.days_late}

    assert (overdue, on_time) == ({Stage.PETITION}, set())


def test_planned_day_itself_is_not_overdue(election):
    planned = selectors.current_records(election)[Stage.SURVEY].planned_on

    def days_late(day) -> int:
        return selectors.stage_views(election, at=moment(day))[0].days_late

    assert not days_late(planned)
    assert days_late(planned + timedelta(days=3)) >= 1


def test_stage_views_ask_gates_only_where_work_is_open(election):
    election = at_stage(election, Stage.MEMBER_RECOMMENDATION)

    blocked = {v.spec.code for v in selectors.stage_views(election, at=AT) if v.blockers}

    assert blocked == {Stage.MEMBER_RECOMMENDATION, Stage.VILLAGER_RECOMMENDATION}


# --- what a stage that has not begun waits for ----------------------------------------------------


def waiting(election, stage) -> tuple[list, list]:
    found = selectors.waiting_for(stage, selectors.stage_views(election, at=AT))
    return [v.spec.code for v in found.before], [v.spec.code for v in found.heads]


def test_chain_leads_from_a_stage_to_where_the_village_stands(election):
    election = at_stage(election, Stage.PETITION)

    assert waiting(election, Stage.MOBILISATION) == ([Stage.PETITION], [Stage.PETITION])
    assert waiting(election, Stage.HANDOVER) == ([Stage.ANNOUNCEMENT], [Stage.PETITION])


def test_chain_names_both_of_two_stages_side_by_side(election):
    election = at_stage(election, Stage.MEMBER_RECOMMENDATION)
    both = [Stage.MEMBER_RECOMMENDATION, Stage.VILLAGER_RECOMMENDATION]
    assert waiting(election, Stage.PRELIMINARY) == (both, both)
    assert waiting(election, Stage.REVIEW) == ([Stage.PRELIMINARY], both)

    election = at_stage(election, Stage.VILLAGER_RECOMMENDATION)
    assert waiting(election, Stage.PRELIMINARY) == (both[1:], both[1:])


def test_chain_ends_at_a_stage_that_waits_for_the_county(election):
    election = at_stage(election, Stage.PETITION, status=StageStatus.SUBMITTED)

    assert waiting(election, Stage.ROSTER) == ([Stage.MOBILISATION], [Stage.PETITION])


@pytest.mark.parametrize("stage", [Stage.SURVEY, Stage.PETITION])
def test_a_stage_that_began_waits_for_none(election, stage):
    election = at_stage(election, Stage.PETITION)

    assert selectors.waiting_for(stage, selectors.stage_views(election, at=AT)) is None
