"""网络舆情: entered by hand, reported within the hour, followed by those it concerns, linked without telling."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.errors import Forbidden, Refused
from accounts.models import AuditEntry
from complaints.models import OpinionIncident
from complaints.rules import reporting_of
from complaints.services import opinion
from complaints.services.complaints import register_complaint
from tests.factories.elections import moment
from tests.factories.files import SECRET_PLACE, picture
from tests.factories.villages import UserFactory

NOON = moment(timezone.localdate(), 12) - timedelta(days=1)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("level", "reported", "now", "state"),
    [
        ("highest", None, HOUR, "due"),
        ("highest", None, HOUR + SECOND, "missing"),
        ("highest", HOUR, 5 * HOUR, "done"),
        ("highest", HOUR + SECOND, 5 * HOUR, "late"),
        ("high", None, 5 * HOUR, "none"),
        ("normal", 4 * HOUR, 5 * HOUR, "done"),
    ],
)
def test_highest_level_is_reported_within_the_hour(level, reported, now, state):
    reported_at = None if reported is None else NOON + reported
    found = reporting_of(level=level, seen_at=NOON, reported_at=reported_at, at=NOON + now)
    assert found.state == state


def incident(campaign, by, *, at=None, **more) -> OpinionIncident:
    level = more.pop("level", "normal")
    post = opinion.Post("示例论坛", more.pop("title", "示例舆情"), "fact", level, NOON, "示例单位")
    return opinion.record_incident(campaign=campaign, post=post, by=by, at=at or NOON, **more)


@pytest.fixture
def rows(campaign, place, users):
    """One of each township, one of the whole county, one kept from its township."""
    staff = users.org_staff
    return {
        "own": incident(campaign, staff, village=place.village, title="东乡的"),
        "other": incident(campaign, staff, township=place.other, title="西乡的"),
        "county": incident(campaign, staff, title="全县的"),
        "withheld": incident(campaign, staff, township=place.own, withheld=True, title="密"),
    }


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("org_staff", {"own", "other", "county", "withheld"}),
        ("discipline", {"own", "other", "county", "withheld"}),
        ("leader", {"own", "other", "county", "withheld"}),
        ("coordinator", {"own"}),
        ("foreign", {"other"}),
        ("vetting", set()),
        ("system_admin", set()),
        ("security_admin", set()),
        ("audit_admin", set()),
        ("outsider", set()),
        ("nobody", set()),
    ],
)
def test_who_sees_which(rows, users, client, campaign, who, seen):
    user = getattr(users, who)
    visible = set(OpinionIncident.objects.visible_to(user))
    assert {name for name, row in rows.items() if row in visible} == seen
    client.force_login(user)
    for name, row in rows.items():
        answer = client.get(reverse("opinion_detail", args=[row.pk]))
        assert answer.status_code == (200 if name in seen else 404), name


def test_township_leader_sees_nothing_withheld(rows, place):
    user = UserFactory(role=Role.LEADER, where=place.own)
    assert set(OpinionIncident.objects.visible_to(user)) == {rows["own"]}


def test_incident_walks_through_the_pages(campaign, users, place, client):
    client.force_login(users.coordinator)
    seen_at = timezone.localtime(timezone.now() - 3 * HOUR)
    sent = {
        "title": "示例：有人说没公示",
        "source": "示例论坛",
        "link": "https://example.invalid/1",
        "kind": "rumour",
        "level": "highest",
        "seen_at": f"{seen_at:%Y-%m-%dT%H:%M}",
        "township": place.own.pk,
        "village": place.village.pk,
        "unit": "东乡镇",
        "screenshots": SimpleUploadedFile("截图.jpg", picture(notes=True)),
    }
    answer = client.post(reverse("opinion_create", args=[campaign.pk]), sent, follow=True)
    row = OpinionIncident.objects.get()
    page = answer.content.decode()
    assert row.number in page and "超时未报送" in page
    shot = row.screenshots.get()
    answer = client.get(reverse("opinion_screenshot", args=[shot.pk]))
    assert (answer["Content-Type"], len(b"".join(answer))) == ("image/jpeg", shot.size)
    with shot.file.open() as stored:
        assert SECRET_PLACE not in stored.read()

    url = reverse("opinion_detail", args=[row.pk])

    def post(**sent):
        return client.post(url, sent, follow=True)

    early = post(action="respond", response="示例回应")
    assert early.status_code == 422 and "先核查、后回应" in early.content.decode()
    now = timezone.localtime(timezone.now())
    late = post(action="report", reported_at=f"{now:%Y-%m-%dT%H:%M}")
    assert "报送超时" in late.content.decode()
    post(action="check", finding="示例：已公示，有照片")
    post(action="respond", response="示例：已在村务公开栏说明")
    assert post(action="close", outcome="x").status_code == 403

    client.force_login(users.discipline)
    done = post(action="close", outcome="示例：已平息")
    assert "办结" in done.content.decode()
    row.refresh_from_db()
    assert (row.closed_by, row.outcome) == (users.discipline, "示例：已平息")
    assert post(action="check", finding="改").status_code == 409
    actions = AuditEntry.objects.filter(target_label="complaints.OpinionIncident").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "opinion.recorded",
        "opinion.reported",
        "opinion.checked",
        "opinion.responded",
        "opinion.closed",
    ]


def test_nothing_is_closed_before_report_and_check(campaign, users, client):
    row = incident(campaign, users.org_staff)
    client.force_login(users.org_staff)
    answer = client.post(
        reverse("opinion_detail", args=[row.pk]), {"action": "close", "outcome": "示例"}
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "还没有登记报送时间" in text and "还没有登记核查情况" in text


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"%PDF-1.7 x", "不是图片"),
        ("a.jpg", b"\xff\xd8\xff broken", "打不开"),
        ("a.exe", b"MZ", "不是可接受的文件"),
    ],
)
def test_screenshot_is_a_picture(campaign, users, name, content, words):
    with pytest.raises(Refused, match=words):
        incident(campaign, users.org_staff, screenshots=[SimpleUploadedFile(name, content)])
    assert not OpinionIncident.objects.exists()


def test_coordinator_enters_nothing_elsewhere(campaign, users, place, client):
    client.force_login(users.coordinator)
    page = client.get(reverse("opinion_create", args=[campaign.pk])).content.decode()
    assert "西乡镇" not in page and "西一村" not in page and "全县（不限乡镇）" not in page
    with pytest.raises(Forbidden, match="本辖区"):
        incident(campaign, users.coordinator, township=place.other)


def test_linked_matter_shows_only_to_who_sees_the_complaint(
    campaign, users, election, rows, client
):
    complaint = register_complaint(
        election=election,
        channel="call",
        cause="procedure",
        summary="示例",
        received_at=NOON,
        blocks_notice=False,
        by=users.discipline,
        at=NOON,
    )
    url = reverse("opinion_detail", args=[rows["own"].pk])
    sent = {"action": "link", "number": complaint.number}
    client.force_login(users.org_staff)
    unseen = client.post(url, sent)
    missing = client.post(url, sent | {"number": "XF2000-01-0001"})
    sentence = "没有找到这个编号的信访件"
    assert sentence in unseen.content.decode() and sentence in missing.content.decode()
    client.force_login(users.discipline)
    assert complaint.number in client.post(url, sent, follow=True).content.decode()
    for who in ("org_staff", "leader", "coordinator"):
        client.force_login(getattr(users, who))
        page = client.get(url).content.decode()
        assert complaint.number not in page and complaint.matter.number not in page
    entry = AuditEntry.objects.get(action="opinion.linked")
    assert complaint.number not in str(entry.__dict__)


def test_list_filters_and_costs_the_same_for_many(
    campaign, users, rows, client, django_assert_max_num_queries
):
    client.force_login(users.org_staff)
    url = reverse("opinion_list", args=[campaign.pk])
    late = incident(campaign, users.org_staff, level="highest", title="特别重大的")
    with django_assert_max_num_queries(14):
        page = client.get(url)
    assert len(page.context["lines"]) == 5

    def shown(**query):
        return [line.incident.title for line in client.get(url, query).context["lines"]]

    assert shown(state="late") == [late.title]
    assert shown(q="东乡") == ["东乡的"]
    assert sorted(shown(township=rows["other"].township_id)) == ["西乡的"]
    assert shown(level="highest") == [late.title]
    assert shown(state="closed") == []
