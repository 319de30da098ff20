"""Files and exceptions of a stage."""

import hashlib
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.errors import Forbidden, Refused
from accounts.models import AuditEntry
from elections.blockers import Blocker
from elections.enums import Lift, Stage, StageStatus
from elections.models import Evidence, ExceptionRequest
from elections.selectors import current_records, evidence_files, stage_blockers
from elections.services.evidence import (
    add_evidence,
    add_files,
    decide_exception,
    replace_evidence,
    request_exception,
    withdraw_evidence,
)
from tests.factories.elections import START, at_stage, moment
from tests.factories.files import PDF, SECRET_PLACE, picture

AT = moment(START)


def codes(refusal) -> list[str]:
    return [p.code for p in refusal.value.problems]


def add(election, user, *, requirement="survey_report", name="报告.pdf", content=PDF):
    return add_evidence(
        election=election,
        stage=Stage.SURVEY,
        requirement=requirement,
        upload=SimpleUploadedFile(name, content),
        by=user,
        at=AT,
    )


def content(evidence) -> bytes:
    with evidence.file.storage.open(evidence.file.name) as stored:
        return stored.read()


def test_file_is_stored_under_an_opaque_name(election, users):
    evidence = add(election, users.coordinator)

    assert (evidence.name, evidence.content_type, evidence.size) == (
        "报告.pdf",
        "application/pdf",
        len(PDF),
    )
    assert evidence.sha256 == hashlib.sha256(PDF).hexdigest()
    assert evidence.file.name == f"evidence/{evidence.pk.hex[:2]}/{evidence.pk.hex}"
    assert content(evidence) == PDF
    entry = AuditEntry.objects.get(action="evidence.added")
    assert entry.changes["after"]["sha256"] == evidence.sha256


def test_file_lifts_its_blocker_and_withdrawing_brings_it_back(election, users):
    def blocked() -> bool:
        record = current_records(election)[Stage.SURVEY]
        found = stage_blockers(election, record, at=AT)
        return "evidence_survey_report" in [b.code for b in found]

    assert blocked()
    evidence = add(election, users.coordinator)
    assert not blocked()
    withdraw_evidence(evidence=evidence, by=users.coordinator, at=AT)
    assert blocked()
    stored = Evidence.objects.get(pk=evidence.pk)
    assert (stored.replaced_at, content(stored)) == (AT, PDF)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"requirement": "pledges"}, ["requirement"]),
        ({"name": "报告.exe"}, ["file_type"]),
        ({"content": b""}, ["file_empty"]),
        ({"content": b"MZ"}, ["file_content"]),
    ],
)
def test_file_is_refused(election, users, change, expected):
    with pytest.raises(Refused) as refusal:
        add(election, users.coordinator, **change)

    assert codes(refusal) == expected
    assert Evidence.objects.count() == 0


def test_files_are_added_and_withdrawn_only_while_the_stage_is_open(election, users):
    evidence = add(election, users.coordinator)
    at_stage(election, Stage.RECTIFICATION)

    with pytest.raises(Refused) as added:
        add(election, users.coordinator)
    with pytest.raises(Refused) as withdrawn:
        withdraw_evidence(evidence=evidence, by=users.coordinator, at=AT)

    assert codes(added) == codes(withdrawn) == ["closed_stage"]


@pytest.mark.parametrize("who", ["org_staff", "leader", "foreign", "audit_admin", "nobody"])
def test_only_the_townships_coordinator_handles_files(election, users, who):
    evidence = add(election, users.coordinator)

    with pytest.raises(Forbidden):
        add(election, getattr(users, who))
    with pytest.raises(Forbidden):
        withdraw_evidence(evidence=evidence, by=getattr(users, who), at=AT)


# --- versions -----------------------------------------------------------------------------------


def replace(evidence, user, *, name="报告二.pdf", content=PDF + b" second", at=AT):
    upload = SimpleUploadedFile(name, content)
    return replace_evidence(evidence=evidence, upload=upload, by=user, at=at)


