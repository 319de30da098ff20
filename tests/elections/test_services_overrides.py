"""特批放行: who may, what can be lifted, and that what was read is what is lifted."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from accounts.errors import Forbidden, Refused
from accounts.models import AuditEntry
from elections.blockers import Blocker
from elections.enums import Lift, Stage, StageEvent, StageStatus
from elections.models import StageChange, StageOverride, StageRecord
from elections.selectors import current_records, stage_blockers
from elections.services.overrides import grant_override, withdraw_override
from elections.services.stages import confirm_stage, return_stage, submit_stage
from tests.factories.elections import START, at_stage, moment, record_facts

AT = moment(START)
SOFT, OTHER, HARD, ASKED = "调研有两项不清楚", "缺少照片", "没有职数", "女性不足"


def gate(election, *, at):
    return [
        Blocker("survey", SOFT, lift=Lift.OVERRIDE),
        Blocker("photo", OTHER, lift=Lift.OVERRIDE),
        Blocker("seats", HARD),
        Blocker("women", ASKED, lift=Lift.EXCEPTION),
    ]


@pytest.fixture
def gated(settings, monkeypatch):
    """The survey's only gate is `gate`."""
    settings.STAGE_GATES = {"survey": ["gate"]}
    monkeypatch.setattr("elections.selectors.import_gate", lambda path: gate)


def grant(election, user, *messages, stage=Stage.SURVEY, **more):
    facts = {
        "reason": "示例：整村搬迁，资料待补",
        "document_number": "示例组发〔2026〕1号",
        "at": AT,
    }
    return grant_override(
        election=election, stage=stage, messages=list(messages), by=user, **facts | more
    )


def blocking(election, stage=Stage.SURVEY) -> list[str]:
    record = current_records(election)[stage]
    return [b.message for b in stage_blockers(election, record, at=AT)]


def codes(refusal) -> list[str]:
    return [p.code for p in refusal.value.problems]


def test_override_lifts_what_it_names_and_nothing_else(election, users, gated):
    evidence = blocking(election)[-1]

    override = grant(election, users.org_staff, SOFT, evidence)

    assert blocking(election) == [OTHER, HARD, ASKED]
    assert (override.stage, override.attempt, override.by_name) == (
        Stage.SURVEY,
        1,
        users.org_staff.name,
    )
    assert override.lifted == [
        {"code": "survey", "message": SOFT},
        {"code": "evidence_survey_report", "message": evidence},
    ]
    entry = AuditEntry.objects.get(action="override.granted")
    assert entry.changes["after"] == {
        "stage": "survey",
        "document": "示例组发〔2026〕1号",
        "lifted": override.lifted,
    }
    change = StageChange.objects.get(event=StageEvent.OVERRIDDEN)
    assert (change.from_status, change.to_status) == (StageStatus.OPEN, StageStatus.OPEN)
    assert change.reason == "示例组发〔2026〕1号：示例：整村搬迁，资料待补"


def test_changed_facts_block_again(election, users, gated, monkeypatch):
    grant(election, users.org_staff, SOFT)
    worse = [Blocker("survey", "调研有三项不清楚", lift=Lift.OVERRIDE)]
    monkeypatch.setattr("elections.selectors.import_gate", lambda path: lambda e, *, at: worse)

    assert blocking(election)[0] == "调研有三项不清楚"


@pytest.mark.parametrize(
    ("messages", "change", "expected"),
    [
        ([HARD], {}, ["override_firm"]),
        ([ASKED], {}, ["override_firm"]),
        (["没有这一条"], {}, ["override_firm"]),
        ([SOFT, HARD], {}, ["override_firm"]),
        ([], {}, ["override_nothing"]),
        ([SOFT], {"reason": "  "}, ["override_reason"]),
        ([SOFT], {"document_number": " "}, ["override_document"]),
        (
            [HARD],
            {"reason": "", "document_number": ""},
            ["override_firm", "override_reason", "override_document"],
        ),
    ],
)
def test_override_is_refused(election, users, gated, messages, change, expected):
    with pytest.raises(Refused) as refusal:
        grant(election, users.org_staff, *messages, **change)

    assert codes(refusal) == expected
    assert not StageOverride.objects.exists()


def test_what_is_lifted_is_not_lifted_again(election, users, gated):
    grant(election, users.org_staff, SOFT)

    with pytest.raises(Refused) as refusal:
        grant(election, users.org_staff, SOFT)

    assert codes(refusal) == ["override_firm"]


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        (Stage.RECTIFICATION, StageStatus.OPEN),
        (Stage.PETITION, StageStatus.OPEN),
        (Stage.SURVEY, StageStatus.SUBMITTED),
    ],
)
def test_only_an_open_stage_is_overridden(election, users, gated, stage, status):
    at_stage(election, stage, status=status)

    with pytest.raises(Refused) as refusal:
        grant(election, users.org_staff, SOFT)

    assert codes(refusal)[0] == "override_closed"


