"""What a workbook would change: computed by an app from rows, shown before anything is written."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Row:
    """One line of the sheet: its number there and its typed values by column name."""

    number: int
    values: dict[str, object]


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What an app's rule has against a row. `column`: the name of the column to mend."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A problem as people find it in their sheet. `message` ends with the remedy; `value` never shows an identity."""

    sheet: str
    row: int
    letter: str
    head: str
    value: str
    message: str

    def __str__(self) -> str:
        where = f"“{self.sheet}”第{self.row}行"
        if self.letter:
            where += f"{self.letter}列“{self.head}”"
        return f"{where}{f'（{self.value}）' if self.value else ''}：{self.message}"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a record, in words."""

    head: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One record that is new (no changes, `detail` says what it is) or changes."""

    row: int
    label: str
    detail: str = ""
    changes: tuple[Change, ...] = ()


@dataclass
class Plan:
    """`missing`: labels of records in the system that the sheet leaves out; they are listed, never deleted.
    `work`: what the app's service needs to write it; nobody else reads it."""

    new: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    unchanged: int = 0
    missing: list[str] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    work: object = None

    def digest(self) -> str:
        """The same for two plans that would write the same."""
        facts = [
            [[e.row, e.label, e.detail] for e in self.new],
            [
                [e.row, e.label, [[c.head, c.before, c.after] for c in e.changes]]
                for e in self.changed
            ],
        ]
        return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


def differing_rows(before: Iterable[Entry], after: Iterable[Entry]) -> list[int]:
    """Numbers of the rows that two plans of one sheet treat differently."""
    old, new = {e.row: e for e in before}, {e.row: e for e in after}
    return sorted(row for row in old.keys() | new.keys() if old.get(row) != new.get(row))
