"""Villagers' representatives: entering, correcting, leaving office."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.problems import Problem

from .. import rules
from ..identity import normalised
from ..models import Representative, Village
from ..models.identity import sealed_fields
from ..permissions import check_can_edit_roster
from .log import plain, recorded, refuse
from .roster import lock_village, same_number_problems

FIELDS = ("name", "sex", "born_on", "phone", "group", "since", "until", "member")


def _member_problems(village: Village, people: list[dict], others) -> list[Problem]:
    """A linked member is of this village and not linked to a second representative."""
    problems = []
    linked = set(others.filter(until__isnull=True).values_list("member_id", flat=True))
    for facts in people:
        member = facts.get("member")
        if member is None:
            continue
        if member.village_id != village.pk or member.is_off_roster:
            problems.append(
                Problem("member", f"{facts['name']}：所选党员不在本村名册，请重选。", rules.ROSTER)
            )
        elif member.pk in linked and not facts.get("until"):
            problems.append(
                Problem(
                    "member_twice",
                    f"{facts['name']}：党员{member.name}已登记为村民代表，请勿重复。",
                    rules.ROSTER,
                )
            )
        linked.add(member.pk)
    return problems


@transaction.atomic
def add_representatives(
    *, village: Village, people: list[dict], by: User, at: datetime
) -> list[Representative]:
    """Enter representatives of a village in a few statements. Each dict holds FIELDS (`phone`, `until`, `member` may
    be missing) and may hold `identity` (the number in clear). All or none; raises Forbidden, Refused."""
    check_can_edit_roster(by, village)
    lock_village(village)
    people = [{"until": None} | facts for facts in people]
    today = timezone.localdate(at)
    problems = [p for facts in people for p in rules.representative_problems(facts, today=today)]
    present = village.representatives.current()
    problems += same_number_problems(present, people)
    problems += _member_problems(village, people, present)
    refuse(problems)
    made = Representative.objects.bulk_create(
        Representative(
            village=village,
            **{k: facts[k] for k in FIELDS if k in facts},
            **sealed_fields(normalised(facts.get("identity") or "")),
        )
        for facts in people
    )
    recorded(
        "representatives.added",
        village,
        village,
        by=by,
        at=at,
        changes={"after": {"representatives": [r.name for r in made]}},
    )
    return made


@transaction.atomic
def update_representative(
    *, representative: Representative, facts: dict, by: User, at: datetime
) -> Representative:
    """Correct a representative, or (with `until`) end the time in office. An empty `identity` keeps the number.

    Raises Forbidden, Refused.
    """
    row = (
        Representative.objects.select_for_update(of=("self",))
        .select_related("village")
        .get(pk=representative.pk)
    )
    check_can_edit_roster(by, row.village)
    lock_village(row.village)
    number = normalised(facts.get("identity") or "")
    problems = rules.representative_problems(facts, today=timezone.localdate(at))
    others = row.village.representatives.current().exclude(pk=row.pk)
    if number:
        problems += same_number_problems(others, [facts])
    problems += _member_problems(row.village, [facts], others)
    refuse(problems)
    facts = {key: value for key, value in facts.items() if key != "identity"}
    before = _words(row, facts)
    stored = facts | (sealed_fields(number) if number else {})
    for key, value in stored.items():
        setattr(row, key, value)
    row.save(update_fields=list(stored))
    after = _words(row, facts) | ({"identity": "已登记"} if number else {})
    recorded(
        "representative.updated",
        row,
        row.village,
        by=by,
        at=at,
        changes={"before": before, "after": after},
    )
    return row


def _words(row: Representative, facts: dict) -> dict:
    """The facts as they stand on the row, the linked member by name."""
    words = {key: getattr(row, key) for key in facts}
    if words.get("member"):
        words["member"] = str(words["member"])
    return plain(words)


def end_representative(*, representative: Representative, on: date) -> None:
    """End the time in office inside the caller's transaction: the caller has the permission and the audit row."""
    if representative.until is None:
        representative.until = max(on, representative.since)
        representative.save(update_fields=["until"])
