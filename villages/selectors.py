"""Reads over people: every row of one person, and rows that look like one person entered twice."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q

from .models import PartyMember
from .models.identity import identity_hash


def rows_of(member: PartyMember) -> list[PartyMember]:
    """Every row of the person whom `member` is a row of: the one that stays first, then those merged into it."""
    first = member.merged_into_id or member.pk
    return list(
        PartyMember.objects.filter(Q(pk=first) | Q(merged_into=first))
        .select_related("village__township")
        .order_by(F("merged_into").asc(nulls_first=True), "pk")
    )


def row_ids_of(member_ids: Iterable[int]) -> dict[int, list[int]]:
    """Member → keys of every row of that person, its own among them (one query). Whatever asks what a person did or
    held before (re-elected, a candidacy of an earlier campaign) asks about all of them."""
    wanted = list(member_ids)
    first = dict(PartyMember.objects.filter(pk__in=wanted).values_list("pk", "merged_into"))
    first = {pk: into or pk for pk, into in first.items()}
    rows = defaultdict(list)
    kept = set(first.values())
    for pk, into in PartyMember.objects.filter(
        Q(pk__in=kept) | Q(merged_into__in=kept)
    ).values_list("pk", "merged_into"):
        rows[into or pk].append(pk)
    return {pk: rows[kept_pk] for pk, kept_pk in first.items()}


def with_number(user, number: str) -> list[PartyMember]:
    """The members in the user's area who carry exactly this identity number, those on the roster first."""
    found = identity_hash(number)
    if not found:
        return []
    return list(
        PartyMember.objects.visible_to(user)
        .filter(identity_hash=found)
        .select_related("village__township", "merged_into")
        .order_by(F("merged_into").asc(nulls_first=True), F("left_on").asc(nulls_first=True), "pk")
    )


@dataclass(frozen=True)
class Suspected:
    """疑似重复: rows that carry one identity number. `elsewhere`: how many more lie outside the reader's area."""

    rows: tuple[PartyMember, ...]
    elsewhere: int


def suspected(user) -> list[Suspected]:
    """Every identity number that stands on more than one row, as far as the user may see them (two queries)."""
    unmerged = PartyMember.objects.filter(merged_into__isnull=True).exclude(identity_hash="")
    twice = unmerged.values("identity_hash").annotate(n=Count("pk")).filter(n__gt=1).order_by()
    mine = (
        PartyMember.objects.visible_to(user)
        .filter(merged_into__isnull=True, identity_hash__in=twice.values("identity_hash"))
        .select_related("village__township")
        .order_by(F("left_on").asc(nulls_first=True), "pk")
    )
    groups = defaultdict(list)
    for row in mine:
        groups[row.identity_hash].append(row)
    totals = dict(twice.filter(identity_hash__in=groups).values_list("identity_hash", "n"))
    return sorted(
        (Suspected(tuple(rows), totals[found] - len(rows)) for found, rows in groups.items()),
        key=lambda group: (group.rows[0].village.code, group.rows[0].pk),
    )


def is_suspected(member: PartyMember) -> bool:
    """Whether another unmerged row, anywhere, carries the member's number."""
    if not member.identity_hash or member.merged_into_id:
        return False
    others = PartyMember.objects.filter(
        identity_hash=member.identity_hash, merged_into__isnull=True
    )
    return others.exclude(pk=member.pk).exists()
