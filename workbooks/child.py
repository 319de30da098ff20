"""Parses one workbook in a process of its own with limited memory and time: `python -m workbooks.child FILE`.

Writes JSON lines: {"refused": sentence}, or for each visible sheet {"sheet": name, "column": its first column from 0}
followed by lists of rows from the first one on, an empty row as an empty list. A day or a moment is a list with one
ISO text.
"""

import json
import resource
import sys
from pathlib import Path

import python_calamine

from . import scan

MEMORY = 300 * 1024 * 1024
CPU_SECONDS = 4
MAX_CELLS = 1_500_000
ROWS_PER_LINE = 500


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def as_json(value) -> list[str]:
    """What JSON does not know: dates, times and spans."""
    return [value.isoformat() if hasattr(value, "isoformat") else str(value)]


def write_sheets(path: Path, out) -> None:
    encode = json.JSONEncoder(ensure_ascii=False, default=as_json).encode
    workbook = python_calamine.CalamineWorkbook.from_path(str(path))
    cells = 0
    for meta in workbook.sheets_metadata:
        is_sheet = meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        if not is_sheet or meta.visible != python_calamine.SheetVisibleEnum.Visible:
            continue
        sheet = workbook.get_sheet_by_name(meta.name)
        cells += sheet.total_height * sheet.width
        if cells > MAX_CELLS:
            out.write(encode({"refused": "数据太多（超过150万格）：请分成几份再上传。"}) + "\n")
            return
        first = sheet.start[1] if sheet.start else 0
        out.write(encode({"sheet": meta.name, "column": first}) + "\n")
        rows = [row if any(v != "" for v in row) else [] for row in sheet.iter_rows()]
        for start in range(0, len(rows), ROWS_PER_LINE):
            out.write(encode(rows[start : start + ROWS_PER_LINE]) + "\n")


def main(path: Path) -> None:
    limit()
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sentence = scan.refuse(path)
    if sentence:
        print(json.dumps({"refused": sentence}))  # noqa: T201 - the parent reads it
        return
    try:
        write_sheets(path, sys.stdout)
    except (python_calamine.CalamineError, MemoryError, ValueError, OSError):
        print(json.dumps({"broken": True}))  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    main(Path(sys.argv[1]))
