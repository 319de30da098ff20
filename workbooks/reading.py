"""An uploaded file into typed rows: parsed in a child process, the head row found by its words, all errors at once."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from .cells import BadCell, converter
from .declarations import Column, Kind
from .plans import CellProblem, Row, RowProblem
from .processes import run
from .text import head_key, letter, shown

SECONDS = 30
HEAD_ROWS = 10
MAX_ROWS = 50_000
MOST_PROBLEMS = 20_000


class FileRefused(Exception):
    """The file as a whole is not taken; the sentence says why and what to do."""


@dataclass
class Grid:
    """One sheet as it was parsed. `first`: its first column counted from 0; an empty row is an empty list."""

    name: str
    first: int
    rows: list[list] = field(default_factory=list)


@dataclass
class Sheet:
    """The rows of one kind. `places`: column name → index in the sheet; `ignored`: heads nobody reads."""

    name: str
    head_row: int
    places: dict[str, int]
    kind: Kind
    rows: list[Row] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    raw: dict[int, list] = field(default_factory=dict)
    first: int = 0

    def problem(self, row: int, name: str, message: str) -> CellProblem:
        """A problem of a column with its place and its value as the sheet has it."""
        column = self.kind.column(name)
        at = self.places.get(name)
        if at is None:
            return CellProblem(self.name, row, "", column.head, "", message)
        cells = self.raw.get(row, [])
        inside = at - self.first
        value = shown(cells[inside]) if inside < len(cells) else ""
        return CellProblem(self.name, row, letter(at), column.head, value, message)

    def add(self, problems: Iterable[RowProblem]) -> None:
        """Take over what an app's rules found; problems then stand in the order of the sheet."""
        self.problems += [self.problem(p.row, p.column, p.message) for p in problems]
        self.problems.sort(key=lambda p: (p.row, len(p.letter), p.letter))


def grids(path: Path) -> list[Grid]:
    """Every visible sheet of a file. Raises FileRefused."""
    output = run("child", str(path), seconds=SECONDS)
    if output is None:
        raise FileRefused(
            "文件被拒绝：读取它要用过多的内存或时间。请把数据复制到新下载的模板里，再上传模板。"
        )
    found: list[Grid] = []
    for line in output.splitlines():
        value = json.loads(line)
        if isinstance(value, list):
            found[-1].rows += value
        elif "sheet" in value:
            found.append(Grid(value["sheet"], value["column"]))
        elif "refused" in value:
            raise FileRefused(f"文件被拒绝：{value['refused']}")
        else:
            raise FileRefused("文件已损坏，打不开：请用 Excel 或 WPS 打开后另存，再上传。")
    return found


@dataclass
class _Match:
    """How well a row of a sheet fits the heads of a kind."""

    grid: Grid
    row: int
    places: dict[str, int]
    twice: list[str]
    ignored: list[str]
    missing: list[Column]


def _match(grid: Grid, kind: Kind) -> _Match:
    """The row among the first ten with the most heads of the kind."""
    known = {head_key(h): c.name for c in kind.columns for h in (c.head, *c.synonyms)}
    best = _Match(grid, 0, {}, [], [], list(kind.required))
    for number, cells in enumerate(grid.rows[:HEAD_ROWS], start=1):
        places: dict[str, int] = {}
        twice, ignored = [], []
        for index, cell in enumerate(cells, start=grid.first):
            name = known.get(head_key(cell))
            if name is None:
                if isinstance(cell, str) and cell.strip():
                    ignored.append(cell.strip())
            elif name in places:
                twice.append(
                    f"“{kind.column(name).head}”（{letter(places[name])}列、{letter(index)}列）"
                )
            else:
                places[name] = index
        if len(places) > len(best.places):
            missing = [c for c in kind.required if c.name not in places]
            best = _Match(grid, number, places, twice, ignored, missing)
    return best


def find_sheet(found: list[Grid], kind: Kind, others: Iterable[Kind]) -> _Match:
    """The sheet of the kind: the one of its name, else the one that fits best. Raises FileRefused naming what the
    workbook is instead, or which columns are missing."""
    matches = [_match(grid, kind) for grid in found]
    matches.sort(key=lambda m: (not m.missing, m.grid.name == kind.sheet, len(m.places)))
    best = matches[-1] if matches else None
    fits = len(best.places) if best else 0
    for other in others:
        theirs = [m for m in (_match(g, other) for g in found) if not m.missing]
        # Kinds share heads (村, 姓名): the one with more of them is meant.
        if other.code != kind.code and any(len(m.places) > fits for m in theirs):
            raise FileRefused(f"这是“{other.title}”表，请到“导入 → {other.title}”上传。")
    if best and not best.missing:
        if best.twice:
            raise FileRefused(f"“{best.grid.name}”的列重复：{'；'.join(best.twice)}。请留下一列。")
        return best
    if best and len(best.places) >= 2:
        heads = "、".join(f"“{c.head}”" for c in best.missing)
        raise FileRefused(
            f"“{best.grid.name}”第{best.row}行的表头缺少{heads}：请补上这些列，或使用下载的模板。"
        )
    names = "、".join(f"“{g.name}”" for g in found) or "无"
    raise FileRefused(
        f"没有找到“{kind.title}”的表头（工作表：{names}；只看前{HEAD_ROWS}行）：请使用下载的模板。"
    )


def read(path: Path, kind: Kind, *, others: Iterable[Kind] = ()) -> Sheet:
    """Typed rows of `kind` with every bad cell named. Raises FileRefused when there is nothing to read."""
    match = find_sheet(grids(path), kind, others)
    grid = match.grid
    sheet = Sheet(grid.name, match.row, match.places, kind, ignored=match.ignored, first=grid.first)
    if len(grid.rows) - match.row > MAX_ROWS:
        raise FileRefused(f"“{grid.name}”超过{MAX_ROWS}行：请分成几份再上传。")
    columns = [
        (c.name, match.places[c.name] - grid.first, c.required, converter(c))
        for c in kind.columns
        if c.name in match.places
    ]
    for number, cells in enumerate(grid.rows[match.row :], start=match.row + 1):
        if cells:
            sheet.raw[number] = cells
            _read_row(sheet, number, cells, columns)
    if not sheet.rows and not sheet.problems:
        raise FileRefused(f"“{grid.name}”的表头下面没有数据：请填写后再上传。")
    return sheet


def _read_row(sheet: Sheet, number: int, cells: list, columns: list) -> None:
    values: dict[str, object] = {}
    is_good = True
    width = len(cells)
    for name, index, required, convert in columns:
        raw = cells[index] if index < width else ""
        if raw == "" or (type(raw) is str and not raw.strip()):
            if required:
                sheet.problems.append(sheet.problem(number, name, "必填，不能为空：请补填。"))
                is_good = False
            values[name] = None
            continue
        try:
            values[name] = convert(raw)
        except BadCell as bad:
            sheet.problems.append(sheet.problem(number, name, str(bad)))
            is_good = False
    if len(sheet.problems) > MOST_PROBLEMS:
        raise FileRefused(
            f"错误超过{MOST_PROBLEMS}处，可能用错了模板：请核对表头与各列的内容后再上传。"
        )
    if is_good:
        sheet.rows.append(Row(number, values))
