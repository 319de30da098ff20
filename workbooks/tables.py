"""A list as a workbook: a block that says what it is and of when, one head row, every row, nothing cut."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet.properties import PageSetupProperties

from .template import BORDER, HEAD_FILL, HEAD_FONT
from .text import letter
from .values import quick

#: A sheet has no more rows than this.
MOST_ROWS = 1_048_576


@dataclass(frozen=True)
class Heading:
    """A column of a list: its head and its width in characters."""

    head: str
    width: int = 12


@dataclass(frozen=True)
class Sheet:
    """One list: its title, lines (label, value) of the block above the heads, the heads, the rows."""

    title: str
    facts: Sequence[tuple[str, object]]
    headings: Sequence[Heading]
    rows: Iterable[Sequence[object]]
    name: str = ""


def write_table(
    out,
    *,
    title: str,
    facts: Sequence[tuple[str, str]],
    headings: Sequence[Heading],
    rows: Iterable[Sequence[object]],
    sheet_name: str = "",
) -> int:
    """Write the workbook of one list to a binary file; returns the number of rows. Raises ValueError when the rows do
    not fit a sheet: better none than some."""
    return write_tables(out, [Sheet(title, facts, headings, rows, sheet_name)])


def write_tables(out, sheets: Iterable[Sheet]) -> int:
    """Write a workbook with a sheet for each list; returns the number of rows of all. Raises ValueError."""
    book = Workbook(write_only=True)
    count = sum(_write(book, sheet) for sheet in sheets)
    book.save(out)
    return count


def _write(book: Workbook, table: Sheet) -> int:
    sheet = book.create_sheet((table.name or table.title)[:31])
    safe = quick(sheet)
    for index, heading in enumerate(table.headings):
        sheet.column_dimensions[letter(index)].width = heading.width
    top = len(table.facts) + 3
    sheet.freeze_panes = f"A{top + 1}"
    # On paper: lying, all columns side by side, the heads on every page.
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{top}:{top}"
    name = WriteOnlyCell(sheet, table.title)
    name.font = Font(bold=True, size=14)
    sheet.append([name])
    for label, value in table.facts:
        sheet.append([safe(label), safe(value)])
    sheet.append([])
    heads = []
    for heading in table.headings:
        cell = WriteOnlyCell(sheet, heading.head)
        cell.font, cell.fill, cell.border = HEAD_FONT, HEAD_FILL, BORDER
        heads.append(cell)
    sheet.append(heads)
    count = 0
    for row in table.rows:
        count += 1
        if count > MOST_ROWS - top:
            raise ValueError("more rows than a sheet holds")
        sheet.append([safe(value) for value in row])
    sheet.auto_filter.ref = f"A{top}:{letter(len(table.headings) - 1)}{top + count}"
    return count
