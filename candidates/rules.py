"""Rules about people standing that no ballot is needed for: pure values in, problems out (see elections/rules.py)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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
