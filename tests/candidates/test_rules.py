"""Rules about people standing: boundaries on both sides."""

import pytest

from candidates.rules import Assessment, assessment_problems, team_problems


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