WHO = pytest.mark.parametrize(
    "who", ["coordinator", "leader", "discipline", "vetting", "foreign", "outsider", "nobody"]
)


@WHO
def test_only_the_county_overrides(election, users, gated, who):
    with pytest.raises(Forbidden):
        grant(election, getattr(users, who), SOFT)


@WHO
def test_only_the_county_withdraws(election, users, gated, who):
    override = grant(election, users.org_staff, SOFT)

    with pytest.raises(Forbidden):
        withdraw_override(override=override, reason="示例", by=getattr(users, who), at=AT)


def withdraw(override, users, reason="示例：资料已能补齐"):
    return withdraw_override(override=override, reason=reason, by=users.org_staff, at=AT)


def test_withdrawn_override_lifts_nothing_and_stays(election, users, gated):
    override = grant(election, users.org_staff, SOFT)

    withdraw(override, users)

    assert blocking(election)[0] == SOFT
    stored = StageOverride.objects.get()
    assert (stored.withdrawn_at, stored.withdrawn_by) == (AT, users.org_staff)
    assert AuditEntry.objects.get(action="override.withdrawn").reason == "示例：资料已能补齐"
    assert StageChange.objects.filter(event=StageEvent.OVERRIDE_WITHDRAWN).count() == 1


def test_override_is_withdrawn_once_with_a_reason_while_the_stage_is_open(election, users, gated):
    override = grant(election, users.org_staff, SOFT)
    with pytest.raises(Refused) as without_reason:
        withdraw(override, users, " ")
    withdraw(override, users)
    with pytest.raises(Refused) as again:
        withdraw(override, users)
    other = grant(election, users.org_staff, OTHER)
    at_stage(election, Stage.RECTIFICATION)
    with pytest.raises(Refused) as late:
        withdraw(other, users)

    assert (codes(without_reason), codes(again), codes(late)) == (
        ["withdrawal_reason"],
        ["override_withdrawn"],
        ["override_closed"],
    )


@pytest.fixture
def petition(election, users):
    """A petition whose facts are there and whose two files are missing."""
    election = at_stage(election, Stage.PETITION)
    record_facts(election, Stage.PETITION, by=users.coordinator, at=AT)
    election.refresh_from_db()
    return election


def test_overridden_stage_is_submitted_and_confirmed(petition, users):
    missing = blocking(petition, Stage.PETITION)
    assert len(missing) == 2
    with pytest.raises(Refused):
        submit_stage(election=petition, stage=Stage.PETITION, by=users.coordinator, at=AT)

    grant(petition, users.org_staff, *missing, stage=Stage.PETITION)
    submit_stage(election=petition, stage=Stage.PETITION, by=users.coordinator, at=AT)
    confirm_stage(election=petition, stage=Stage.PETITION, by=users.org_staff, at=AT)

    assert current_records(petition)[Stage.PETITION].status == StageStatus.DONE
    assert current_records(petition)[Stage.MOBILISATION].status == StageStatus.OPEN


def test_override_holds_for_its_attempt_only(petition, users):
    missing = blocking(petition, Stage.PETITION)
    override = grant(petition, users.org_staff, *missing, stage=Stage.PETITION)
    submit_stage(election=petition, stage=Stage.PETITION, by=users.coordinator, at=AT)

    return_stage(election=petition, stage=Stage.PETITION, reason="示例", by=users.org_staff, at=AT)

    assert blocking(petition, Stage.PETITION) == missing
    with pytest.raises(Refused) as past:
        withdraw(override, users)
    assert codes(past) == ["override_past"]


def test_override_of_one_village_lifts_nothing_elsewhere(election, users, place, campaign, gated):
    other = campaign.elections.get(village=place.other_village)

    grant(other, users.org_staff, SOFT)

    assert SOFT in blocking(election)
    assert SOFT not in blocking(other)


@pytest.mark.parametrize(
    "broken",
    [
        {"reason": ""},
        {"document_number": ""},
        {"lifted": []},
        {"withdrawn_at": AT},
        {"withdrawal_reason": "示例"},
    ],
)
def test_database_refuses_half_an_override(election, users, gated, broken):
    override = grant(election, users.org_staff, SOFT)

    with pytest.raises(IntegrityError):
        StageOverride.objects.filter(pk=override.pk).update(**broken)


def test_whoever_sees_the_village_sees_its_overrides(election, users, gated):
    override = grant(election, users.org_staff, SOFT)

    seen = {
        name: list(StageOverride.objects.visible_to(user)) == [override]
        for name, user in vars(users).items()
    }

    assert {name for name, sees in seen.items() if sees} == {"org_staff", "coordinator", "leader"}


def test_stored_stage_is_as_before(election, users, gated):
    before = StageRecord.objects.filter(election=election).values().order_by("pk")
    before = list(before)

    grant(election, users.org_staff, SOFT, at=AT + timedelta(hours=1))

    assert list(StageRecord.objects.filter(election=election).values().order_by("pk")) == before
