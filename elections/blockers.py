"""What stands in the way of a stage: the rule, what is missing, who must act, where."""

from dataclasses import dataclass

from accounts.enums import Role
from accounts.problems import Problem


@dataclass(frozen=True)
class Blocker(Problem):
    """A Problem that says whose turn it is. `link`: url name (kwarg pk = the election) of the page where it is
    mended, empty for the stage's own page. `may_be_excepted`: the county may lift it on request."""

    who: Role = Role.COORDINATOR
    link: str = ""
    may_be_excepted: bool = False

    @classmethod
    def of(cls, problem: Problem, **more) -> "Blocker":
        return cls(problem.code, problem.message, problem.citation, **more)
