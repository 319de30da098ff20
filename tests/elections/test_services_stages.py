"""Moving a village through its stages: order, who may, versions, returns, the skipped stage."""

from datetime import timedelta

import pytest

from accounts.errors import Conflict, Forbidden, Refused
from accounts.models import AuditEntry
from elections import selectors
from elections.enums import DocumentKind, MeetingKind, Stage, StageEvent, StageStatus
from elections.models import (
    Evidence,
    Meeting,
    OfficialDocument,
    StageChange,
    StageRecord,
    VillageElection,
)
from elections.services.stages import confirm_stage, return_stage, submit_stage
from elections.stages import STAGES
from tests.factories.elections import START, at_stage, moment

ON = START + timedelta(days=2)
AT = moment(START + timedelta(days=10))


@pytest.fixture
def no_gates(settings):
    """Only order, evidence and dates are checked: the gates have their own tests."""
    settings.STAGE_GATES = {}


def add_files(election, stage, user) -> None:
    """One file for every requirement of a stage."""
    for need in STAGES[stage].evidence:
        Evidence.objects.create(
            election=election,
            stage=stage,
            attempt=1,
            requirement=need.code,
            file="evidence/00/none",
            name="材料.pdf",
            content_type="application/pdf",
            size=1,
            sha256="0" * 64,
            uploaded_by=user,
            uploaded_at=AT,
        )


def add_dates(election, stage) -> None:
    """The recorded fact that dates a stage, for the stages that have one among these tests."""
    meetings = {
        Stage.MOBILISATION: MeetingKind.MOBILISATION,
        Stage.COMMITTEE_BALLOT: MeetingKind.COMMITTEE_BALLOT,
    }
    if stage in meetings:
        Meeting.objects.create(election=election, kind=meetings[stage], held_on=ON, present=9)
    if stage in (Stage.PETITION, Stage.NOMINATION, Stage.APPROVAL):
        for kind in DocumentKind:
            OfficialDocument.objects.create(
                election=election, stage=stage, kind=kind, number="1号", issued_on=ON
            )


def ready(election, stage, user):
    """The election at `stage` with everything that a submission needs."""
    election = at_stage(election, stage)
    add_files(election, stage, user)
    add_dates(election, stage)
    return election


def statuses(election) -> dict:
    return {code: r.status for code, r in selectors.current_records(election).items()}


def codes(refusal) -> list[str]:
    return [p.code for p in refusal.value.problems]


def test_submit_closes_the_stage_and_opens_the_next(election, users, no_gates):
    add_files(election, Stage.SURVEY, users.coordinator)

    record = submit_stage(election=election, stage=Stage.SURVEY, by=users.coordinator, at=AT, on=ON)

    assert (record.status, record.actual_on) == (StageStatus.DONE, ON)
    assert (record.settled_by, record.settled_at) == (users.coordinator, AT)
    stored = VillageElection.objects.get(pk=election.pk)
    assert (stored.stage, stored.done_count, stored.version) == (Stage.RECTIFICATION, 1, 1)
    assert stored.due_on == statuses_planned(election, Stage.RECTIFICATION)
    assert statuses(election)[Stage.RECTIFICATION] == StageStatus.OPEN


def statuses_planned(election, stage):
    return selectors.current_records(election)[stage].planned_on


def test_submit_writes_the_change_and_the_audit_row(election, users, no_gates):
    add_files(election, Stage.SURVEY, users.coordinator)

    record = submit_stage(election=election, stage=Stage.SURVEY, by=users.coordinator, at=AT, on=ON)

    change = StageChange.objects.get(record=record, event=StageEvent.COMPLETED)
    assert (change.from_status, change.to_status) == (StageStatus.OPEN, StageStatus.DONE)
    assert (change.by, change.at, change.by_post) == (users.coordinator, AT, "东乡镇 乡镇联络员")
    entry = AuditEntry.objects.get(action="stage.survey.submitted")
    assert (entry.actor_id, entry.township_id) == (users.coordinator.pk, election.township_id)
    assert entry.campaign_id == election.campaign_id


@pytest.mark.parametrize("done", list(Stage), ids=lambda stage: f"at-{stage.value}")
def test_no_other_stage_can_be_submitted(election, users, no_gates, done):
    """Every pair out of order: with the village at one stage, all others are refused."""
    election = at_stage(election, done)
    allowed = {code for code, status in statuses(election).items() if status == StageStatus.OPEN}
    before = statuses(election)
    for stage in set(Stage) - allowed:
        with pytest.raises(Refused) as refusal:
            submit_stage(election=election, stage=stage, by=users.coordinator, at=AT, on=ON)
        expected = "out_of_order" if before[stage] == StageStatus.WAITING else "closed_stage"
        assert codes(refusal) == [expected]

    assert statuses(election) == before


