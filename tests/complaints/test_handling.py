"""Handling: each step by somebody who may, no step out of order; the vault; and where nothing of a reporter may show."""

import logging
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.errors import Conflict, Forbidden, Refused
from accounts.models import AuditEntry
from candidates.enums import CandidacyStatus
from candidates.models import Candidacy
from complaints import permissions
from complaints.enums import Accused, Step
from complaints.models import Attachment, Complaint, IdentityAccess, Matter, ReporterIdentity
from complaints.selectors.complaints import clocks, hours_to, work
from complaints.services import handling
from complaints.services.clocks import set_clock
from complaints.services.complaints import settle_complaint
from complaints.services.identities import open_identity
from complaints.services.intake import About, Reporter, receive_complaint
from elections import pictures
from elections.enums import Stage
from tests.elections.pages import campaign_around_today
from tests.factories.elections import at_stage
from tests.factories.files import picture
from tests.factories.villages import UserFactory

NAME, PHONE, SECRET = "示范密名甲", "13900001234", "示例：村东头的事情"


@pytest.fixture
def campaign(place, users):
    return campaign_around_today(place, users)


@pytest.fixture
def second(place):
    return UserFactory(role=Role.DISCIPLINE, where=place.county, name="示例第二人")


@pytest.fixture
def receive(election, users):
    def receive(**more):
        at = timezone.now()
        return receive_complaint(
            **{
                "campaign": election.campaign,
                "about": About(election=election),
                "channel": "call",
                "cause": "qualification",
                "summary": SECRET,
                "received_at": at,
                "by": users.discipline,
                "at": at,
            }
            | more
        )

    return receive


@pytest.fixture
def accepted(receive, users):
    complaint = receive(is_named=True, reporter=Reporter(NAME, PHONE, "示例路1号"))
    return handling.accept_complaint(
        complaint=complaint, handler=users.discipline, by=users.discipline, at=timezone.now()
    )


def acting(complaint, by):
    return {"complaint": complaint, "by": by, "at": timezone.now()}


# --- intake -----------------------------------------------------------------------------------------


def test_repeats_are_one_matter_and_two_complaints(receive, users):
    first = receive()
    second = receive(joins=first.matter, channel="letter", people=12)

    assert second.matter == first.matter
    found = work(users.discipline, Complaint.objects.all(), today=timezone.localdate())
    assert (found.complaints, found.matters) == (2, 1)
    assert second.is_joint


def test_joining_later_leaves_no_empty_matter(receive, users):
    first, other = receive(), receive()

    handling.join_matter(matter=first.matter, **acting(other, users.discipline))

    assert list(Matter.objects.all()) == [first.matter]
    with pytest.raises(Refused, match="已经是同一起"):
        handling.join_matter(matter=first.matter, **acting(other, users.discipline))
    with pytest.raises(Refused, match="没有可以并入"):
        handling.join_matter(matter=None, **acting(other, users.discipline))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"is_named": True}, "请填写反映人姓名"),
        ({"people": 0}, "至少1人"),
        ({"about": About(accused=Accused.UNIT)}, "请选择被反映的单位"),
        ({"about": About(), "blocks_notice": True}, "须选择所反映的村"),
        ({"reporter": Reporter("名" * 900)}, "太长"),
        ({"attachments": [SimpleUploadedFile("a.exe", b"MZ")]}, "不是可接受的文件"),
        ({"attachments": [SimpleUploadedFile("a.jpg", picture())] * 6}, "最多5个"),
    ],
)
def test_intake_that_cannot_be_is_refused(receive, more, words):
    with pytest.raises(Refused, match=words):
        receive(**more)
    assert not Complaint.objects.exists()


def test_online_reporter_may_not_know_the_village(receive, place, users):
    complaint = receive(about=About(), by=None, channel="online", receipt_hash="ab" * 32)

    assert complaint.village is None and complaint.held_by == place.county
    assert Complaint.objects.visible_to(users.discipline).get() == complaint


