"""A bulletin as a Word document in the official format and as a workbook, both from its sheet alone."""

import io

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from workbooks.tables import Heading, Sheet, write_tables

from . import bulletin_words
from .bulletin_sheet import HEADS, BulletinSheet, Line
from .official import (
    BODY,
    BODY_SIZE,
    HEADING,
    TITLE,
    TITLE_SIZE,
    add_line,
    add_table,
    blank,
    turn,
)

#: Width of the text between the margins of the upright page.
TEXT_WIDTH = Mm(156)
#: Of the columns of the table on the lying page, 243 mm in all.
WIDTHS = tuple(Mm(width) for width in (10, 26, 14, 13, *(20,) * len(HEADS)))
NUMERALS = "一二三四"
NOTE = "括号内为当日新增。先比完成率，相同的依次比前面各环节的进度；全部相同的名次并列。"


def document_of(sheet: BulletinSheet) -> io.BytesIO:
    """The .docx: masthead, text, and the ranked table on a lying page."""
    document = blank()
    add_line(document, sheet.title, TITLE, TITLE_SIZE, centred=True)
    add_line(document, sheet.issue or sheet.name, BODY, BODY_SIZE, centred=True)
    _masthead(document, sheet)
    if sheet.issue:
        add_line(document, sheet.name, TITLE, BODY_SIZE, centred=True)
    for numeral, part in zip(NUMERALS, bulletin_words.parts(sheet), strict=False):
        heading = add_line(document, f"{numeral}、{part.title}", HEADING, BODY_SIZE, indent=True)
        heading.paragraph_format.keep_with_next = True
        for paragraph in part.paragraphs:
            # What a township wrote may have lines of its own.
            for text in paragraph.splitlines():
                add_line(document, text, BODY, BODY_SIZE, indent=True)
    if sheet.data_as_of:
        add_line(document, f"数据截至{sheet.data_as_of}。", BODY, BODY_SIZE, indent=True)
    turn(document, wide=True)
    add_line(document, f"各{sheet.unit}进度", TITLE, BODY_SIZE, centred=True)
    heads = ["名次", sheet.unit, "日报", "应换届", *(label for _, label in HEADS)]
    lines = [_words(line) for line in (*sheet.lines, sheet.total)]
    add_table(document, heads, lines, widths=WIDTHS)
    add_line(document, NOTE, BODY, BODY_SIZE)
    out = io.BytesIO()
    document.save(out)
    out.seek(0)
    return out


def _masthead(document, sheet: BulletinSheet) -> None:
    """Who publishes it on the left, the day on the right, a red rule below."""
    day = f"{sheet.day.year}年{sheet.day.month}月{sheet.day.day}日"
    line = add_line(document, f"{sheet.issuer}\t{day}", BODY, BODY_SIZE)
    line.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "4"), ("color", "C00000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    line._p.get_or_add_pPr().insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind")


def _words(line: Line) -> list[str]:
    """A line of the document's table: total, and what is new in brackets."""
    cells = [f"{c.total}（+{c.today}）" if c.today else str(c.total) for c in line.cells]
    rank = "" if line.rank is None else str(line.rank)
    return [rank, f"{line.name}{line.mark}", line.reports, str(line.elections), *cells]


def workbook_of(sheet: BulletinSheet) -> io.BytesIO:
    """The .xlsx: the ranked figures as numbers, and what the townships wrote."""
    facts: list[tuple[str, object]] = [("名称", sheet.name)]
    if sheet.issue:
        facts.append(("期号", sheet.issue))
    facts += [
        ("日期", sheet.day),
        ("数据截至", sheet.data_as_of),
        ("日报", bulletin_words.reports(sheet)),
        ("未上报", "、".join(sheet.unreported) or "无"),
    ]
    if sheet.is_of_campaigns:
        facts.append(("还没有简报", "、".join(sheet.absent) or "无"))
    headings = [
        Heading("名次", 8),
        Heading(sheet.unit, 16),
        Heading("日报", 10),
        Heading("应换届", 10),
    ]
    for _, label in HEADS:
        headings += [Heading(f"{label}（累计）", 14), Heading(f"{label}（当日）", 14)]
    headings.append(Heading("完成率", 18))
    rows = [_numbers(line) for line in (*sheet.lines, sheet.total)]
    sheets = [Sheet(sheet.title, facts, headings, rows, "进度")]
    if sheet.told:
        told = [(t.name, t.problems, t.practices) for t in sheet.told]
        widths = [Heading(sheet.unit, 16), Heading("存在问题", 60), Heading("做法", 60)]
        sheets.append(Sheet("问题和做法", [("日期", sheet.day)], widths, told))
    out = io.BytesIO()
    write_tables(out, sheets)
    out.seek(0)
    return out


def _numbers(line: Line) -> list[object]:
    """A line of the workbook: every figure a cell of its own."""
    figures = [number for cell in line.cells for number in (cell.total, cell.today)]
    return [line.rank, line.name, line.reports, line.elections, *figures, line.completed_share]
