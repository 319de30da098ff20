"""Lists taken out: as filtered, whole, typed, inert, logged, for those who work here only."""

import io
from datetime import date, datetime

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEntry
from candidates.models import Candidacy
from elections.enums import Stage
from reporting import tasks
from reporting.models import Job, WorkbookExport
from reporting.selectors import exports
from reporting.selectors.imports import kinds
from reporting.services.imports import import_now
from tests.reporting.conftest import NOON, settle_up_to
from villages.models import PartyMember, PostHeld
from villages.workbooks import MEMBERS
from workbooks.tables import Heading, write_table
from workbooks.template import template

from .conftest import make_member

#: Ledgers, surveys, gradings, departments and teams are taken out with rows in tests of their own.
OWN_TESTS = ("ledger_", "surveys", "risks", "pace_departments", "team_townships")
VILLAGE = "东乡镇201村"
#: What a cell may be; never a formula ("f") or an error ("e").
TEXT_NUMBER_DATE = {"s", "inlineStr", "n", "d"}
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    '=HYPERLINK("http://127.0.0.1")',
    "#N/A",
)


def signed_in(world, who) -> Client:
    client = Client()
    client.force_login(getattr(world.users, who))
    return client


def take(world, what, *, who="staff", query="", reason="示例用途"):
    url = reverse("export_start", kwargs={"pk": world.campaign.pk, "what": what})
    return signed_in(world, who).post(f"{url}?{query}", {"reason": reason})


def book_of(answer):
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def lines(book) -> tuple[dict, list, list[list]]:
    """The block of facts, the heads and the rows."""
    rows = [list(row) for row in book.active.iter_rows(values_only=True)]
    empty = next(i for i, row in enumerate(rows) if not any(row))
    return {row[0]: row[1] for row in rows[1:empty]}, rows[empty + 1], rows[empty + 2 :]


@pytest.fixture
def people(world):
    """Two members of a village, one of them secretary, and one of the other township."""
    village = world.elections[VILLAGE].village
    first = make_member(village, phone="13800000000", is_women_director=False)
    PostHeld.objects.create(member=first, post="secretary", started_on=date(2021, 1, 1))
    make_member(village, name="示范乙", sex="female")
    make_member(village, name="示范走", left_on=date(2025, 1, 1))
    return make_member(world.elections["西乡镇201村"].village, name="示范西")


def test_roster_is_typed_and_says_what_it_is(world, people):
    facts, heads, rows = lines(book_of(take(world, "members")))

    assert heads == [*(column.head for column in MEMBERS.columns), "权利受限"]
    assert (facts["换届工作"], facts["范围"], facts["筛选"]) == (
        world.campaign.name,
        "示例县",
        "无（全部）",
    )
    assert (facts["条数"], facts["用途"]) == ("3", "示例用途")
    assert facts["数据截至"][:4].isdigit()
    assert [row[3] for row in rows] == ["示范甲", "示范乙", "示范西"]
    assert rows[0][5] == datetime(1970, 1, 1)
    assert rows[0][10:12] == ["书记", datetime(2021, 1, 1)]
    assert rows[0][14] == "13800000000"


def test_roster_taken_out_and_brought_in_again_changes_nothing(world, people, tmp_path):
    path = tmp_path / "roster.xlsx"
    path.write_bytes(b"".join(take(world, "members").streaming_content))

    plan, problems = import_now(
        kind=MEMBERS,
        campaign=world.campaign,
        area=world.county,
        path=path,
        reason="",
        by=world.users.staff,
        at=NOON,
        dry_run=False,
    )

    assert (plan.new, plan.changed, plan.unchanged, plan.missing, problems) == ([], [], 3, [], [])


def test_filters_of_the_page_hold_and_stand_in_the_file(world, people):
    village = world.elections[VILLAGE].village
    facts, _, rows = lines(
        book_of(take(world, "members", query=f"village={village.pk}&sex=female"))
    )
    assert [row[3] for row in rows] == ["示范乙"]
    assert (facts["范围"], facts["筛选"]) == (VILLAGE, "性别：女")

    facts, _, rows = lines(book_of(take(world, "members", query=f"township={world.west.pk}")))
    assert ([row[3] for row in rows], facts["范围"]) == (["示范西"], "西乡镇")


def test_own_area_only(world, people):
    _facts, _, rows = lines(book_of(take(world, "members", who="east")))
    assert [row[3] for row in rows] == ["示范甲", "示范乙"]
    other = world.elections["西乡镇201村"].village_id
    assert lines(book_of(take(world, "members", who="east", query=f"village={other}")))[2] == []
    assert len(lines(book_of(take(world, "villages", who="east")))[2]) == 3


@pytest.mark.parametrize(
    ("who", "status"), [("leader", 403), ("discipline", 403), ("vetting", 403), ("nobody", 404)]
)
def test_who_only_reads_takes_nothing_out(world, people, who, status):
    assert take(world, "members", who=who).status_code == status
    assert not AuditEntry.objects.filter(action="export.made").exists()


def test_people_need_a_reason_and_leave_a_trace(world, people):
    refused = take(world, "members", reason=" ")
    assert refused.status_code == 422
    assert "请填写用途" in refused.content.decode()
    assert not AuditEntry.objects.filter(action="export.made").exists()

    book_of(take(world, "members", query="sex=female"))
    entry = AuditEntry.objects.get(action="export.made")
    assert (entry.actor_username, entry.reason) == ("staff", "示例用途")
    assert entry.changes["after"] == {
        "what": "members",
        "rows": 1,
        "filters": [["性别", "女"]],
        "area": "示例县",
    }


