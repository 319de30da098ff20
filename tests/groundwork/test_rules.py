"""The ledgers' rules as tables, with the values on both sides of every bound."""

from datetime import date

import pytest

from groundwork import rules
from groundwork.enums import Aspect, DisputeStatus, Grade

DAY = date(2026, 9, 20)
BEFORE, AFTER = date(2026, 9, 19), date(2026, 9, 21)


@pytest.mark.parametrize(
    ("total", "grade"),
    [(100, Grade.GREEN), (80, Grade.GREEN), (79, Grade.YELLOW), (61, Grade.YELLOW), (60, Grade.RED), (0, Grade.RED)],
)  # fmt: skip
def test_grade_by_the_standard_sheet(total, grade):
    assert rules.grade_of(total) == grade


def sheet(*most, green=80, yellow=61):
    return rules.Sheet(dict(zip(Aspect.values, most, strict=True)), green, yellow)


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        (sheet(20, 20, 20, 20, 20), []),
        (sheet(100, 0, 0, 0, 0), []),
        (sheet(20, 20, 20, 20, 19), ["most"]),
        (sheet(20, 20, 20, 20, 21), ["most"]),
        (sheet(20, 20, 20, 20, 20, green=61, yellow=61), ["yellow_from"]),
        (sheet(20, 20, 20, 20, 20, green=62, yellow=61), []),
        (sheet(20, 20, 20, 20, 20, green=100, yellow=1), []),
        (sheet(20, 20, 20, 20, 20, green=101), ["yellow_from"]),
        (sheet(20, 20, 20, 20, 20, yellow=0), ["yellow_from"]),
    ],
)
def test_sheet(given, codes):
    assert [p.code for p in rules.sheet_problems(given)] == codes


@pytest.mark.parametrize(("points", "codes"), [(0, []), (20, []), (21, ["team"]), (-1, ["team"])])
def test_points_of_an_aspect(points, codes):
    scores = dict.fromkeys(Aspect.values, 10) | {"team": points}

    assert [p.code for p in rules.score_problems(scores, rules.STANDARD)] == codes


@pytest.mark.parametrize(
    ("day", "codes"), [(BEFORE, []), (DAY, []), (AFTER, ["held_on"]), (None, [])]
)
def test_what_has_happened_does_not_lie_ahead(day, codes):
    found = rules.future_problems(
        {"held_on": day}, names=("held_on",), labels={"held_on": "日期"}, today=DAY
    )

    assert [p.code for p in found] == codes


@pytest.mark.parametrize(
    ("earlier", "later", "codes"),
    [
        (DAY, AFTER, []),
        (DAY, DAY, []),
        (DAY, BEFORE, ["ended_on"]),
        (None, BEFORE, []),
        (DAY, None, []),
    ],
)
def test_days_in_order(earlier, later, codes):
    found = rules.order_problems(
        {"started_on": earlier, "ended_on": later},
        pairs=(("started_on", "ended_on"),),
        labels={"started_on": "开始日期", "ended_on": "结束日期"},
    )

    assert [p.code for p in found] == codes


OPEN, SETTLED = DisputeStatus.OPEN, DisputeStatus.SETTLED


@pytest.mark.parametrize(
    ("status", "closed_on", "measures", "codes"),
    [
        (OPEN, None, "", []),
        (OPEN, None, "正在走访", []),
        (OPEN, DAY, "走访", ["status"]),
        (SETTLED, DAY, "走访", []),
        (SETTLED, None, "走访", ["closed_on"]),
        (SETTLED, None, "", ["closed_on", "measures"]),
        (DisputeStatus.STABLE, DAY, "", ["measures"]),
    ],
)
def test_dispute(status, closed_on, measures, codes):
    values = {"status": status, "closed_on": closed_on, "measures": measures}

    assert [p.code for p in rules.dispute_problems(values, today=DAY)] == codes


@pytest.mark.parametrize(
    ("done_on", "outcome", "codes"), [(None, "", []), (DAY, "办结", []), (DAY, "", ["outcome"])]
)
def test_decision(done_on, outcome, codes):
    values = {"done_on": done_on, "outcome": outcome}

    assert [p.code for p in rules.decision_problems(values, today=DAY)] == codes


@pytest.mark.parametrize(("present", "codes"), [(1, []), (0, ["present"])])
def test_meeting(present, codes):
    assert [p.code for p in rules.meeting_problems({"present": present}, today=DAY)] == codes
