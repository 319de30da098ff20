"""Writing a value into a cell so that it is what it is: numbers numbers, dates dates, text text and never a formula."""

from datetime import date, datetime

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.styles import Alignment

from .text import DANGEROUS, printable

MOST = 32_767
#: Of text with lines of its own.
WRAPPED = Alignment(wrap_text=True, vertical="top")


def as_text(value: str) -> str:
    """A text that a cell can hold."""
    return printable(value)[:MOST]


def put(cell, value: object) -> None:
    """Set a cell of an ordinary sheet. Text that a spreadsheet would run or ask about stays text when edited, too."""
    if not isinstance(value, str):
        cell.value = value
        if type(value) is date:
            cell.number_format = "yyyy-mm-dd"
        return
    text = as_text(value)
    cell.value = text
    if cell.data_type != "s" or text.startswith(DANGEROUS):
        make_inert(cell)


def make_inert(cell) -> None:
    """Let a cell that holds text be text, whatever it starts with."""
    cell.data_type = "s"
    cell.quotePrefix = True


def quick(sheet):
    """A function value → what a write-only sheet's append takes; only dangerous text costs a cell of its own."""

    def safe(value: object) -> object:
        if type(value) is not str:
            return value.replace(tzinfo=None) if isinstance(value, datetime) else value
        if not value or (value[0] not in _RISKY and value.isprintable()):
            return value
        text = as_text(value)
        cell = WriteOnlyCell(sheet, text)
        if "\n" in text:
            cell.alignment = WRAPPED
        if cell.data_type != "s" or text.startswith(DANGEROUS):
            make_inert(cell)
        return cell

    return safe


#: openpyxl also reads "#N/A" and its like as errors.
_RISKY = frozenset("".join(DANGEROUS) + "".join({code[0] for code in ERROR_CODES}))
