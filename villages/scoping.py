"""Row scoping: which part of the tree a user's postings cover.

Rows carry their ancestors as integer columns (township_id, county_id, city_id, province_id), so "inside my
area" is one indexed comparison. A user's postings are read once and kept on the user object of the request.
"""

from functools import cache

from django.apps import apps
from django.db import connection
from django.db.models import Q

from accounts.enums import Role

from .enums import Level

#: Roles that see places; the three administrators do not.
BUSINESS = (Role.ORG_STAFF, Role.COORDINATOR, Role.LEADER, Role.DISCIPLINE)
#: Roles that see party members.
MEMBER_READERS = (Role.ORG_STAFF, Role.COORDINATOR, Role.LEADER)

_COLUMN = {
    Level.PROVINCE: "province_id",
    Level.CITY: "city_id",
    Level.COUNTY: "county_id",
    Level.TOWNSHIP: "township_id",
}


def postings_of(user) -> list:
    """The user's postings in force, with their jurisdictions: one query per user object."""
    if not user.is_authenticated or not user.is_active:
        return []
    cached = getattr(user, "_postings", None)
    if cached is None:
        user._postings = cached = _read_postings(user.pk)
    return cached


@cache
def _postings_sql() -> tuple[str, list[str], list[str]]:
    """The statement that every request asks, put together once, with the columns of a posting and of its jurisdiction."""
    posting, place = (apps.get_model("villages", name) for name in ("Posting", "Jurisdiction"))
    of_posting, of_place = (
        [field.attname for field in model._meta.concrete_fields] for model in (posting, place)
    )
    columns = [f"p.{name}" for name in of_posting] + [f"j.{name}" for name in of_place]
    sql = (
        f"SELECT {', '.join(columns)} FROM {posting._meta.db_table} p"
        f" JOIN {place._meta.db_table} j ON j.id = p.jurisdiction_id"
        " WHERE p.user_id = %s AND p.ends_on IS NULL ORDER BY p.id"
    )
    return sql, of_posting, of_place


def _read_postings(user_id: int) -> list:
    sql, of_posting, of_place = _postings_sql()
    posting, place = (apps.get_model("villages", name) for name in ("Posting", "Jurisdiction"))
    with connection.cursor() as cursor:
        cursor.execute(sql, [user_id])
        rows = cursor.fetchall()
    found = []
    for row in rows:
        held = posting.from_db(connection.alias, of_posting, row[: len(of_posting)])
        held.jurisdiction = place.from_db(connection.alias, of_place, row[len(of_posting) :])
        found.append(held)
    return found


def forget_postings(user) -> None:
    """Drop what postings_of kept, after a posting changed in the same request."""
    user.__dict__.pop("_postings", None)


def area_q_of(jurisdiction, *, prefix: str = "", own: str | None = None) -> Q:
    """Rows inside `jurisdiction`. `prefix` leads to the row that carries the ancestor columns; `own` names the
    column that may be the jurisdiction itself (for the tree's own rows)."""
    if jurisdiction.level == Level.NATION:
        return Q(pk__isnull=False)
    inside = Q(**{f"{prefix}{_COLUMN[Level(jurisdiction.level)]}": jurisdiction.pk})
    if own is None:
        return inside
    here = Q(**{own: jurisdiction.pk})
    # A township is a leaf of the tree of jurisdictions: it has no column of its own there.
    return here if jurisdiction.level == Level.TOWNSHIP else here | inside


def area_q(user, *, roles, prefix: str = "", own: str | None = None) -> Q:
    """Rows inside any area where the user holds one of `roles`; nothing for nobody."""
    wanted = Q(pk__in=[])
    for posting in postings_of(user):
        if posting.role in roles:
            wanted |= area_q_of(posting.jurisdiction, prefix=prefix, own=own)
    return wanted


def roles_of(user) -> set[str]:
    return {posting.role for posting in postings_of(user)}


def covers(jurisdiction, thing) -> bool:
    """Whether `thing` (a jurisdiction, or any row with ancestor columns) lies in `jurisdiction`."""
    if jurisdiction.level == Level.NATION:
        return True
    if hasattr(thing, "level") and thing.pk == jurisdiction.pk:
        return True
    column = _COLUMN[Level(jurisdiction.level)]
    return getattr(thing, column, None) == jurisdiction.pk


def has_role(user, role: Role, *, covering=None) -> bool:
    """Whether the user holds `role` (over `covering`, if given)."""
    return any(
        posting.role == role and (covering is None or covers(posting.jurisdiction, covering))
        for posting in postings_of(user)
    )


def post_of(user) -> str:
    """The user's first post in words, as it is written beside a signature: 新安镇 乡镇联络员."""
    postings = postings_of(user)
    if not postings:
        return ""
    first = postings[0]
    return f"{first.jurisdiction.name} {first.title or first.get_role_display()}"
