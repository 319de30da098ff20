"""Who handles complaints: discipline staff whom they are not about. The rules are in rules.py; here rows become values."""

from accounts.enums import Role
from accounts.errors import Forbidden
from villages.scoping import covers, has_role, postings_of

from . import rules
from .querysets import OPINION_EDITORS

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


def can_follow_opinion(user, incident) -> bool:
    """Whether the user reports, checks and answers: county staff, and the township it lies in."""
    return can_edit_opinion(user, incident) or (
        incident.township is not None
        and not incident.withheld
        and has_role(user, Role.COORDINATOR, covering=incident.township)
    )


def check_can_follow_opinion(user, incident) -> None:
    if not can_follow_opinion(user, incident):
        raise Forbidden("舆情由县级纪检信访专员、组织部工作人员和所在乡镇联络员处理。")


def can_edit_opinion(user, incident) -> bool:
    """Whether the user grades, links and closes an incident."""
    place = incident.township or incident.campaign.area
    return any(has_role(user, role, covering=place) for role in OPINION_EDITORS)


def check_can_edit_opinion(user, incident) -> None:
    if not can_edit_opinion(user, incident):
        raise Forbidden("舆情的定级、关联和办结由县级纪检信访专员或组织部工作人员办理。")


def can_record_opinion(user, place=None) -> bool:
    """`place`: a township, or the campaign's area; None: any."""
    roles = (*OPINION_EDITORS, Role.COORDINATOR)
    return any(has_role(user, role, covering=place) for role in roles)


def check_can_record_opinion(user, place=None) -> None:
    if not can_record_opinion(user, place):
        raise Forbidden("舆情由本辖区的纪检信访专员、组织部工作人员或乡镇联络员登记。")


def can_read_statistics(user, campaign) -> bool:
    """Figures of complaints: whom rules.COUNTING names, at county level and above, over the campaign's area."""
    return any(
        posting.role in rules.COUNTING
        and posting.jurisdiction.level not in rules.TOO_LOW_TO_COUNT
        and covers(posting.jurisdiction, campaign.area)
        for posting in postings_of(user)
    )


def check_can_read_statistics(user, campaign) -> None:
    if not can_read_statistics(user, campaign):
        raise Forbidden("信访统计由县级及以上的纪检信访专员、组织部工作人员和领导查看。")


def can_record_last_term(user, campaign) -> bool:
    return any(
        has_role(user, role, covering=campaign.area) for role in (Role.DISCIPLINE, Role.ORG_STAFF)
    )


def check_can_record_last_term(user, campaign) -> None:
    if not can_record_last_term(user, campaign):
        raise Forbidden("上届数据由本级纪检信访专员或组织部工作人员登记。")


def check_can_set_retention(user, campaign) -> None:
    if not has_role(user, Role.DISCIPLINE, covering=campaign.area):
        raise Forbidden("保管期限由本级纪检信访专员设定。")