def test_progress_needs_none_and_candidates_do(world, people):
    settle_up_to(world.elections[VILLAGE], Stage.PETITION, on=date(2026, 9, 3))
    facts, heads, rows = lines(book_of(take(world, "villages", reason="", query="stage=petition")))
    assert facts["筛选"] == "当前环节：3 请示与批复"
    assert rows[0][:2] == ["东乡镇", VILLAGE]
    assert (rows[0][10], len(rows)) == (2, 1)

    Candidacy.objects.create(
        election=world.elections[VILLAGE], member=PartyMember.objects.first(), rank=1
    )
    assert take(world, "people", reason="").status_code == 422
    _, heads, rows = lines(book_of(take(world, "people")))
    assert dict(zip(heads, rows[0], strict=True))["姓名"] == "示范甲"


@pytest.mark.parametrize("what", list(exports.EXPORTS))
def test_every_head_has_its_cell_and_every_address_its_page(world, people, what):
    Candidacy.objects.create(
        election=world.elections[VILLAGE], member=PartyMember.objects.first(), rank=1
    )
    _, heads, rows = lines(book_of(take(world, what)))
    assert len(heads) == len(exports.EXPORTS[what].headings)
    assert {len(row) for row in rows} <= {len(heads)}
    assert rows or what.startswith(OWN_TESTS), (
        "the rows of ledgers are taken out in their own tests"
    )
    url = reverse("export_start", kwargs={"pk": world.campaign.pk, "what": what})
    assert "全部写入，不截断" in signed_in(world, "staff").get(url).content.decode()
    assert signed_in(world, "staff").get(url.replace(what, "nothing")).status_code == 404


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_starts_like_a_formula_is_text_in_every_list(world, people, text):
    member = PartyMember.objects.first()
    PartyMember.objects.update(name=text, phone=text[:20])
    Candidacy.objects.create(election=world.elections[VILLAGE], member=member, rank=1)
    world.campaign.name = text
    world.campaign.save()
    village = member.village
    village.name = text
    village.save()

    for what in exports.EXPORTS:
        sheet = book_of(take(world, what, reason=text)).active
        cells = [cell for row in sheet for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} <= TEXT_NUMBER_DATE
        risky = [c for c in cells if isinstance(c.value, str) and c.value.strip() == text.strip()]
        assert risky
        assert all(cell.quotePrefix for cell in risky)


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_starts_like_a_formula_is_text_in_every_template(text):
    for kind in kinds().values():
        names = [column.name for column in kind.columns if not column.options]
        book = template(kind, rows=[dict.fromkeys(names, text)])
        out = io.BytesIO()
        book.save(out)
        out.seek(0)
        loaded = load_workbook(out)
        assert {c.data_type for s in loaded for row in s for c in row} <= TEXT_NUMBER_DATE


def test_characters_that_no_sheet_holds_are_left_out():
    out = io.BytesIO()
    write_table(
        out, title="表", facts=[], headings=[Heading("列")], rows=[["示\x00\x07范"], [None], [""]]
    )

    assert [c.value for c in load_workbook(out).active["A"]][-3:] == ["示范", None, None]


def test_long_list_is_written_in_the_background_for_its_owner_alone(world, people, monkeypatch):
    monkeypatch.setattr("reporting.views.exports.DIRECT_ROWS", 1)
    answer = take(world, "members", query="sex=male")
    made = WorkbookExport.objects.get()
    url = reverse("export_detail", kwargs={"pk": made.pk})
    assert answer.url == url
    owner = signed_in(world, "staff")
    assert f'hx-get="{url}"' in owner.get(url).content.decode()
    assert owner.get(f"{url}file/").status_code == 404

    tasks.run_job(job_id=str(made.job_id))
    tasks.run_job(job_id=str(made.job_id))

    part = owner.get(url, headers={"HX-Request": "true"}).content.decode()
    assert f"{url}file/" in part
    assert "hx-get" not in part
    assert [row[3] for row in lines(book_of(owner.get(f"{url}file/")))[2]] == ["示范甲", "示范西"]
    assert Job.objects.get(pk=made.job_id).status == "done"
    for who, status in (("east", 404), ("leader", 403)):
        assert signed_in(world, who).get(url).status_code == status
        assert signed_in(world, who).get(f"{url}file/").status_code == status


def test_queries_do_not_grow_with_the_rows(world, people):
    counts = []
    for size in (0, 40):
        village = world.elections[VILLAGE].village
        for number in range(size):
            member = make_member(village, name=f"示范{number}")
            Candidacy.objects.create(election=world.elections[VILLAGE], member=member, rank=number)
        for what, export in exports.EXPORTS.items():
            with CaptureQueriesContext(connection) as queries:
                chosen = export.select(
                    world.users.staff, world.campaign, QueryDict(""), date(2026, 10, 1)
                )
                list(export.lines(chosen.rows, date(2026, 10, 1)))
            counts.append((what, len(queries)))

    few, many = counts[: len(counts) // 2], counts[len(counts) // 2 :]
    assert few == many
    assert max(n for _, n in counts) <= 8
