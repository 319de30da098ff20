"""Who handles complaints: discipline staff whom they are not about. The rules are in rules.py; here rows become values."""

from accounts.enums import Role
from accounts.errors import Forbidden
from villages.scoping import covers, has_role, postings_of

from . import rules

#: Word for word the same whether or not somebody's identity is kept, and whatever the complaint.
NO_IDENTITY = "反映人身份只能由本件的承办人说明理由后查看。"


def unit(jurisdiction) -> rules.Unit:
    """A jurisdiction as rules take it."""
    above = (jurisdiction.county_id, jurisdiction.city_id, jurisdiction.province_id)
    return rules.Unit(jurisdiction.pk, jurisdiction.level, tuple(pk for pk in above if pk))


def posts(user) -> list[rules.Post]:
    return [rules.Post(posting.role, unit(posting.jurisdiction)) for posting in postings_of(user)]


def case(complaint) -> rules.Case:
    """What of a complaint (read with held_by) decides who sees it."""
    return rules.Case(
        held_by=unit(complaint.held_by),
        accused=complaint.accused,
        accused_unit=complaint.accused_unit_id,
        accused_user=complaint.accused_user_id,
        handler=complaint.handler_id,
    )


def check_is_discipline(user) -> None:
    if not has_role(user, Role.DISCIPLINE):
        raise Forbidden("信访举报只由纪检信访专员登记和办理。")


def check_can_receive(user, place) -> None:
    """`place`: the village, township or campaign area that the complaint is about."""
    mine = [p.jurisdiction for p in postings_of(user) if p.role == Role.DISCIPLINE]
    if not any(covers(area, place) for area in mine):
        raise Forbidden("只有本辖区的纪检信访专员可以登记和办理信访件。")


def can_handle(user, complaint) -> bool:
    return rules.may_see(case(complaint), user=user.pk, posts=posts(user))


def check_can_handle(user, complaint) -> None:
    if not can_handle(user, complaint):
        raise Forbidden("只有受理该件的纪检信访专员可以办理。")


def can_open_identity(user, complaint) -> bool:
    return rules.may_open_identity(case(complaint), user=user.pk, posts=posts(user))


def check_can_open_identity(user, complaint) -> None:
    if not can_open_identity(user, complaint):
        raise Forbidden(NO_IDENTITY)