def test_attachment_is_stored_sealed_and_opens_for_those_who_see_it(receive, users, client):
    complaint = receive(attachments=[SimpleUploadedFile(f"{NAME}.jpg", picture())])
    row = complaint.attachments.get()

    with row.file.open("rb") as stored:
        assert picture() not in stored.read()
    assert NAME not in row.name_sealed
    client.force_login(users.discipline)
    answer = client.get(reverse("complaint_file", args=[row.pk]))
    kept = pictures.cleaned(name="a.jpg", content=picture(), kind="image/jpeg").content
    assert b"".join(answer.streaming_content) == kept
    Complaint.objects.update(key_sealed="")  # the key was destroyed
    assert client.get(reverse("complaint_file", args=[row.pk])).status_code == 404
    assert Complaint.objects.get().summary == "（内容已销毁）"


# --- steps ------------------------------------------------------------------------------------------


def test_whole_way_of_a_complaint(accepted, users, second):
    by, at = users.discipline, timezone.now()
    for step in (Step.REPORTED, Step.INVESTIGATED, Step.INFORMED):
        handling.mark_first(step=step, note="", done_at=at, **acting(accepted, by))
    transfer = handling.transfer_complaint(
        unit="县民政局",
        request="示例：核对名册",
        answer_by=timezone.localdate(),
        **acting(accepted, by),
    )
    handling.answer_transfer(transfer=transfer, answer="示例：已核对", by=by, at=timezone.now())
    due = accepted.settle_by
    extension = handling.ask_extension(days=3, reason="示例", **acting(accepted, by))
    with pytest.raises(Refused, match="须由另一名"):
        handling.decide_extension(extension=extension, approved=True, by=by, at=timezone.now())
    handling.decide_extension(extension=extension, approved=True, by=second, at=timezone.now())
    with pytest.raises(Conflict):
        handling.decide_extension(extension=extension, approved=True, by=second, at=timezone.now())
    accepted.refresh_from_db()
    assert accepted.settle_by > due
    assert clocks(accepted, extension, today=timezone.localdate())[-1].reckoning.day == (
        accepted.settle_by
    )
    handling.conclude_complaint(conclusion="false", handling="示例", **acting(accepted, by))
    handling.take_measure(
        kind="clear", taken_on=timezone.localdate(), note="", **acting(accepted, by)
    )
    settle_complaint(conclusion="false", handling="示例", reply="示例", **acting(accepted, by))

    accepted.refresh_from_db()
    assert not accepted.is_open and accepted.reply == "示例"
    assert hours_to(accepted, accepted.reported_at).startswith("0小时")
    assert [e.step for e in accepted.events.order_by("pk")] == [
        "received",
        "accepted",
        "reported",
        "investigated",
        "informed",
        "transferred",
        "returned",
        "extension_asked",
        "extension_decided",
        "concluded",
        "acted",
        "settled",
    ]


def test_steps_out_of_order_are_refused(receive, accepted, users, place):
    new, by, today = receive(), users.discipline, timezone.localdate()
    tries = [
        (handling.conclude_complaint, new, {"conclusion": "true", "handling": "示例"}, "请先受理"),
        (handling.assign_handler, new, {"handler": by}, "请先受理"),
        (
            handling.transfer_complaint,
            new,
            {"unit": "示例", "request": "示例", "answer_by": today},
            "请先受理",
        ),
        (handling.accept_complaint, accepted, {"handler": by}, "已经受理"),
        (handling.accept_complaint, new, {"handler": users.leader}, "不能办理"),
        (
            handling.mark_first,
            accepted,
            {
                "step": Step.REPORTED,
                "note": "",
                "done_at": accepted.received_at - timedelta(hours=1),
            },
            "收到之后",
        ),
        (handling.ask_extension, accepted, {"days": 170, "reason": "示例"}, "最多30日"),
        (
            handling.take_measure,
            accepted,
            {"kind": "talk", "taken_on": today, "note": ""},
            "请先认定结论",
        ),
        (
            handling.transfer_complaint,
            accepted,
            {"unit": "示例", "request": "示例", "answer_by": date(2020, 1, 1)},
            "不能早于今天",
        ),
    ]
    for service, complaint, more, words in tries:
        with pytest.raises(Refused, match=words):
            service(**acting(complaint, by), **more)


