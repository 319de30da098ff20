"""Files made to harm, files that are something else, files that lost something: refused in words, or read right.

Each within 5 s, the child within 300 MB, this process unharmed.
"""

import io
import json
import os
import resource
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from villages.workbooks import MEMBERS
from workbooks import child, reading, scan
from workbooks.declarations import Column, Kind, Type

from .conftest import HEADS, member_row

SHEET = "xl/worksheets/sheet1.xml"
IDENTITY = Kind(
    "people",
    "人员",
    "人员",
    (
        Column("name", "姓名", required=True),
        Column("identity", "身份证号", Type.IDENTITY),
        Column("code", "代码", Type.CODE, length=12),
    ),
    ("identity",),
    plan=lambda rows, **facts: None,
    apply=lambda rows, **facts: None,
)


@pytest.fixture
def good(xlsx):
    """A correct workbook of one row."""
    return xlsx([HEADS, member_row("东乡镇201村", 1)])


@pytest.fixture
def altered(good, tmp_path):
    """altered({part: bytes or function of the old bytes}) → a copy with these parts changed or added."""

    def altered(parts):
        path = tmp_path / "altered.xlsx"
        with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                change = parts.get(name, old.read(name))
                new.writestr(name, change(old.read(name)) if callable(change) else change)
            for name in parts.keys() - set(old.namelist()):
                new.writestr(name, parts[name])
        return path

    return altered


def work() -> float:
    """Seconds of processor time so far, of this process and its children: the same on a busy machine."""
    return sum(os.times()[:4])


def refused(path, kind=MEMBERS) -> str:
    """The sentence of a refusal, which took less than 5 s; nothing but the child can have used memory."""
    began = work()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(reading.FileRefused) as sentence:
        reading.read(path, kind)
    assert work() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024
    assert child.MEMORY <= 300 * 1024 * 1024
    return str(sentence.value)


def with_cell(place: str):
    """Adds a far away cell to the sheet."""
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    cell = f'<row r="{row}"><c r="{place}"><v>1</v></c></row></sheetData>'
    return lambda old: old.replace(b"</sheetData>", cell.encode())


@pytest.mark.parametrize("place", ["XFD1048576", "A1048576", "XFD9", "AAA3", "B100000"])
def test_cell_far_away_is_refused(altered, place):
    assert "第10万行以后或ZZ列以后" in refused(altered({SHEET: with_cell(place)}))


def test_cell_far_away_that_the_scan_does_not_see_kills_only_the_child(altered):
    def hidden(old: bytes) -> bytes:
        far = with_cell("XFD1048576")(old)
        return far.replace(b'r="XFD1048576"', b"r = 'XFD1048576'").replace(b' r="1048576"', b"")

    assert "过多的内存或时间" in refused(altered({SHEET: hidden}))


def test_largest_place_that_the_scan_lets_pass_meets_the_limits(altered):
    assert "文件被拒绝" in refused(altered({SHEET: with_cell("ZZ99999")}))


def test_million_columns_are_refused(altered):
    cells = "".join("<c><v>1</v></c>" for _ in range(1_000_000))
    row = f"<row>{cells}</row></sheetData>".encode()

    assert "文件被拒绝" in refused(altered({SHEET: lambda old: old.replace(b"</sheetData>", row)}))


def test_zip_bomb_is_refused(altered):
    bomb = b"<x>" + b" " * (300 * 1024 * 1024)

    assert "解压后异常庞大" in refused(altered({"xl/media/bomb.xml": bomb}))


def test_bomb_that_lies_about_its_size_is_refused(altered):
    path = altered({"xl/bomb.xml": b" " * (60 * 1024 * 1024)})
    data = path.read_bytes()
    size = (60 * 1024 * 1024).to_bytes(4, "little")
    path.write_bytes(data.replace(size, (1000).to_bytes(4, "little")))

    assert "已损坏" in refused(path)


def test_many_parts_and_parts_twice_are_refused(altered, good, tmp_path):
    assert "部件过多" in refused(altered({f"xl/x{n}.xml": b"" for n in range(600)}))
    twice = tmp_path / "twice.xlsx"
    twice.write_bytes(good.read_bytes())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(twice, "a") as archive:
        archive.writestr(SHEET, b"<worksheet/>")
    assert "部件过多或重复" in refused(twice)


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        b'<!doctype x SYSTEM "file:///etc/passwd">',
        b"<! DOCTYPE x>",
    ],
)
def test_document_type_is_refused(altered, declaration):
    part = {SHEET: lambda old: declaration + old}

    assert "DOCTYPE" in refused(altered(part))


def test_document_type_across_two_pieces_is_seen(altered):
    pad = b"<!--" + b"x" * (1024 * 1024 - 12) + b"-->"

    assert "DOCTYPE" in refused(altered({SHEET: pad + b"<!DOCTYPE x><worksheet/>"}))


