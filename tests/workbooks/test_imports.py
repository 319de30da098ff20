"""An upload's way through the pages and the worker: checked, shown, written once, refused in words."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from kombu.exceptions import OperationalError
from openpyxl import load_workbook

from accounts.errors import Forbidden
from accounts.models import AuditEntry
from reporting import tasks
from reporting.enums import ImportStatus, JobStatus
from reporting.models import Job, WorkbookImport
from reporting.services import imports, jobs
from tests.reporting.conftest import NOON, make_user
from villages.models import PartyMember
from villages.services import mark_left

from .conftest import HEADS, make_member, member_row

VILLAGE = "东乡镇201村"


def signed_in(world, who) -> Client:
    client = Client()
    client.force_login(getattr(world.users, who))
    return client


def upload(world, path, *, who="east", kind="members", area=None, reason=""):
    client = signed_in(world, who)
    area = area or (world.county if who == "staff" else world.east)
    with path.open("rb") as file:
        return client.post(
            reverse("import_list", kwargs={"pk": world.campaign.pk}),
            {"kind": kind, "area": area.pk, "file": file, "reason": reason},
        )


def run(workbook) -> WorkbookImport:
    """Let the worker do the workbook's job."""
    workbook.refresh_from_db()
    tasks.run_job(job_id=str(workbook.job_id))
    workbook.refresh_from_db()
    return workbook


def checked(world, path, **more) -> WorkbookImport:
    answer = upload(world, path, **more)
    assert answer.status_code == 302, answer.content.decode()
    return run(WorkbookImport.objects.latest("uploaded_at"))


def press(world, workbook, action, who="east"):
    url = reverse("import_detail", kwargs={"pk": workbook.pk})
    return signed_in(world, who).post(url, {"action": action})


def page(world, workbook, who="east", **query):
    url = reverse("import_detail", kwargs={"pk": workbook.pk})
    return signed_in(world, who).get(url, query).content.decode()


def test_upload_check_preview_apply_and_again(world, xlsx):
    make_member(world.elections[VILLAGE].village, name="示范乙")
    path = xlsx([HEADS, *(member_row(VILLAGE, n) for n in range(3))])

    workbook = checked(world, path)
    assert (workbook.status, workbook.new, workbook.missing) == (ImportStatus.CHECKED, 3, 1)
    shown = page(world, workbook)
    assert "检查通过，尚未写入" in shown
    assert "示范2" in shown
    assert "示范乙" in page(world, workbook, tab="missing")
    assert PartyMember.objects.count() == 1

    assert press(world, workbook, "apply").status_code == 302
    run(workbook)
    assert workbook.status == ImportStatus.APPLIED
    assert (workbook.applied_by, PartyMember.objects.count()) == (world.users.east, 4)
    assert "新增3条，更改0条，不变0条；系统中另有1条不在表中，不受影响" in page(world, workbook)
    assert press(world, workbook, "apply").status_code == 302
    assert PartyMember.objects.count() == 4

    again = checked(world, path)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 3)
    assert "与系统中的内容完全相同" in page(world, again)
    assert press(world, again, "apply").status_code == 422


def test_worker_told_twice_writes_once(world, xlsx):
    workbook = checked(world, xlsx([HEADS, member_row(VILLAGE, 1)]))
    press(world, workbook, "apply")
    run(workbook)
    Job.objects.filter(pk=workbook.job_id).update(status=JobStatus.RUNNING, lease_until=NOON)

    run(workbook)

    assert PartyMember.objects.count() == 1
    assert workbook.job.status == JobStatus.DONE


