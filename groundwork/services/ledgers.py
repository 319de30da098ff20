"""Every write to a ledger by hand, whichever ledger it is: add or change a row, withdraw one."""

import hashlib
import json
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from accounts import audit
from accounts.enums import Role
from accounts.errors import Conflict, Forbidden, Refused
from accounts.models import User
from accounts.problems import Problem
from elections import rollups
from elections.models import Campaign
from elections.permissions import can_confirm, check_can_confirm
from elections.services.facts import refuse
from elections.services.stages import lock as lock_election
from villages.enums import Level
from villages.models import Jurisdiction
from villages.scoping import covers, has_role, post_of, postings_of

from ..ledgers import Ledger, in_words
from ..permissions import check_can_keep
from ..selectors.ledgers import rows_at


def emptied(ledger: Ledger, values: dict[str, object]) -> dict[str, object]:
    """The values with "nothing" as the model stores it; trimmed."""
    return {name: _emptied(ledger.field(name), value) for name, value in values.items()}


def _emptied(field: models.Field, value: object) -> object:
    if isinstance(value, str):
        return value.strip()
    if value is not None:
        return value
    if isinstance(field, models.CharField):
        return ""
    return False if isinstance(field, models.BooleanField) else None


def value_problems(ledger: Ledger, values: dict[str, object], *, today) -> list[Problem]:
    """What is wrong with a row's values: shape first, the ledger's rules when that is right."""
    problems = []
    for name in ledger.fields:
        try:
            ledger.field(name).clean(values[name], None)
        except ValidationError as error:
            problems.append(Problem(name, f"{ledger.labels[name]}：{'；'.join(error.messages)}"))
    return problems or ledger.problems(values, today=today)


def fingerprint(ledger: Ledger, row) -> str:
    """The same as long as nobody changed the row."""
    facts = json.dumps(ledger.values_of(row), default=str, ensure_ascii=False)
    return hashlib.sha256(facts.encode()).hexdigest()[:16]


def difference(ledger: Ledger, before: dict, after: dict) -> dict[str, dict[str, str]]:
    """What an audit row keeps of a change: the fields that differ, in words."""
    names = [name for name in ledger.fields if before.get(name) != after[name]]
    changes = {
        "after": {name: in_words(ledger.field(name), after[name]) for name in names},
    }
    if before:
        words = {name: in_words(ledger.field(name), before[name]) for name in names}
        changes["before"] = words
    return changes


def lock_place(ledger: Ledger, place):
    """The village's election or the unit, locked so that two people do not enter the same row."""
    if ledger.is_of_villages:
        return lock_election(place)
    return Jurisdiction.objects.select_for_update(of=("self",), no_key=True).get(pk=place.pk)


def owner_of(ledger: Ledger, campaign: Campaign, place) -> dict[str, object]:
    """The columns that say where a row belongs."""
    if ledger.is_of_villages:
        return {"election": place}
    return {"campaign": campaign, "area": place}


def _audit(ledger: Ledger, row, verb: str, *, by: User, at: datetime, **more) -> None:
    """The audit row, then the township's figures, in the same transaction."""
    audit.record(
        action=f"ledger.{ledger.code}.{verb}",
        by=by,
        at=at,
        target=row,
        post=post_of(by),
        township_id=row.township_pk,
        campaign_id=row.campaign_pk,
        **more,
    )
    if ledger.is_of_villages:
        rollups.refresh(campaign_id=row.campaign_pk, township_ids={row.township_pk}, at=at)


def place_problems(ledger: Ledger, campaign: Campaign, place) -> list[Problem]:
    """Whether a row of this ledger may stand there."""
    if ledger.is_of_villages:
        if place.campaign_id == campaign.pk:
            return []
        return [Problem("place", f"{place.village}不参加“{campaign.name}”：请核对。")]
    fits = ledger.at_townships if place.level == Level.TOWNSHIP else ledger.at_county
    if covers(campaign.area, place) and fits:
        return []
    return [Problem("place", f"“{ledger.title}”不登记到{place.name}：请核对单位。")]


