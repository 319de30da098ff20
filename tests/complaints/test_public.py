"""The pages of the public: without account, script, cookie or trace; sent, tracked and answered by receipt."""

import io
import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts import sealing
from complaints.addresses import client_address
from complaints.models import CONTENT, Attachment, Complaint, Event, IntakeCount, ReporterIdentity
from complaints.rules import is_receipt, luhn_digit, pause_after
from complaints.services import public
from complaints.services.intake import IDENTITY
from tests.factories.files import PDF, SECRET_PLACE, picture

REPORT, RECEIPT = "/report/", "/report/receipt/"


@pytest.fixture
def visitor(campaign):
    """A browser that refuses to send forms without their token, as every real one is treated."""
    return Client(enforce_csrf_checks=True)


def open_form(visitor, place) -> str:
    page = visitor.post(REPORT, {"township": place.own.pk})
    assert page.status_code == 200, page.content.decode()
    return re.search(r'name="key" value="([^"]+)"', page.content.decode()).group(1)


def facts(place, key: str, **more) -> dict:
    sent = {
        "township": place.own.pk,
        "village": place.village.pk,
        "key": key,
        "whom": "village",
        "category": "report",
        "cause": "bribery",
        "summary": "示例：有人送礼拉票",
        "is_named": "",
    }
    return sent | more


def receipt_in(page) -> str:
    found = re.search(r'id="receipt">(.*?)</p>', page.content.decode())
    assert found, page.content.decode()
    return "".join(re.findall(r"\d+", found.group(1)))


def send(visitor, place, **more):
    return visitor.post(REPORT, facts(place, open_form(visitor, place), **more))


# --- what the browser gets ------------------------------------------------------------------------------


class Tags(HTMLParser):
    def __init__(self, html: str):
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def all_pages(visitor, place) -> dict:
    sent = send(visitor, place)
    receipt = receipt_in(sent)
    return {
        "start": visitor.get(REPORT),
        "start refused": visitor.post(REPORT, {}),
        "form": visitor.post(REPORT, {"township": place.own.pk}),
        "form refused": send(visitor, place, summary=""),
        "expired": visitor.post(REPORT, facts(place, "x")),
        "sent": sent,
        "receipt": visitor.get(RECEIPT),
        "wrong receipt": visitor.post(RECEIPT, {"receipt": "1"}),
        "standing": visitor.post(RECEIPT, {"receipt": receipt}),
        "added": visitor.post(RECEIPT, {"receipt": receipt, "action": "add", "text": "示例"}),
    }


