"""Words typed for the closing report: kept by version, written into every later report, never lost to another's save."""

import io
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from reporting.models import ClosingReport, ReportText
from reporting.services.closing import produce_closing_report
from reporting.services.daily import confirm_daily_report, correct_daily_report
from reporting.services.jobs import request_closing_report, take_job

from .conftest import NOON


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def page(world):
    return reverse("closing_texts", kwargs={"pk": world.campaign.pk})


def produce(world, *, days=0) -> ClosingReport:
    at = NOON + timedelta(days=days)
    job = request_closing_report(
        campaign=world.campaign, as_of=at.date(), by=world.users.staff, at=at
    )
    return produce_closing_report(
        job=take_job(job_id=job.pk, at=at), at=at, step=lambda progress, words: None
    )


def lines(report) -> list[str]:
    with report.file.open("rb") as file:
        return [p.text for p in Document(file).paragraphs]


def test_words_survive_the_next_version_of_the_report(world, client, page):
    first = produce(world)
    client.force_login(world.users.staff)

    for section, text in (("first", "示范：逐村走访。"), ("problems", "示范：青年党员少。")):
        sent = client.post(page, {"section": section, "seen": 0, "text": text})
        assert (sent.status_code, sent["Location"]) == (302, f"{page}#{section}")
    shown = client.get(reverse("closing_report", kwargs={"pk": world.campaign.pk}))
    assert "文字在本版生成后改过" in shown.content.decode()
    second, third = produce(world, days=1), produce(world, days=2)

    assert "示范：逐村走访。" not in lines(first)
    for report in (second, third):
        assert {"示范：逐村走访。", "示范：青年党员少。"} <= set(lines(report))
        assert report.texts == {"first": "示范：逐村走访。", "problems": "示范：青年党员少。"}
    shown = client.get(reverse("closing_report", kwargs={"pk": world.campaign.pk}))
    assert "示范：逐村走访。" in shown.content.decode()
    assert "文字在本版生成后改过" not in shown.content.decode()


def test_second_of_two_at_once_keeps_what_was_typed_and_sees_the_other(world, client, page):
    client.force_login(world.users.staff)
    client.post(page, {"section": "advice", "seen": 0, "text": "示范：甲的建议。"})

    late = client.post(page, {"section": "advice", "seen": 0, "text": "示范：乙的建议。"})

    shown = late.content.decode()
    assert late.status_code == 409
    assert "示范：甲的建议。" in shown and "示范：乙的建议。" in shown
    assert "刚由staff甲保存过" in shown
    assert list(ReportText.objects.values_list("version", "text")) == [(1, "示范：甲的建议。")]
    client.post(page, {"section": "advice", "seen": 1, "text": "示范：合并的建议。"})
    client.post(page, {"section": "advice", "seen": 1, "text": "示范：合并的建议。"})
    assert ReportText.objects.count() == 2


def test_words_of_daily_reports_stand_beside_as_they_were_last_corrected(world, client, page):
    facts = {
        "campaign": world.campaign,
        "township": world.east,
        "day": NOON.date(),
        "by": world.users.east,
    }
    first = confirm_daily_report(
        **facts, problems="示范：旧问题", practices="", request_key=uuid.uuid4(), at=NOON
    )
    correct_daily_report(
        **facts,
        problems="示范：新问题",
        practices="",
        reason="示范：写错",
        based_on=first.version,
        request_key=uuid.uuid4(),
        at=NOON + timedelta(hours=1),
    )
    client.force_login(world.users.staff)

    shown = client.get(page).content.decode()

    assert "示范：新问题" in shown and "示范：旧问题" not in shown


def test_too_long_a_text_is_refused_and_not_lost(world, client, page):
    client.force_login(world.users.staff)

    answer = client.post(page, {"section": "first", "seen": 0, "text": "示" * 4001})

    assert answer.status_code == 422
    assert "示" * 4001 in answer.content.decode()
    assert not ReportText.objects.exists()


def test_annex_is_a_workbook_with_numbers(world, client):
    report = produce(world)
    client.force_login(world.users.leader)

    answer = client.get(reverse("closing_report_annex", kwargs={"pk": report.pk}))

    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames == [
        "换届选举情况",
        "班子成员和年龄结构",
        "班子学历结构和兼职",
        "信访和舆情情况",
        "难点村、重点村、后进村",
    ]
    rows = list(book["换届选举情况"].iter_rows(values_only=True))
    head = next(n for n, row in enumerate(rows) if row[0] == "乡镇")
    assert rows[head][1] == "行政村数（个）"
    assert [(row[0], row[1]) for row in rows[head + 1 :]] == [
        ("东乡镇", 2),
        ("西乡镇", 2),
        ("合计", 4),
    ]


def test_what_is_missing_is_named_with_the_page_that_mends_it(world, client):
    produce(world)
    client.force_login(world.users.staff)

    page = client.get(reverse("closing_report", kwargs={"pk": world.campaign.pk}))

    missing = {item.words: item.url for item in page.context["missing"]}
    assert missing["调研组没有登记"].endswith("/ledgers/groups/")
    assert "5个村（社区）“七个清楚”没有全部完成" in missing
    for url in missing.values():
        assert client.get(url).status_code == 200, url
