"""Every write about organisations, members, representatives and postings. One module a noun."""

from .accounts import (
    add_posting,
    end_posting,
    grant_posting,
    open_account,
    reset_account,
    set_account_active,
)
from .merges import merge_members, undo_merge
from .organisations import ensure_organisations, set_organisation, short_name
from .representatives import add_representatives, end_representative, update_representative
from .roster import add_members, mark_left, update_member
from .terms import save_post, save_restriction

__all__ = [
    "add_members",
    "add_posting",
    "add_representatives",
    "end_posting",
    "end_representative",
    "ensure_organisations",
    "grant_posting",
    "mark_left",
    "merge_members",
    "open_account",
    "reset_account",
    "save_post",
    "save_restriction",
    "set_account_active",
    "set_organisation",
    "short_name",
    "undo_merge",
    "update_member",
    "update_representative",
]
