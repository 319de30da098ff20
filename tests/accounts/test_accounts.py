"""Signing in and out, passwords, time-outs."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.errors import Refused
from accounts.models import AuditEntry, User
from tests.factories.villages import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "demo-password-1"
NEW = "示例-another-42"
LOGIN = reverse("login")


def post_login(client, username, password=PASSWORD, **more):
    return client.post(LOGIN, {"username": username, "password": password} | more)


def test_sign_in_and_out_leave_rows(client):
    user = UserFactory()

    assert post_login(client, user.username).url == "/"
    assert client.post(reverse("logout")).url == LOGIN

    actions = AuditEntry.objects.order_by("seq").values_list("action", flat=True)
    assert list(actions) == ["session.opened", "session.closed"]
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("case", ["unknown", "wrong", "disabled"])
def test_whatever_was_wrong_the_sentence_is_the_same(client, case):
    user = UserFactory(is_active=case != "disabled")
    username = "nobody-there" if case == "unknown" else user.username

    answer = post_login(client, username, "wrong-password" if case == "wrong" else PASSWORD)

    assert answer.status_code == 422
    assert services.LOGIN_FAILED in answer.content.decode()
    assert AuditEntry.objects.get().action == "session.refused"


@pytest.mark.parametrize(
    ("wanted", "target"), [("/todo/", "/todo/"), ("https://example.com/", "/"), ("//evil", "/")]
)
def test_after_sign_in_one_stays_on_this_site(client, wanted, target):
    user = UserFactory()

    assert post_login(client, user.username, next=wanted).url == target


def test_sign_in_starts_a_new_session(client):
    client.get(LOGIN)
    client.session["x"] = 1
    before = client.session.session_key

    post_login(client, UserFactory().username)

    assert client.session.session_key != before


def test_temporary_password_opens_nothing_but_its_own_change(client):
    user = UserFactory(must_change_password=True)
    client.force_login(user)
    change = reverse("password_change")

    assert client.get(reverse("todo")).url == change
    sent = {"old": PASSWORD, "new": NEW, "repeat": NEW}
    assert client.post(change, sent).status_code == 302

    user.refresh_from_db()
    assert not user.must_change_password
    assert user.check_password(NEW)
    assert client.get(change).status_code == 200, "the session survives one's own change"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"old": "wrong"}, "原密码不正确"),
        ({"new": PASSWORD, "repeat": PASSWORD}, "新密码不能与原密码相同"),
        ({"repeat": "different-9"}, "两次输入的新密码不一致"),
        ({"new": "1234567890123", "repeat": "1234567890123"}, "密码"),
        ({"new": "short", "repeat": "short"}, "密码"),
    ],
)
def test_change_that_breaks_a_rule_is_refused(client, sent, words):
    user = UserFactory()
    client.force_login(user)

    answer = client.post(
        reverse("password_change"), {"old": PASSWORD, "new": NEW, "repeat": NEW} | sent
    )

    assert answer.status_code == 422
    assert words in answer.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_reset_ends_the_user_s_sessions_and_asks_for_a_new_password(client):
    user, admin = UserFactory(), UserFactory()
    client.force_login(user)

    services.reset_password(user=user, password=NEW, by=admin, at=timezone.now())

    assert client.get(reverse("todo")).url.startswith(LOGIN)
    user.refresh_from_db()
    assert user.must_change_password


def test_disabled_user_s_session_is_dead_at_once(client):
    user, admin = UserFactory(), UserFactory()
    client.force_login(user)

    services.set_active(user=user, active=False, by=admin, at=timezone.now())

    assert client.get(reverse("todo")).url.startswith(LOGIN)


def test_nobody_disables_oneself():
    admin = UserFactory()

    with pytest.raises(Refused, match="不能停用或启用自己的账号"):
        services.set_active(user=admin, active=False, by=admin, at=timezone.now())
    assert User.objects.get().is_active


@pytest.mark.parametrize(
    ("idle", "age", "over"),
    [
        (timedelta(minutes=29), timedelta(hours=1), False),
        (timedelta(minutes=31), timedelta(hours=1), True),
        (timedelta(minutes=1), timedelta(hours=11, minutes=59), False),
        (timedelta(minutes=1), timedelta(hours=12, minutes=1), True),
    ],
)
def test_session_ends_after_half_an_hour_idle_or_twelve_hours(idle, age, over):
    client, now = Client(), timezone.now()
    client.force_login(UserFactory())
    session = client.session
    session["seen_at"], session["started_at"] = (now - idle).isoformat(), (now - age).isoformat()
    session.save()

    answer = client.get(reverse("password_change"))

    if over:
        assert answer.url == f"{LOGIN}?next=%2Fpassword%2F"
        assert AuditEntry.objects.get(action="session.closed").reason == "超时"
        assert client.get(reverse("password_change")).status_code == 302
    else:
        assert answer.status_code == 200


# --- too many wrong passwords --------------------------------------------------------------------


def fail(username, times, *, at):
    for _ in range(times):
        with pytest.raises(Refused, match="账号或密码不正确"):
            services.sign_in(request=None, username=username, password="wrong", at=at)


def enter(username, *, at):
    return services.sign_in(request=None, username=username, password=PASSWORD, at=at)


def test_five_wrong_passwords_close_the_door_for_a_quarter_of_an_hour():
    user, other, at = UserFactory(), UserFactory(), timezone.now()
    fail(user.username, 5, at=at)

    with pytest.raises(Refused, match="已暂停登录：请15分钟后再试"):
        enter(user.username, at=at + timedelta(minutes=14))
    assert enter(other.username, at=at) == other
    assert enter(user.username, at=at + timedelta(minutes=15)) == user


def test_a_name_that_does_not_exist_is_locked_alike():
    at = timezone.now()
    fail("nobody-there", 5, at=at)

    with pytest.raises(Refused, match="已暂停登录"):
        enter("nobody-there", at=at)


def test_getting_in_starts_the_count_anew():
    user, at = UserFactory(), timezone.now()
    fail(user.username, 4, at=at)
    enter(user.username, at=at + timedelta(seconds=1))
    fail(user.username, 4, at=at + timedelta(seconds=2))

    assert enter(user.username, at=at + timedelta(seconds=3)) == user


def test_reset_password_opens_the_door():
    user, admin, at = UserFactory(), UserFactory(), timezone.now()
    fail(user.username, 5, at=at)

    services.reset_password(user=user, password=NEW, by=admin, at=at + timedelta(seconds=1))

    found = services.sign_in(
        request=None, username=user.username, password=NEW, at=at + timedelta(seconds=2)
    )
    assert found == user
