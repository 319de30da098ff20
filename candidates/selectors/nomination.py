"""What the list of prepared nominees must have."""

from accounts.problems import Problem
from elections import rules
from elections.models import VillageElection

from ..enums import ElectedPostKind
from .people import candidates_needed


def surplus_problems(election: VillageElection, count: int) -> list[Problem]:
    """Whether so many people on the ballot are enough for its seats."""
    if election.has_committee:
        return rules.surplus_problems(
            seats=election.committee_seats,
            candidates=count,
            surplus_percent=election.rule_set.surplus_percent,
        )
    needed = candidates_needed(election)
    if count >= needed:
        return []
    return [
        Problem(
            "candidates",
            f"应选{needed}名，预备人选{count}名：还缺{needed - count}名。",
            rules.ELECTION_REGULATION,
        )
    ]


def post_problems(election: VillageElection, posts: list[str]) -> list[Problem]:
    """One secretary, deputies as many as seats."""
    problems = []
    if posts.count(ElectedPostKind.SECRETARY) != 1:
        problems.append(
            Problem(
                "secretary", "拟任书记应恰好1名：请在预备人选中指定。", rules.ELECTION_REGULATION
            )
        )
    if posts.count(ElectedPostKind.DEPUTY) != election.deputy_seats:
        problems.append(
            Problem(
                "deputy",
                f"拟任副书记应为{election.deputy_seats}名（批复职数），现为{posts.count(ElectedPostKind.DEPUTY)}名。",
                rules.ELECTION_REGULATION,
            )
        )
    return problems
