"""Who may change the roster, accounts and postings. Each check raises a sentence; its twin serves templates."""

from accounts.enums import Role
from accounts.errors import Forbidden

from .scoping import has_role


def can_edit_roster(user, village) -> bool:
    return has_role(user, Role.COORDINATOR, covering=village)


def check_can_edit_roster(user, village) -> None:
    if not can_edit_roster(user, village):
        raise Forbidden("只有本乡镇的联络员可以登记和更正党员名册。")


def check_can_manage_accounts(user) -> None:
    if not has_role(user, Role.SYSTEM_ADMIN):
        raise Forbidden("只有系统管理员可以建立、停用账号和重置密码。")


def check_can_manage_postings(user) -> None:
    if not has_role(user, Role.SECURITY_ADMIN):
        raise Forbidden("只有安全管理员可以授予、收回岗位。")


def check_can_see_accounts(user) -> None:
    if not (has_role(user, Role.SYSTEM_ADMIN) or has_role(user, Role.SECURITY_ADMIN)):
        raise Forbidden("只有系统管理员和安全管理员可以查看用户与岗位。")


def check_can_read_audit(user) -> None:
    if not has_role(user, Role.AUDIT_ADMIN):
        raise Forbidden("只有审计管理员可以查看审计日志。")
