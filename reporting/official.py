"""Pieces of a Word document in the official format: GB/T 9704-2012 page, fonts and line pitch."""

from collections.abc import Sequence

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from workbooks.text import printable

BODY, TITLE, HEADING, KAITI = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
BODY_SIZE, TITLE_SIZE, TABLE_SIZE = Pt(16), Pt(22), Pt(9)
#: 22 lines on a page of 225 mm.
LINE = Pt(28.95)


def blank():
    """An empty python-docx document on the official page."""
    document = Document()
    _page(document)
    _defaults(document)
    return document


def turn(document, *, wide: bool) -> None:
    """A new page, lying or upright; the footer goes on."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    long, short = Mm(297), Mm(210)
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if wide else (short, long)
    section.top_margin, section.bottom_margin = (Mm(20), Mm(20)) if wide else (Mm(37), Mm(35))


def _page(document) -> None:
    """A4; top 37, bottom 35, left 28, right 26 mm; a grid of lines."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), "579")
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    section._sectPr.append(grid)
    _page_number(section)


def _page_number(section) -> None:
    """— 1 — at the foot, 14 pt."""
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    set_font(paragraph.add_run("— "), "宋体", Pt(14))
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    number = paragraph.add_run("1")
    set_font(number, "宋体", Pt(14))
    field.append(number._r)
    paragraph._p.append(field)
    set_font(paragraph.add_run(" —"), "宋体", Pt(14))


def _defaults(document) -> None:
    """Chinese as the document's East Asian language; without it glyphs fall back to Japanese forms. Not as that of Latin
    text: by Chinese rules some programs break a line inside a number."""
    style = document.styles["Normal"]
    set_font(style, BODY, BODY_SIZE)
    properties = style.element.get_or_add_rPr()
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-US")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)


def set_font(target, name: str, size) -> None:
    """Set a font for Latin and East Asian text alike; theme fonts would win over it, so they go."""
    target.font.name, target.font.size = name, size
    fonts = target.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), name)


def add_line(document, text: str, font: str, size, *, centred=False, indent=False):
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    layout.space_before = layout.space_after = Pt(0)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if indent:
        measure = OxmlElement("w:ind")
        measure.set(qn("w:firstLineChars"), "200")
        # Two characters of the body in twentieths of a point, for programs that know no characters.
        measure.set(qn("w:firstLine"), str(round(BODY_SIZE.pt * 2 * 20)))
        paragraph._p.get_or_add_pPr().append(measure)
    set_font(paragraph.add_run(printable(text)), font, size)
    return paragraph


def add_table(
    document,
    heads: Sequence[str],
    lines: Sequence[Sequence],
    *,
    size=TABLE_SIZE,
    widths: Sequence = (),
) -> None:
    """A ruled table whose heads come again on every page; the last line of a table of townships is their total.
    `widths`: of the columns, where they should not be alike."""
    table = document.add_table(rows=1, cols=len(heads))
    table.style = "Table Grid"
    mark = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(mark)
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        _cell(cell, text, HEADING, size)
    for line in lines:
        for cell, value in zip(table.add_row().cells, line, strict=True):
            _cell(cell, str(value), BODY, size)
    if widths:
        table.autofit = False
        _close_margins(table)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
            for cell in column.cells:
                cell.width = width


def _close_margins(table) -> None:
    """One millimetre left and right of the text of every cell, so that figures with what is new fit a line."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(Mm(1).pt * 20)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


def _cell(cell, text: str, font: str, size) -> None:
    """Lines of a table stand close: not on the grid of the page."""
    paragraph = cell.paragraphs[0]
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(size.pt * 1.4)
    layout.space_before = layout.space_after = Pt(2)
    off = OxmlElement("w:snapToGrid")
    off.set(qn("w:val"), "0")
    paragraph._p.get_or_add_pPr().append(off)
    set_font(paragraph.add_run(printable(text)), font, size)
