"""保管与销毁: kept by category, destroyed by two, stopped by a hold; row, file and key gone, the stub stays."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import sealing
from accounts.enums import Role
from accounts.errors import Conflict, Forbidden, Refused
from accounts.models import AuditEntry
from complaints.models import (
    CONTENT,
    Attachment,
    Complaint,
    Disposal,
    Event,
    IdentityAccess,
    LegalHold,
    Matter,
    ReporterIdentity,
)
from complaints.rules import RETENTION, kept_until
from complaints.services import retention as services
from complaints.services.complaints import settle_complaint
from complaints.services.intake import About, Reporter, receive_complaint
from tests.factories.elections import moment
from tests.factories.files import PDF
from tests.factories.villages import UserFactory

RECEIVED = date(2026, 9, 10)
NAME = "示范举报人甲"
#: Reports settled in 2026 are kept through 2056.
DUE = moment(date(2057, 1, 1))


@pytest.mark.parametrize(
    ("settled", "years", "last"),
    [
        (date(2026, 1, 1), 10, date(2036, 12, 31)),
        (date(2026, 12, 31), 10, date(2036, 12, 31)),
        (date(2024, 2, 29), 30, date(2054, 12, 31)),
    ],
)
def test_period_runs_from_the_year_after(settled, years, last):
    assert kept_until(settled, years) == last


@pytest.fixture
def second(place):
    return UserFactory(role=Role.DISCIPLINE, where=place.county)


@pytest.fixture
def record(campaign, election, users):
    complaint = receive_complaint(
        campaign=campaign,
        about=About(election=election),
        channel="letter",
        cause="bribery",
        summary="示例内容",
        received_at=moment(RECEIVED),
        is_named=True,
        reporter=Reporter(NAME, "13900000000", "示例村1号"),
        attachments=[SimpleUploadedFile("a.pdf", PDF)],
        by=users.discipline,
        at=moment(RECEIVED),
    )
    return settle_complaint(
        complaint=complaint,
        conclusion="true",
        handling="示例处理",
        by=users.discipline,
        at=moment(RECEIVED + timedelta(days=5)),
    )


def rows_of(pk: int) -> dict:
    return {
        "complaint": Complaint.objects.filter(pk=pk).count(),
        "identity": ReporterIdentity.objects.filter(complaint=pk).count(),
        "attachments": Attachment.objects.filter(complaint=pk).count(),
        "events": Event.objects.filter(complaint=pk).count(),
    }


def test_destroyed_record_leaves_a_stub_and_nothing_to_open(
    record, users, second, django_capture_on_commit_callbacks
):
    pk, number, matter = record.pk, record.number, record.matter_id
    attachment = Attachment.objects.get()
    path = Path(attachment.file.path)
    with path.open("rb") as file:
        sealed = file.read()
    identity = ReporterIdentity.objects.get()
    IdentityAccess.objects.create(
        complaint_number=number, by=users.discipline, at=moment(RECEIVED), reason="示例"
    )
    assert path.exists() and rows_of(pk)["identity"] == 1

    proposed = services.propose_disposal(complaint=record, by=users.discipline, at=DUE)
    assert path.exists() and rows_of(pk)["complaint"] == 1
    with django_capture_on_commit_callbacks(execute=True):
        services.decide_disposal(disposal=proposed, approved=True, by=second, at=DUE)

    assert rows_of(pk) == {"complaint": 0, "identity": 0, "attachments": 0, "events": 0}
    assert not Matter.objects.filter(pk=matter).exists()
    assert not path.exists()
    # A copy of the file, or of the identity's text, made before is of no use: its key is gone.
    for kept, purpose in ((sealed, CONTENT), (identity.sealed.encode(), "reporter_identity")):
        with pytest.raises(sealing.CannotUnseal):
            sealing.unseal_under(sealing.new_key(), kept, purpose=purpose)
    stub = Disposal.objects.get()
    assert (stub.complaint, stub.complaint_number, stub.approved, stub.files) == (
        None,
        number,
        True,
        1,
    )
    assert (stub.proposed_by, stub.decided_by) == (users.discipline, second)
    entry = AuditEntry.objects.get(action="complaint.destroyed")
    assert (entry.target_text, entry.actor_id) == (number, second.pk)
    assert IdentityAccess.objects.filter(complaint_number=number).exists()
    stored = f"{stub.__dict__} {list(AuditEntry.objects.values())}"
    assert NAME not in stored and "示例内容" not in stored


def test_number_of_a_destroyed_record_is_not_given_again(record, users, second, campaign, election):
    proposed = services.propose_disposal(complaint=record, by=users.discipline, at=DUE)
    services.decide_disposal(disposal=proposed, approved=True, by=second, at=DUE)
    again = receive_complaint(
        campaign=campaign,
        channel="call",
        cause="other",
        summary="示例",
        received_at=moment(RECEIVED),
        by=users.discipline,
        at=moment(RECEIVED),
    )
    assert again.number.endswith("0002")


def test_one_person_alone_destroys_nothing(record, users):
    proposed = services.propose_disposal(complaint=record, by=users.discipline, at=DUE)
    with pytest.raises(Refused, match="两人办理"):
        services.decide_disposal(disposal=proposed, approved=True, by=users.discipline, at=DUE)
    with pytest.raises(Conflict, match="已经提出"):
        services.propose_disposal(complaint=record, by=users.discipline, at=DUE)
    assert rows_of(record.pk)["complaint"] == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Disposal.objects.update(approved=True, decided_by=users.discipline, decided_at=DUE)


def test_nothing_goes_before_its_day_or_open(record, users, campaign, election):
    early = moment(date(2056, 12, 31))
    with pytest.raises(Refused, match="保管至2056年12月31日"):
        services.propose_disposal(complaint=record, by=users.discipline, at=early)
    still_open = receive_complaint(
        campaign=campaign,
        channel="call",
        cause="other",
        summary="示例",
        received_at=moment(RECEIVED),
        by=users.discipline,
        at=moment(RECEIVED),
    )
    with pytest.raises(Refused, match="还没有办结"):
        services.propose_disposal(complaint=still_open, by=users.discipline, at=DUE)


def test_legal_hold_stops_both_steps(record, users, second):
    proposed = services.propose_disposal(complaint=record, by=users.discipline, at=DUE)
    with pytest.raises(Refused, match="理由"):
        services.place_hold(complaint=record, reason=" ", by=second, at=DUE)
    hold = services.place_hold(complaint=record, reason="示例：案件在办", by=second, at=DUE)
    assert "案件" not in hold.reason_sealed
    with pytest.raises(Refused, match="暂缓销毁"):
        services.decide_disposal(disposal=proposed, approved=True, by=second, at=DUE)
    services.decide_disposal(disposal=proposed, approved=False, by=second, at=DUE)
    with pytest.raises(Refused, match="暂缓销毁"):
        services.propose_disposal(complaint=record, by=users.discipline, at=DUE)
    assert rows_of(record.pk)["complaint"] == 1

    services.lift_hold(complaint=record, by=second, at=DUE)
    proposed = services.propose_disposal(complaint=record, by=users.discipline, at=DUE)
    services.decide_disposal(disposal=proposed, approved=True, by=second, at=DUE)
    assert rows_of(record.pk)["complaint"] == 0
    assert not LegalHold.objects.exists()


def test_county_s_own_period_decides(record, users, campaign):
    years = {**RETENTION, "report": 10}
    services.set_retention(campaign=campaign, years=years, by=users.discipline, at=DUE)
    at = moment(date(2037, 1, 1))
    assert services.propose_disposal(complaint=record, by=users.discipline, at=at).kept_until == (
        date(2036, 12, 31)
    )


@pytest.mark.parametrize("who", ["org_staff", "leader", "coordinator", "system_admin", "outsider"])
def test_nobody_else_keeps_or_destroys(record, users, campaign, who):
    user = getattr(users, who)
    acts = (
        lambda: services.propose_disposal(complaint=record, by=user, at=DUE),
        lambda: services.place_hold(complaint=record, reason="x", by=user, at=DUE),
        lambda: services.set_retention(campaign=campaign, years=RETENTION, by=user, at=DUE),
    )
    for act in acts:
        with pytest.raises(Forbidden):
            act()


def test_page_leads_two_people_through_it(record, users, second, campaign, client):
    url = reverse("complaint_retention", args=[campaign.pk])
    Complaint.objects.update(
        settled_at=moment(date(1990, 3, 1)),
        received_at=moment(date(1990, 2, 1)),
        concluded_at=moment(date(1990, 3, 1)),
    )
    client.force_login(users.discipline)
    page = client.get(url)
    assert page["Cache-Control"] == "no-store" and "已到期" in page.content.decode()

    def post(action, **more):
        return client.post(url, {"action": action, "number": record.number, **more}, follow=True)

    assert "已暂缓销毁" in post("hold", reason="示例").content.decode()
    assert post("propose").status_code == 422
    assert "已解除暂缓" in post("lift").content.decode()
    assert "等另一人" in post("propose").content.decode()
    assert post("decide", approved="1").status_code == 422
    client.force_login(second)
    gone = post("decide", approved="1").content.decode()
    assert "密钥都不在了" in gone and record.number in gone
    assert not Complaint.objects.exists()
    years = dict.fromkeys(RETENTION, "20")
    assert client.post(url, {"action": "periods", **years}).status_code == 302
    assert client.post(url, {"action": "periods", **years, "report": "0"}).status_code == 422
