"""Progress by township and by village: the rollup rows, the grids, the list of villages."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from elections.enums import StageStatus
from elections.holidays import CALENDAR
from elections.models import Campaign, StageRecord, VillageElection
from elections.rules import lateness, working_days_late
from elections.selectors import whose
from elections.stages import STAGES, StageSpec
from groundwork.enums import Grade

from .. import rules
from ..enums import STAGE_SHORT, CellState
from ..models import TownshipProgress
from ..rollups import COLUMNS


@dataclass(frozen=True)
class StageHead:
    """The head of one column of a grid."""

    spec: StageSpec
    short: str

    @property
    def code(self) -> str:
        return self.spec.code.value


HEADS = tuple(StageHead(spec, STAGE_SHORT[code]) for code, spec in STAGES.items())


@dataclass(frozen=True)
class StageCell:
    """Villages of one township whose stage is settled, of all its villages."""

    head: StageHead
    done: int
    total: int

    @property
    def heat(self) -> int:
        return rules.heat(self.done, self.total)

    @property
    def share(self) -> str:
        return rules.share(self.done, self.total)

    @property
    def title(self) -> str:
        return f"{self.head.spec.label}：{self.share}"


@dataclass(frozen=True)
class TownshipRow:
    """One line of the campaign's grid: a rollup row, or the sum of several. `villages_url` lists its villages."""

    name: str
    township_id: int | None
    villages_url: str
    elections: int
    completed: int
    overdue: int
    cells: tuple[StageCell, ...]

    @property
    def completed_share(self) -> str:
        return rules.share(self.completed, self.elections)


