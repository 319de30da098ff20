"""Stage pages over HTTP: who sees them, what they send, how a refusal comes back."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from elections.enums import DocumentKind, ExclusionReason, NoticeKind, Stage, StageStatus
from elections.models import (
    Evidence,
    ExceptionRequest,
    Handover,
    Meeting,
    Notice,
    OfficialDocument,
    Roll,
    StageRecord,
    VillageElection,
)
from elections.services import facts
from elections.services.evidence import add_evidence
from tests.factories.elections import CampaignFactory, at_stage
from tests.factories.villages import PartyMemberFactory

OWN = [
    Stage.PETITION,
    Stage.MOBILISATION,
    Stage.ROSTER,
    Stage.NOTICE,
    Stage.APPROVAL,
    Stage.ANNOUNCEMENT,
    Stage.HANDOVER,
]
PDF = b"%PDF-1.7 example"


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def campaign(place, users, today):
    """A campaign around the day on which the tests run: views read the clock."""
    start = today - timedelta(days=30)
    return CampaignFactory(
        area=place.county, by=users.org_staff, starts_on=start, ends_on=start + timedelta(days=60)
    )


def page(election, stage) -> str:
    return reverse(f"stage_{stage}", args=[election.pk])


def moved(election, stage, today, **more):
    return at_stage(election, stage, on=today - timedelta(days=10), **more)


# --- seeing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", OWN)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("coordinator", 200),
        ("org_staff", 200),
        ("leader", 200),
        ("vetting", 404),
        ("discipline", 404),
        ("system_admin", 404),
        ("security_admin", 404),
        ("audit_admin", 404),
        ("foreign", 404),
        ("outsider", 404),
        ("nobody", 404),
    ],
)
def test_page_is_seen_inside_the_own_area_only(client, election, users, today, stage, who, status):
    moved(election, stage, today)
    client.force_login(getattr(users, who))

    assert client.get(page(election, stage)).status_code == status


def test_page_needs_a_session(client, election):
    response = client.get(page(election, Stage.PETITION))

    assert response.status_code == 302
    assert response.url.startswith(reverse("login"))


@pytest.mark.parametrize("stage", OWN)
@pytest.mark.parametrize("who", ["org_staff", "leader"])
def test_readers_get_no_form_for_facts(client, election, users, today, stage, who):
    moved(election, stage, today)
    client.force_login(getattr(users, who))

    html = client.get(page(election, stage)).content.decode()

    assert 'name="action"' not in html


@pytest.mark.parametrize("stage", OWN)
def test_closed_stage_shows_no_form_to_the_coordinator(client, election, users, today, stage):
    moved(election, stage, today, status=StageStatus.DONE)
    client.force_login(users.coordinator)

    assert 'name="action"' not in client.get(page(election, stage)).content.decode()


def fill(election, stage, user, today, place) -> None:
    """Record the facts of a stage through its service."""
    sent = {"election": election, "by": user, "at": timezone.now()}
    papers = [
        facts.Paper(kind, f"示例〔2026〕{kind}号", today)
        for kind in (DocumentKind.REQUEST, DocumentKind.REPLY, DocumentKind.FILING)
    ]
    match stage:
        case Stage.PETITION:
            facts.save_petition(**sent, papers=papers[:2], committee_seats=3, deputy_seats=1)
        case Stage.MOBILISATION:
            facts.save_meetings(**sent, meetings=[facts.Gathering(k, today, 37) for k in MEETINGS])
        case Stage.ROSTER:
            member = place.members[0]
            reason = ExclusionReason.BEDRIDDEN
            facts.freeze_roll(
                **sent,
                published_on=today,
                representatives=37,
                representatives_published_on=today,
                exclusions=[facts.Exclusion(member.pk, reason, today, today)],
            )
        case Stage.APPROVAL:
            facts.save_documents(**sent, stage=stage, papers=papers)
        case Stage.NOTICE | Stage.ANNOUNCEMENT:
            kind = NoticeKind.CANDIDATES if stage == Stage.NOTICE else NoticeKind.RESULT
            facts.save_notice(
                **sent,
                kind=kind,
                starts_on=today - timedelta(days=7),
                ends_on=today,
                place="示例公开栏",
            )
        case Stage.HANDOVER:
            facts.save_handover(
                **sent,
                handed_on=today,
                from_name="移交甲",
                to_name="接交乙",
                witness="监交丙",
                items="公章1枚",
            )


MEETINGS = ("mobilisation", "training", "discipline")
SHOWN = {
    Stage.PETITION: ["示例〔2026〕request号", "示例〔2026〕reply号", "3名", "8人"],
    Stage.MOBILISATION: ["动员会", "业务培训", "纪律教育", "37"],
    Stage.ROSTER: ["37人", "7人", "年老体弱卧床不起"],
    Stage.NOTICE: ["示例公开栏", "（要求5个）"],
    Stage.APPROVAL: ["示例〔2026〕filing号"],
    Stage.ANNOUNCEMENT: ["示例公开栏"],
    Stage.HANDOVER: ["移交甲", "接交乙", "监交丙", "公章1枚"],
}
MEETINGS = tuple(facts.MeetingKind(code) for code in MEETINGS)


@pytest.mark.parametrize("stage", OWN)
def test_recorded_facts_are_read_without_a_form(client, election, users, place, today, stage):
    election = moved(election, stage, today)
    fill(election, stage, users.coordinator, today, place)
    client.force_login(users.leader)

    html = client.get(page(election, stage)).content.decode()

    assert [text for text in SHOWN[stage] if text not in html] == []


@pytest.mark.parametrize("stage", OWN)
def test_recorded_facts_come_back_in_the_form(client, election, users, place, today, stage):
    election = moved(election, stage, today)
    fill(election, stage, users.coordinator, today, place)
    client.force_login(users.coordinator)

    form = client.get(page(election, stage)).context["forms"]["facts"]

    empty = [
        n
        for n, f in form.fields.items()
        if f.required and form.get_initial_for_field(f, n) in (None, "")
    ]
    assert empty == []


# --- sending ------------------------------------------------------------------------------------


def sent_facts(stage, today) -> dict:
    """A valid form of each stage."""
    day = today.isoformat()
    papers = {
        f"{kind}_{part}": value
        for kind in ("request", "reply", "filing")
        for part, value in (("number", "1号"), ("on", day))
    }
    return {
        Stage.PETITION: papers | {"committee_seats": 3, "deputy_seats": 0},
        Stage.MOBILISATION: {f"{k}_on": day for k in MEETINGS}
        | {f"{k}_present": 9 for k in MEETINGS},
        Stage.ROSTER: {
            "published_on": day,
            "representatives": 30,
            "representatives_published_on": day,
        },
        Stage.NOTICE: {
            "starts_on": day,
            "ends_on": (today + timedelta(days=9)).isoformat(),
            "place": "栏",
        },
        Stage.APPROVAL: papers,
        Stage.ANNOUNCEMENT: {"starts_on": day, "place": "栏"},
        Stage.HANDOVER: {
            "handed_on": day,
            "from_name": "甲",
            "to_name": "乙",
            "witness": "丙",
            "items": "公章",
        },
    }[stage] | {"action": "facts"}


STORED = {
    Stage.PETITION: (OfficialDocument, 2),
    Stage.MOBILISATION: (Meeting, 3),
    Stage.ROSTER: (Roll, 1),
    Stage.NOTICE: (Notice, 1),
    Stage.APPROVAL: (OfficialDocument, 3),
    Stage.ANNOUNCEMENT: (Notice, 1),
    Stage.HANDOVER: (Handover, 1),
}


@pytest.mark.parametrize("stage", OWN)
def test_coordinator_records_the_facts(client, election, users, today, stage):
    moved(election, stage, today)
    client.force_login(users.coordinator)

    response = client.post(page(election, stage), sent_facts(stage, today))

    assert (response.status_code, response.url) == (302, page(election, stage))
    model, count = STORED[stage]
    assert model.objects.filter(election=election).count() == count


@pytest.mark.parametrize("stage", OWN)
@pytest.mark.parametrize("who", ["org_staff", "leader"])
def test_others_in_the_area_are_forbidden_to_record(client, election, users, today, stage, who):
    moved(election, stage, today)
    client.force_login(getattr(users, who))

    assert client.post(page(election, stage), sent_facts(stage, today)).status_code == 403
    assert STORED[stage][0].objects.count() == 0


@pytest.mark.parametrize("stage", OWN)
def test_facts_of_a_stage_not_open_are_refused_with_the_reason(
    client, election, users, today, stage
):
    client.force_login(users.coordinator)

    response = client.post(page(election, stage), sent_facts(stage, today))

    assert response.status_code == 422
    assert any("现在不能登记" in message for message in response.context["refusals"])
    assert STORED[stage][0].objects.count() == 0


def test_refused_form_comes_back_with_what_was_typed(client, election, users, today):
    moved(election, Stage.PETITION, today)
    client.force_login(users.coordinator)

    response = client.post(
        page(election, Stage.PETITION), sent_facts(Stage.PETITION, today) | {"committee_seats": 9}
    )

    assert response.status_code == 422
    assert response.context["refusals"] == ["委员会职数为9，应在3至7名之间：请改正职数。"]
    assert response.context["forms"]["facts"]["committee_seats"].value() == "9"


def test_exclusions_are_sent_with_the_roll(client, election, users, place, today):
    moved(election, Stage.ROSTER, today)
    client.force_login(users.coordinator)
    day = today.isoformat()
    sent = sent_facts(Stage.ROSTER, today) | {
        f"exclude_{place.members[2].pk}": "abroad",
        "superior_agreed_on": day,
    }

    refused = client.post(page(election, Stage.ROSTER), sent)
    client.post(page(election, Stage.ROSTER), sent | {"adopted_on": day})

    assert refused.status_code == 422
    assert place.members[2].name in refused.context["refusals"][0]
    roll = Roll.objects.get(election=election)
    assert (roll.voters, roll.due) == (8, 7)
    assert roll.entries.get(exclusion="abroad").member == place.members[2]


def test_submit_confirm_and_return_over_the_page(client, election, users, place, today):
    election = moved(election, Stage.PETITION, today)
    fill(election, Stage.PETITION, users.coordinator, today, place)
    url = page(election, Stage.PETITION)
    client.force_login(users.coordinator)
    for need in ("request", "reply"):
        file = SimpleUploadedFile("扫描件.pdf", PDF)
        response = client.post(url, {"action": "evidence", "requirement": need, "file": file})
        assert response.status_code == 302

    version = client.get(url).context["forms"]["submit"]["version"].value()
    assert client.post(url, {"action": "submit", "version": version}).status_code == 302
    client.force_login(users.org_staff)
    back = {"action": "return", "version": version + 1, "reason": "文号不符"}
    assert client.post(url, back).status_code == 302
    client.force_login(users.coordinator)
    html = client.get(url).content.decode()
    assert "文号不符" in html
    assert "第2次办理" in html
    client.post(url, {"action": "submit", "version": version + 2})
    client.force_login(users.org_staff)
    client.post(url, {"action": "confirm", "version": version + 3})

    record = StageRecord.objects.get(election=election, stage=Stage.PETITION, is_current=True)
    assert (record.status, record.attempt) == (StageStatus.DONE, 2)
    assert VillageElection.objects.get(pk=election.pk).stage == Stage.MOBILISATION


def test_stale_page_is_answered_409(client, election, users, today):
    moved(election, Stage.MOBILISATION, today)
    client.force_login(users.coordinator)

    response = client.post(
        page(election, Stage.MOBILISATION), {"action": "submit", "version": election.version + 5}
    )

    assert response.status_code == 409
    assert "刚被他人办理" in response.context["refusals"][0]


@pytest.mark.parametrize(
    ("who", "action", "status"),
    [
        ("coordinator", "confirm", 403),
        ("coordinator", "return", 403),
        ("coordinator", "decide_exception", 403),
        ("leader", "confirm", 403),
        ("org_staff", "submit", 403),
        ("org_staff", "evidence", 403),
        ("org_staff", "withdraw_evidence", 403),
        ("org_staff", "exception", 403),
        ("foreign", "submit", 404),
        ("outsider", "confirm", 404),
    ],
)
def test_actions_by_role(client, election, users, today, who, action, status):
    moved(election, Stage.PETITION, today, status=StageStatus.SUBMITTED)
    client.force_login(getattr(users, who))

    response = client.post(page(election, Stage.PETITION), {"action": action, "version": 0})

    assert response.status_code == status


def test_unknown_action_changes_nothing(client, election, users):
    client.force_login(users.coordinator)

    response = client.post(page(election, Stage.PETITION), {"action": "delete"})

    assert response.status_code == 302


def test_withdrawn_file_stays_readable(client, election, users, today):
    election = moved(election, Stage.PETITION, today)
    evidence = upload(election, users)
    client.force_login(users.coordinator)

    client.post(
        page(election, Stage.PETITION), {"action": "withdraw_evidence", "evidence": evidence.pk}
    )

    assert Evidence.objects.get().replaced_at is not None
    html = client.get(page(election, Stage.PETITION)).content.decode()
    assert "请示.pdf" in html
    assert "撤下" in html


def upload(election, users, *, name="请示.pdf", content=PDF, requirement="request"):
    return add_evidence(
        election=election,
        stage=Stage.PETITION,
        requirement=requirement,
        upload=SimpleUploadedFile(name, content),
        by=users.coordinator,
        at=timezone.now(),
    )


def test_file_of_another_stage_is_not_withdrawn(client, election, users, today):
    evidence = upload(moved(election, Stage.PETITION, today), users)
    client.force_login(users.coordinator)

    response = client.post(
        page(election, Stage.MOBILISATION),
        {"action": "withdraw_evidence", "evidence": evidence.pk},
    )

    assert response.status_code == 404
    assert Evidence.objects.get().replaced_at is None


def test_county_decides_an_exception_on_the_page(client, election, users, today):
    election = moved(election, Stage.PETITION, today)
    asked = ExceptionRequest.objects.create(
        election=election,
        stage=Stage.PETITION,
        code="women",
        reason="没有女党员",
        requested_by=users.coordinator,
        requested_at=timezone.now(),
    )
    client.force_login(users.org_staff)
    url = page(election, Stage.PETITION)
    sent = {"action": "decide_exception", "exception": asked.pk, "approved": "0", "note": ""}

    refused = client.post(url, sent)
    done = client.post(url, sent | {"approved": "1"})

    assert (refused.status_code, done.status_code) == (422, 302)
    assert refused.context["refusals"] == ["不同意时请写明意见。"]
    asked.refresh_from_db()
    assert (asked.approved, asked.decided_by) == (True, users.org_staff)


# --- files --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("coordinator", 200),
        ("org_staff", 200),
        ("leader", 200),
        ("vetting", 404),
        ("audit_admin", 404),
        ("foreign", 404),
        ("outsider", 404),
        ("nobody", 404),
    ],
)
def test_file_is_opened_inside_the_own_area_only(client, election, users, today, who, status):
    evidence = upload(moved(election, Stage.PETITION, today), users)
    client.force_login(getattr(users, who))

    response = client.get(reverse("evidence_file", args=[evidence.pk]))

    assert response.status_code == status
    response.close()


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("请示.pdf", PDF, True),
        ("照片.png", b"\x89PNG\r\n\x1a\n", True),
        ("名册.xlsx", b"PK\x03\x04 sheet", False),
    ],
)
def test_file_is_shown_or_saved_under_its_own_name(
    client, election, users, today, name, content, shown
):
    evidence = upload(moved(election, Stage.PETITION, today), users, name=name, content=content)
    client.force_login(users.leader)

    response = client.get(reverse("evidence_file", args=[evidence.pk]))

    assert b"".join(response.streaming_content) == content
    assert response["Content-Type"] == evidence.content_type
    disposition = response["Content-Disposition"]
    assert disposition.startswith("inline" if shown else "attachment")
    assert "filename*=utf-8''%" in disposition
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_file_missing_from_the_storage_is_404(client, election, users, today):
    evidence = upload(moved(election, Stage.PETITION, today), users)
    evidence.file.storage.delete(evidence.file.name)
    client.force_login(users.coordinator)

    assert client.get(reverse("evidence_file", args=[evidence.pk])).status_code == 404


# --- statements ---------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", OWN)
def test_page_needs_the_same_statements_with_more_rows(
    client,
    election,
    users,
    place,
    today,
    stage,
    django_assert_num_queries,
    django_assert_max_num_queries,
):
    election = moved(election, stage, today)
    fill(election, stage, users.coordinator, today, place)
    client.force_login(users.coordinator)
    need = election.spec.evidence[0].code

    def add_file() -> None:
        add_evidence(
            election=election,
            stage=stage,
            requirement=need,
            upload=SimpleUploadedFile("材料.pdf", PDF),
            by=users.coordinator,
            at=timezone.now(),
        )

    add_file()
    client.get(page(election, stage))  # a session's first request also notes when it began
    with django_assert_max_num_queries(20) as few:
        client.get(page(election, stage))
    add_file()
    add_file()
    PartyMemberFactory.create_batch(3, village=place.village)

    with django_assert_num_queries(len(few)):
        client.get(page(election, stage))
