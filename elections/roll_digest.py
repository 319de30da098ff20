"""The digests of a frozen roll and of a published list of representatives: two people who compute one over the same
rows get the same 64 characters. Pure.

The text it is computed over, UTF-8, every line ended by a newline, fields apart by a tab:

    roll<TAB>1                                                      the format's name and number
    version<TAB>published<TAB>voters<TAB>excluded<TAB>due
    member<TAB>name<TAB>status<TAB>may vote<TAB>exclusion<TAB>agreed<TAB>adopted    one line each, by member id

and for a list of representatives

    representatives<TAB>1
    version<TAB>published<TAB>count
    representative<TAB>name<TAB>group                               one line each, by representative's id

Days are ISO (2026-09-15), a missing one is empty; `may vote` is 1 or 0; numbers are decimal; tab, newline and backslash
inside a text are written \\t, \\n and \\\\. Works on anything with the fields' names: the rows of elections.models are.
"""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Protocol

FORMAT = 1


class Head(Protocol):
    version: int
    published_on: date
    voters: int
    excluded: int
    due: int


class Line(Protocol):
    member_id: int
    name: str
    status: str
    may_vote: bool
    exclusion: str
    superior_agreed_on: date | None
    adopted_on: date | None


def canonical_text(head: Head, lines: Iterable[Line]) -> str:
    """The text of the module's docstring; the order in which the lines come does not matter."""
    rows: list[tuple] = [
        ("roll", FORMAT),
        (head.version, head.published_on, head.voters, head.excluded, head.due),
    ]
    for line in sorted(lines, key=lambda line: line.member_id):
        days = (line.superior_agreed_on, line.adopted_on)
        rows.append(
            (line.member_id, line.name, line.status, int(line.may_vote), line.exclusion, *days)
        )
    return _text(rows)


def digest(head: Head, lines: Iterable[Line]) -> str:
    """SHA-256 over the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical_text(head, lines).encode()).hexdigest()


class ListHead(Protocol):
    version: int
    published_on: date
    count: int


class ListLine(Protocol):
    representative_id: int
    name: str
    group: str


def list_digest(head: ListHead, lines: Iterable[ListLine]) -> str:
    """SHA-256 over the canonical text of a list of representatives, in hexadecimal."""
    rows: list[tuple] = [
        ("representatives", FORMAT),
        (head.version, head.published_on, head.count),
    ]
    rows += sorted((line.representative_id, line.name, line.group) for line in lines)
    return hashlib.sha256(_text(rows).encode()).hexdigest()


def _text(rows: Iterable[tuple]) -> str:
    return "".join("\t".join(map(_field, row)) + "\n" for row in rows)


def _field(value: object) -> str:
    if value is None:
        return ""
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
