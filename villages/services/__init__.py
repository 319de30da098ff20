"""Every write about organisations, members and postings. One module a noun."""

from .accounts import (
    add_posting,
    end_posting,
    grant_posting,
    open_account,
    reset_account,
    set_account_active,
)
from .organisations import (
    ensure_organisations,
    set_organisation,
    short_name,
)
from .roster import (
    add_members,
    adult_on,
    mark_left,
    member_problems,
    set_post,
    update_member,
)

__all__ = [
    "add_members",
    "add_posting",
    "adult_on",
    "end_posting",
    "ensure_organisations",
    "grant_posting",
    "mark_left",
    "member_problems",
    "open_account",
    "reset_account",
    "set_account_active",
    "set_organisation",
    "set_post",
    "short_name",
    "update_member",
]
