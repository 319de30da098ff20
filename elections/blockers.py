"""What stands in the way of a stage: the rule, what is missing, who must act, where, and whether it can be lifted."""

from dataclasses import dataclass

from accounts.enums import Role
from accounts.problems import Problem

from .enums import Lift


@dataclass(frozen=True)
class Blocker(Problem):
    """A Problem that says whose turn it is and how it may be lifted, if at all.

    `link`: url name (kwarg pk = the election) of the page where it is mended, empty for the stage's own page;
    `anchor`: the part of that page, empty where nobody who sees the village can mend it. `lift`: firm unless the gate
    says otherwise: firm is what a regulation demands and what later stages stand on.
    """

    who: Role = Role.COORDINATOR
    link: str = ""
    anchor: str = "facts"
    lift: Lift = Lift.FIRM

    @classmethod
    def of(cls, problem: Problem, **more) -> "Blocker":
        return cls(problem.code, problem.message, problem.citation, **more)

    @property
    def may_be_excepted(self) -> bool:
        return self.lift == Lift.EXCEPTION

    @property
    def may_be_overridden(self) -> bool:
        return self.lift == Lift.OVERRIDE