def test_no_transfer_to_the_unit_it_is_about(receive, users, place):
    about = About(accused=Accused.UNIT, accused_unit=place.own, township=place.own)
    complaint = receive(about=about)
    by = users.discipline
    handling.accept_complaint(handler=by, **acting(complaint, by))

    with pytest.raises(Refused, match="不能转给被反映的单位"):
        handling.transfer_complaint(
            unit=f"{place.own.name}党委",
            request="示例",
            answer_by=timezone.localdate(),
            **acting(complaint, by),
        )


def test_putting_right_whom_it_is_about_takes_it_out_of_sight(accepted, users, place):
    """The county's own leader: it goes to the city, and its handler with it."""
    about = About(election=accepted.election, accused=Accused.LEADER, accused_unit=place.county)
    handling.classify_complaint(
        category="objection", cause="other", about=about, **acting(accepted, users.discipline)
    )

    accepted.refresh_from_db()
    assert accepted.held_by == place.county.city and accepted.handler is None
    assert accepted.settle_days == 5
    assert not Complaint.objects.visible_to(users.discipline).exists()
    with pytest.raises(Forbidden):
        settle_complaint(conclusion="true", handling="示例", **acting(accepted, users.discipline))


def test_county_sets_its_own_days(receive, election, users):
    set_clock(
        campaign=election.campaign,
        category="report",
        unit="calendar",
        accept_days=1,
        settle_days=2,
        extend_days=1,
        by=users.discipline,
        at=timezone.now(),
    )
    assert receive().settle_days == 2
    with pytest.raises(Forbidden):
        set_clock(
            campaign=election.campaign,
            category="report",
            unit="calendar",
            accept_days=1,
            settle_days=2,
            extend_days=1,
            by=users.org_staff,
            at=timezone.now(),
        )


# --- a candidacy ------------------------------------------------------------------------------------


@pytest.fixture
def proven(receive, users, election, place):
    """A concluded complaint about somebody who stands, in the notice."""
    at_stage(election, Stage.NOTICE, on=timezone.localdate())
    candidacy = Candidacy.objects.create(election=election, member=place.members[0], rank=1)
    complaint = receive(about=About(election=election, candidacy=candidacy), blocks_notice=True)
    by = users.discipline
    handling.accept_complaint(handler=by, **acting(complaint, by))
    return complaint


def take_away(complaint, by):
    return handling.take_measure(
        kind="disqualify", taken_on=timezone.localdate(), note=SECRET, **acting(complaint, by)
    )


def test_proven_complaint_takes_a_candidacy_away_and_says_nothing_of_it(proven, users):
    by = users.discipline
    handling.conclude_complaint(conclusion="true", handling=SECRET, **acting(proven, by))

    take_away(proven, by)

    assert Candidacy.objects.get().status == CandidacyStatus.DISQUALIFIED
    row = AuditEntry.objects.get(action="candidacy.disqualified")
    assert SECRET not in str(vars(row)) and proven.number not in str(vars(row))
    with pytest.raises(Refused, match="不必再取消"):
        take_away(proven, by)


def test_unfounded_complaint_takes_nothing_away(proven, users):
    by = users.discipline
    handling.conclude_complaint(conclusion="false", handling="示例", **acting(proven, by))

    with pytest.raises(Refused, match="不能取消候选资格"):
        take_away(proven, by)
    assert Candidacy.objects.get().status == CandidacyStatus.PRELIMINARY


# --- the vault --------------------------------------------------------------------------------------


