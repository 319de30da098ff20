"""What every request passes: the time-out, and the password change at first login."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.middleware import SEEN, STARTED
from accounts.models import AuditEntry
from tests.factories.villages import UserFactory

pytestmark = pytest.mark.django_db
LOGIN, CHANGE = reverse("login"), reverse("password_change")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def signed_in(client):
    """A client whose session has been used just now."""
    client.force_login(UserFactory())
    client.get(CHANGE)
    return client


def put_back(client, **ago: timedelta) -> None:
    """Store the times of a session as that long ago."""
    session = client.session
    for key, span in ago.items():
        session[key] = (timezone.now() - span).isoformat()
    session.save()


def stored(client, key) -> datetime:
    return datetime.fromisoformat(client.session[key])


def test_first_request_starts_the_session_s_clock(client):
    before = timezone.now()
    client.force_login(UserFactory())
    assert STARTED not in client.session

    client.get(CHANGE)

    assert before <= stored(client, STARTED) <= timezone.now()
    assert stored(client, SEEN) == stored(client, STARTED)


def test_request_moves_the_idle_limit_but_never_the_absolute_one(signed_in):
    put_back(signed_in, started_at=timedelta(hours=11), seen_at=29 * MINUTE)
    started = stored(signed_in, STARTED)

    assert signed_in.get(CHANGE).status_code == 200

    assert timezone.now() - stored(signed_in, SEEN) < MINUTE
    assert stored(signed_in, STARTED) == started


def test_last_request_is_written_once_a_minute(signed_in):
    put_back(signed_in, seen_at=MINUTE / 2)
    seen = stored(signed_in, SEEN)

    signed_in.get(CHANGE)

    assert stored(signed_in, SEEN) == seen


def test_clock_that_jumped_back_does_not_keep_a_session_alive(signed_in):
    put_back(signed_in, seen_at=timedelta(hours=-5))

    signed_in.get(CHANGE)

    assert stored(signed_in, SEEN) <= timezone.now()


def test_time_out_is_told_and_returns_to_the_page_after_sign_in(client):
    user = UserFactory()
    client.force_login(user)
    client.get(CHANGE)
    put_back(client, seen_at=31 * MINUTE)

    answer = client.get(reverse("search"), {"q": "东一村"})

    login = client.get(answer.url)
    assert "长时间没有操作，已自动退出" in login.content.decode()
    sent = {"username": user.username, "password": "demo-password-1"}
    after = client.post(LOGIN, sent | {"next": login.context["next"]})
    assert after.url == f"{reverse('search')}?q=%E4%B8%9C%E4%B8%80%E6%9D%91"
    row = AuditEntry.objects.get(action="session.closed")
    assert (row.actor_id, row.reason) == (user.pk, "超时")


def test_new_sign_in_after_a_time_out_has_the_whole_time_again(client):
    user = UserFactory()
    client.force_login(user)
    client.get(CHANGE)
    put_back(client, started_at=timedelta(hours=13))
    client.get(CHANGE)

    client.post(LOGIN, {"username": user.username, "password": "demo-password-1"})

    assert client.get(CHANGE).status_code == 200
    assert timezone.now() - stored(client, STARTED) < MINUTE


def test_nothing_is_written_by_a_request_that_came_too_late(signed_in):
    put_back(signed_in, seen_at=31 * MINUTE)
    sent = {"old": "demo-password-1", "new": "示例-another-42", "repeat": "示例-another-42"}

    assert signed_in.post(CHANGE, sent).url.startswith(LOGIN)

    assert not AuditEntry.objects.filter(action="user.password_changed").exists()


def test_cookie_of_a_session_that_timed_out_is_worth_nothing(signed_in):
    cookie = signed_in.cookies["sessionid"].value
    put_back(signed_in, seen_at=31 * MINUTE)
    signed_in.get(CHANGE)

    signed_in.cookies["sessionid"] = cookie

    assert signed_in.get(CHANGE).url == f"{LOGIN}?next={CHANGE}"


# --- password change at first login --------------------------------------------------------------


@pytest.fixture
def newcomer(client):
    client.force_login(UserFactory(must_change_password=True))
    return client


@pytest.mark.parametrize("name", ["home", "todo", "search", "user_list", "campaign_list"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_temporary_password_leads_from_every_page_to_its_change(newcomer, name, method):
    answer = getattr(newcomer, method)(reverse(name))

    assert (answer.status_code, answer.url) == (302, CHANGE)
    assert "请先修改密码" in newcomer.get(CHANGE).content.decode()


def test_temporary_password_allows_signing_out(newcomer):
    assert newcomer.post(reverse("logout")).url == LOGIN
    assert newcomer.get(CHANGE).url.startswith(LOGIN)


def test_refused_change_leaves_the_temporary_password_in_force(newcomer):
    sent = {"old": "demo-password-1", "new": "short", "repeat": "short"}

    assert newcomer.post(CHANGE, sent).status_code == 422

    assert newcomer.get(reverse("todo")).url == CHANGE
