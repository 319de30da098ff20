"""A copy of the uploaded workbook with every error in it: a red cell with a note, and a sheet that lists them all.

Painted in a child process, `python -m workbooks.painting SOURCE TARGET`, the problems as JSON on its input.
"""

import json
import resource
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from .plans import CellProblem
from .processes import run
from .template import BORDER, HEAD_FILL, HEAD_FONT
from .values import make_inert, put

SUMMARY = "错误汇总"
MEMORY = 1000 * 1024 * 1024
#: Less than the lease of a job, so that nobody takes its worker for dead.
SECONDS = 50
#: A note is a drawing; beyond this many a workbook opens slowly, and the cells are only coloured.
MOST_NOTES = 2000
RED = PatternFill("solid", fgColor="FFFFC7CE")
_HEADS = ("工作表", "行", "列", "表头", "填写的内容", "问题与改法")
_WIDTHS = (16, 8, 6, 16, 24, 80)


def paint(source: Path, target: Path, problems: Sequence[CellProblem]) -> bool:
    """Write the painted copy of `source` to `target`; False when the file is too much for it."""
    lines = json.dumps([asdict(problem) for problem in problems], ensure_ascii=False)
    done = run("painting", str(source), str(target), seconds=SECONDS, stdin=lines)
    return done is not None and target.exists()


def painted(source: Path, problems: Sequence[CellProblem]):
    """The workbook with its errors painted. Values only: formulas, links and names of the original are left behind."""
    book = load_workbook(source, data_only=True, keep_links=False)
    for name in [n for n in book.defined_names if not n.startswith("choices_")]:
        del book.defined_names[name]
    if SUMMARY in book.sheetnames:
        del book[SUMMARY]
    for sheet in book.worksheets:
        _make_inert(sheet)
    for number, problem in enumerate(problems):
        if problem.letter and problem.sheet in book.sheetnames:
            cell = book[problem.sheet][f"{problem.letter}{problem.row}"]
            cell.fill = RED
            if number < MOST_NOTES:
                cell.comment = Comment(problem.message, "换届工作台", width=280, height=110)
    _summary(book, problems)
    return book


def _make_inert(sheet) -> None:
    sheet.conditional_formatting = type(sheet.conditional_formatting)()
    for row in sheet.iter_rows():
        for cell in row:
            if getattr(cell, "hyperlink", None):
                cell.hyperlink = None
            if cell.comment is not None:
                cell.comment = None
            if isinstance(cell.value, str):
                put(cell, cell.value)
            elif cell.data_type == "f":
                make_inert(cell)


def _summary(book, problems: Sequence[CellProblem]) -> None:
    sheet = book.create_sheet(SUMMARY, 0)
    book.active = 0
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    sheet.append([f"共{len(problems)}处错误，均未写入系统：请在原表中改正（标红的格子），再上传。"])
    sheet["A1"].font = Font(bold=True, size=13)
    if len(problems) > MOST_NOTES:
        sheet.append([f"格子上的批注只写前{MOST_NOTES}处，全部错误列在下面。"])
    sheet.append([])
    sheet.append(_HEADS)
    top = sheet.max_row
    for cell in sheet[top]:
        cell.font, cell.fill, cell.border = HEAD_FONT, HEAD_FILL, BORDER
    for row, problem in enumerate(problems, start=top + 1):
        facts = (
            problem.sheet,
            problem.row,
            problem.letter,
            problem.head,
            problem.value,
            problem.message,
        )
        for index, fact in enumerate(facts, start=1):
            put(sheet.cell(row, index), fact)
    for at, width in zip("ABCDEF", _WIDTHS, strict=True):
        sheet.column_dimensions[at].width = width
    sheet.freeze_panes = f"A{top + 1}"


def main(source: Path, target: Path) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    problems = [CellProblem(**facts) for facts in json.load(sys.stdin)]
    painted(source, problems).save(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
