"""Who may change the roster, accounts and postings. Each check raises a sentence; its twin serves templates."""

from accounts.enums import Role
from accounts.errors import Forbidden

from .scoping import has_role


def can_edit_roster(user, village) -> bool:
    return has_role(user, Role.COORDINATOR, covering=village)


def check_can_edit_roster(user, village) -> None:
    if not can_edit_roster(user, village):
        raise Forbidden("只有本乡镇的联络员可以登记和更正党员名册。")


def can_import_roster(user, area) -> bool:
    return any(has_role(user, role, covering=area) for role in (Role.COORDINATOR, Role.ORG_STAFF))


def check_can_import_roster(user, area) -> None:
    """A whole area's roster comes by workbook: from its township, or from the county that keeps them all."""
    if not can_import_roster(user, area):
        raise Forbidden(f"只有{area.name}的联络员或组织部工作人员可以导入党员名册。")


def can_merge(user, *villages) -> bool:
    """Two rows of one person are joined by whoever answers for both rosters: the coordinator of a township for its own,
    the organisation staff above for any."""
    roles = (Role.COORDINATOR, Role.ORG_STAFF)
    return any(all(has_role(user, role, covering=v) for v in villages) for role in roles)


def check_can_merge(user, *villages) -> None:
    if not can_merge(user, *villages):
        raise Forbidden(
            "同一乡镇内的重复记录由本乡镇联络员合并，跨乡镇的由上级组织部工作人员合并。"
        )


def check_can_find(user) -> None:
    """Looking people up by number, and what came of it: those who may merge two rows."""
    if not can_find(user):
        raise Forbidden("按身份证号查找、核对疑似重复由乡镇联络员和组织部工作人员办理。")


def can_find(user) -> bool:
    return has_role(user, Role.COORDINATOR) or has_role(user, Role.ORG_STAFF)


def can_manage_accounts(user) -> bool:
    return has_role(user, Role.SYSTEM_ADMIN)


def check_can_manage_accounts(user) -> None:
    if not can_manage_accounts(user):
        raise Forbidden("只有系统管理员可以建立、停用账号和重置密码。")


def can_manage_postings(user, jurisdiction=None) -> bool:
    return has_role(user, Role.SECURITY_ADMIN, covering=jurisdiction)


def check_can_manage_postings(user, jurisdiction=None) -> None:
    """Postings anywhere, or those in `jurisdiction`: it must lie inside the administrator's own area, or a county's
    administrator could give out posts of the city above."""
    if not can_manage_postings(user):
        raise Forbidden("只有安全管理员可以授予、收回岗位。")
    if jurisdiction is not None and not can_manage_postings(user, jurisdiction):
        raise Forbidden(
            f"“{jurisdiction.name}”不在您管理的辖区以内：只能授予、收回本辖区及其下级的岗位，"
            "其他岗位请由管辖该地的安全管理员办理。"
        )


def check_can_see_accounts(user) -> None:
    if not (can_manage_accounts(user) or can_manage_postings(user)):
        raise Forbidden("只有系统管理员和安全管理员可以查看用户与岗位。")


def check_can_read_audit(user) -> None:
    if not has_role(user, Role.AUDIT_ADMIN):
        raise Forbidden("只有审计管理员可以查看审计日志。")
