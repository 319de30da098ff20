"""The same import from the command line: one line for an error, exit codes, nothing written in a dry run."""

import io

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from reporting.models import WorkbookImport
from villages.models import PartyMember
from villages.workbooks import MEMBERS

from .conftest import HEADS, member_row

VILLAGE = "东乡镇201村"


def bring_in(world, path, *more, kind="members", by="east"):
    out, err = io.StringIO(), io.StringIO()
    call_command(
        *(
            "import_workbook",
            kind,
            str(path),
            "--campaign",
            str(world.campaign.pk),
            "--by",
            by,
            *more,
        ),
        stdout=out,
        stderr=err,
    )
    return out.getvalue()


def test_dry_run_then_import_then_nothing_to_do(world, xlsx):
    path = xlsx([HEADS, member_row(VILLAGE, 1), member_row(VILLAGE, 2)])

    assert bring_in(world, path, "--dry-run") == (
        "可以写入：新增2，更改0，不变0，表中没有0（不删除）\n"
    )
    assert not PartyMember.objects.exists()
    assert bring_in(world, path).startswith("已写入：新增2")
    assert bring_in(world, path).startswith("已写入：新增0，更改0，不变2")
    assert PartyMember.objects.count() == 2
    assert WorkbookImport.objects.filter(status="applied").count() == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "nothing"}, "没有“nothing”这种工作簿：可以是members、plan_days、"),
        ({"by": "nobody"}, "用户“nobody”不存在，或在"),
        ({"by": "leader"}, "没有导入的岗位"),
        ({"kind": "plan_days"}, "请用 --reason 写明理由"),
    ],
)
def test_wrong_argument_is_one_sentence(world, xlsx, change, words):
    with pytest.raises(CommandError, match=words) as error:
        bring_in(world, xlsx([HEADS, member_row(VILLAGE, 1)]), **change)
    assert "\n" not in str(error.value)


def test_missing_file_campaign_and_refused_file(world, xlsx, tmp_path):
    with pytest.raises(CommandError, match="找不到文件"):
        bring_in(world, tmp_path / "no.xlsx")
    with pytest.raises(CommandError, match="没有编号为0的换届工作"):
        bring_in(world, xlsx([HEADS]), "--campaign", "0")
    page = tmp_path / "page.xlsx"
    page.write_text("<html>")
    with pytest.raises(CommandError, match="网页"):
        bring_in(world, page)


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_errors_are_listed_and_end_with_their_number(world, xlsx, dry):
    path = xlsx([HEADS, member_row(VILLAGE, 1, sex="保密"), member_row("没有的村", 2)])

    with pytest.raises(CommandError, match="共2处错误，没有写入任何内容"):
        bring_in(world, path, *dry)
    assert not PartyMember.objects.exists()


def test_error_of_a_rule_alone_names_its_cell(world, xlsx):
    with pytest.raises(CommandError, match="共1处错误"):
        bring_in(world, xlsx([HEADS, member_row("没有的村", 2)]))


def test_template_is_written_with_drop_downs_formats_and_legend(tmp_path):
    path = tmp_path / "t.xlsx"
    call_command("import_template", "members", "--out", str(path), stdout=io.StringIO())

    book = load_workbook(path)
    sheet = book["党员名册"]
    assert [cell.value.rstrip("*") for cell in sheet[1]] == HEADS
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules["E2:E2000"].formula1 == "choices_sex"
    assert rules["F2:F2000"].type == "date"
    assert book.defined_names["choices_sex"].attr_text == "'选项'!$A$2:$A$3"
    assert (book["选项"].sheet_state, book["选项"]["A2"].value) == ("hidden", "男")
    assert sheet.column_dimensions["O"].number_format == "@"
    assert sheet.column_dimensions["F"].number_format == "yyyy-mm-dd"
    legend = [row[0].value for row in book["说明"].iter_rows()]
    assert {column.head for column in MEMBERS.columns} <= set(legend)


def test_template_refuses_an_unknown_kind_and_a_place_it_cannot_write(tmp_path):
    with pytest.raises(CommandError, match="没有“x”这种工作簿"):
        call_command("import_template", "x")
    for out in ("t.xls", "no/such/folder/t.xlsx"):
        with pytest.raises(CommandError, match="不是可写的"):
            call_command("import_template", "members", "--out", str(tmp_path / out))