def test_errors_are_listed_painted_and_stop_the_import(world, xlsx):
    rows = [member_row(VILLAGE, 1, sex="保密", phone="=1+1"), member_row("没有的村", 2)]
    rows.append(member_row(VILLAGE, 3, name='=HYPERLINK("http://127.0.0.1","x")'))
    workbook = checked(world, xlsx([HEADS, *rows]))

    assert (workbook.problems, workbook.status) == (3, ImportStatus.CHECKED)
    shown = page(world, workbook)
    assert "党员名册 第2行E列" in shown
    assert "有3处错误" in shown
    assert 'value="apply"' not in shown
    assert press(world, workbook, "apply").status_code == 422
    assert not PartyMember.objects.exists()

    url = reverse("import_painted", kwargs={"pk": workbook.pk})
    answer = signed_in(world, "east").get(url)
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames == ["错误汇总", "党员名册"]
    sheet = book["党员名册"]
    assert sheet["E2"].fill.fgColor.rgb == "FFFFC7CE"
    assert "请从“男、女”中选填" in sheet["E2"].comment.text
    assert sheet["B3"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet["F2"].fill.fgColor.rgb != "FFFFC7CE"
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "inlineStr", "n", "d"}
    assert sheet["D4"].quotePrefix
    assert [c.value for c in book["错误汇总"][4]][:4] == ["党员名册", 2, "E", "性别"]


def test_painted_workbook_can_be_mended_and_uploaded(world, xlsx, tmp_path):
    workbook = checked(world, xlsx([HEADS, member_row(VILLAGE, 1, sex="保密")]))
    with workbook.painted.open("rb") as file:
        book = load_workbook(file)
    book["党员名册"]["E2"] = "男"
    path = tmp_path / "改正.xlsx"
    book.save(path)

    assert (checked(world, path).problems, checked(world, path).new) == (0, 1)


def test_data_changed_after_the_preview_is_not_overwritten(world, xlsx):
    member = make_member(world.elections[VILLAGE].village)
    rows = [
        member_row(VILLAGE, 1),
        member_row(VILLAGE, 2, name="示范甲", born_on=date(1970, 1, 1), education="大专"),
    ]
    workbook = checked(world, xlsx([HEADS, *rows]))
    assert (workbook.new, workbook.changed) == (1, 1)
    press(world, workbook, "apply")
    mark_left(member=member, on=date(2026, 9, 1), by=world.users.east, at=NOON)

    run(workbook)

    assert workbook.status == ImportStatus.FAILED
    assert "第3行（共1行）的结果与预览不同" in workbook.message
    assert PartyMember.objects.count() == 1
    assert "重新检查" in page(world, workbook)
    assert press(world, workbook, "recheck").status_code == 302
    run(workbook)
    assert (workbook.status, workbook.new, workbook.changed) == (ImportStatus.CHECKED, 2, 0)


def test_row_that_a_rule_meanwhile_refuses_writes_nothing(world, xlsx):
    workbook = checked(world, xlsx([HEADS, member_row(VILLAGE, 1)]))
    press(world, workbook, "apply")
    village = world.elections[VILLAGE].village
    village.closed_on = date(2026, 9, 30)
    village.save()

    run(workbook)

    assert workbook.status == ImportStatus.FAILED
    assert "没有写入任何内容：第2行" in workbook.message


@pytest.mark.parametrize(
    ("rows", "sheet", "words"),
    [
        (
            [["村", "调研摸底"], [VILLAGE, "2026-9-9"]],
            "计划进度",
            "这是“计划进度”表，请到“导入 → 计划进度”上传",
        ),
        (
            [["随便", "什么"], [1, 2]],
            "Sheet1",
            "没有找到“党员名册”的表头（工作表：“Sheet1”；只看前10行）",
        ),
        (
            [["村", "姓名", "性别"], [VILLAGE, "甲", "男"]],
            "x",
            "缺少“出生日期”、“入党日期”、“党员类别”、“学历”",
        ),
        ([HEADS], "党员名册", "表头下面没有数据"),
        ([[*HEADS, "姓名*"], [*member_row(VILLAGE, 1), "乙"]], "x", "列重复：“姓名”（D列、S列）"),
    ],
)
def test_wrong_workbook_is_refused_by_name(world, xlsx, rows, sheet, words):
    kind = "plan_days" if "党员名册”表" in words else "members"
    workbook = checked(world, xlsx(rows, sheet=sheet), kind=kind, reason="示例理由")

    assert workbook.status == ImportStatus.FAILED
    assert words in workbook.message
    assert words in page(world, workbook)


