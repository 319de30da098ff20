"""Opening an uploaded file."""

import pytest
from django.urls import reverse

from elections.enums import Stage

from .pages import PDF, campaign_around_today, moved, upload


@pytest.fixture
def campaign(place, users):
    return campaign_around_today(place, users)


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
