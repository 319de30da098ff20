"""Who handles complaints: discipline staff of the area, nobody else."""

from accounts.enums import Role
from accounts.errors import Forbidden
from villages.scoping import has_role


def check_is_discipline(user) -> None:
    if not has_role(user, Role.DISCIPLINE):
        raise Forbidden("信访举报只由纪检信访专员登记和办理。")


def check_can_handle(user, village) -> None:
    if not has_role(user, Role.DISCIPLINE, covering=village):
        raise Forbidden("只有本辖区的纪检信访专员可以登记和办理信访件。")
