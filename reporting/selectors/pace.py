"""办理用时: how long each stage takes and takes now, and for whom it waits. Everything is counted in SQL, in working days.

A wait begins when the stage was first opened in the village (days before the campaign's first day do not count) and
ends when it was settled; the day on which it begins is not counted. What was returned goes on waiting.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from candidates.enums import ANSWERS, AskState
from elections.enums import SETTLED, Stage, StageEvent, StageStatus
from elections.holidays import CALENDAR
from elections.models import Campaign
from elections.rules import last_working_day, working_days
from elections.stages import STAGES

from .. import rules
from ..models import TownshipProgress
from ..permissions import can_see_departments
from .cockpit import awaiting_departments
from .progress import HEADS, StageHead


@dataclass(frozen=True)
class Waited:
    """How long some waits took, in working days; None where nothing was timed."""

    count: int
    median: float | None
    longest: int | None


@dataclass(frozen=True)
class StagePace:
    """One stage. `settled`: villages that are through with it; `took`: those that did it, timed; `standing`: villages
    that stand in it now, of whom `at_county` wait for the county and `at_departments` for departments; `waits`: how long
    these wait already; `slowest`: the village that waits longest; `planned`: working days that the plan gives."""

    head: StageHead
    settled: int
    took: Waited
    planned: int | None
    standing: int
    at_county: int
    at_departments: int
    waits: Waited
    slowest_id: int | None
    slowest: str

    @property
    def at_township(self) -> int:
        return self.standing - self.at_county - self.at_departments

    @property
    def is_slow(self) -> bool:
        """Whether half of the villages took longer than planned."""
        return bool(
            self.planned is not None and self.took.median and self.took.median > self.planned
        )

    @property
    def waits_for(self) -> str:
        """Who is waited for, with the number of villages."""
        parts = (
            ("乡镇办理", self.at_township),
            ("联审单位答复", self.at_departments),
            ("县级确认", self.at_county),
        )
        return "、".join(f"{label}{number}" for label, number in parts if number)


@dataclass(frozen=True)
class DepartmentPace:
    """One vetting department: questions (each about one person) that are open and answered, and how long they waited."""

    name: str
    required: bool
    open: Waited
    overdue: int
    answered: Waited


@dataclass(frozen=True)
class Pace:
    """`departments`: None for whom only the number of people waiting is shown."""

    stages: list[StagePace]
    people: int
    departments: list[DepartmentPace] | None


_SETTLED = ", ".join(f"'{status.value}'" for status in SETTLED)
_ANSWERS = ", ".join(f"'{state.value}'" for state in ANSWERS)
#: Ordinal of the last working day up to a day: the difference of two is the number of working days after the first.
_ORDINAL = "(%(numbers)s::int[])[greatest(least({day}, %(today)s), %(first)s) - %(first)s + 1]"
_ZONE = "AT TIME ZONE 'Asia/Shanghai'"

_STAGES = f"""
WITH e AS (
    SELECT e.id, e.stage, e.completed_on, v.name, v.code
    FROM elections_villageelection e JOIN villages_village v ON v.id = e.village_id
    WHERE e.campaign_id = %(campaign)s AND e.township_id = ANY(%(townships)s)
), opened AS (
    SELECT r.election_id, r.stage, min((c.at {_ZONE})::date) AS day
    FROM e JOIN elections_stagerecord r ON r.election_id = e.id
    JOIN elections_stagechange c ON c.record_id = r.id AND c.event = '{StageEvent.OPENED.value}'
    GROUP BY r.election_id, r.stage
), asked AS (
    SELECT DISTINCT c.election_id FROM candidates_reviewask a
    JOIN candidates_candidacy c ON c.id = a.candidacy_id JOIN e ON e.id = c.election_id
    WHERE a.is_current AND a.state = '{AskState.OPEN.value}'
), timed AS (
    SELECT r.stage, r.status, r.planned_on, e.id, e.name, e.code,
        e.completed_on IS NULL AND e.stage = r.stage AS stands,
        r.stage = '{Stage.REVIEW.value}' AND asked.election_id IS NOT NULL AS with_departments,
        CASE WHEN r.status = '{StageStatus.DONE.value}' THEN
            {_ORDINAL.format(day=f"(r.settled_at {_ZONE})::date")} - {_ORDINAL.format(day="o.day")}
        END AS took,
        {_ORDINAL.format(day="%(today)s")} - {_ORDINAL.format(day="o.day")} AS waits
    FROM e JOIN elections_stagerecord r ON r.election_id = e.id AND r.is_current
    LEFT JOIN opened o ON o.election_id = e.id AND o.stage = r.stage
    LEFT JOIN asked ON asked.election_id = e.id
)
SELECT stage,
    count(*) FILTER (WHERE status IN ({_SETTLED})) AS settled,
    count(took) AS timed,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY took) AS median,
    max(took) AS longest,
    mode() WITHIN GROUP (ORDER BY planned_on) AS planned_on,
    count(*) FILTER (WHERE stands) AS standing,
    count(*) FILTER (WHERE stands AND status = '{StageStatus.SUBMITTED.value}') AS at_county,
    count(*) FILTER (WHERE stands AND status = '{StageStatus.OPEN.value}' AND with_departments)
        AS at_departments,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY waits) FILTER (WHERE stands) AS waits_median,
    max(waits) FILTER (WHERE stands) AS waits_longest,
    (array_agg(id ORDER BY waits DESC NULLS LAST, code) FILTER (WHERE stands))[1] AS slowest_id,
    (array_agg(name ORDER BY waits DESC NULLS LAST, code) FILTER (WHERE stands))[1] AS slowest
