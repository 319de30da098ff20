"""A township brings its roster in: upload, progress, preview, import; and a worker that dies while writing."""

import os
import signal
from contextlib import contextmanager

import psycopg2
import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from openpyxl import Workbook, load_workbook
from playwright.sync_api import expect

from accounts.models import User
from demo.scenario import PASSWORD
from elections.models import VillageElection
from reporting.selectors.imports import import_areas, kinds
from reporting.services.imports import request_apply, upload_import
from tests.journeys.desk import Desk
from tests.workbooks.conftest import HEADS, member_row
from villages.models import PartyMember


@pytest.fixture
def early(own_campaign):
    return own_campaign("田楼镇")


@pytest.fixture
def villages(stack, early):
    with stack.orm():
        found = VillageElection.objects.filter(campaign=early).select_related("village")
        return [election.village for election in found.order_by("village__code")]


@pytest.fixture
def coordinator(stack, early):
    with stack.orm():
        return next(
            user
            for user in User.objects.filter(username__startswith="xiangzhen").order_by("pk")
            if import_areas(user, early)
        )


def write(path, rows):
    book = Workbook()
    book.active.title = "党员名册"
    for row in [HEADS, *rows]:
        book.active.append(row)
    book.save(path)
    return path


def test_roster_from_upload_to_import_in_a_browser(
    stack, early, villages, coordinator, page, tmp_path
):
    own = [member_row(village.name, n) for n, village in enumerate(villages)]
    wrong = write(tmp_path / "有错误.xlsx", [*own, member_row(villages[0].name, 99, sex="保密")])
    right = write(tmp_path / "名册.xlsx", own)
    desk = Desk(page, coordinator.username, PASSWORD).open(f"/campaigns/{early.pk}/imports/")
    form = page.locator("main form.upload")

    form.locator("input[type=file]").set_input_files(wrong)
    assert desk.press(form) == 302
    expect(page.locator(".verdict strong")).to_have_text("有1处错误", timeout=20_000)
    expect(page.locator("tbody")).to_contain_text("请从“男、女”中选填")
    with page.expect_download() as painted:
        page.get_by_role("link", name="下载标出错误的文件").click()
    with painted.value.path().open("rb") as file:
        assert load_workbook(file).sheetnames[0] == "错误汇总"

    page.get_by_role("link", name="上传改正后的文件").click()
    form.locator("input[type=file]").set_input_files(right)
    assert desk.press(form) == 302
    expect(page.locator(".verdict strong")).to_have_text("检查通过，尚未写入", timeout=20_000)
    expect(page.locator(".tab.active")).to_have_text(f"新增 {len(villages)}")
    assert desk.press(page.locator("main form:has([value=apply])")) == 302
    expect(page.locator(".verdict strong")).to_have_text("已导入", timeout=20_000)

    with stack.orm():
        members = PartyMember.objects.filter(village__in=[v.pk for v in villages])
        assert members.filter(name__startswith="示范").count() == len(villages)


@contextmanager
def audit_held(stack):
    """Nobody can write an audit row: who imports has written everything else and waits, not yet committed."""
    connection = psycopg2.connect(stack.database_url)
    try:
        connection.cursor().execute("LOCK TABLE accounts_auditentry IN SHARE MODE")
        yield
    finally:
        connection.close()


def is_waiting(stack) -> bool:
    return bool(
        stack.query(
            "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'",
            [stack.name],
        )
    )


def state(stack, workbook) -> tuple:
    """Status of the import and of its job, and the job's attempts."""
    (row,) = stack.query(
        "SELECT i.status, j.status, j.attempts FROM reporting_workbookimport i"
        " JOIN reporting_job j ON j.id = i.job_id WHERE i.id = %s",
        [str(workbook.pk)],
    )
    return row


def kill_worker(stack) -> None:
    """The worker and its children at once, as when the machine fails them."""
    worker = stack.child("worker")
    os.killpg(worker.pid, signal.SIGKILL)
    stack.supervisor.stop(worker)


def test_worker_killed_while_writing_leaves_nothing_and_the_next_writes_all(
    stack, early, villages, coordinator, tmp_path
):
    rows = [member_row(villages[n % 9].name, 1000 + n) for n in range(500)]
    path = write(tmp_path / "名册.xlsx", rows)
    count = "SELECT count(*) FROM villages_partymember WHERE phone LIKE '138000010%%'"
    with stack.orm():
        workbook = upload_import(
            kind=kinds()["members"],
            campaign=early,
            area=early.area,
            upload=ContentFile(path.read_bytes(), name=path.name),
            reason="",
            by=coordinator,
            at=timezone.now(),
        )
    media = stack.folder / "media" / workbook.file.name
    media.parent.mkdir(parents=True, exist_ok=True)
    media.write_bytes(path.read_bytes())
    stack.wait_for(lambda: state(stack, workbook)[:2] == ("checked", "done"), what="the check")

    with audit_held(stack):
        with stack.orm():
            request_apply(workbook=workbook, by=coordinator, at=timezone.now())
        stack.wait_for(lambda: is_waiting(stack), what="the worker in its transaction")
        kill_worker(stack)
    stack.start_worker()
    assert (state(stack, workbook), stack.query(count)) == (("checked", "running", 1), [(0,)])

    stack.query("UPDATE reporting_job SET lease_until = now() WHERE status = 'running'")
    stack.wait_for(
        lambda: state(stack, workbook) == ("applied", "done", 2), seconds=60, what="another attempt"
    )
    assert stack.query(count) == [(100,)]
    assert stack.query(
        "SELECT count(*) FROM villages_partymember WHERE phone LIKE '13800001%%'"
    ) == [(500,)]
