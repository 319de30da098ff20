"""Who keeps the reserve pool. Each check raises a sentence; its twin serves templates. For the rest of this app see
elections/permissions.py."""

from accounts.enums import Role
from accounts.errors import Forbidden
from villages.scoping import has_role


def can_keep_reserve(user, village) -> bool:
    return has_role(user, Role.COORDINATOR, covering=village)


def check_can_keep_reserve(user, village) -> None:
    if not can_keep_reserve(user, village):
        raise Forbidden("后备干部库由本乡镇的联络员登记，其他人员可以查看。")
