"""A list as a workbook: a block that says what it is and of when, one head row, every row, nothing cut."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

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


def write_table(
    out,
    *,
    title: str,
    facts: Sequence[tuple[str, str]],
    headings: Sequence[Heading],
    rows: Iterable[Sequence[object]],
    sheet_name: str = "",
) -> int:
    """Write the workbook to a binary file; returns the number of rows. `facts`: lines (label, value) of the block above
    the heads. Raises ValueError when the rows do not fit a sheet: better none than some."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet((sheet_name or title)[:31])
    safe = quick(sheet)
    for index, heading in enumerate(headings):
        sheet.column_dimensions[letter(index)].width = heading.width
    top = len(facts) + 3
    sheet.freeze_panes = f"A{top + 1}"
    name = WriteOnlyCell(sheet, title)
    name.font = Font(bold=True, size=14)
    sheet.append([name])
    for label, value in facts:
        sheet.append([safe(label), safe(value)])
    sheet.append([])
    heads = []
    for heading in headings:
        cell = WriteOnlyCell(sheet, heading.head)
        cell.font, cell.fill, cell.border = HEAD_FONT, HEAD_FILL, BORDER
        heads.append(cell)
    sheet.append(heads)
    count = 0
    for row in rows:
        count += 1
        if count > MOST_ROWS - top:
            raise ValueError("more rows than a sheet holds")
        sheet.append([safe(value) for value in row])
    sheet.auto_filter.ref = f"A{top}:{letter(len(headings) - 1)}{top + count}"
    book.save(out)
    return count
