"""Rules about people standing: boundaries on both sides."""

import pytest

from candidates.rules import (
    Assessment,
    Relation,
    assessment_problems,
    may_be_listed,
    relative_problems,
    team_problems,
)


@pytest.mark.parametrize(
    ("voters", "votes", "codes"),
    [
        (23, (20, 3, 0, 0), []),
        (24, (20, 3, 0, 0), []),
        (22, (20, 3, 0, 0), ["assessment_votes"]),
        (1, (0, 0, 0, 1), []),
        (0, (0, 0, 0, 0), ["assessment_voters"]),
        (5, (-1, 0, 0, 0), ["assessment_negative"]),
    ],
)
def test_assessment_problems(voters, votes, codes):
    found = assessment_problems(Assessment(voters, *votes), name="示例甲")

    assert [p.code for p in found] == codes


@pytest.mark.parametrize(
    ("leader", "members", "codes"),
    [
        ("甲", ["乙"], []),
        ("甲", ["乙", "丙"], []),
        ("甲", [], ["inspection_team"]),
        (" ", ["乙"], ["inspection_team"]),
        ("甲", ["甲"], ["inspection_team"]),
        ("甲", ["乙", "乙"], ["inspection_team"]),
    ],
)
def test_team_problems(leader, members, codes):
    assert [p.code for p in team_problems(leader=leader, members=members)] == codes


PEOPLE = {1: "甲", 2: "乙", 3: "丙"}


@pytest.mark.parametrize(
    ("pairs", "codes"),
    [
        ([(1, 2)], ["relatives_0"]),
        ([(2, 1), (1, 3)], ["relatives_0", "relatives_1"]),
        ([(1, 4)], []),
        ([(4, 5)], []),
        ([], []),
    ],
)
def test_relatives_are_named_pair_by_pair(pairs, codes):
    relations = [Relation(n, a, b, "夫妻") for n, (a, b) in enumerate(pairs)]

    found = relative_problems(relations, PEOPLE, what="预备人选")

    assert [p.code for p in found] == codes
    assert all("夫妻" in p.message and "预备人选" in p.message for p in found)


@pytest.mark.parametrize(
    ("votes", "source", "expected"),
    [
        (1, "self", True),
        (0, "self", False),
        (0, "reserve", False),
        (0, "organisation", True),
        (3, "organisation", True),
    ],
)
def test_may_be_listed(votes, source, expected):
    assert may_be_listed(votes=votes, source=source) is expected
