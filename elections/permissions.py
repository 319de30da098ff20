"""Who may act in a campaign. Each check raises a sentence; its boolean twin serves templates.

"May they see it" is never asked here: that is `visible_to`.
"""

from accounts.enums import Role
from accounts.errors import Forbidden
from villages.scoping import has_role


def can_manage_campaign(user, area) -> bool:
    return has_role(user, Role.ORG_STAFF, covering=area)


def check_can_manage_campaign(user, area) -> None:
    if not can_manage_campaign(user, area):
        raise Forbidden(f"只有{area.name}的组织部工作人员可以设置换届工作。")


def can_record(user, election) -> bool:
    return has_role(user, Role.COORDINATOR, covering=election)


def check_can_record(user, election) -> None:
    """The township's coordinator enters what happens in its villages."""
    if not can_record(user, election):
        raise Forbidden("只有本乡镇的联络员可以登记和提交村换届的环节。")


def can_certify(user, election) -> bool:
    return can_record(user, election) or can_confirm(user, election)


def check_can_certify(user, election) -> None:
    """A count that one person entered is checked by another: of the township, or of the county."""
    if not can_certify(user, election):
        raise Forbidden("计票由本乡镇另一名联络员或县级组织部工作人员核对。")


def check_can_override(user, election) -> None:
    """Letting a village go on in spite of something missing is the county's own responsibility."""
    if not can_confirm(user, election):
        raise Forbidden("只有县级组织部工作人员可以特批放行。")


def can_confirm(user, election) -> bool:
    return has_role(user, Role.ORG_STAFF, covering=election)


def check_can_confirm(user, election) -> None:
    """The county's organisation staff confirm gated stages and decide exceptions."""
    if not can_confirm(user, election):
        raise Forbidden("只有县级组织部工作人员可以确认、退回环节或批准例外。")
