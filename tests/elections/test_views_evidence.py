"""Opening an uploaded file."""

import pytest
from django.urls import reverse

from elections.enums import Stage
from tests.factories.files import DOCX, PDF, XLSX, picture

from .pages import campaign_around_today, moved, upload


@pytest.fixture
def campaign(place, users):
    return campaign_around_today(place, users)


WHO = pytest.mark.parametrize(
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


@WHO
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
        ("名册.xlsx", XLSX, False),
        ("请示.docx", DOCX, False),
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


@WHO
def test_small_picture_is_opened_like_its_file(client, election, users, today, who, status):
    evidence = upload(
        moved(election, Stage.PETITION, today), users, name="照片.jpg", content=picture(notes=True)
    )
    client.force_login(getattr(users, who))

    for name in ("evidence_file", "evidence_thumbnail"):
        response = client.get(reverse(name, args=[evidence.pk]))

        assert response.status_code == status
        if status == 200:
            assert b"".join(response.streaming_content).startswith(b"\xff\xd8\xff")
            assert response["Content-Type"] == "image/jpeg"
            assert response["Content-Disposition"].startswith("inline; filename*=utf-8''%")
            assert response["X-Content-Type-Options"] == "nosniff"
            assert response["Cache-Control"] == "private, no-store"


def test_file_without_a_small_picture_has_none(client, election, users, today):
    evidence = upload(moved(election, Stage.PETITION, today), users)
    client.force_login(users.coordinator)

    assert client.get(reverse("evidence_thumbnail", args=[evidence.pk])).status_code == 404


def test_file_asks_for_signing_in(client, election, users, today):
    evidence = upload(moved(election, Stage.PETITION, today), users)

    assert client.get(reverse("evidence_file", args=[evidence.pk])).status_code == 302
