"""The survey and the risk grading of many villages from a workbook, each village written by the service of its stage.

What the rows would change is found by trying: every village in a savepoint of its own, taken back when it is only asked.
So the workbook, the page of the stage and the preview obey the same rules and name the same refusals.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.errors import Forbidden, Refused
from accounts.models import User
from accounts.problems import Problem
from elections.models import Campaign, VillageElection
from villages.models import Jurisdiction
from villages.places import UnknownPlace, place_label
from workbooks.plans import Change, Entry, Plan, Row, RowProblem

from ..places import VillagePlaces

NOTHING = "（空）"
Values = dict[str, object]


@dataclass(frozen=True)
class VillageSheet:
    """One fact sheet of villages. `part(row)`: which part of a village's facts a row states (a survey's item; None where
    a row states all). `stored(elections)`: (election, part) → its values. `check(row, election)`: what is wrong with a
    row by itself. `write(election, parts, by, at)`: the stage's service. `labels`: the values in the order of the sheet;
    `in_words(name, value)`."""

    part: Callable[[Row], object]
    stored: Callable[[list[VillageElection]], dict[tuple[int, object], Values]]
    check: Callable[[Row, VillageElection], list[RowProblem]]
    write: Callable[..., None]
    labels: dict[str, str]
    in_words: Callable[[str, object], str]
    part_words: Callable[[VillageElection, object], str] = lambda election, part: ""

    def label(self, election: VillageElection, part: object) -> str:
        words = self.part_words(election, part)
        return "　".join(filter(None, (place_label(election.village), words)))


def plan_sheet(
    sheet: VillageSheet,
    rows: list[Row],
    *,
    campaign: Campaign,
    area: Jurisdiction,
    by: User,
    at: datetime,
) -> Plan:
    """What the rows would change and what is wrong with them; nothing stays written."""
    with transaction.atomic():
        plan = _try(sheet, rows, campaign=campaign, area=area, by=by, at=at)
        transaction.set_rollback(True)
    return plan


@transaction.atomic
def import_sheet(
    sheet: VillageSheet,
    rows: list[Row],
    *,
    campaign: Campaign,
    area: Jurisdiction,
    by: User,
    at: datetime,
    reason: str = "",
    confirm=lambda plan: None,
) -> Plan:
    """Write the rows: all, or none. Raises Refused (a rule or the permission has something against a row), whatever
    `confirm` raises."""
    plan = _try(sheet, rows, campaign=campaign, area=area, by=by, at=at)
    if plan.problems:
        raise Refused(*(Problem("row", f"第{p.row}行：{p.message}") for p in plan.problems))
    confirm(plan)
    return plan


def _try(
    sheet: VillageSheet,
    rows: list[Row],
    *,
    campaign: Campaign,
    area: Jurisdiction,
    by: User,
    at: datetime,
) -> Plan:
    plan = Plan()
    villages = _by_village(sheet, rows, VillagePlaces(campaign, area), plan)
    elections = [election for election, _ in villages.values()]
    stored = sheet.stored(elections)
    for election, parts in sorted(villages.values(), key=lambda found: found[0].pk):
        changed = _differences(sheet, election, parts, stored, plan)
        if not changed:
            continue
        try:
            with transaction.atomic():
                sheet.write(election, changed, by=by, at=at)
        except Refused as refusal:
            first = next(iter(parts.values()))
            plan.problems += [
                RowProblem(first.number, p.code if p.code in sheet.labels else "village", p.message)
                for p in refusal.problems
            ]
        except Forbidden as refusal:
            first = next(iter(parts.values()))
            message = f"{refusal}请删去这一行。"
            plan.problems.append(RowProblem(first.number, "village", message))
    plan.problems.sort(key=lambda problem: problem.row)
    named = {(e.pk, part) for e, parts in villages.values() for part in parts}
    known = {election.pk: election for election in elections}
    plan.missing = [sheet.label(known[pk], part) for pk, part in stored if (pk, part) not in named]
    return plan


def _by_village(sheet, rows, places: VillagePlaces, plan: Plan) -> dict[int, tuple]:
    """Election's pk → (election, part → row) of the rows that can be read; the others become problems."""
    villages: dict[int, tuple[VillageElection, dict[object, Row]]] = {}
    for row in rows:
        try:
            election = places.find(row)
        except UnknownPlace as unknown:
            plan.problems.append(RowProblem(row.number, unknown.column, str(unknown)))
            continue
        problems = sheet.check(row, election)
        if problems:
            plan.problems += problems
            continue
        parts = villages.setdefault(election.pk, (election, {}))[1]
        part = sheet.part(row)
        if part in parts:
            message = f"与第{parts[part].number}行是同一条：请只留一行。"
            plan.problems.append(RowProblem(row.number, "village", message))
        else:
            parts[part] = row
    return villages


def _differences(sheet, election, parts, stored, plan: Plan) -> dict[object, Values]:
    """The parts of one village that change, with all their values; entered into the plan. A column that the sheet leaves
    out keeps what is stored."""
    changed = {}
    for part, row in parts.items():
        before = stored.get((election.pk, part))
        known = before or dict.fromkeys(sheet.labels)
        given = {n: row.values[n] for n in sheet.labels if n in row.values}
        after = {n: _same(given.get(n, known[n])) for n in sheet.labels}
        if before is not None and after == {n: _same(v) for n, v in before.items()}:
            plan.unchanged += 1
            continue
        changed[part] = after
        label = sheet.label(election, part)
        words = {n: sheet.in_words(n, value) for n, value in after.items()}
        if before is None:
            plan.new.append(Entry(row.number, label, "，".join(w for w in words.values() if w)))
            continue
        lines = tuple(
            Change(sheet.labels[n], sheet.in_words(n, before[n]) or NOTHING, words[n] or NOTHING)
            for n in sheet.labels
            if _same(before[n]) != after[n]
        )
        plan.changed.append(Entry(row.number, label, "", lines))
    return changed


def _same(value: object) -> object:
    """An empty cell and an empty text are the same."""
    return None if value == "" else value
