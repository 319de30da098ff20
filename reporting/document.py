"""The closing report as a Word document in the official format (GB/T 9704-2012 page, fonts and line pitch)."""

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from elections.models import Campaign

from . import narrative
from .indicators.registry import INDICATORS

BODY, TITLE, HEADING, KAITI = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
BODY_SIZE, TITLE_SIZE = Pt(16), Pt(22)
#: 22 lines on a page of 225 mm.
LINE = Pt(28.95)


def closing_document(campaign: Campaign, figures: dict):
    """A python-docx document: title, text, and the annex of all figures, from figures as the registry gives them."""
    document = Document()
    _page(document)
    _defaults(document)
    area = campaign.area.name
    _line(document, f"{campaign.name}工作情况总结", TITLE, TITLE_SIZE, centred=True)
    _line(document, "", BODY, BODY_SIZE)
    fonts = {0: BODY, 1: HEADING, 2: KAITI, 3: BODY}
    for paragraph in narrative.report(campaign.name, area, figures):
        bold = paragraph.level == 3
        _line(document, paragraph.text, fonts[paragraph.level], BODY_SIZE, indent=True, bold=bold)
    document.add_page_break()
    _line(document, "附件：主要指标", HEADING, BODY_SIZE)
    _annex(document, figures)
    return document


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
    _font(paragraph.add_run("— "), "宋体", Pt(14))
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    number = paragraph.add_run("1")
    _font(number, "宋体", Pt(14))
    field.append(number._r)
    paragraph._p.append(field)
    _font(paragraph.add_run(" —"), "宋体", Pt(14))


def _defaults(document) -> None:
    """Chinese as the document's East Asian language; without it glyphs fall back to Japanese forms."""
    style = document.styles["Normal"]
    _font(style, BODY, BODY_SIZE)
    properties = style.element.get_or_add_rPr()
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "zh-CN")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)


def _font(target, name: str, size) -> None:
    """Set a font for Latin and East Asian text alike; theme fonts would win over it, so they go."""
    target.font.name, target.font.size = name, size
    fonts = target.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), name)


def _line(document, text: str, font: str, size, *, centred=False, indent=False, bold=False) -> None:
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    layout.space_before = layout.space_after = Pt(0)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if indent:
        measure = OxmlElement("w:ind")
        measure.set(qn("w:firstLineChars"), "200")
        paragraph._p.get_or_add_pPr().append(measure)
    run = paragraph.add_run(text)
    run.bold = bold
    _font(run, font, size)


def _annex(document, figures: dict) -> None:
    """Every figure in a table: name, figure, what it counts. The key stands nowhere: it is for machines."""
    table = document.add_table(rows=1, cols=3)
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, ("指标", "数值", "口径"), strict=True):
        _cell(cell, text, HEADING)
    for key, indicator in INDICATORS.items():
        cells = table.add_row().cells
        _cell(cells[0], indicator.name, BODY)
        _cell(cells[1], indicator.text(figures[key]), BODY)
        _cell(cells[2], indicator.over, BODY)


def _cell(cell, text: str, font: str) -> None:
    run = cell.paragraphs[0].add_run(text)
    _font(run, font, Pt(10.5))