def test_external_links_and_macros_are_refused(altered):
    assert "外部链接" in refused(altered({"xl/externalLinks/externalLink1.xml": b"<x/>"}))
    assert "宏" in refused(altered({"xl/vbaProject.bin": b"x"}))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版 Excel（.xls）"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "网页"),
        ("\ufeff<html>".encode("utf-16"), "网页"),
        ("姓名,性别\n示范甲,男\n".encode("gbk"), "文本（CSV）"),
        ("姓名\t性别\n示范甲\t男\n".encode("utf-16"), "文本（CSV）"),
        ("姓名,性别\n示范甲,男\n".encode(), "文本（CSV）"),
        (b"", "空文件"),
        (b"\x00" * 500, "不是 Excel 工作簿"),
        (b"PK\x03\x04" + b"\x00" * 200, "已损坏"),
        (b"%PDF-1.7", "不是 Excel 工作簿"),
    ],
)
def test_something_else_by_another_name_is_named(tmp_path, content, words):
    path = tmp_path / "改名.xlsx"
    path.write_bytes(content)

    assert words in refused(path)


def test_word_file_and_old_binary_workbook_are_named(tmp_path):
    for part in ("word/document.xml", "xl/workbook.bin"):
        path = tmp_path / "x.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("[Content_Types].xml", "<x/>")
            archive.writestr(part, "<x/>")
        assert "不是 Excel 工作簿" in refused(path)


def test_too_big_a_file_is_refused():
    assert "超过20MB" in scan.refuse_by_start(b"PK\x03\x04", scan.MAX_BYTES + 1)
    assert scan.refuse_by_start(b"PK\x03\x04", scan.MAX_BYTES) == ""


def test_truncated_and_garbled_workbooks_are_refused(good, tmp_path):
    data = good.read_bytes()
    path = tmp_path / "cut.xlsx"
    for cut in (data[: len(data) // 2], data[:-10], data[:200] + b"\xff" * 400 + data[600:]):
        path.write_bytes(cut)
        assert "已损坏" in refused(path)


def test_broken_xml_is_refused(altered):
    assert "已损坏" in refused(altered({SHEET: b"<worksheet><sheetData><row"}))
    assert "已损坏" in refused(altered({"xl/workbook.xml": b"<workbook"}))


def read_one(path, kind=IDENTITY):
    began = work()
    sheet = reading.read(path, kind)
    assert work() - began < 5
    return sheet


def test_full_width_digits_and_spaces_are_read(xlsx):
    path = xlsx(
        [
            HEADS,
            member_row(
                "东乡镇201村", 1, born_on="１９７５年３月５日", phone=" １３８００００００００ "
            ),
        ]
    )
    sheet = read_one(path, MEMBERS)

    assert sheet.problems == []
    assert sheet.rows[0].values["born_on"] == date(1975, 3, 5)
    assert sheet.rows[0].values["phone"] == "13800000000"


def test_dates_of_1904_are_the_same_days(tmp_path):
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.title = "党员名册"
    book.active.append(HEADS)
    book.active.append(member_row("东乡镇201村", 1, born_on=datetime(1975, 3, 5)))
    path = tmp_path / "1904.xlsx"
    book.save(path)

    assert read_one(path, MEMBERS).rows[0].values["born_on"] == date(1975, 3, 5)


def test_identity_number_as_a_number_is_refused_by_place_and_never_shown(xlsx):
    path = xlsx([["姓名", "身份证号", "代码"], ["示范甲", 110105194912310021, None]], sheet="人员")
    (problem,) = read_one(path).problems

    assert (problem.sheet, problem.row, problem.letter, problem.head) == (
        "人员",
        2,
        "B",
        "身份证号",
    )
    assert "以数字保存，后几位已经丢失" in problem.message
    assert "1949" not in json.dumps(str(problem), ensure_ascii=False)


def test_lost_leading_zeros_are_noticed(xlsx):
    path = xlsx([["姓名", "身份证号", "代码"], ["示范甲", None, 20724100200]], sheet="人员")
    (problem,) = read_one(path).problems

    assert str(problem) == (
        "“人员”第2行C列“代码”（20724100200）：应为12位，只有11位，前面的0可能被 Excel 去掉了："
        "请把单元格格式设为“文本”，再重新填写。"
    )


def test_nul_in_a_cell_never_reaches_the_database(altered):
    path = altered({SHEET: lambda old: old.replace(b"&#33539;1<", b"&#33539;_x0000_1<")})

    assert [p.message for p in read_one(path, MEMBERS).problems] == ["含有无效字符：请重新填写。"]


def test_worst_sheet_that_is_read_stays_inside_the_limits(tmp_path):
    book = Workbook(write_only=True)
    sheet = book.create_sheet("党员名册")
    sheet.append(HEADS)
    for number in range(20_000):
        sheet.append(member_row("东乡镇201村", number))
    out = io.BytesIO()
    book.save(out)
    path = tmp_path / "large.xlsx"
    path.write_bytes(out.getvalue())

    assert len(reading.read(path, MEMBERS).rows) == 20_000


def test_other_sheets_formulas_and_links_are_left_unread(tmp_path, xlsx):
    book = load_workbook(xlsx([HEADS, member_row("东乡镇201村", 1)]))
    book.active["D3"] = '=HYPERLINK("http://127.0.0.1/","x")'
    book.create_sheet("隐藏").sheet_state = "hidden"
    path = tmp_path / "f.xlsx"
    book.save(path)

    assert [row.number for row in read_one(path, MEMBERS).rows] == [2]
