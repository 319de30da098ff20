"""Accounts through their services: what is refused, what is stored, what the audit trail keeps."""

from datetime import UTC, datetime

import pytest
from django.test import RequestFactory

from accounts import services
from accounts.errors import Refused
from accounts.models import AuditEntry, User
from tests.factories.villages import UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 20, 1, 0, tzinfo=UTC)
PASSWORD = "demo-password-1"
NEW = "示例-another-42"
#: (password, what the refusal says): each breaks one rule for the user zhangsan, 示例张三丰登丰登.
WEAK = [
    ("短-pass-1", "密码太短：至少10位。"),
    ("6174095382716", "数字"),
    ("password123", "常见"),
    ("zhangsan01", "账号太相似"),
    ("示例张三丰登丰登-1", "姓名太相似"),
    ("2026-示例张三丰登丰登-Qjw", "密码不能含有姓名"),
]


def sign_in(username, password=PASSWORD):
    request = RequestFactory().post("/login/")
    return services.sign_in(request=request, username=username, password=password, at=AT)


def create(**more):
    facts = {
        "username": "zhangsan",
        "name": "示例张三丰登丰登",
        "password": NEW,
        "by": None,
        "at": AT,
    }
    return services.create_user(**facts | more)


def sentences(refusal) -> str:
    return "；".join(problem.message for problem in refusal.value.problems)


# --- signing in ----------------------------------------------------------------------------------


def test_sign_in_names_who_signed_in_and_when():
    user = UserFactory()

    assert sign_in(user.username) == user

    row = AuditEntry.objects.get()
    assert (row.action, row.actor_id, row.target_pk) == ("session.opened", user.pk, str(user.pk))
    assert (row.at, row.chain) == (AT, "system")


@pytest.mark.parametrize("case", ["unknown", "wrong", "disabled"])
def test_refused_sign_in_is_nobody_s_doing_and_keeps_no_password(case):
    user = UserFactory(is_active=case != "disabled")
    username = "nobody-there" if case == "unknown" else user.username

    with pytest.raises(Refused) as refusal:
        sign_in(username, "sesame-open-1" if case == "wrong" else PASSWORD)

    assert [p.message for p in refusal.value.problems] == [services.LOGIN_FAILED]
    row = AuditEntry.objects.get()
    assert (row.action, row.actor_id, row.actor_name) == ("session.refused", None, "系统")
    assert row.changes == {"after": {"username": username}}
    assert row.target_pk == ("None" if case == "unknown" else str(user.pk))
    assert not any(secret in str(vars(row)) for secret in ("sesame-open-1", PASSWORD))


def test_sign_in_with_a_name_longer_than_any_account_is_refused():
    with pytest.raises(Refused, match="账号或密码不正确"):
        sign_in("长" * 300)

    assert AuditEntry.objects.get().changes == {"after": {"username": "长" * 50}}


# --- accounts ------------------------------------------------------------------------------------


def test_new_account_is_active_and_must_change_its_password():
    by = UserFactory()

    user = create(by=by, phone="000-0000")

    stored = User.objects.get(username="zhangsan")
    assert stored == user
    assert (stored.is_active, stored.must_change_password, stored.phone) == (True, True, "000-0000")
    assert stored.check_password(NEW)
    row = AuditEntry.objects.get()
    assert (row.action, row.actor_id) == ("user.created", by.pk)
    assert row.changes == {"after": {"username": "zhangsan", "name": "示例张三丰登丰登"}}


def test_name_of_a_disabled_account_is_not_given_again():
    UserFactory(username="zhangsan", is_active=False)

    with pytest.raises(Refused) as refusal:
        create()

    assert [p.code for p in refusal.value.problems] == ["username"]
    assert User.objects.count() == 1
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(("password", "words"), WEAK)
def test_weak_password_opens_no_account(password, words):
    with pytest.raises(Refused) as refusal:
        create(password=password)

    assert words in sentences(refusal)
    assert {p.code for p in refusal.value.problems} == {"password"}
    assert not User.objects.exists()
    assert not AuditEntry.objects.exists()


# --- passwords -----------------------------------------------------------------------------------


def test_own_change_is_dated_and_noted_without_the_password():
    user = UserFactory(must_change_password=True)

    services.change_password(user=user, old=PASSWORD, new=NEW, at=AT)

    stored = User.objects.get()
    assert (stored.must_change_password, stored.password_changed_at) == (False, AT)
    assert stored.check_password(NEW)
    row = AuditEntry.objects.get()
    assert (row.action, row.actor_id, row.changes) == ("user.password_changed", user.pk, {})


@pytest.mark.parametrize(("password", "words"), WEAK)
@pytest.mark.parametrize("verb", ["change", "reset"])
def test_weak_password_replaces_nothing(verb, password, words):
    user = UserFactory(username="zhangsan", name="示例张三丰登丰登")
    by = UserFactory()

    with pytest.raises(Refused) as refusal:
        if verb == "change":
            services.change_password(user=user, old=PASSWORD, new=password, at=AT)
        else:
            services.reset_password(user=user, password=password, by=by, at=AT)

    assert words in sentences(refusal)
    stored = User.objects.get(pk=user.pk)
    assert stored.check_password(PASSWORD)
    assert (stored.must_change_password, stored.password_changed_at) == (False, None)
    assert not AuditEntry.objects.exists()


def test_reset_is_noted_with_who_did_it_for_whom():
    user, by = UserFactory(), UserFactory()

    services.reset_password(user=user, password=NEW, by=by, at=AT)

    stored = User.objects.get(pk=user.pk)
    assert stored.check_password(NEW)
    assert (stored.must_change_password, stored.password_changed_at) == (True, AT)
    row = AuditEntry.objects.get()
    assert (row.action, row.actor_id, row.target_pk) == (
        "user.password_reset",
        by.pk,
        str(user.pk),
    )
    assert NEW not in str(vars(row))


# --- disabling -----------------------------------------------------------------------------------


def test_disabling_and_enabling_leave_one_row_each_and_repeating_none():
    user, by = UserFactory(), UserFactory()

    for active in (False, False, True, True):
        services.set_active(user=user, active=active, by=by, at=AT)

    rows = AuditEntry.objects.order_by("seq").values_list("action", "actor_id", "changes")
    assert list(rows) == [
        ("user.disabled", by.pk, {"before": {"active": True}, "after": {"active": False}}),
        ("user.enabled", by.pk, {"before": {"active": False}, "after": {"active": True}}),
    ]


def test_disabled_account_signs_in_again_once_enabled():
    user, by = UserFactory(), UserFactory()
    services.set_active(user=user, active=False, by=by, at=AT)
    with pytest.raises(Refused):
        sign_in(user.username)

    services.set_active(user=user, active=True, by=by, at=AT)

    assert sign_in(user.username) == user


@pytest.mark.parametrize("active", [True, False])
def test_own_account_is_neither_disabled_nor_enabled(active):
    user = UserFactory()

    with pytest.raises(Refused, match="请由另一位系统管理员办理"):
        services.set_active(user=user, active=active, by=user, at=AT)

    assert not AuditEntry.objects.exists()