@transaction.atomic
def save_row(
    *,
    ledger: Ledger,
    campaign: Campaign,
    place,
    values: dict[str, object],
    by: User,
    at: datetime,
    row=None,
    seen: str = "",
):
    """Add a row at a place (a village's election, or a unit), or change `row`, which stands there.

    `values`: every field of the ledger. `seen`: the fingerprint of the row as the user saw it.
    Raises Forbidden, Refused (every problem at once, its code the field to mend), Conflict (changed meanwhile).
    """
    check_can_keep(by, ledger, place)
    place = lock_place(ledger, place)
    values = emptied(ledger, values)
    problems = place_problems(ledger, campaign, place)
    before: dict[str, object] = {}
    if row is not None:
        row = _fresh(ledger, row, seen)
        before = ledger.values_of(row)
    problems += value_problems(ledger, values, today=timezone.localdate(at))
    twins = rows_at(ledger, campaign, place).filter(**{k: values[k] for k in ledger.key})
    if not problems and twins.exclude(pk=row.pk if row else None).exists():
        field = ledger.key[0] if ledger.key else "place"
        problems.append(Problem(field, f"“{ledger.title}”里已有相同的一条：请更正原来的那一条。"))
    refuse(problems)
    if row is not None and values != before and is_final(ledger, row):
        return _revise(ledger, row, owner_of(ledger, campaign, place), values, by=by, at=at)
    if row is None:
        owner = owner_of(ledger, campaign, place)
        row = ledger.model(**owner)
        if ledger.needs_approval:
            row.version = ledger.model.objects.filter(**owner).count() + 1
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    changes = difference(ledger, before, values)
    if not before:
        _audit(ledger, row, "added", by=by, at=at, changes=changes)
    elif changes["after"]:
        _audit(ledger, row, "changed", by=by, at=at, changes=changes)
    return row


def is_final(ledger: Ledger, row) -> bool:
    """Whether the county approved the row: from then on it is not changed but followed by its next version."""
    return ledger.needs_approval and row.approved_at is not None


def _revise(ledger: Ledger, row, owner: dict, values: dict, *, by: User, at: datetime):
    """The next version of an approved row, which stays to be read."""
    before, version = ledger.values_of(row), row.version + 1
    row.withdrawn_at, row.withdrawn_by = at, by
    row.withdrawn_reason = f"修订为第{version}版"
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    _audit(ledger, row, "withdrawn", by=by, at=at, reason=row.withdrawn_reason)
    revised = ledger.model.objects.create(**owner, **values, version=version)
    changes = difference(ledger, before, values)
    _audit(ledger, revised, "added", by=by, at=at, changes=changes)
    return revised


def can_approve(user, ledger: Ledger, row) -> bool:
    """Whether the row waits for this user's approval: of the county's staff."""
    waits = ledger.needs_approval and row.approved_at is None and row.withdrawn_at is None
    return waits and can_confirm(user, row.place)


@transaction.atomic
def approve_row(*, ledger: Ledger, row, by: User, at: datetime):
    """The county approves a row. Raises Forbidden, Refused (approved or withdrawn already)."""
    check_can_confirm(by, row.place)
    lock_place(ledger, row.place)
    row = _fresh(ledger, row, "")
    if not can_approve(by, ledger, row):
        raise Refused(Problem("approved", "这一条已经批准，不必重复办理。"))
    row.approved_by, row.approved_at = by, at
    row.save(update_fields=["approved_by", "approved_at"])
    _audit(ledger, row, "approved", by=by, at=at)
    return row


def _fresh(ledger: Ledger, row, seen: str):
    """The row as it is now, locked. Raises Refused (withdrawn), Conflict."""
    fresh = ledger.model.objects.in_order().select_for_update(of=("self",)).get(pk=row.pk)
    if fresh.withdrawn_at:
        raise Refused(Problem("withdrawn", "这一条已经撤销，不能再改：请另行登记。"))
    if seen and seen != fingerprint(ledger, fresh):
        raise Conflict(Problem("stale", "这一条刚被他人更正：请核对最新内容后再保存。"))
    return fresh


@transaction.atomic
def withdraw_row(*, ledger: Ledger, row, reason: str, by: User, at: datetime):
    """Take a row back; it stays to be read and no longer counts. Raises Forbidden, Refused."""
    check_can_keep(by, ledger, row.place)
    lock_place(ledger, row.place)
    row = _fresh(ledger, row, "")
    if not reason.strip():
        raise Refused(Problem("reason", "请填写撤销理由。"))
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = at, by, reason.strip()
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    _audit(ledger, row, "withdrawn", by=by, at=at, reason=reason.strip())
    return row


def can_acknowledge(user, ledger: Ledger) -> bool:
    """Whether the user reads documents for a township."""
    return ledger.needs_receipts and has_role(user, Role.COORDINATOR)


@transaction.atomic
def acknowledge_row(*, ledger: Ledger, row, by: User, at: datetime) -> None:
    """已阅: a receipt for each township that the user coordinates; again changes nothing. Raises Forbidden, Refused."""
    if not can_acknowledge(by, ledger):
        raise Forbidden("文件由乡镇联络员代表本乡镇签阅。")
    row = _fresh(ledger, row, "")
    known = set(row.receipts.values_list("township_id", flat=True))
    for posting in postings_of(by):
        township = posting.jurisdiction
        if posting.role != Role.COORDINATOR or township.pk in known:
            continue
        row.receipts.create(township=township, read_by=by, read_at=at)
        audit.record(
            action=f"ledger.{ledger.code}.read",
            by=by,
            at=at,
            target=row,
            post=post_of(by),
            township_id=township.pk,
            campaign_id=row.campaign_pk,
        )
