"""What every write about people shares: the locked row, and its audit row. Identity numbers never enter it."""

from datetime import date, datetime

from accounts import audit
from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem

from ..models import PartyMember, Village
from ..permissions import check_can_edit_roster
from ..scoping import post_of


def recorded(action: str, target, village: Village, *, by: User, at: datetime, **more) -> None:
    audit.record(
        action=action,
        by=by,
        at=at,
        target=target,
        township_id=village.township_id,
        post=post_of(by),
        **more,
    )


def plain(facts: dict) -> dict:
    """Facts as they are written into an audit row."""
    return {key: str(value) if isinstance(value, date) else value for key, value in facts.items()}


def refuse(problems: list[Problem]) -> None:
    if problems:
        raise Refused(*problems)


def on_roster(member: PartyMember, *, by: User) -> PartyMember:
    """The member's row as it is now, locked. Raises Forbidden, Refused (left, or merged into another row)."""
    member = (
        PartyMember.objects.select_for_update(of=("self",))
        .select_related("village")
        .get(pk=member.pk)
    )
    check_can_edit_roster(by, member.village)
    if member.left_on:
        raise Refused(Problem("left", f"{member.name}已转出，不能再更正。"))
    if member.merged_into_id:
        raise Refused(Problem("merged", f"{member.name}的这一条已合并，请在保留的一条上更正。"))
    return member
