"""Rules of the ledgers: what may not stand together in one row. Pure; a Problem's code is the name of the column to mend."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from accounts.problems import Problem
from elections.rules import MANUAL

from .enums import Aspect, DisputeStatus, Grade

Values = Mapping[str, object]
#: What the five aspects add up to at most.
FULL_SCORE = 100
#: 七个清楚.
SURVEY_ITEMS = 7


@dataclass(frozen=True)
class Sheet:
    """How a village is graded: the most points of each aspect, and the totals from which it is green or yellow."""

    most: Mapping[str, int]
    green_from: int = 80
    yellow_from: int = 61


#: Unless the county sets its own: five times twenty, ≥80 green, 61 to 79 yellow, ≤60 red.
STANDARD = Sheet({aspect.value: FULL_SCORE // len(Aspect) for aspect in Aspect})


def sheet_problems(sheet: Sheet) -> list[Problem]:
    """The points add up to a hundred, and there is room for every grade."""
    problems = []
    total = sum(sheet.most.values())
    if total != FULL_SCORE:
        message = f"五个方面的满分合计{total}分，应为{FULL_SCORE}分：请调整。"
        problems.append(Problem("most", message, MANUAL))
    if not 1 <= sheet.yellow_from < sheet.green_from <= FULL_SCORE:
        message = f"应为1至{FULL_SCORE}分，且黄色起点低于绿色起点：请调整。"
        problems.append(Problem("yellow_from", message, MANUAL))
    return problems


def score_problems(scores: Mapping[str, int], sheet: Sheet) -> list[Problem]:
    """No aspect has more points than the sheet gives it, or fewer than none."""
    return [
        Problem(
            aspect.value,
            f"{aspect.label}满分{sheet.most[aspect]}分：请填0至{sheet.most[aspect]}。",
            MANUAL,
        )
        for aspect in Aspect
        if not 0 <= scores[aspect] <= sheet.most[aspect]
    ]


def grade_of(total: int, sheet: Sheet = STANDARD) -> Grade:
    """The colour of a total: green from `green_from`, yellow from `yellow_from`, red below."""
    if total >= sheet.green_from:
        return Grade.GREEN
    return Grade.YELLOW if total >= sheet.yellow_from else Grade.RED


def future_problems(
    values: Values, *, names: Iterable[str], labels: Mapping[str, str], today: date
) -> list[Problem]:
    """One problem for each of these days that lies after today: a ledger holds what has happened."""
    return [
        Problem(
            name,
            f"{labels[name]}（{values[name]:%Y-%m-%d}）在今天之后：请填写实际日期。",
            MANUAL,
        )
        for name in names
        if values.get(name) and values[name] > today
    ]


def order_problems(
    values: Values, *, pairs: Iterable[tuple[str, str]], labels: Mapping[str, str]
) -> list[Problem]:
    """One problem for each pair (earlier, later) whose days stand the wrong way round; the same day is right."""
    return [
        Problem(later, f"{labels[later]}早于{labels[earlier]}：请核对两个日期。", MANUAL)
        for earlier, later in pairs
        if values.get(earlier) and values.get(later) and values[later] < values[earlier]
    ]


def dispute_problems(values: Values, *, today: date) -> list[Problem]:
    """An open dispute has no result; one settled or held stable has its day and its measures."""
    closed = bool(values.get("closed_on"))
    if values["status"] == DisputeStatus.OPEN:
        if closed:
            return [
                Problem("status", "填了化解（稳控）日期，状态应为已化解或已稳控：请核对。", MANUAL)
            ]
        return []
    problems = []
    if not closed:
        problems.append(Problem("closed_on", "请填写化解（稳控）日期。", MANUAL))
    if not values.get("measures"):
        problems.append(Problem("measures", "请填写化解（稳控）措施。", MANUAL))
    return problems


def decision_problems(values: Values, *, today: date) -> list[Problem]:
    """A decision that is done says how."""
    if values.get("done_on") and not values.get("outcome"):
        return [Problem("outcome", "填了完成日期，请写明完成情况。", MANUAL)]
    return []


def meeting_problems(values: Values, *, today: date) -> list[Problem]:
    """Somebody came."""
    if values.get("present") == 0:
        return [Problem("present", "参加人数应多于0：请核对。", MANUAL)]
    return []


def schedule_problems(values: Values, *, today: date) -> list[Problem]:
    """A confirmation has its day and its name."""
    if values.get("confirmed_on") and not values.get("confirmer"):
        return [Problem("confirmer", "填了确认日期，请填写乡镇确认人。", MANUAL)]
    if values.get("confirmer") and not values.get("confirmed_on"):
        return [Problem("confirmed_on", "填了乡镇确认人，请填写确认日期。", MANUAL)]
    return []
