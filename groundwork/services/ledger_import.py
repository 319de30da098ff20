"""A ledger from a workbook: what the rows would change, and the service that writes them in few statements."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from elections import rollups
from elections.models import Campaign, VillageElection
from villages.models import Jurisdiction
from villages.places import UnknownPlace
from villages.scoping import post_of
from workbooks.plans import Change, Entry, Plan, Row, RowProblem
from workbooks.store import copy_update

from ..ledgers import Ledger, in_words
from ..permissions import can_keep
from ..places import AreaPlaces, VillagePlaces
from ..selectors.ledgers import areas_of
from .ledgers import difference, emptied, is_final, owner_of, value_problems

NOTHING = "（空）"


@dataclass(slots=True)
class Work:
    """What is to be written: rows to add, and (row, values before) of rows already given their new values."""

    new: list = field(default_factory=list)
    changed: list[tuple[object, dict]] = field(default_factory=list)


def _found(rows: Iterable[Row], places) -> tuple[list[tuple[Row, object]], list[RowProblem]]:
    found, problems = [], []
    for row in rows:
        try:
            found.append((row, places.find(row)))
        except UnknownPlace as unknown:
            problems.append(RowProblem(row.number, unknown.column, str(unknown)))
    return found, problems


def plan_rows(
    ledger: Ledger,
    rows: list[Row],
    *,
    campaign: Campaign,
    area: Jurisdiction,
    by: User,
    at: datetime,
    lock: bool = False,
) -> Plan:
    """What the rows would change. A column left out keeps what is stored; an empty cell empties it."""
    if ledger.is_of_villages:
        places = VillagePlaces(campaign, area)
    else:
        places = AreaPlaces(areas_of(ledger, campaign, area), area)
    found, problems = _found(rows, places)
    if lock:
        _lock({place.pk for _, place in found}, ledger)
    stored = _stored(ledger, campaign, {place.pk for _, place in found})
    versions = _versions(ledger, campaign)
    today = timezone.localdate(at)
    plan = Plan(work=Work(), problems=problems)
    seen: dict[tuple, int] = {}
    for row, place in found:
        if not can_keep(by, ledger, place):
            message = f"您不能登记{places.label(place)}的“{ledger.title}”：请删去这一行。"
            plan.problems.append(RowProblem(row.number, places.column, message))
            continue
        given = {name: row.values[name] for name in ledger.fields if name in row.values}
        given = emptied(ledger, given)
        key = (place.pk, *(given[name] for name in ledger.key))
        if key in seen:
            message = f"与第{seen[key]}行是同一条：请只留一行。"
            plan.problems.append(RowProblem(row.number, places.column, message))
            continue
        seen[key] = row.number
        label = "　".join(
            (places.label(place), *(in_words(ledger.field(k), given[k]) for k in ledger.key))
        )
        old = stored.get(key)
        if old is None:
            old = ledger.model(**owner_of(ledger, campaign, place))
            if ledger.needs_approval:
                old.version = versions[place.pk] + 1
        _plan_row(plan, ledger, row.number, label, old, given, today, places.column)
    plan.missing = [
        "　".join((*row.place_names, *(in_words(ledger.field(k), getattr(row, k)) for k in ledger.key)))
        for key, row in stored.items()
        if key not in seen
    ]  # fmt: skip
    return plan


def _lock(place_ids: set[int], ledger: Ledger) -> None:
    """The places in the order of their ids, as writers by hand lock theirs."""
    model = VillageElection if ledger.is_of_villages else Jurisdiction
    rows = model.objects.filter(pk__in=place_ids).order_by("pk").values_list("pk")
    list(rows.select_for_update(no_key=not ledger.is_of_villages))


def _stored(ledger: Ledger, campaign: Campaign, place_ids: set[int]) -> dict[tuple, object]:
    """The live rows of the places by place and key (one query)."""
    column = "election_id" if ledger.is_of_villages else "area_id"
    rows = ledger.model.objects.live().of_campaign(campaign).filter(**{f"{column}__in": place_ids})
    return {
        (getattr(row, column), *(getattr(row, name) for name in ledger.key)): row
        for row in rows.in_order(*ledger.key)
    }


def _versions(ledger: Ledger, campaign: Campaign) -> Counter:
    """How many versions there were at each place, withdrawn ones included (one query, where rows have versions)."""
    if not ledger.needs_approval:
        return Counter()
    rows = ledger.model.objects.of_campaign(campaign)
    return Counter(
        rows.values_list("election_id" if ledger.is_of_villages else "area_id", flat=True)
    )


def _plan_row(
    plan: Plan, ledger: Ledger, number: int, label: str, row, given: dict, today, column: str
) -> None:
    before = ledger.values_of(row)
    values = before | given
    problems = value_problems(ledger, values, today=today)
    if problems:
        plan.problems += [RowProblem(number, p.code, p.message) for p in problems]
        return
    if row.pk and values == before:
        plan.unchanged += 1
        return
    if row.pk and is_final(ledger, row):
        message = "已经批准，不能用工作簿更改：请删去这一行，到页面上修订为新的一版。"
        plan.problems.append(RowProblem(number, column, message))
        return
    for name, value in values.items():
        setattr(row, name, value)
    if row.pk is None:
        words = (
            in_words(ledger.field(n), values[n])
            for n in ledger.listed
            if n in values and n not in ledger.key
        )
        plan.new.append(Entry(number, label, "，".join(w for w in words if w)))
        plan.work.new.append(row)
        return
    changes = difference(ledger, before, values)
    plan.changed.append(
        Entry(
            number,
            label,
            "",
            tuple(
                Change(ledger.labels[name], changes["before"][name] or NOTHING, after or NOTHING)
                for name, after in changes["after"].items()
            ),
        )
    )
    plan.work.changed.append((row, before))


@transaction.atomic
def import_rows(
    ledger: Ledger,
    rows: list[Row],
    *,
    campaign: Campaign,
    area: Jurisdiction,
    by: User,
    at: datetime,
    reason: str = "",
    confirm=lambda plan: None,
) -> Plan:
    """Write the rows into the ledger: all, or none; nothing is withdrawn. Each row gets the audit row it would get by
    hand. Raises Refused (a rule, or the permission, has something against a row), whatever `confirm` raises."""
    plan = plan_rows(ledger, rows, campaign=campaign, area=area, by=by, at=at, lock=True)
    if plan.problems:
        raise Refused(*(Problem("row", f"第{p.row}行：{p.message}") for p in plan.problems))
    confirm(plan)
    new, changed = plan.work.new, plan.work.changed
    ledger.model.objects.bulk_create(new)
    if changed:
        copy_update(
            ledger.model,
            ledger.fields,
            [(row.pk, *ledger.values_of(row).values()) for row, _ in changed],
        )
    post = post_of(by)
    audit.record_many(
        [
            audit.entry(
                action=f"ledger.{ledger.code}.{'changed' if before else 'added'}",
                by=by,
                at=at,
                target=row,
                post=post,
                reason=reason.strip(),
                township_id=row.township_pk,
                campaign_id=campaign.pk,
                changes=difference(ledger, before, ledger.values_of(row)),
            )
            for row, before in [*((row, {}) for row in new), *changed]
        ]
    )
    if ledger.is_of_villages:
        touched = {row.township_pk for row in [*new, *(row for row, _ in changed)]}
        rollups.refresh(campaign_id=campaign.pk, township_ids=touched, at=at)
    return plan