def test_replaced_file_stays_readable(election, users):
    first = add(election, users.coordinator)
    later = AT + timedelta(hours=1)

    second = replace(first, users.coordinator, at=later)

    first.refresh_from_db()
    assert (first.version, first.replaced_at, content(first)) == (1, later, PDF)
    assert (second.version, second.replaces, second.replaced_at) == (2, first, None)
    assert (second.requirement, second.stage, second.uploaded_at) == (
        first.requirement,
        first.stage,
        later,
    )
    assert content(second) == PDF + b" second"
    entry = AuditEntry.objects.get(action="evidence.replaced")
    assert entry.changes == {
        "before": {"name": "报告.pdf", "sha256": first.sha256},
        "after": {"name": "报告二.pdf", "sha256": second.sha256, "version": 2},
    }


def test_versions_are_one_line_withdrawn_files_come_last(election, users):
    gone = add(election, users.coordinator, name="甲.pdf")
    first = add(election, users.coordinator, name="乙.pdf")
    second = replace(first, users.coordinator)
    third = replace(second, users.coordinator, content=PDF + b" third")
    withdraw_evidence(evidence=gone, by=users.coordinator, at=AT)

    lines = evidence_files(election, Stage.SURVEY)

    assert [(line.latest, line.earlier, line.is_in_force) for line in lines] == [
        (third, (second, first), True),
        (gone, (), False),
    ]


def test_only_the_version_in_force_is_replaced_or_withdrawn(election, users):
    first = add(election, users.coordinator)
    second = replace(first, users.coordinator)

    with pytest.raises(Refused) as again:
        replace(first, users.coordinator, content=PDF + b" third")
    withdraw_evidence(evidence=second, by=users.coordinator, at=AT)
    with pytest.raises(Refused) as withdrawn:
        replace(second, users.coordinator, content=PDF + b" third")

    assert codes(again) == codes(withdrawn) == ["not_in_force"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"content": PDF}, ["same_file"]),
        ({"content": b"MZ"}, ["file_content"]),
        ({"name": "照片.jpg", "content": picture()[:50]}, ["picture_damaged"]),
    ],
)
def test_new_version_is_refused(election, users, change, expected):
    first = add(election, users.coordinator)

    with pytest.raises(Refused) as refusal:
        replace(first, users.coordinator, **change)

    assert codes(refusal) == expected
    assert Evidence.objects.get().replaced_at is None


def test_files_of_a_closed_stage_are_not_replaced(election, users):
    first = add(election, users.coordinator)
    at_stage(election, Stage.RECTIFICATION)

    with pytest.raises(Refused) as refusal:
        replace(first, users.coordinator)

    assert codes(refusal) == ["closed_stage"]


@pytest.mark.parametrize("who", ["org_staff", "leader", "foreign", "nobody"])
def test_only_the_townships_coordinator_replaces_files(election, users, who):
    first = add(election, users.coordinator)

    with pytest.raises(Forbidden):
        replace(first, getattr(users, who))


# --- what is stored -----------------------------------------------------------------------------


def test_picture_is_stored_without_the_cameras_notes(election, users):
    sent = picture(notes=True)

    evidence = add(election, users.coordinator, name="照片.jpg", content=sent)

    stored = content(evidence)
    assert SECRET_PLACE in sent
    assert SECRET_PLACE not in stored
    assert (evidence.size, evidence.sha256) == (len(stored), hashlib.sha256(stored).hexdigest())
    with evidence.thumbnail.open() as small:
        assert SECRET_PLACE not in small.read()
    assert evidence.thumbnail.name == f"{evidence.file.name}-small"


def test_every_refused_file_is_named_and_none_is_stored(election, users, settings):
    files = [
        SimpleUploadedFile("好的.pdf", PDF),
        SimpleUploadedFile("断了.jpg", picture()[:50]),
        SimpleUploadedFile("压缩.docx", b"PK"),
    ]

    with pytest.raises(Refused) as refusal:
        add_files(
            election=election,
            stage=Stage.SURVEY,
            requirement="survey_report",
            files=files,
            by=users.coordinator,
            at=AT,
        )

    assert codes(refusal) == ["picture_damaged", "file_content"]
    assert [p.message[:6] for p in refusal.value.problems] == ["“断了.jp", "“压缩.do"]
    assert Evidence.objects.count() == 0
    assert not list(settings.MEDIA_ROOT.rglob("*"))


