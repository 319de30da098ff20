"""The closing report as a Word document."""

from collections.abc import Mapping, Sequence

from docx.shared import Pt

from elections.models import Campaign

from . import narrative
from .annex import Table
from .indicators.registry import INDICATORS
from .official import (
    BODY,
    BODY_SIZE,
    HEADING,
    KAITI,
    TITLE,
    TITLE_SIZE,
    add_line,
    add_table,
    blank,
    set_font,
    turn,
)


def closing_document(
    campaign: Campaign, figures: dict, texts: Mapping[str, str], tables: Sequence[Table]
):
    """A python-docx document: title, text, and the annex: tables and all figures, as the registry gives them.
    `texts`: what staff typed, by section."""
    document = blank()
    area = campaign.area.name
    # Two lines, broken between words.
    title = add_line(document, campaign.name, TITLE, TITLE_SIZE, centred=True)
    title.runs[0].add_break()
    set_font(title.add_run("工作情况总结"), TITLE, TITLE_SIZE)
    add_line(document, "", BODY, BODY_SIZE)
    fonts = {0: BODY, 1: HEADING, 2: KAITI, 3: BODY}
    for paragraph in narrative.report(campaign.name, area, figures, texts):
        bold = paragraph.level == 3
        line = add_line(document, paragraph.text, fonts[paragraph.level], BODY_SIZE, indent=True)
        line.runs[0].bold = bold
        line.paragraph_format.keep_with_next = paragraph.level > 0
    turn(document, wide=True)
    for number, table in enumerate(tables, start=1):
        if number > 1:
            document.add_page_break()
        add_line(document, f"附件{number}", HEADING, BODY_SIZE)
        add_line(document, table.title, TITLE, BODY_SIZE, centred=True)
        add_table(document, table.heads, table.lines)
    turn(document, wide=False)
    add_line(document, f"附件{len(tables) + 1}", HEADING, BODY_SIZE)
    add_line(document, "主要指标", TITLE, BODY_SIZE, centred=True)
    add_table(
        document,
        ("指标", "数值", "口径"),
        [(i.name, i.text(figures[key]), i.over) for key, i in INDICATORS.items()],
        size=Pt(10.5),
    )
    return document