@pytest.mark.parametrize("stage", list(Stage))
def test_submission_without_files_names_every_missing_one(election, users, no_gates, stage):
    election = at_stage(election, stage)
    add_dates(election, stage)

    with pytest.raises(Refused) as refusal:
        submit_stage(election=election, stage=stage, by=users.coordinator, at=AT, on=ON)

    wanted = {f"evidence_{need.code}" for need in STAGES[stage].evidence}
    assert wanted <= set(codes(refusal))


def test_every_gate_of_the_stage_is_asked(election, users):
    add_files(election, Stage.SURVEY, users.coordinator)

    with pytest.raises(Refused) as refusal:
        submit_stage(election=election, stage=Stage.SURVEY, by=users.coordinator, at=AT, on=ON)

    assert codes(refusal) == ["survey", "risk"]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (None, ["date"]),
        (START - timedelta(days=1), ["order"]),
        (START, None),
        (START + timedelta(days=10), None),
        (START + timedelta(days=11), ["future"]),
    ],
)
def test_the_day_lies_between_the_stage_before_and_today(election, users, no_gates, on, expected):
    add_files(election, Stage.SURVEY, users.coordinator)
    sent = {"election": election, "stage": Stage.SURVEY, "by": users.coordinator, "at": AT}
    if expected is None:
        assert submit_stage(**sent, on=on).actual_on == on
        return
    with pytest.raises(Refused) as refusal:
        submit_stage(**sent, on=on)

    assert codes(refusal) == expected


def test_a_recorded_date_wins_over_a_typed_one(election, users, no_gates):
    election = ready(election, Stage.MOBILISATION, users.coordinator)

    record = submit_stage(
        election=election, stage=Stage.MOBILISATION, by=users.coordinator, at=AT, on=START
    )

    assert record.actual_on == ON


def test_confirmed_stages_wait_for_the_county(election, users, no_gates):
    election = ready(election, Stage.PETITION, users.coordinator)

    submit_stage(election=election, stage=Stage.PETITION, by=users.coordinator, at=AT)

    now = statuses(election)
    assert (now[Stage.PETITION], now[Stage.MOBILISATION]) == (
        StageStatus.SUBMITTED,
        StageStatus.WAITING,
    )
    confirm_stage(election=election, stage=Stage.PETITION, by=users.org_staff, at=AT)
    now = statuses(election)
    assert (now[Stage.PETITION], now[Stage.MOBILISATION]) == (StageStatus.DONE, StageStatus.OPEN)


@pytest.mark.parametrize("stage", [Stage.PETITION, Stage.NOMINATION, Stage.APPROVAL])
def test_a_return_opens_a_new_attempt_and_keeps_the_old(election, users, no_gates, stage):
    election = ready(election, stage, users.coordinator)
    submit_stage(election=election, stage=stage, by=users.coordinator, at=AT)

    fresh = return_stage(
        election=election, stage=stage, reason="文号不符", by=users.org_staff, at=AT
    )

    old = StageRecord.objects.get(election=election, stage=stage, attempt=1)
    assert (old.status, old.is_current, old.return_reason) == (
        StageStatus.RETURNED,
        False,
        "文号不符",
    )
    assert (fresh.attempt, fresh.status, fresh.is_current) == (2, StageStatus.OPEN, True)
    assert OfficialDocument.objects.filter(election=election, stage=stage).count() == 3
    again = submit_stage(election=election, stage=stage, by=users.coordinator, at=AT)
    assert (again.pk, again.status) == (fresh.pk, StageStatus.SUBMITTED)


def test_a_return_needs_a_reason(election, users, no_gates):
    election = at_stage(election, Stage.PETITION, status=StageStatus.SUBMITTED)

    with pytest.raises(Refused) as refusal:
        return_stage(election=election, stage=Stage.PETITION, reason=" ", by=users.org_staff, at=AT)

    assert codes(refusal) == ["reason"]


@pytest.mark.parametrize("verb", [confirm_stage, return_stage])
def test_only_submitted_stages_are_confirmed_or_returned(election, users, no_gates, verb):
    election = at_stage(election, Stage.PETITION)
    more = {"reason": "不符"} if verb is return_stage else {}

    with pytest.raises(Refused) as refusal:
        verb(election=election, stage=Stage.PETITION, by=users.org_staff, at=AT, **more)

    assert codes(refusal) == ["not_submitted"]


