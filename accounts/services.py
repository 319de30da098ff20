"""Every write about users and their sessions."""

from datetime import datetime, timedelta

from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from . import audit
from .errors import Refused
from .models import AuditEntry, User
from .problems import Problem

#: One sentence for an unknown user, a wrong password and a disabled account: nothing is revealed.
LOGIN_FAILED = "账号或密码不正确，或账号已停用。请核对后重试，忘记密码请联系系统管理员。"


#: So many wrong passwords within LOCK_FOR close an account's door until that time has passed.
LOCK_AFTER, LOCK_FOR = 5, timedelta(minutes=15)
LOCKED = (
    f"这个账号在{LOCK_FOR.seconds // 60}分钟内连续{LOCK_AFTER}次登录失败，已暂停登录："
    f"请{LOCK_FOR.seconds // 60}分钟后再试，或请系统管理员重置密码。"
)


def is_locked(username: str, *, at: datetime) -> bool:
    """Whether this name was refused too often since it last got in or had its password reset.

    The same for names that do not exist: nothing is revealed. Tries while it is locked do not prolong it.
    """
    refused = Q(action="session.refused", changes__after__username=username)
    opened = Q(action="session.opened", actor_username=username)
    reset = Q(action="user.password_reset", changes__after__username=username)
    latest = (
        AuditEntry.objects.filter(refused | opened | reset, at__gt=at - LOCK_FOR, at__lte=at)
        .order_by("-at", "-pk")
        .values_list("action", flat=True)[:LOCK_AFTER]
    )
    return list(latest) == ["session.refused"] * LOCK_AFTER


def sign_in(*, request, username: str, password: str, at: datetime) -> User:
    """The user these credentials belong to, with an audit row for success and failure.

    Raises Refused with the same sentence whatever was wrong, or because it was wrong too often.
    """
    if is_locked(username[:50], at=at):
        audit.record(
            action="session.locked",
            by=None,
            at=at,
            target=User(username=username[:50]),
            changes={"after": {"username": username[:50]}},
        )
        raise Refused(Problem("locked", LOCKED))
    user = authenticate(request, username=username, password=password)
    if user is None:
        known = User.objects.filter(username=username).first()
        audit.record(
            action="session.refused",
            by=None,
            at=at,
            target=known or User(username=username[:50]),
            changes={"after": {"username": username[:50]}},
        )
        raise Refused(Problem("login", LOGIN_FAILED))
    audit.record(action="session.opened", by=user, at=at, target=user)
    return user


def sign_out(*, user: User, at: datetime, reason: str = "") -> None:
    """Note that a session ended. The caller ends it."""
    audit.record(action="session.closed", by=user, at=at, target=user, reason=reason)


def check_password_rules(password: str, user: User) -> None:
    """Raises Refused with every rule the password breaks."""
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        raise Refused(*(Problem("password", message) for message in error.messages)) from None


@transaction.atomic
def create_user(
    *,
    username: str,
    name: str,
    password: str,
    by: User | None,
    at: datetime,
    phone: str = "",
    must_change_password: bool = True,
) -> User:
    """A new account with a temporary password that must be changed at the first login. `by` None: the
    installation itself. The caller has checked that `by` may. Raises Refused (name taken, weak password)."""
    if User.objects.filter(username=username).exists():
        raise Refused(Problem("username", f"账号“{username}”已被使用：请另取一个。"))
    check_password_rules(password, User(username=username, name=name))
    user = User.objects.create_user(
        username, password, name=name, phone=phone, must_change_password=must_change_password
    )
    audit.record(
        action="user.created",
        by=by,
        at=at,
        target=user,
        changes={"after": {"username": username, "name": name}},
    )
    return user


@transaction.atomic
def change_password(*, user: User, old: str, new: str, at: datetime) -> User:
    """The user's own change. Raises Refused (old one wrong, same as before, breaks a rule)."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not user.check_password(old):
        raise Refused(Problem("old_password", "原密码不正确：请重新输入。"))
    if old == new:
        raise Refused(Problem("password", "新密码不能与原密码相同。"))
    check_password_rules(new, user)
    _set_password(user, new, at=at, must_change=False)
    audit.record(action="user.password_changed", by=user, at=at, target=user)
    return user


@transaction.atomic
def reset_password(*, user: User, password: str, by: User, at: datetime) -> User:
    """A new temporary password, set by the system administrator; ends the user's sessions. Raises Refused."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    check_password_rules(password, user)
    _set_password(user, password, at=at, must_change=True)
    audit.record(
        action="user.password_reset",
        by=by,
        at=at,
        target=user,
        changes={"after": {"username": user.username}},
    )
    return user


def _set_password(user: User, password: str, *, at: datetime, must_change: bool) -> None:
    user.set_password(password)
    user.must_change_password = must_change
    user.password_changed_at = at
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])


@transaction.atomic
def set_active(*, user: User, active: bool, by: User, at: datetime) -> User:
    """Disable or enable an account; a disabled user's sessions are dead at once. Raises Refused for oneself."""
    if user.pk == by.pk:
        raise Refused(Problem("self", "不能停用或启用自己的账号：请由另一位系统管理员办理。"))
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.is_active != active:
        user.is_active = active
        user.save(update_fields=["is_active"])
        audit.record(
            action="user.enabled" if active else "user.disabled",
            by=by,
            at=at,
            target=user,
            changes={"before": {"active": not active}, "after": {"active": active}},
        )
    return user