def test_identity_opens_for_the_handler_with_a_record_first(accepted, users, second):
    with pytest.raises(Refused, match="理由"):
        open_identity(reason=" ", **acting(accepted, users.discipline))
    assert not IdentityAccess.objects.exists()

    found = open_identity(reason="示例：补充核实", **acting(accepted, users.discipline))

    assert (found.name, found.phone) == (NAME, PHONE)
    row = IdentityAccess.objects.get()
    assert (row.by, row.complaint_number) == (users.discipline, accepted.number)
    assert AuditEntry.objects.filter(action="complaint.identity_opened").count() == 1


def test_record_stays_when_the_identity_cannot_be_opened(accepted, users):
    """It is written before anything is opened."""
    ReporterIdentity.objects.update(key_sealed="")

    assert open_identity(reason="示例", **acting(accepted, users.discipline)) == Reporter()
    assert IdentityAccess.objects.count() == 1


def test_refusal_reads_the_same_with_and_without_an_identity(receive, accepted, second, client):
    anonymous = receive()
    client.force_login(second)  # sees both, handles neither
    pages = [
        client.get(reverse("complaint_reporter", args=[row.pk])) for row in (accepted, anonymous)
    ]

    assert [page.status_code for page in pages] == [403, 403]
    for page in pages:
        assert permissions.NO_IDENTITY in page.content.decode()
    for row in (accepted, anonymous):
        with pytest.raises(Forbidden) as refusal:
            open_identity(reason="示例", **acting(row, second))
        assert str(refusal.value) == permissions.NO_IDENTITY


def test_every_complaint_keeps_a_row_of_the_same_length(receive, accepted):
    receive()
    lengths = {len(row.sealed) for row in ReporterIdentity.objects.all()}

    assert ReporterIdentity.objects.count() == 2
    assert len(lengths) == 1


def database_text() -> str:
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        rows = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [text for (text,) in cursor.fetchall()]
    return "\n".join(rows)


def test_nothing_of_reporter_or_content_in_database_logs_pages_or_slips(
    receive, accepted, users, second, client, caplog
):
    caplog.set_level(logging.DEBUG)
    by = users.discipline
    receive(
        reporter=Reporter(NAME, PHONE), attachments=[SimpleUploadedFile(f"{NAME}.jpg", picture())]
    )
    transfer = handling.transfer_complaint(
        unit="县民政局",
        request="示例：核对名册",
        answer_by=timezone.localdate(),
        **acting(accepted, by),
    )
    handling.conclude_complaint(conclusion="true", handling=SECRET, **acting(accepted, by))
    client.force_login(by)
    opened = client.post(reverse("complaint_reporter", args=[accepted.pk]), {"reason": "示例"})
    assert NAME in opened.content.decode()  # here, and nowhere else
    assert opened["Cache-Control"] == "no-store"
    pages = [
        reverse("complaint_transfer", args=[transfer.pk]),
        reverse("complaint_list"),
        reverse("search") + "?q=村东头",
        reverse("indicator_rows", args=[accepted.campaign_id, "complaints"]),
    ]
    for page in pages:
        shown = client.get(page).content.decode()
        assert NAME not in shown and PHONE not in shown and SECRET not in shown, page
    detail = client.get(reverse("complaint_detail", args=[accepted.pk])).content.decode()
    assert SECRET in detail and NAME not in detail and PHONE not in detail
    for planted in (NAME, PHONE, SECRET):
        assert planted not in database_text()
        assert planted not in caplog.text
    for row in Attachment.objects.all():
        with row.file.open("rb") as stored:
            assert NAME.encode() not in stored.read()


@pytest.mark.parametrize(
    "who", ["system_admin", "security_admin", "audit_admin", "leader", "org_staff"]
)
def test_others_read_no_complaint_whatever_the_address(accepted, users, client, who):
    client.force_login(getattr(users, who))
    for name in ("complaint_detail", "complaint_reporter"):
        answer = client.get(reverse(name, args=[accepted.pk]))
        assert answer.status_code == 403
        assert SECRET not in answer.content.decode() and NAME not in answer.content.decode()


