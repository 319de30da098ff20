"""Accounts and postings, as the three administrators keep them."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts import services as account_services
from accounts.enums import Role
from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem

from ..models import Jurisdiction, Posting
from ..permissions import check_can_manage_accounts, check_can_manage_postings
from ..scoping import forget_postings, post_of


@transaction.atomic
def open_account(
    *, username: str, name: str, phone: str, password: str, by: User, at: datetime
) -> User:
    """A new account, without any posting yet. Raises Forbidden, Refused."""
    check_can_manage_accounts(by)
    return account_services.create_user(
        username=username, name=name, phone=phone, password=password, by=by, at=at
    )


@transaction.atomic
def reset_account(*, user: User, password: str, by: User, at: datetime) -> User:
    check_can_manage_accounts(by)
    return account_services.reset_password(user=user, password=password, by=by, at=at)


@transaction.atomic
def set_account_active(*, user: User, active: bool, by: User, at: datetime) -> User:
    check_can_manage_accounts(by)
    return account_services.set_active(user=user, active=active, by=by, at=at)


@transaction.atomic
def grant_posting(
    *,
    user: User,
    jurisdiction: Jurisdiction,
    role: Role,
    by: User,
    at: datetime,
    title: str = "",
    department: str = "",
) -> Posting:
    """Give a user a role in a jurisdiction of the administrator's area from today on.

    Raises Forbidden, Refused (already held, oneself).
    """
    check_can_manage_postings(by, jurisdiction)
    if user.pk == by.pk:
        raise Refused(Problem("self", "不能给自己授予岗位：请由另一位安全管理员办理。"))
    if Posting.objects.filter(
        user=user, jurisdiction=jurisdiction, role=role, ends_on__isnull=True
    ).exists():
        raise Refused(
            Problem(
                "posting",
                f"{user.name}已有“{jurisdiction.name} {Role(role).label}”岗位，不必重复授予。",
            )
        )
    return add_posting(
        user=user,
        jurisdiction=jurisdiction,
        role=role,
        by=by,
        at=at,
        title=title,
        department=department,
    )


def add_posting(
    *, user, jurisdiction, role, by: User | None, at: datetime, title="", department=""
) -> Posting:
    """Write a posting and its audit row. `by` None: the installation itself, which has no administrator yet."""
    posting = Posting.objects.create(
        user=user,
        jurisdiction=jurisdiction,
        role=role,
        title=title,
        department=department,
        starts_on=timezone.localdate(at),
    )
    forget_postings(user)
    audit.record(
        action="posting.granted",
        by=by,
        at=at,
        target=user,
        post=post_of(by) if by else "",
        changes={"after": {"jurisdiction": jurisdiction.name, "role": str(role)}},
    )
    return posting


@transaction.atomic
def end_posting(*, posting: Posting, by: User, at: datetime) -> Posting:
    """Withdraw a posting from today on; it stays on record. Raises Forbidden, Refused."""
    posting = (
        Posting.objects.select_for_update(of=("self",))
        .select_related("user", "jurisdiction")
        .get(pk=posting.pk)
    )
    check_can_manage_postings(by, posting.jurisdiction)
    if posting.user_id == by.pk:
        raise Refused(Problem("self", "不能收回自己的岗位：请由另一位安全管理员办理。"))
    if posting.ends_on is None:
        posting.ends_on = timezone.localdate(at)
        posting.save(update_fields=["ends_on"])
        audit.record(
            action="posting.ended",
            by=by,
            at=at,
            target=posting.user,
            post=post_of(by),
            changes={"after": {"jurisdiction": posting.jurisdiction.name, "role": posting.role}},
        )
    return posting