def test_full_storage_is_refused_in_words(election, users, settings):
    (settings.MEDIA_ROOT / "evidence").write_text("a file where the folder should be")

    with pytest.raises(Refused) as refusal:
        add(election, users.coordinator)

    assert codes(refusal) == ["storage"]
    assert Evidence.objects.count() == 0


# --- exceptions ---------------------------------------------------------------------------------


def liftable_gate(election, *, at):
    return [Blocker("women", "女性不足", lift=Lift.EXCEPTION), Blocker("hard", "不能例外")]


@pytest.fixture
def liftable(settings):
    settings.STAGE_GATES = {"survey": [f"{__name__}.liftable_gate"]}


@pytest.fixture(autouse=True)
def gate_by_name(monkeypatch):
    """Tests are loaded by path: let the gate's dotted path lead here."""
    monkeypatch.setattr("elections.selectors.import_gate", lambda path: liftable_gate)


def ask(election, user, *, code="women", reason="没有女党员"):
    return request_exception(
        election=election, stage=Stage.SURVEY, code=code, reason=reason, by=user, at=AT
    )


def decide(asked, user, *, approved=True, note=""):
    return decide_exception(exception=asked, approved=approved, note=note, by=user, at=AT)


def blocking(election) -> list[str]:
    record = current_records(election)[Stage.SURVEY]
    return [b.code for b in stage_blockers(election, record, at=AT)]


def test_approved_exception_lifts_its_blocker_only(election, users, liftable):
    assert blocking(election) == ["women", "hard", "evidence_survey_report"]
    asked = ask(election, users.coordinator)
    assert "women" in blocking(election)

    decided = decide(asked, users.org_staff)

    assert (decided.approved, decided.decided_by, decided.decided_at) == (True, users.org_staff, AT)
    assert blocking(election) == ["hard", "evidence_survey_report"]
    entry = AuditEntry.objects.get(action="exception.decided")
    assert entry.changes == {"after": {"approved": True, "code": "women"}}


def test_refused_exception_may_be_asked_again(election, users, liftable):
    asked = ask(election, users.coordinator)
    decide(asked, users.org_staff, approved=False, note="继续动员")

    ask(election, users.coordinator, reason="再次动员无果")

    assert list(ExceptionRequest.objects.order_by("pk").values_list("approved", flat=True)) == [
        False,
        None,
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"code": "hard"}, ["exception"]),
        ({"code": "unknown"}, ["exception"]),
        ({"reason": "  "}, ["exception_reason"]),
    ],
)
def test_exception_is_refused(election, users, liftable, change, expected):
    with pytest.raises(Refused) as refusal:
        ask(election, users.coordinator, **change)

    assert codes(refusal) == expected


def test_exception_is_asked_once(election, users, liftable):
    ask(election, users.coordinator)

    with pytest.raises(Refused) as refusal:
        ask(election, users.coordinator)

    assert codes(refusal) == ["exception_pending"]


def test_exception_is_decided_once_and_with_a_note_when_refused(election, users, liftable):
    asked = ask(election, users.coordinator)
    with pytest.raises(Refused) as without_note:
        decide(asked, users.org_staff, approved=False)
    decide(asked, users.org_staff)

    with pytest.raises(Refused) as again:
        decide(asked, users.org_staff)

    assert codes(without_note) == ["exception_note"]
    assert codes(again) == ["exception_decided"]


def test_exception_of_a_closed_stage_is_not_decided(election, users, liftable):
    asked = ask(election, users.coordinator)
    at_stage(election, Stage.SURVEY, status=StageStatus.DONE)

    with pytest.raises(Refused) as refusal:
        decide(asked, users.org_staff)

    assert codes(refusal) == ["exception_late"]


@pytest.mark.parametrize("who", ["org_staff", "leader", "foreign", "nobody"])
def test_only_the_coordinator_asks(election, users, liftable, who):
    with pytest.raises(Forbidden):
        ask(election, getattr(users, who))


@pytest.mark.parametrize("who", ["coordinator", "leader", "foreign", "outsider", "nobody"])
def test_only_the_county_decides(election, users, liftable, who):
    asked = ask(election, users.coordinator)

    with pytest.raises(Forbidden):
        decide(asked, getattr(users, who))
