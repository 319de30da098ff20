"""Every version of a bulletin stays as it was: to read, to compare, to take out as a file."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook

from accounts.models import AuditEntry
from elections.enums import Stage
from reporting.models import Bulletin, DailyReport, Job
from reporting.services.bulletins import produce_bulletin
from reporting.services.jobs import request_bulletin
from reporting.tasks import run_job

from .test_daily import DAY, confirm, moment, settle

AT = moment(DAY, 18)
EVENING = moment(DAY, 20)


@pytest.fixture
def twice(world):
    """Issue 1 in two versions: east reported late, one of its villages having finished its survey in between."""
    first = produce_bulletin(campaign=world.campaign, day=DAY, at=AT)
    east = next(e for e in world.elections.values() if e.township_id == world.east.pk)
    settle(east, Stage.SURVEY, moment(DAY, 19))
    confirm(world, at=moment(DAY, 19, 30), problems="=示例问题", practices="示例\n做法")
    produce_bulletin(campaign=world.campaign, day=DAY, at=EVENING, by=world.users.staff, again=True)
    first.refresh_from_db()
    return first


def address(name, world, **more):
    return reverse(name, kwargs={"pk": world.campaign.pk, "issue": 1, **more})


def file(client, world, version, ending):
    answer = client.get(address("bulletin_file", world, version=version, ending=ending))
    assert answer.status_code == 200
    return io.BytesIO(b"".join(answer.streaming_content)), answer


def test_new_version_leaves_the_old_one_and_its_issue(world, twice):
    second = Bulletin.objects.current().get()

    assert (twice.version, second.version, second.issue) == (1, 2, 1)
    assert (twice.superseded_at, second.superseded_at) == (EVENING, None)
    assert (twice.unreported, second.unreported) == (["东乡镇", "西乡镇"], ["西乡镇"])
    assert (twice.summary["total_started"], second.summary["total_started"]) == (0, 1)
    assert (twice.by_name, second.by_name) == ("", world.users.staff.name)
    next_day = DAY + timedelta(days=1)
    assert produce_bulletin(campaign=world.campaign, day=next_day, at=EVENING).issue == 2


def test_list_has_one_line_for_each_issue(world, twice, client):
    client.force_login(world.users.leader)
    page = client.get(reverse("bulletin_list", kwargs={"pk": world.campaign.pk})).content.decode()

    assert page.count(address("bulletin_detail", world)) == 1
    assert "第1期（第2版）" in page


def test_page_shows_the_difference_next_to_the_figures(world, twice, client):
    client.force_login(world.users.east)
    newest = client.get(address("bulletin_detail", world))
    assert newest.context["sheet"].changed == 1
    assert (
        "与第1版相比，数字有1处不同，在数字下面注明原数；新上报：东乡镇。"
        in newest.content.decode()
    )
    assert (
        '1<small>（+1）</small><small class="bulletin-was">原0</small>' in newest.content.decode()
    )
    assert address("bulletin_version", world, version=1) in newest.content.decode()

    old = client.get(address("bulletin_version", world, version=1)).content.decode()
    assert "这是第1版" in old
    assert "未上报：东乡镇、西乡镇" in old
    assert "原0" not in old
    assert client.get(address("bulletin_version", world, version=3)).status_code == 404


def test_page_needs_the_same_statements_at_any_number_of_versions(
    world, twice, client, django_assert_num_queries
):
    client.force_login(world.users.leader)
    counts = []
    for _ in range(2):
        client.get(address("bulletin_detail", world))
        with django_assert_num_queries(8, exact=False) as queries:
            client.get(address("bulletin_detail", world))
        counts.append(len(queries))
        produce_bulletin(
            campaign=world.campaign, day=DAY, at=EVENING, by=world.users.staff, again=True
        )
    assert counts[0] == counts[1]


def test_staff_ask_for_a_new_version_of_a_past_day_on_its_page(world, twice, client):
    client.force_login(world.users.leader)
    assert client.post(address("bulletin_detail", world)).status_code == 403
    client.force_login(world.users.staff)
    assert client.post(address("bulletin_version", world, version=1)).status_code == 405
    answer = client.post(address("bulletin_detail", world))
    job = Job.objects.get()
    assert answer.url == reverse("job_detail", kwargs={"pk": job.pk})
    for _ in range(2):
        run_job(job_id=str(job.pk))
    assert [b.version for b in Bulletin.objects.filter(day=DAY).order_by("version")] == [1, 2, 3]


def test_a_job_taken_up_again_after_a_further_version_makes_none(world, twice):
    job = request_bulletin(
        campaign=world.campaign, day=DAY, by=world.users.staff, at=timezone.now()
    )
    run_job(job_id=str(job.pk))
    facts = {"campaign": world.campaign, "day": DAY, "at": EVENING, "by": world.users.staff}
    produce_bulletin(**facts, again=True)
    Job.objects.filter(pk=job.pk).update(
        status="running", lease_until=timezone.now() + timedelta(seconds=20)
    )
    made = produce_bulletin(**facts, again=True, job=Job.objects.get(pk=job.pk))
    assert (made.version, Bulletin.objects.count()) == (3, 4)


def test_document_says_what_its_version_says(world, twice, client):
    client.force_login(world.users.leader)
    first, answer = file(client, world, 1, "docx")
    assert "%E7%AC%AC1%E6%9C%9F.docx" in answer["Content-Disposition"]
    document = Document(first)
    text = "\n".join(p.text for p in document.paragraphs)
    assert text.startswith("换届工作简报\n第1期\n示例县委组织部\t2026年9月20日")
    assert "未上报：东乡镇、西乡镇。" in text
    assert "存在问题" not in text
    section = document.sections[-1]
    assert section.page_width > section.page_height
    (table,) = document.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0][:5] == ["名次", "乡镇", "日报", "应换届", "完成调研"]
    assert [row[1:5] for row in rows[1:]] == [
        ["东乡镇*", "未上报", "3", "0"],
        ["西乡镇*", "未上报", "2", "0"],
        ["合计", "", "5", "0"],
    ]
    second = Document(file(client, world, 2, "docx")[0])
    text = "\n".join(p.text for p in second.paragraphs)
    assert "第1期（第2版）" in text
    assert "东乡镇：=示例问题\n" in text
    assert second.tables[0].rows[1].cells[4].text == "1（+1）"


def test_workbook_holds_numbers_days_and_harmless_text(world, twice, client):
    client.force_login(world.users.east)
    book = load_workbook(file(client, world, 2, "xlsx")[0])
    sheet, told = book.worksheets
    facts = {row[0].value: row[1].value for row in sheet.iter_rows(max_row=8) if row[1].value}
    assert (facts["日期"].date(), facts["期号"], facts["未上报"]) == (
        DAY,
        "第1期（第2版）",
        "西乡镇",
    )
    top = int(sheet.freeze_panes[1:])
    assert [cell.value for cell in sheet[top]][:6] == [1, "东乡镇", "迟报", 3, 1, 1]
    assert [cell.value for cell in sheet[top + 2]][:5] == [None, "合计", None, 5, 1]
    words = told[int(told.freeze_panes[1:])][1]
    assert (words.value, words.data_type, words.quotePrefix) == ("=示例问题", "s", True)


def test_same_version_gives_the_same_figures_for_ever(world, twice, client):
    client.force_login(world.users.leader)

    def cells(ending):
        content = file(client, world, 1, ending)[0]
        if ending == "docx":
            return [c.text for t in Document(content).tables for r in t.rows for c in r.cells]
        return [[c.value for c in row] for row in load_workbook(content).worksheets[0]]

    before = {ending: cells(ending) for ending in ("docx", "xlsx")}
    for election in world.elections.values():
        settle(election, Stage.SURVEY, moment(DAY, 9))
    DailyReport.objects.update(problems="示例：后来的文字", total_completed=2)
    produce_bulletin(campaign=world.campaign, day=DAY, at=EVENING, by=world.users.staff, again=True)
    assert {ending: cells(ending) for ending in before} == before


def test_taking_a_file_is_logged_and_unknown_files_do_not_exist(world, twice, client):
    client.force_login(world.users.leader)
    file(client, world, 2, "xlsx")
    entry = AuditEntry.objects.get(action="export.made")
    assert (entry.actor_username, entry.changes["after"]["what"]) == ("leader", "bulletin")
    assert client.get(address("bulletin_file", world, version=2, ending="pdf")).status_code == 404
    client.force_login(world.users.vetting)
    assert client.get(address("bulletin_file", world, version=2, ending="xlsx")).status_code == 403
    assert AuditEntry.objects.filter(action="export.made").count() == 1


def test_corrected_words_are_named_where_the_figures_are_the_same(world, twice, client):
    DailyReport.objects.update(problems="示例：改过的文字")
    produce_bulletin(campaign=world.campaign, day=DAY, at=EVENING, by=world.users.staff, again=True)
    client.force_login(world.users.leader)
    page = client.get(address("bulletin_detail", world))
    assert page.context["changes"] == "与第2版相比，数字相同；文字有更正：东乡镇。"


def test_picture_shows_the_furthest_step_until_a_village_is_completed(world, twice, client):
    client.force_login(world.users.leader)
    picture = client.get(address("bulletin_detail", world)).context["picture"]
    assert picture["step"] == "完成调研"
    assert [(bar["name"], bar["words"]) for bar in picture["bars"]] == [
        ("东乡镇", "完成0 完成调研1 / 3"),
        ("西乡镇*", "完成0 完成调研0 / 2"),
    ]
    assert picture["warnings"] == ["未上报：西乡镇。未上报乡镇的数字按系统记录统计，标有“*”。"]
    assert picture["file"] == "示例县2026年村（社区）党组织换届简报第1期（第2版）20260920.png"


def test_chat_text_names_problems_shortly(world, twice, client):
    DailyReport.objects.update(problems="长" * 100)
    produce_bulletin(campaign=world.campaign, day=DAY, at=EVENING, by=world.users.staff, again=True)
    client.force_login(world.users.leader)
    chat = client.get(address("bulletin_detail", world)).context["chat"]
    assert chat.startswith("【示例县2026年村（社区）党组织换届简报第1期（第3版）】9月20日")
    assert f"存在问题：\n东乡镇：{'长' * 80}……\n做法：\n东乡镇：示例 做法\n" in chat
    assert "未上报日报：西乡镇。" in chat