def test_pages_leave_nothing_and_load_nothing_of_others(visitor, place):
    for name, page in all_pages(visitor, place).items():
        assert page.cookies == {}, name
        assert page["Cache-Control"] == "no-store", name
        assert page["Referrer-Policy"] == "no-referrer", name
        policy = page["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src 'none'" in policy, name
        assert "unsafe-inline" not in policy, name
        tags = Tags(page.content.decode()).tags
        assert not [t for t, _ in tags if t in ("script", "iframe", "img", "object", "embed")], name
        for _, attributes in tags:
            assert not [a for a in attributes if a.startswith(("on", "hx-", "style"))], name
            for where in ("src", "href", "action"):
                if where in attributes:
                    assert re.match(r"/(static/|report/)", attributes[where]), (name, attributes)
    assert visitor.cookies == {}


def test_start_says_how_the_reporter_is_protected(visitor):
    text = visitor.get(REPORT).content.decode()
    for words in (
        "可以匿名",
        "被反映的人和单位看不到",
        "姓名另外加密",
        "不设 Cookie",
        "不保存网络地址",
    ):
        assert words in text


def test_another_site_s_form_is_turned_away(visitor, place):
    sent = facts(place, open_form(visitor, place))
    answer = visitor.post(REPORT, sent, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    forged = visitor.post(REPORT, sent | {"key": "abc:def:ghi"})
    assert (forged.status_code, "从头再来" in forged.content.decode()) == (403, True)
    assert not Complaint.objects.exists()


def test_a_signed_in_clerk_leaves_no_name(users, place, campaign, client):
    client.force_login(users.discipline)
    assert send(client, place).status_code == 200
    assert Complaint.objects.get().registered_by is None


# --- sending -------------------------------------------------------------------------------------------


def test_anonymous_report_lies_where_it_should(visitor, place, campaign, election):
    receipt = receipt_in(send(visitor, place))
    row = Complaint.objects.get()
    assert (row.channel, row.campaign, row.election, row.is_named) == (
        "online",
        campaign,
        election,
        False,
    )
    assert row.summary == "示例：有人送礼拉票"
    assert is_receipt(receipt) and receipt not in row.receipt_hash
    assert row.receipt_hash == public.receipt_hash(receipt)


@pytest.mark.parametrize(
    ("whom", "accused", "unit", "holder"),
    [
        ("village", "village", None, "county"),
        ("coordinator", "coordinator", "own", "county"),
        ("leader", "leader", "own", "county"),
        ("org_staff", "org_staff", "county", "county"),
        ("county", "leader", "county", "city"),
    ],
)
def test_who_it_is_about_decides_who_holds_it(visitor, place, users, whom, accused, unit, holder):
    send(visitor, place, whom=whom)
    row = Complaint.objects.get()
    places = {"own": place.own, "county": place.county, "city": place.county.city, None: None}
    assert (row.accused, row.accused_unit, row.held_by) == (accused, places[unit], places[holder])


def test_the_same_form_twice_is_one_report(visitor, place):
    sent = facts(place, open_form(visitor, place))
    first, second = visitor.post(REPORT, sent), visitor.post(REPORT, sent)
    assert receipt_in(first) == receipt_in(second)
    assert "已经收到过" in second.content.decode()
    other = visitor.post(REPORT, sent | {"summary": "示例：别的内容"})
    assert other.status_code == 409
    assert Complaint.objects.count() == 1


def test_an_old_form_keeps_what_was_typed(visitor, place, monkeypatch):
    key = open_form(visitor, place)
    monkeypatch.setattr("complaints.views.public.FORM_SECONDS", -1)
    late = visitor.post(REPORT, facts(place, key))
    assert late.status_code == 422
    text = late.content.decode()
    assert "示例：有人送礼拉票" in text and key not in text


def test_named_report_needs_a_name_and_a_name_needs_the_choice(visitor, place):
    assert send(visitor, place, is_named="1").status_code == 422
    unsure = send(visitor, place, name="示例甲")
    assert "您填了姓名或联系方式" in unsure.content.decode()
    assert not Complaint.objects.exists()
    send(visitor, place, is_named="1", name="示例甲", phone="13900000000")
    kept = ReporterIdentity.objects.get()
    opened = sealing.unseal_text_under(kept.key_sealed, kept.sealed, purpose=IDENTITY)
    assert "示例甲" in opened


def test_village_of_another_township_is_no_choice(visitor, place):
    assert send(visitor, place, village=place.other_village.pk).status_code == 422


def stored(row: Attachment) -> bytes:
    with row.file.open() as file:
        return sealing.unseal_under(row.complaint.key_sealed, file.read(), purpose=CONTENT)


def test_pictures_lose_their_notes_and_files_their_names(visitor, place):
    photo = SimpleUploadedFile("张三拍的.jpg", picture(notes=True))
    paper = SimpleUploadedFile("我的材料.pdf", PDF)
    assert send(visitor, place, files=[photo, paper]).status_code == 200
    rows = Attachment.objects.order_by("content_type")
    kept = {row.content_type: stored(row) for row in rows}
    assert SECRET_PLACE not in kept["image/jpeg"]
    assert not Image.open(io.BytesIO(kept["image/jpeg"])).getexif()
    names = [
        sealing.unseal_text_under(row.complaint.key_sealed, row.name_sealed, purpose=CONTENT)
        for row in rows
    ]
    assert sorted(names) == ["附件1.jpg", "附件2.pdf"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([SimpleUploadedFile("a.exe", b"MZ")], "不是可接受的文件"),
        ([SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(4)], "附件最多3个"),
    ],
)
def test_files_that_are_refused(visitor, place, files, words):
    for file in files:
        file.seek(0)
    answer = send(visitor, place, files=files)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Complaint.objects.exists()


def test_too_large_a_request_is_not_read(visitor, place):
    answer = visitor.post(REPORT, {"township": "1"}, CONTENT_LENGTH=str(50 * 1024 * 1024))
    assert (answer.status_code, "20MB" in answer.content.decode()) == (413, True)


# --- by receipt ----------------------------------------------------------------------------------------


def test_receipt_shows_standing_and_takes_more(visitor, place):
    receipt = receipt_in(send(visitor, place))
    spaced = " ".join(re.findall("....", receipt))
    page = visitor.post(RECEIPT, {"receipt": spaced})
    assert "待受理" in page.content.decode() and "送礼" not in page.content.decode()
    more = {"receipt": spaced, "action": "add", "text": "示例：还有录音"}
    assert "补充的内容已收到" in visitor.post(RECEIPT, more).content.decode()
    visitor.post(RECEIPT, more)
    note = Event.objects.get(step="followed_up")
    key = Complaint.objects.get().key_sealed
    assert sealing.unseal_text_under(key, note.note_sealed, purpose=CONTENT) == "示例：还有录音"


@pytest.mark.parametrize("typed", ["1", "abcd", "0000000000000001", "０" * 16, "9" * 16, "1" * 40])
def test_wrong_receipts_get_one_sentence(visitor, typed):
    page = visitor.post(RECEIPT, {"receipt": typed})
    assert page.status_code == 422
    if len(typed) <= 30:
        assert public.WRONG_RECEIPT in page.content.decode()


def test_additions_are_limited_by_day(visitor, place):
    receipt = receipt_in(send(visitor, place))
    more = {"receipt": receipt, "action": "add"}
    answers = [visitor.post(RECEIPT, more | {"text": f"第{n}次"}).status_code for n in range(6)]
    assert answers == [200] * 5 + [422]
    assert visitor.post(RECEIPT, {"receipt": receipt}).status_code == 200


def test_check_digit_notices_every_single_slip():
    first = "123456789012345"
    receipt = first + luhn_digit(first)
    slips = [
        receipt[:n] + digit + receipt[n + 1 :]
        for n in range(16)
        for digit in "0123456789"
        if digit != receipt[n]
    ]
    assert is_receipt(receipt) and not any(map(is_receipt, slips))


# --- floods --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "minutes"), [(1, 0), (29, 0), (30, 1), (31, 2), (33, 8), (36, 60), (5000, 60)]
)
def test_pause_grows_and_never_locks_out(count, minutes):
    assert pause_after(count) == timedelta(minutes=minutes)