def test_other_kinds_of_files_are_refused_at_once(world, tmp_path):
    for content, words in ((b"<html>", "网页"), (b"", "空文件"), (b"a,b", "CSV")):
        path = tmp_path / "x.xlsx"
        path.write_bytes(content)
        answer = upload(world, path)
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not WorkbookImport.objects.exists()


def test_planned_days_need_a_reason(world, xlsx):
    path = xlsx([["村", "调研摸底"], [VILLAGE, "2026-9-9"]])

    assert upload(world, path, kind="plan_days").status_code == 422
    workbook = checked(world, path, kind="plan_days", reason="示例理由")
    assert (workbook.changed, workbook.reason) == (1, "示例理由")


def test_hostile_file_leaves_a_sentence_and_a_living_worker(world, xlsx):
    path = xlsx([HEADS, member_row(VILLAGE, 1)])
    book = load_workbook(path)
    book.active["XFD1048576"] = 1
    book.save(path)

    workbook = checked(world, path)

    assert workbook.status == ImportStatus.FAILED
    assert "文件被拒绝" in workbook.message
    assert workbook.job.status == JobStatus.DONE
    assert checked(world, xlsx([HEADS, member_row(VILLAGE, 1)])).new == 1


def test_only_the_uploader_and_the_area_s_staff_see_it(world, xlsx):
    workbook = checked(world, xlsx([HEADS, member_row(VILLAGE, 1, sex="保密")]))
    county_s = checked(world, xlsx([HEADS, member_row(VILLAGE, 1)]), who="staff")
    world.users.east2 = make_user("east2", "coordinator", world.east)
    detail = reverse("import_detail", kwargs={"pk": workbook.pk})
    painted = reverse("import_painted", kwargs={"pk": workbook.pk})

    for who, status in (
        ("east", 200),
        ("staff", 200),
        ("west", 404),
        ("east2", 404),
        ("leader", 403),
    ):
        client = signed_in(world, who)
        assert (who, client.get(detail).status_code) == (who, status)
        answer = client.get(painted)
        if answer.streaming:
            b"".join(answer.streaming_content)
        assert answer.status_code == status
        if status != 200:
            assert client.post(detail, {"action": "apply"}).status_code == status
        listed = client.get(reverse("import_list", kwargs={"pk": world.campaign.pk}))
        if listed.status_code == 200:
            assert (detail in listed.content.decode()) == (status == 200)
    assert signed_in(world, "east").get(f"/imports/{county_s.pk}/").status_code == 404


def test_uploader_whose_posting_ended_sees_it_no_more(world, xlsx):
    workbook = checked(world, xlsx([HEADS, member_row(VILLAGE, 1)]))
    world.users.east.postings.update(ends_on=date(2026, 9, 30))

    assert signed_in(world, "east").get(f"/imports/{workbook.pk}/").status_code in (403, 404)


def test_area_outside_the_own_is_no_choice(world, xlsx):
    answer = upload(world, xlsx([HEADS, member_row("西乡镇201村", 1)]), area=world.west)

    assert answer.status_code == 422
    assert not WorkbookImport.objects.exists()


def test_without_a_broker_the_upload_stands_and_waits(
    world, xlsx, monkeypatch, django_capture_on_commit_callbacks
):
    def no_broker(*arguments, **options):
        raise OperationalError("示例")

    monkeypatch.setattr(jobs.current_app, "send_task", no_broker)
    with django_capture_on_commit_callbacks(execute=True):
        assert upload(world, xlsx([HEADS, member_row(VILLAGE, 1)])).status_code == 302

    workbook = WorkbookImport.objects.get()
    assert workbook.job in jobs.waiting_jobs(at=NOON)