FROM timed GROUP BY stage
"""

_DEPARTMENTS = f"""
WITH a AS (
    SELECT a.department_id, a.state, a.due_on,
        {_ORDINAL.format(day=f"coalesce((o.at {_ZONE})::date, %(today)s)")}
            - {_ORDINAL.format(day=f"(a.asked_at {_ZONE})::date")} AS waited
    FROM candidates_reviewask a
    JOIN candidates_candidacy c ON c.id = a.candidacy_id
    JOIN elections_villageelection e ON e.id = c.election_id
    LEFT JOIN LATERAL (
        SELECT min(o.at) AS at FROM candidates_reviewopinion o WHERE o.ask_id = a.id
    ) o ON true
    WHERE a.is_current AND e.campaign_id = %(campaign)s AND e.township_id = ANY(%(townships)s)
)
SELECT d.name, d.required,
    count(*) FILTER (WHERE a.state = '{AskState.OPEN.value}') AS open,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY waited)
        FILTER (WHERE a.state = '{AskState.OPEN.value}') AS open_median,
    max(waited) FILTER (WHERE a.state = '{AskState.OPEN.value}') AS open_longest,
    count(*) FILTER (WHERE a.state = '{AskState.OPEN.value}' AND a.due_on < %(last_day)s) AS overdue,
    count(*) FILTER (WHERE a.state IN ({_ANSWERS})) AS answered,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY waited)
        FILTER (WHERE a.state IN ({_ANSWERS})) AS answered_median,
    max(waited) FILTER (WHERE a.state IN ({_ANSWERS})) AS answered_longest
FROM a JOIN candidates_vettingdepartment d ON d.id = a.department_id
GROUP BY d.id, d.name, d.required, d.order
HAVING count(*) FILTER (WHERE a.state <> '{AskState.VOID.value}') > 0
ORDER BY overdue DESC, open_longest DESC NULLS LAST, open DESC, d.order, d.id
"""


def _rows(sql: str, facts: dict) -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute(sql, facts)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def ordinals(first: date, last: date) -> list[int]:
    """For each day from `first` to `last`: how many working days lie after `first` up to and with it."""
    numbers, count = [0], 0
    for offset in range(1, (last - first).days + 1):
        day = first + timedelta(days=offset)
        count += working_days(day, day, CALENDAR)
        numbers.append(count)
    return numbers


def pace(user, campaign: Campaign, townships: list[TownshipProgress], *, today: date) -> Pace:
    """The figures over these townships, which the user sees (two or three queries)."""
    first = min(campaign.starts_on, today)
    facts = {
        "campaign": campaign.pk,
        "townships": [row.township_id for row in townships],
        "numbers": ordinals(first, today),
        "first": first,
        "today": today,
        "last_day": last_working_day(today, CALENDAR),
    }
    by_stage = {row["stage"]: row for row in _rows(_STAGES, facts)}
    people = awaiting_departments(user, campaign).filter(election__township__in=facts["townships"])
    departments = None
    if can_see_departments(user, campaign):
        departments = [_department(row) for row in _rows(_DEPARTMENTS, facts)]
    return Pace(_stages(campaign, by_stage), people.count(), departments)


def _half(value) -> float | None:
    return None if value is None else rules.one_decimal(value)


def _stages(campaign: Campaign, by_stage: dict[str, dict]) -> list[StagePace]:
    planned_on = {Stage(stage): row["planned_on"] for stage, row in by_stage.items()}
    return [
        StagePace(
            head=head,
            settled=row["settled"],
            took=Waited(row["timed"], _half(row["median"]), row["longest"]),
            planned=planned_days(head.spec.code, planned_on, first=campaign.starts_on),
            standing=row["standing"],
            at_county=row["at_county"],
            at_departments=row["at_departments"],
            waits=Waited(row["standing"], _half(row["waits_median"]), row["waits_longest"]),
            slowest_id=row["slowest_id"],
            slowest=row["slowest"] or "",
        )
        for head in HEADS
        if (row := by_stage.get(head.code))
    ]


def planned_days(stage: Stage, planned_on: dict[Stage, date], *, first: date) -> int | None:
    """Working days between the planned day of what comes before a stage (or the first day) and its own."""
    own = planned_on.get(stage)
    if own is None:
        return None
    before = max((planned_on[s] for s in STAGES[stage].follows if s in planned_on), default=first)
    return working_days(before + timedelta(days=1), own, CALENDAR) if own > before else 0


def _department(row: dict) -> DepartmentPace:
    return DepartmentPace(
        name=row["name"],
        required=row["required"],
        open=Waited(row["open"], _half(row["open_median"]), row["open_longest"]),
        overdue=row["overdue"],
        answered=Waited(row["answered"], _half(row["answered_median"]), row["answered_longest"]),
    )


def stages_chart(found: Pace) -> dict:
    """Median and plan side by side, in working days."""
    return {
        "kind": "bar",
        "unit": "个工作日",
        "labels": [f"{line.head.spec.number} {line.head.short}" for line in found.stages],
        "series": [
            {
                "name": "用时中位数",
                "data": [line.took.median for line in found.stages],
                "tone": "active",
            },
            {"name": "计划用时", "data": [line.planned for line in found.stages], "tone": "na"},
        ],
    }


def departments_chart(found: Pace) -> dict:
    """Open questions by department, those past their day apart."""
    rows = [line for line in found.departments or [] if line.open.count]
    return {
        "kind": "hbar",
        "unit": "件",
        "labels": [line.name for line in rows],
        "series": [
            {
                "name": "已超期",
                "data": [line.overdue for line in rows],
                "tone": "bad",
                "stack": "open",
            },
            {
                "name": "期限之内",
                "data": [line.open.count - line.overdue for line in rows],
                "tone": "wait",
                "stack": "open",
            },
        ],
    }
