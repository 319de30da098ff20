"""Rules about people standing that no ballot is needed for: what an inspection, a declared relation and the campaign's
negative list say. Pure: values in, problems or findings out (see elections/rules.py).

A match with the negative list is shown to those who review; it never decides. The list itself is the campaign's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from accounts.problems import Problem
from elections.rules import MANUAL


@dataclass(frozen=True)
class Assessment:
    """民主测评 of one person: those who took part (人), and their votes (票)."""

    voters: int
    excellent: int
    competent: int
    basic: int
    incompetent: int

    @property
    def votes(self) -> int:
        return self.excellent + self.competent + self.basic + self.incompetent


def assessment_problems(found: Assessment, *, name: str) -> list[Problem]:
    """Each who takes part gives one vote at most, and somebody took part."""
    problems = []
    if min(found.voters, found.excellent, found.competent, found.basic, found.incompetent) < 0:
        problems.append(Problem("assessment_negative", f"{name}：测评票数不能为负数。", MANUAL))
    if found.voters < 1:
        problems.append(Problem("assessment_voters", f"{name}：参加测评人数应大于0。", MANUAL))
    elif found.votes > found.voters:
        problems.append(
            Problem(
                "assessment_votes",
                f"{name}：测评票合计{found.votes}票，多于参加测评的{found.voters}人：请按测评票核对。",
                MANUAL,
            )
        )
    return problems


def team_problems(*, leader: str, members: list[str]) -> list[Problem]:
    """An inspection team has a leader and at least one other member, nobody twice."""
    if not leader.strip() or not members:
        return [
            Problem(
                "inspection_team",
                "考察组应由组长和至少一名成员组成：请填写组长和成员的姓名、单位。",
                MANUAL,
            )
        ]
    if len({leader.strip(), *members}) <= len(members):
        return [Problem("inspection_team", "考察组中同一人填写了两次：请核对组长和成员。", MANUAL)]
    return []


@dataclass(frozen=True)
class Relation:
    """A declared relation: its key, the two people's keys, its name in words."""

    pk: int
    first: int
    second: int
    kind: str


def relative_pairs(relations: Iterable[Relation], people: Iterable[int]) -> list[Relation]:
    """The relations whose two people are both among `people`."""
    there = set(people)
    return [r for r in relations if {r.first, r.second} <= there]


def relative_problems(
    relations: Iterable[Relation], people: Mapping[int, str], *, what: str
) -> list[Problem]:
    """Near relatives do not stand for one team: a problem of its own for each pair among `people` (key → name), so
    that each can be excepted alone."""
    return [
        Problem(
            f"relatives_{r.pk}",
            f"{people[r.first]}、{people[r.second]}是{r.kind}，不能同时列为{what}：请调整其中一人，"
            "或申请例外并说明理由。",
            MANUAL,
        )
        for r in relative_pairs(relations, people)
    ]


def may_be_listed(*, votes: int, source: str) -> bool:
    """Whether somebody put forward besides the recommendations may become a preliminary nominee: with a vote of either
    recommendation; without one only on the organisation's proposal (which the county must then approve)."""
    return votes > 0 or source == "organisation"


# --- the negative list ------------------------------------------------------------------------

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
