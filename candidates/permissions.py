"""Who may act on reviews, on what is on record about people, and on the reserve pool. Each check raises a sentence; its twin serves pages."""

from accounts.enums import Role
from accounts.errors import Forbidden
from elections.permissions import can_certify, can_confirm, can_record
from villages.scoping import has_role, postings_of

from .enums import ReviewLevel


def can_countersign(user, review) -> bool:
    """A township's rejection: another coordinator of the township or the county's staff; the county's: other staff.
    That it is another person than the first is a rule, not a right."""
    election = review.candidacy.election
    if review.level == ReviewLevel.TOWNSHIP:
        return can_certify(user, election)
    return can_confirm(user, election)


def check_can_countersign(user, review) -> None:
    if can_countersign(user, review):
        return
    if review.level == ReviewLevel.TOWNSHIP:
        raise Forbidden("乡镇初审不合格由本乡镇另一名联络员或县级组织部工作人员复核。")
    raise Forbidden("县级联审结论由县级组织部另一名工作人员复核。")


def department_of(user) -> str:
    """The department that the user's posting names; empty for everybody else."""
    for posting in postings_of(user):
        if posting.role == Role.VETTING and posting.department.strip():
            return posting.department.strip()
    return ""


def can_keep_facts(user, election) -> bool:
    """The township and the county's staff, not the leaders. A department: about people it was asked about."""
    return can_record(user, election) or can_confirm(user, election)


def check_is_department(user) -> None:
    if not has_role(user, Role.VETTING):
        raise Forbidden("本页只供联审单位使用。")


def can_keep_reserve(user, village) -> bool:
    return has_role(user, Role.COORDINATOR, covering=village)


def check_can_keep_reserve(user, village) -> None:
    if not can_keep_reserve(user, village):
        raise Forbidden("后备干部库由本乡镇的联络员登记，其他人员可以查看。")