def test_flood_is_slowed_and_receipts_still_work(visitor, place, campaign):
    at = timezone.now()
    report = public.Report(
        cause="other", summary="示例", about=public.About(township=place.own), category="report"
    )

    def flood(number: int, *, address="192.0.2.7", at=at, files=()):
        sent = public.Report(**{**report.__dict__, "files": files})
        return public.send_report(
            campaign=campaign, report=sent, form_key=f"k{number}", address=address, at=at
        )

    first = flood(0)
    for number in range(1, 30):
        flood(number)
    with pytest.raises(public.Refused, match="请在"):
        flood(30)
    assert flood(31, address="192.0.2.8").receipt  # somebody else is not held up
    assert flood(0).is_repeat  # a time-out's second try gets its receipt
    later = at + timedelta(minutes=1)
    with pytest.raises(public.Refused, match="暂不收附件"):
        flood(32, at=later, files=[SimpleUploadedFile("a.pdf", PDF)])
    assert flood(33, at=later).receipt  # the office behind the address goes on, more slowly
    with pytest.raises(public.Refused, match="请在"):
        flood(34, at=later + timedelta(minutes=1))
    assert visitor.post(RECEIPT, {"receipt": first.receipt}).status_code == 200
    tomorrow = at + timedelta(days=1)
    assert flood(35, at=tomorrow).receipt
    assert flood(36, at=tomorrow).receipt
    assert IntakeCount.objects.count() == 1  # yesterday's are gone


def test_no_address_is_kept(visitor, place):
    visitor.post(REPORT, facts(place, open_form(visitor, place)), REMOTE_ADDR="192.0.2.77")
    row = IntakeCount.objects.get()
    assert (len(row.source), row.count, row.wait_until) == (64, 1, None)
    assert "192.0.2.77" not in str(row.__dict__)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (1, "", "192.0.2.1"),
        (1, "2001:db8:1:2:3::9", "2001:db8:1:2::/64"),
        (1, "nonsense", "nonsense"),
    ],
)
def test_client_address_believes_only_our_servers(proxies, forwarded, found):
    meta = {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": forwarded}
    assert client_address(meta, proxies=proxies) == found


def test_names_of_addresses():
    assert (reverse("public_report"), reverse("public_receipt")) == (REPORT, RECEIPT)
