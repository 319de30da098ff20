"""What a campaign's negative list says about a person's recorded facts, as pure functions of dates and codes.

A match is shown to those who review; it never decides. The list itself is the campaign's (RULES: 编号、性质、适用职务、
追溯年限、起算点): nothing here knows its contents.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from accounts.problems import Problem
from elections.rules import MANUAL

#: Working days that a department has for its answer, where staff type no other number.
ANSWER_DAYS = 5


class Verdict(StrEnum):
    """What the list says of one fact: it falls under the rule, a person must look, or the look-back is over."""

    HIT = "hit"
    CHECK = "check"
    PASSED = "passed"


@dataclass(frozen=True)
class Criterion:
    """One rule of the list. `kinds`: kinds of facts it is about, empty when no recorded fact can tell; `posts`: posts it
    is about, empty for all; `years`: look-back, None without limit; `starts_from`: which date of the fact counts."""

    kinds: frozenset[str]
    posts: frozenset[str]
    years: int | None
    starts_from: str


@dataclass(frozen=True)
class Finding:
    """`sentence` says why: from which day, until when."""

    verdict: Verdict
    sentence: str


def look_back_ends(starts_on: date, years: int) -> date:
    """The first day on which a look-back of `years` is over: its anniversary. From 29 February it is 1 March, so that
    28 February, the last day of the period, still counts."""
    try:
        return starts_on.replace(year=starts_on.year + years)
    except ValueError:
        return date(starts_on.year + years, 3, 1)


def find(
    criterion: Criterion,
    *,
    kind: str,
    dates: dict[str, date | None],
    post: str,
    on: date,
    start_label: str,
) -> Finding | None:
    """What `criterion` says on the day `on` of a fact of `kind` with `dates` (starting point → day) about somebody who
    stands for `post` (empty: not settled yet). None when the rule is not about such a fact or post.

    A rule with a look-back hits until the day before the anniversary of its starting point; without the date, or with a
    post that is not settled yet, a person must look: nothing passes in silence.
    """
    if kind not in criterion.kinds:
        return None
    if criterion.posts and post and post not in criterion.posts:
        return None
    found = _by_date(criterion, dates.get(criterion.starts_from), on, start_label)
    if found.verdict == Verdict.HIT and criterion.posts and not post:
        return Finding(Verdict.CHECK, f"{found.sentence}；本条只适用于部分职务，拟任职务未定")
    return found


def _by_date(criterion: Criterion, starts_on: date | None, on: date, label: str) -> Finding:
    if criterion.years is None:
        return Finding(Verdict.HIT, "不限年限")
    if starts_on is None:
        return Finding(Verdict.CHECK, f"没有{label}，不能计算{criterion.years}年的追溯期")
    if criterion.years == 0:
        verdict = Verdict.HIT if on < starts_on else Verdict.PASSED
        return Finding(
            verdict, f"{label}{starts_on:%Y-%m-%d}，{'未到' if on < starts_on else '已过'}"
        )
    over = look_back_ends(starts_on, criterion.years)
    last = over - timedelta(days=1)
    if on < over:
        return Finding(
            Verdict.HIT, f"{label}{starts_on:%Y-%m-%d}，追溯{criterion.years}年至{last:%Y-%m-%d}"
        )
    return Finding(
        Verdict.PASSED,
        f"{label}{starts_on:%Y-%m-%d}，{criterion.years}年追溯期已于{last:%Y-%m-%d}届满",
    )


def split_departments(text: str) -> list[str]:
    """Names of the departments in a rule's 核查部门: 公安局、法院."""
    for mark in "，,；;/":
        text = text.replace(mark, "、")
    return [name.strip() for name in text.split("、") if name.strip()]


@dataclass(frozen=True)
class Line:
    """One pasted line of a negative list. `years`: None without limit."""

    code: str
    category: str
    text: str
    years: int | None
    department: str


def parse_lines(text: str, *, categories: dict[str, str]) -> tuple[list[Line], list[Problem]]:
    """A pasted list: 编号, 类别, 内容, 追溯年限 (number, empty or 不限), 核查部门, by tabs or |; the last two may be missing.
    `categories`: label → code. Returns the lines and every problem with its line number."""
    lines, problems = [], []
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip():
            continue
        cells = [c.strip() for c in raw.replace("|", "\t").split("\t")]
        if len(cells) < 3 or not all(cells[:3]):
            problems.append(_line(number, "应有编号、类别、内容三栏（用制表符或“|”分开）：请补齐"))
            continue
        code, category, words, years, department = [*cells, "", ""][:5]
        if category not in categories:
            problems.append(_line(number, f"类别“{category}”不认识：请用{'、'.join(categories)}"))
            continue
        if years not in ("", "不限") and not (years.isascii() and years.isdigit()):
            problems.append(_line(number, f"追溯年限“{years}”应为整数、不限或不填：请改正"))
            continue
        limit = int(years) if years.isdigit() else None
        lines.append(Line(code, categories[category], words, limit, department))
    return lines, problems + _repeated(lines)


def _repeated(lines: Iterable[Line]) -> list[Problem]:
    seen: set[str] = set()
    found = []
    for line in lines:
        if line.code in seen:
            found.append(Problem("code", f"编号“{line.code}”出现两次：请改正。", MANUAL))
        seen.add(line.code)
    return found


def _line(number: int, words: str) -> Problem:
    return Problem("line", f"第{number}行：{words}。", MANUAL)
