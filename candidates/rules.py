"""Rules about people standing that no ballot is needed for: pure values in, problems out (see elections/rules.py)."""

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