def test_confirmation_asks_the_gates_again(election, users):
    election = at_stage(election, Stage.PETITION, status=StageStatus.SUBMITTED)

    with pytest.raises(Refused) as refusal:
        confirm_stage(election=election, stage=Stage.PETITION, by=users.org_staff, at=AT)

    assert "document" in codes(refusal)


COORDINATOR_ONLY = {"coordinator"}
COUNTY_ONLY = {"org_staff"}
ALL = [
    "org_staff",
    "coordinator",
    "leader",
    "vetting",
    "discipline",
    "system_admin",
    "security_admin",
    "audit_admin",
    "foreign",
    "outsider",
    "nobody",
]


@pytest.mark.parametrize("who", ALL)
def test_who_may_submit(election, users, no_gates, who):
    election = ready(election, Stage.PETITION, users.coordinator)
    sent = {"election": election, "stage": Stage.PETITION, "by": getattr(users, who), "at": AT}
    if who in COORDINATOR_ONLY:
        assert submit_stage(**sent).status == StageStatus.SUBMITTED
    else:
        with pytest.raises(Forbidden):
            submit_stage(**sent)


@pytest.mark.parametrize("who", ALL)
@pytest.mark.parametrize("verb", [confirm_stage, return_stage])
def test_who_may_confirm_and_return(election, users, no_gates, who, verb):
    election = at_stage(election, Stage.PETITION, status=StageStatus.SUBMITTED)
    add_files(election, Stage.PETITION, users.coordinator)
    more = {"reason": "不符"} if verb is return_stage else {}
    sent = {"election": election, "stage": Stage.PETITION, "by": getattr(users, who), "at": AT}
    if who in COUNTY_ONLY:
        verb(**sent, **more)
        assert statuses(election)[Stage.PETITION] in (StageStatus.DONE, StageStatus.OPEN)
    else:
        with pytest.raises(Forbidden):
            verb(**sent, **more)


def test_a_stale_page_is_a_conflict(election, users, no_gates):
    add_files(election, Stage.SURVEY, users.coordinator)
    sent = {"election": election, "by": users.coordinator, "at": AT, "on": ON}
    submit_stage(**sent, stage=Stage.SURVEY, expected_version=0)

    with pytest.raises(Conflict) as refusal:
        submit_stage(**sent, stage=Stage.RECTIFICATION, expected_version=0)

    assert codes(refusal) == ["stale"]


def test_without_a_committee_the_secretary_ballot_does_not_apply(election, users, no_gates):
    election = at_stage(election, Stage.COMMITTEE_BALLOT, committee_seats=0)
    add_files(election, Stage.COMMITTEE_BALLOT, users.coordinator)
    add_dates(election, Stage.COMMITTEE_BALLOT)

    submit_stage(election=election, stage=Stage.COMMITTEE_BALLOT, by=users.coordinator, at=AT)

    now = statuses(election)
    assert now[Stage.SECRETARY_BALLOT] == StageStatus.NOT_APPLICABLE
    assert now[Stage.APPROVAL] == StageStatus.OPEN
    stored = VillageElection.objects.get(pk=election.pk)
    assert (stored.stage, stored.done_count) == (Stage.APPROVAL, 14)


def test_both_recommendations_must_be_done_before_the_next(election, users, no_gates):
    election = at_stage(election, Stage.MEMBER_RECOMMENDATION)
    Meeting.objects.create(
        election=election, kind=MeetingKind.VILLAGER_RECOMMENDATION, held_on=ON, present=9
    )
    add_files(election, Stage.VILLAGER_RECOMMENDATION, users.coordinator)

    submit_stage(
        election=election, stage=Stage.VILLAGER_RECOMMENDATION, by=users.coordinator, at=AT
    )

    now = statuses(election)
    assert now[Stage.MEMBER_RECOMMENDATION] == StageStatus.OPEN
    assert now[Stage.PRELIMINARY] == StageStatus.WAITING
    assert VillageElection.objects.get(pk=election.pk).stage == Stage.MEMBER_RECOMMENDATION


def test_the_last_stage_completes_the_village(election, users, no_gates):
    election = at_stage(election, Stage.HANDOVER)
    add_files(election, Stage.HANDOVER, users.coordinator)

    submit_stage(election=election, stage=Stage.HANDOVER, by=users.coordinator, at=AT, on=ON)

    stored = VillageElection.objects.get(pk=election.pk)
    assert (stored.completed_on, stored.done_count, stored.due_on) == (ON, 17, None)
