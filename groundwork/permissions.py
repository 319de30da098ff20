"""Who keeps the ledgers. "May they see it" is never asked here: that is `visible_to`."""

from accounts.errors import Forbidden
from villages.scoping import has_role

from .ledgers import Ledger


def can_keep(user, ledger: Ledger, place=None) -> bool:
    """Whether the user enters rows of this ledger (at this place: a village's election, a township, the county)."""
    return any(has_role(user, role, covering=place) for role in ledger.editors)


def check_can_keep(user, ledger: Ledger, place=None) -> None:
    """A township's coordinator keeps the ledgers of the township and its villages, the staff of the county all of them."""
    if not can_keep(user, ledger, place):
        roles = "、".join(role.label for role in ledger.editors)
        raise Forbidden(f"“{ledger.title}”台账由管辖该地的{roles}登记。")
