"""The pages of signing in and of one's own password: what comes back, and what does not."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from tests.factories.villages import UserFactory

pytestmark = pytest.mark.django_db
LOGIN, CHANGE, LOGOUT = reverse("login"), reverse("password_change"), reverse("logout")
PASSWORD, NEW = "demo-password-1", "示例-another-42"


def sign_in(client, user, **more):
    return client.post(LOGIN, {"username": user.username, "password": PASSWORD} | more)


def test_whoever_is_signed_in_is_led_past_the_sign_in_page(client):
    client.force_login(UserFactory())

    assert client.get(LOGIN).url == "/"
    assert client.get(LOGIN, {"next": "/todo/"}).url == "/todo/"


@pytest.mark.parametrize("field", ["username", "password"])
def test_empty_field_is_asked_for_and_not_noted(client, field):
    answer = sign_in(client, UserFactory(), **{field: ""})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("field", ["username", "password"])
def test_null_character_is_refused_like_any_wrong_value(client, field):
    answer = sign_in(client, UserFactory(), **{field: "a\x00b"})

    assert answer.status_code == 422


def test_refused_sign_in_keeps_name_and_target_but_not_the_password(client):
    user = UserFactory()

    answer = sign_in(client, user, password="sesame-open-1", next="/todo/")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'value="{user.username}"' in page
    assert 'name="next" value="/todo/"' in page
    assert "sesame-open-1" not in page
    assert "_auth_user_id" not in client.session


def test_password_is_taken_with_its_spaces(client):
    answer = sign_in(client, UserFactory(), password=f" {PASSWORD} ")

    assert answer.status_code == 422


def test_sign_in_page_is_never_kept_by_a_browser(client):
    assert "no-store" in client.get(LOGIN)["Cache-Control"]


def test_another_user_on_the_same_browser_finds_nothing_of_the_first(client):
    sign_in(client, UserFactory())
    session = client.session
    session["campaign_id"] = 7
    session.save()

    second = UserFactory()
    sign_in(client, second)

    assert client.session["_auth_user_id"] == str(second.pk)
    assert "campaign_id" not in client.session


def test_sign_out_ends_the_session_on_the_server(client):
    user = UserFactory()
    sign_in(client, user)
    cookie = client.cookies["sessionid"].value

    answer = client.post(LOGOUT, follow=True)

    assert "已退出。" in answer.content.decode()
    thief = Client()
    thief.cookies["sessionid"] = cookie
    assert thief.get(CHANGE).url == f"{LOGIN}?next={CHANGE}"
    row = AuditEntry.objects.get(action="session.closed")
    assert (row.actor_id, row.reason) == (user.pk, "")


def test_sign_out_of_nobody_is_no_error_and_leaves_no_row(client):
    assert client.post(LOGOUT).url == LOGIN
    assert not AuditEntry.objects.exists()


def test_sign_out_is_not_a_link(client):
    client.force_login(UserFactory())

    assert client.get(LOGOUT).status_code == 405
    assert client.get(CHANGE).status_code == 200


def test_password_page_needs_a_session(client):
    assert client.get(CHANGE).url == f"{LOGIN}?next={CHANGE}"


def test_own_change_ends_the_user_s_other_sessions(client):
    user = UserFactory()
    other = Client()
    sign_in(other, user)
    sign_in(client, user)

    answer = client.post(CHANGE, {"old": PASSWORD, "new": NEW, "repeat": NEW})

    assert answer.url == "/"
    assert client.get(CHANGE).status_code == 200
    assert other.get(CHANGE).url == f"{LOGIN}?next={CHANGE}"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"old": "wrong"}, "old"),
        ({"new": "short", "repeat": "short"}, "new"),
        ({"repeat": "different-9"}, "repeat"),
        ({"new": ""}, "new"),
    ],
)
def test_refusal_stands_at_its_field_and_shows_no_password(client, sent, field):
    client.force_login(UserFactory())

    answer = client.post(CHANGE, {"old": PASSWORD, "new": NEW, "repeat": NEW} | sent)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    page = answer.content.decode()
    assert PASSWORD not in page
    assert NEW not in page


def test_user_who_was_reset_changes_the_password_and_works_on(client):
    user = UserFactory(must_change_password=True)

    assert sign_in(client, user).url == "/"
    assert client.get("/").url == CHANGE
    client.post(CHANGE, {"old": PASSWORD, "new": NEW, "repeat": NEW})

    assert client.get(reverse("todo")).status_code == 200
    assert not User.objects.get().must_change_password