def test_page_polls_while_the_job_runs_and_then_shows_the_result(world, xlsx):
    upload(world, xlsx([HEADS, member_row(VILLAGE, 1)]))
    workbook = WorkbookImport.objects.get()
    url = reverse("import_detail", kwargs={"pk": workbook.pk})
    client = signed_in(world, "east")

    assert f'hx-get="{url}"' in client.get(url).content.decode()
    part = client.get(url, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "HX-Redirect" not in part
    run(workbook)
    assert client.get(url, headers={"HX-Request": "true"})["HX-Redirect"] == url


def test_job_that_gave_up_can_be_started_again(world, xlsx):
    upload(world, xlsx([HEADS, member_row(VILLAGE, 1)]))
    workbook = WorkbookImport.objects.get()
    Job.objects.update(status=JobStatus.FAILED, message="示例原因", finished_at=NOON)

    assert "示例原因" in page(world, workbook)
    press(world, workbook, "recheck")
    assert run(workbook).status == ImportStatus.CHECKED


def test_its_job_is_no_document_of_the_campaign(world, xlsx):
    workbook = checked(world, xlsx([HEADS, member_row(VILLAGE, 1)]))
    staff = signed_in(world, "staff")
    Job.objects.update(status=JobStatus.QUEUED)

    shown = staff.get(reverse("job_detail", kwargs={"pk": workbook.job_id})).content.decode()
    assert reverse("import_detail", kwargs={"pk": workbook.pk}) in shown
    closing = staff.get(reverse("closing_report", kwargs={"pk": world.campaign.pk}))
    assert str(workbook.job_id) not in closing.content.decode()


def test_discarded_workbook_stays_on_record(world, xlsx):
    workbook = checked(world, xlsx([HEADS, member_row(VILLAGE, 1)]))

    assert press(world, workbook, "discard").status_code == 302
    for action in ("apply", "recheck", "nonsense"):
        assert press(world, workbook, action).status_code == 422
    workbook.refresh_from_db()
    assert workbook.status == ImportStatus.DISCARDED
    actions = AuditEntry.objects.filter(action__startswith="import.").order_by("pk")
    assert list(actions.values_list("action", "township_id")) == [
        ("import.uploaded", world.east.pk),
        ("import.discarded", world.east.pk),
    ]


def test_pages_ask_the_same_few_queries_for_one_and_many_rows(world, xlsx):
    counts = []
    client = signed_in(world, "staff")
    for size in (1, 1, 30):
        path = xlsx([HEADS, *(member_row(VILLAGE, n + 100 * size) for n in range(size))])
        workbook = checked(world, path, who="staff")
        for url in (
            reverse("import_list", kwargs={"pk": world.campaign.pk}),
            reverse("import_detail", kwargs={"pk": workbook.pk}),
        ):
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts.append(len(queries))

    assert counts[2] == counts[4] <= 11
    assert counts[3] == counts[5] <= 11


def test_service_refuses_what_the_page_would_not_offer(world, xlsx):
    workbook = checked(world, xlsx([HEADS, member_row(VILLAGE, 1)]))
    facts = {"by": world.users.west, "at": NOON}

    for action in (imports.request_apply, imports.recheck_import, imports.discard_import):
        with pytest.raises(Forbidden, match="本辖区内导入"):
            action(workbook=workbook, **facts)


def test_uploaded_name_is_never_a_path(world, xlsx):
    content = xlsx([HEADS, member_row(VILLAGE, 1)]).read_bytes()
    file = SimpleUploadedFile("../../etc/名册.xlsx", content)
    client = signed_in(world, "east")
    url = reverse("import_list", kwargs={"pk": world.campaign.pk})
    client.post(url, {"kind": "members", "area": world.east.pk, "file": file, "reason": ""})

    workbook = WorkbookImport.objects.get()
    assert workbook.file.name == f"imports/{workbook.pk}.xlsx"
    assert "/" not in workbook.name
