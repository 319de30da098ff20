"""计划进度 from a workbook: villages × stages, compared and written in few statements."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery

from accounts import audit
from accounts.errors import Forbidden, Refused
from accounts.models import User
from accounts.problems import Problem
from villages.models import Jurisdiction
from villages.places import Places, UnknownPlace, place_label
from villages.scoping import area_q_of, post_of
from workbooks.plans import Change, Entry, Plan, Row, RowProblem
from workbooks.store import copy_update

from .. import rollups, rules
from ..enums import SETTLED, Stage
from ..models import Campaign, StageRecord, VillageElection
from ..permissions import can_certify
from ..stages import STAGES


@dataclass(slots=True)
class Work:
    """Elections by village, their current records by stage, and the days to set: (election, {stage: day})."""

    elections: dict[int, VillageElection] = field(default_factory=dict)
    records: dict[int, dict[Stage, StageRecord]] = field(default_factory=dict)
    days: list[tuple[VillageElection, dict[Stage, date]]] = field(default_factory=list)


def _load(campaign: Campaign, area: Jurisdiction, village_ids: set[int], *, lock: bool) -> Work:
    """The elections of the villages with their records (two queries), locked in the order of their ids."""
    rows = VillageElection.objects.filter(
        area_q_of(area), campaign=campaign, village__in=village_ids
    ).order_by("pk")
    if lock:
        rows = rows.select_for_update(of=("self",))
    work = Work(elections={e.village_id: e for e in rows})
    order = list(STAGES)
    records = StageRecord.objects.filter(election__in=work.elections.values(), is_current=True)
    for record in sorted(records, key=lambda r: order.index(Stage(r.stage))):
        work.records.setdefault(record.election_id, {})[Stage(record.stage)] = record
    return work


def plan_days(
    rows: list[Row],
    *,
    campaign: Campaign,
    area: Jurisdiction,
    by: User,
    at: datetime,
    lock: bool = False,
) -> Plan:
    """Which planned days the rows would change. An empty cell leaves its day as it is."""
    places = Places(area)
    work = _load(campaign, area, places.named_by(rows), lock=lock)
    plan = Plan(work=work)
    seen: dict[int, int] = {}
    for row in rows:
        try:
            village = places.find(row)
        except UnknownPlace as unknown:
            plan.problems.append(RowProblem(row.number, unknown.column, str(unknown)))
            continue
        election = work.elections.get(village.pk)
        if election is None:
            message = f"{village.name}不参加“{campaign.name}”：请删去这一行。"
            plan.problems.append(RowProblem(row.number, "village", message))
        elif village.pk in seen:
            message = f"与第{seen[village.pk]}行是同一个村：请只留一行。"
            plan.problems.append(RowProblem(row.number, "village", message))
        else:
            seen[village.pk] = row.number
            election.village, election.campaign = village, campaign
            _plan_row(plan, row, election, campaign)
    townships = {e.township_id for v, e in work.elections.items() if v in seen}
    absent = (
        VillageElection.objects.filter(campaign=campaign, township__in=townships)
        .filter(area_q_of(area))
        .exclude(village__in=seen)
        .select_related("village__township")
        .order_by("village__code")
    )
    plan.missing = [place_label(e.village) for e in absent]
    return plan


def _plan_row(plan: Plan, row: Row, election: VillageElection, campaign: Campaign) -> None:
    records = plan.work.records[election.pk]
    wanted = {s: row.values[s.value] for s in records if row.values.get(s.value)}
    changed = {s: day for s, day in wanted.items() if records[s].planned_on != day}
    problems = [
        RowProblem(
            row.number,
            s.value,
            f"“{s.label}”已办结，计划日期不能再改：请恢复为{records[s].planned_on}，或清空这一格。",
        )
        for s in changed
        if records[s].status in SETTLED
    ]
    if changed and not problems:
        planned = {s: r.planned_on for s, r in records.items() if r.status not in SETTLED}
        found = rules.plan_problems(
            days=planned | changed, first=campaign.starts_on, last=campaign.ends_on
        )
        problems = [RowProblem(row.number, _stage_named(p, records), p.message) for p in found]
    if problems:
        plan.problems += problems
    elif changed:
        changes = tuple(
            Change(s.label, str(records[s].planned_on), str(changed[s])) for s in changed
        )
        plan.changed.append(Entry(row.number, place_label(election.village), "", changes))
        plan.work.days.append((election, changed))
    else:
        plan.unchanged += 1


def _stage_named(problem: Problem, stages) -> str:
    """The column of the stage with which a sentence of rules.plan_problems begins."""
    return next((s.value for s in stages if problem.message.startswith(f"“{s.label}”")), "village")


@transaction.atomic
def import_days(
    rows: list[Row],
    *,
    campaign: Campaign,
    area: Jurisdiction,
    by: User,
    at: datetime,
    reason: str = "",
    confirm=lambda plan: None,
) -> Plan:
    """Give many villages their own planned days, with one reason: all, or none.

    Raises Forbidden (a village neither of the user's township nor county), Refused (as adjust_plan), whatever `confirm`
    raises on seeing the plan.
    """
    plan = plan_days(rows, campaign=campaign, area=area, by=by, at=at, lock=True)
    if not all(can_certify(by, election) for election in plan.work.elections.values()):
        raise Forbidden("计划进度由本乡镇联络员或县级组织部工作人员调整。")
    problems = [Problem("row", f"第{p.row}行：{p.message}") for p in plan.problems]
    if plan.changed and not reason.strip():
        problems.append(Problem("reason", "请填写调整计划的理由。", rules.MANUAL))
    if problems:
        raise Refused(*problems)
    confirm(plan)
    days = plan.work.days
    if not days:
        return plan
    records = plan.work.records
    copy_update(
        StageRecord,
        ("planned_on",),
        [(records[e.pk][s].pk, day) for e, changed in days for s, day in changed.items()],
    )
    current = StageRecord.objects.filter(
        election=OuterRef("pk"), stage=OuterRef("stage"), is_current=True
    )
    VillageElection.objects.filter(pk__in=[e.pk for e, _ in days]).unfinished().update(
        due_on=Subquery(current.values("planned_on")[:1])
    )
    _record(plan, by=by, at=at, reason=reason.strip())
    rollups.refresh(campaign_id=campaign.pk, township_ids={e.township_id for e, _ in days}, at=at)
    return plan


def _record(plan: Plan, *, by: User, at: datetime, reason: str) -> None:
    """The same audit row as adjust_plan's for every village, in one statement."""
    post = post_of(by)
    audit.record_many(
        [
            audit.entry(
                action="schedule.adjusted",
                by=by,
                at=at,
                target=election,
                post=post,
                reason=reason,
                township_id=election.township_id,
                campaign_id=election.campaign_id,
                changes={
                    "before": {
                        s.value: str(plan.work.records[election.pk][s].planned_on) for s in changed
                    },
                    "after": {s.value: str(day) for s, day in changed.items()},
                },
            )
            for election, changed in plan.work.days
        ]
    )