# --- pages ------------------------------------------------------------------------------------------


def test_duty_form_asks_about_a_repeat_once_and_joins(receive, election, users, client):
    first = receive()
    client.force_login(users.discipline)
    sent = {
        "summary": "示例：又来电",
        "election": election.pk,
        "cause": "qualification",
        "accused": "village",
        "channel": "call",
        "received_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
    }
    asked = client.post(reverse("complaint_create"), sent)
    assert asked.status_code == 200 and "可能是重复反映" in asked.content.decode()
    assert Complaint.objects.count() == 1

    client.post(reverse("complaint_create"), sent | {"joins": first.matter.number})
    client.post(reverse("complaint_create"), sent | {"joins": "new"})

    assert Complaint.objects.count() == 3 and Matter.objects.count() == 2


def test_townships_duty_officer_no_longer_sees_what_is_about_their_own_leader(
    election, place, client
):
    duty = UserFactory(role=Role.DISCIPLINE, where=place.own)
    county = UserFactory(role=Role.DISCIPLINE, where=place.county)
    client.force_login(duty)
    sent = {
        "summary": SECRET,
        "election": election.pk,
        "cause": "pressure",
        "accused": "leader",
        "accused_unit": place.own.pk,
        "channel": "call",
        "received_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
    }
    done = client.post(reverse("complaint_create"), sent, follow=True)
    made = Complaint.objects.get()

    assert "提到上一级办理" in done.content.decode()
    assert SECRET not in done.content.decode()
    assert client.get(reverse("complaint_detail", args=[made.pk])).status_code == 404
    client.force_login(county)
    assert SECRET in client.get(reverse("complaint_detail", args=[made.pk])).content.decode()


def test_page_takes_every_step_and_shows_how_days_were_counted(receive, users, client, second):
    complaint = receive()
    client.force_login(users.discipline)
    page = reverse("complaint_detail", args=[complaint.pk])

    def send(action, **data):
        return client.post(page, {"action": action} | data)

    now = timezone.localtime(complaint.received_at) + timedelta(seconds=1)
    assert send("accept", handler=users.discipline.pk).status_code == 302
    assert send("assign", handler=second.pk).status_code == 302
    assert send("extend", days=3, reason="示例").status_code == 302
    extension = complaint.extensions.get()
    assert send("decide", extension=extension.pk, approved="yes").status_code == 422
    assert (
        send("transfer", unit="县民政局", request="示例", answer_by="2099-01-01").status_code == 302
    )
    transfer = complaint.transfers.get()
    assert send("answer", transfer=transfer.pk, answer="示例").status_code == 302
    assert send("conclude", conclusion="partly", handling="示例").status_code == 302
    assert send("act", kind="talk", taken_on=str(now.date()), note="示例").status_code == 302
    assert send("join", matter="XQ0000").status_code == 422
    assert send("first", step="reported", done_at="2099-01-01T00:00").status_code == 422
    shown = client.get(page).content.decode()
    assert "怎样算出来的" in shown and "起算日当日不计入" in shown
    assert send("settle", conclusion="partly", handling="示例", reply="示例").status_code == 302
    assert client.get(reverse("complaint_transfer", args=[transfer.pk])).status_code == 200


def test_clock_page_sets_days(election, users, client):
    client.force_login(users.discipline)
    page = reverse("complaint_clocks", args=[election.campaign_id])
    sent = {
        "category": "advice",
        "unit": "working",
        "accept_days": 2,
        "settle_days": 1,
        "extend_days": 1,
    }
    assert client.post(page, sent).status_code == 422
    assert client.post(page, sent | {"settle_days": 6}).status_code == 302
    assert "本次换届设定的期限" in client.get(page).content.decode()