def township_progress(user, campaign: Campaign, *, today: date, **more) -> list[TownshipProgress]:
    """The rollup rows the user sees, in the order of the division code (one query).

    Each carries `overdue`: villages whose current stage is late, counted live, because it changes at midnight
    without any write. `more`: further expressions to read with each row.
    """
    late = (
        VillageElection.objects.filter(campaign=OuterRef("campaign"), township=OuterRef("township"))
        .overdue(today=today)
        .order_by()
        .values("township")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return list(
        TownshipProgress.objects.visible_to(user)
        .filter(campaign=campaign)
        .annotate(overdue=Coalesce(Subquery(late, output_field=IntegerField()), 0), **more)
        .select_related("township")
        .order_by("township__code")
    )


def townships(user, campaign: Campaign) -> list[TownshipProgress]:
    """The townships the user sees, for a choice (one query)."""
    return list(
        TownshipProgress.objects.visible_to(user)
        .filter(campaign=campaign)
        .select_related("township")
        .only("campaign", "township__name", "township__code")
        .order_by("township__code")
    )


def totals(rows: list[TownshipProgress]) -> dict[str, int]:
    """The sum of every figure over the rows."""
    return {column: sum(getattr(row, column) for row in rows) for column in COLUMNS}


def stage_cells(figures: dict[str, int]) -> tuple[StageCell, ...]:
    """The seventeen cells of a row of figures."""
    total = figures["elections"]
    return tuple(StageCell(head, figures[f"settled_{head.code}"], total) for head in HEADS)


def campaign_grid(campaign: Campaign, rows: list[TownshipProgress]) -> list[TownshipRow]:
    """The townships line by line, and their sum first when there are several."""
    base = reverse("village_list", kwargs={"pk": campaign.pk})
    lines = [
        TownshipRow(
            name=row.township.name,
            township_id=row.township_id,
            villages_url=f"{base}?township={row.township_id}&",
            elections=row.elections,
            completed=row.completed,
            overdue=row.overdue,
            cells=stage_cells({c: getattr(row, c) for c in COLUMNS}),
        )
        for row in rows
    ]
    if len(lines) > 1:
        figures = totals(rows)
        total = TownshipRow(
            name="合计",
            township_id=None,
            villages_url=f"{base}?",
            elections=figures["elections"],
            completed=figures["completed"],
            overdue=sum(line.overdue for line in lines),
            cells=stage_cells(figures),
        )
        lines.insert(0, total)
    return lines


# --- villages --------------------------------------------------------------------------------------


def with_current_stage(elections: QuerySet) -> QuerySet:
    """Adds `current_status` and `current_attempt` of the stage in which each village stands."""
    record = StageRecord.objects.filter(
        election=OuterRef("pk"), stage=OuterRef("stage"), is_current=True
    )
    return elections.annotate(
        current_status=Subquery(record.values("status")[:1]),
        current_attempt=Subquery(record.values("attempt")[:1]),
    )


def village_rows(user, campaign: Campaign) -> QuerySet:
    """Elections of the campaign the user sees, with what a line of the list shows, in the order of the codes."""
    return with_current_stage(
        VillageElection.objects.visible_to(user)
        .filter(campaign=campaign)
        .select_related("village", "township", "county", "risk_grade", "rule_set")
    ).order_by("township__code", "village__code")


@dataclass(frozen=True)
class VillageLine:
    """One village in a list: where it stands, for whom it waits, how late it is."""

    election: VillageElection
    state: CellState
    waits_for: str
    days_late: int
    grade: Grade | None

    @property
    def lateness(self) -> str:
        """yellow, red or nothing."""
        return lateness(self.days_late, red_after=self.election.rule_set.overdue_red_days)

    @property
    def done_share(self) -> str:
        return f"{self.election.done_count}/{len(STAGES)}"

    @property
    def done_percent(self) -> int:
        return round(self.election.done_count * 100 / len(STAGES))


def cell_state(status: str, *, attempt: int, planned_on: date | None, today: date) -> CellState:
    """How a current stage record shows. Late beats returned: both are work to do, late is worse."""
    if status == StageStatus.OPEN:
        if working_days_late(planned_on, today, CALENDAR):
            return CellState.OVERDUE
        return CellState.RETURNED if attempt > 1 else CellState.OPEN
    return CellState(status)


def waits_for(election: VillageElection, status: str, attempt: int) -> str:
    """Who is waited for, without asking the gates: short enough for a line of a list."""
    if election.completed_on:
        return ""
    spec = election.spec
    if status == StageStatus.SUBMITTED:
        return f"等{whose(election, spec.confirmer)}确认"
    again = "改正后重新提交" if attempt > 1 else "办理"
    return f"等{whose(election, spec.owner)}{again}"


def grade_of(election: VillageElection) -> Grade | None:
    """The village's risk grade; needs select_related("risk_grade")."""
    risk = getattr(election, "risk_grade", None)
    return Grade(risk.grade) if risk else None


def village_line(election: VillageElection, *, today: date) -> VillageLine:
    """A row of `village_rows` as the pages show it."""
    status, attempt = election.current_status, election.current_attempt or 1
    state = cell_state(status, attempt=attempt, planned_on=election.due_on, today=today)
    late = working_days_late(election.due_on, today, CALENDAR)
    return VillageLine(
        election=election,
        state=state,
        waits_for=waits_for(election, status, attempt),
        days_late=0 if election.completed_on else late,
        grade=grade_of(election),
    )


def longest_overdue(user, campaign: Campaign, *, today: date, limit: int = 20) -> list[VillageLine]:
    """The villages that are longest late: live, over the partial index of unfinished elections (one query)."""
    rows = (
        village_rows(user, campaign)
        .overdue(today=today)
        .order_by("due_on", "township__code", "village__code")[:limit]
    )
    return [village_line(row, today=today) for row in rows]


# --- a township: villages × stages -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VillageCell:
    """One stage of one village, every word ready: a township has several hundred of them on one page."""

    head: StageHead
    state: CellState
    title: str
    url: str


@dataclass(frozen=True)
class VillageGridRow:
    line: VillageLine
    cells: tuple[VillageCell, ...]


def township_grid(
    user, campaign: Campaign, township_id: int, *, today: date
) -> list[VillageGridRow]:
    """The 作战图: every village of a township with its seventeen stages (two queries)."""
    elections = list(village_rows(user, campaign).filter(township_id=township_id))
    records: dict[int, dict[str, tuple]] = {election.pk: {} for election in elections}
    rows = StageRecord.objects.filter(election__in=list(records), is_current=True).values_list(
        "election_id", "stage", "status", "attempt", "planned_on", "actual_on"
    )
    for election_id, stage, *facts in rows:
        records[election_id][stage] = tuple(facts)
    addresses = {h.code: reverse(h.spec.url_name, kwargs={"pk": 0}) for h in HEADS}
    return [
        VillageGridRow(
            line=village_line(election, today=today),
            cells=tuple(
                _village_cell(
                    head,
                    records[election.pk].get(head.code),
                    addresses[head.code].replace("/0/", f"/{election.pk}/", 1),
                    today,
                )
                for head in HEADS
            ),
        )
        for election in elections
    ]


def _village_cell(head: StageHead, facts: tuple | None, url: str, today: date) -> VillageCell:
    state, day = CellState.WAITING, ""
    if facts:
        status, attempt, planned_on, actual_on = facts
        state = cell_state(status, attempt=attempt, planned_on=planned_on, today=today)
        shown = actual_on or planned_on
        day = f"（{'' if actual_on else '计划'}{shown.month}月{shown.day}日）"
    if state == CellState.NOT_APPLICABLE:
        day = ""
    return VillageCell(head, state, f"{head.spec.label}：{state.label}{day}", url)
