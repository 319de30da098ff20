"""Stage pages over HTTP: who sees them, and what they show."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from elections.enums import Stage, StageStatus
from elections.services.evidence import add_evidence
from tests.factories.elections import record_facts
from tests.factories.villages import PartyMemberFactory

from .pages import OWN, PDF, campaign_around_today, moved, page


@pytest.fixture
def campaign(place, users):
    return campaign_around_today(place, users)


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

    assert set(re.findall(r'name="action" value="(\w+)"', html)) == (
        {"override"} if who == "org_staff" else set()
    )


@pytest.mark.parametrize("stage", OWN)
def test_closed_stage_shows_no_form_to_the_coordinator(client, election, users, today, stage):
    moved(election, stage, today, status=StageStatus.DONE)
    client.force_login(users.coordinator)

    assert 'name="action"' not in client.get(page(election, stage)).content.decode()


SHOWN = {
    Stage.PETITION: ["示例〔2026〕request号", "示例〔2026〕reply号", "3名", "8人"],
    Stage.MOBILISATION: ["动员会", "业务培训", "纪律教育", "37"],
    Stage.ROSTER: ["37人", "7人", "年老体弱卧床不起"],
    Stage.NOTICE: ["示例公开栏", "（要求5个）"],
    Stage.APPROVAL: ["示例〔2026〕filing号"],
    Stage.ANNOUNCEMENT: ["示例公开栏"],
    Stage.HANDOVER: ["移交甲", "接交乙", "监交丙", "公章1枚"],
}


@pytest.mark.parametrize("stage", OWN)
def test_recorded_facts_are_read_without_a_form(client, election, users, place, today, stage):
    election = moved(election, stage, today)
    record_facts(election, stage, by=users.coordinator, at=timezone.now())
    client.force_login(users.leader)

    html = client.get(page(election, stage)).content.decode()

    assert [text for text in SHOWN[stage] if text not in html] == []


@pytest.mark.parametrize("stage", OWN)
def test_recorded_facts_come_back_in_the_form(client, election, users, place, today, stage):
    election = moved(election, stage, today)
    record_facts(election, stage, by=users.coordinator, at=timezone.now())
    client.force_login(users.coordinator)

    form = client.get(page(election, stage)).context["forms"]["facts"]

    empty = [
        n
        for n, f in form.fields.items()
        if f.required and form.get_initial_for_field(f, n) in (None, "")
    ]
    assert empty == []


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
    record_facts(election, stage, by=users.coordinator, at=timezone.now())
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
