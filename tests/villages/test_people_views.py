"""The pages of users and postings: which administrator does what, what they show, how a refusal comes back."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AuditEntry, User
from tests.factories.villages import UserFactory
from villages.models import Posting

PASSWORD = "暂用-Password-7"
LIST, CREATE, GRANT = reverse("user_list"), reverse("user_create"), reverse("posting_grant")
EVERYBODY_ELSE = ["org_staff", "coordinator", "leader", "vetting", "discipline", "nobody"]


def reset(user) -> str:
    return reverse("user_reset_password", args=[user.pk])


def active(user) -> str:
    return reverse("user_set_active", args=[user.pk])


def end(posting) -> str:
    return reverse("posting_end", args=[posting.pk])


def account(**more) -> dict:
    return {"username": "example", "name": "示例", "phone": "000", "password": PASSWORD} | more


def posting_of(users, place, **more) -> dict:
    return {"user": users.nobody.pk, "role": "leader", "code": place.own.code[:9]} | more


# --- who is let in -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["security_admin", "audit_admin", *EVERYBODY_ELSE])
def test_accounts_are_kept_by_the_system_administrator_alone(users, client, who):
    client.force_login(getattr(users, who))
    target = users.foreign
    count = User.objects.count()

    answers = [
        client.get(CREATE),
        client.post(CREATE, account()),
        client.get(reset(target)),
        client.post(reset(target), {"password": PASSWORD}),
        client.post(active(target), {"active": "0"}),
    ]

    assert [a.status_code for a in answers] == [403] * 5
    assert all("只有系统管理员可以" in a.content.decode() for a in answers)
    stored = User.objects.get(pk=target.pk)
    assert (stored.is_active, stored.must_change_password) == (True, False)
    assert User.objects.count() == count


@pytest.mark.parametrize("who", ["system_admin", "audit_admin", *EVERYBODY_ELSE])
def test_postings_are_given_and_taken_by_the_security_administrator_alone(
    users, place, client, who
):
    client.force_login(getattr(users, who))
    posting = users.foreign.postings.get()

    answers = [
        client.get(GRANT),
        client.post(GRANT, posting_of(users, place)),
        client.post(end(posting)),
    ]

    assert [a.status_code for a in answers] == [403] * 3
    assert Posting.objects.get(pk=posting.pk).ends_on is None
    assert not users.nobody.postings.exists()


@pytest.mark.parametrize("who", ["audit_admin", *EVERYBODY_ELSE])
def test_list_of_users_is_forbidden_to(users, client, who):
    client.force_login(getattr(users, who))

    answer = client.get(LIST)

    assert answer.status_code == 403
    assert users.foreign.username not in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("system_admin", {"create": True, "reset": True, "grant": False, "end": False}),
        ("security_admin", {"create": False, "reset": False, "grant": True, "end": True}),
    ],
)
def test_list_offers_an_administrator_the_own_work_only(users, client, who, shown):
    client.force_login(getattr(users, who))

    text = client.get(LIST).content.decode()

    links = {
        "create": CREATE,
        "reset": reset(users.foreign),
        "grant": GRANT,
        "end": end(users.foreign.postings.get()),
    }
    assert {name: f'"{url}"' in text for name, url in links.items()} == shown


# --- the list ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("张三", ["zhang"]),
        ("ZHA", ["zhang"]),
        ("示例", ["li", "zhang"]),
        (" li ", ["li"]),
        ("无此人", []),
    ],
)
def test_users_are_found_by_account_and_name(users, client, q, names):
    UserFactory(username="zhang", name="示例张三")
    UserFactory(username="li", name="示例李四")
    client.force_login(users.system_admin)

    page = client.get(LIST, {"q": q})

    assert [u.username for u in page.context["page"]] == names
    assert ("没有符合条件的用户" in page.content.decode()) == (not names)


@pytest.mark.parametrize("query", [{"q": "\x00"}, {"page": "x"}, {"page": "9" * 30}])
def test_list_bears_any_query(users, client, query):
    client.force_login(users.system_admin)

    assert client.get(LIST, query).status_code == 200


def test_list_shows_postings_in_force_and_no_ended_ones(users, place, client):
    Posting.objects.create(
        user=users.nobody,
        role=Role.LEADER,
        jurisdiction=place.own,
        starts_on="2026-01-01",
        ends_on="2026-02-01",
    )
    client.force_login(users.security_admin)

    page = client.get(LIST, {"q": users.nobody.username})

    assert "未授予" in page.content.decode()
    assert "东乡镇 领导" not in page.content.decode()


def test_list_says_who_is_disabled_and_who_must_change(users, client):
    UserFactory(username="example", is_active=False, must_change_password=True)
    client.force_login(users.system_admin)

    text = client.get(LIST, {"q": "example"}).content.decode()

    assert "停用</span>" in text
    assert "待改密码" in text
    assert ">启用</button>" in text


def test_list_takes_the_same_queries_for_one_and_for_three(
    users, place, client, django_assert_num_queries, django_assert_max_num_queries
):
    UserFactory(name="丰登", role=Role.LEADER, where=place.own)
    client.force_login(users.system_admin)
    query = {"q": "丰登"}
    client.get(LIST, query)
    with django_assert_max_num_queries(15) as one:
        assert len(client.get(LIST, query).context["page"]) == 1
    for where in (place.other, place.county):
        UserFactory(name="丰登", role=Role.COORDINATOR, where=where)

    with django_assert_num_queries(len(one)):
        assert len(client.get(LIST, query).context["page"]) == 3


# --- accounts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"username": "张三"}, "username"),
        ({"username": "ab"}, "username"),
        ({"username": "a b c"}, "username"),
        ({"username": "coordinator-taken"}, "username"),
        ({"name": ""}, "name"),
        ({"password": "短"}, "password"),
        ({"password": "6174095382716"}, "password"),
        ({"password": "example123"}, "password"),
        ({"password": "示例某某-7-Password"}, "password"),
        ({"password": ""}, "password"),
    ],
)
def test_refused_account_keeps_what_was_typed_but_the_password(users, client, sent, field):
    UserFactory(username="coordinator-taken")
    client.force_login(users.system_admin)
    count = User.objects.count()
    typed = account(name="示例某某", phone="000-4711") | sent

    answer = client.post(CREATE, typed)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert f'value="{typed["username"]}"' in text
    assert 'value="000-4711"' in text
    assert not typed["password"] or f'value="{typed["password"]}"' not in text
    assert User.objects.count() == count


def test_new_user_signs_in_changes_the_password_and_waits_for_a_posting(users, place, client):
    client.force_login(users.system_admin)
    client.post(CREATE, account())
    user = User.objects.get(username="example")
    newcomer = Client()

    newcomer.post(reverse("login"), {"username": "example", "password": PASSWORD})
    change = reverse("password_change")
    assert newcomer.get("/").url == change
    newcomer.post(change, {"old": PASSWORD, "new": "Another-自用-8", "repeat": "Another-自用-8"})
    members = reverse("member_list", args=[place.village.pk])
    assert newcomer.get(members).status_code == 404

    client.force_login(users.security_admin)
    client.post(GRANT, posting_of(users, place, user=user.pk, role="coordinator"))
    assert newcomer.get(members).status_code == 200


def test_reset_is_refused_for_a_weak_password(users, client):
    client.force_login(users.system_admin)

    answer = client.post(reset(users.foreign), {"password": "短"})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["password"]
    assert "密码太短：至少10位。" in answer.content.decode()
    assert not User.objects.get(pk=users.foreign.pk).must_change_password


def test_reset_ends_the_session_and_the_old_password(users, place, client):
    other = Client()
    other.force_login(users.foreign)
    client.force_login(users.system_admin)

    answer = client.post(reset(users.foreign), {"password": PASSWORD}, follow=True)

    assert "原有登录已失效" in answer.content.decode()
    login = reverse("login")
    assert other.get(reverse("todo")).url.startswith(login)
    sent = {"username": users.foreign.username}
    assert other.post(login, sent | {"password": "demo-password-1"}).status_code == 422
    assert other.post(login, sent | {"password": PASSWORD}).status_code == 302


def test_disabled_user_is_out_at_once_and_back_when_enabled(users, client):
    other = Client()
    other.force_login(users.foreign)
    client.force_login(users.system_admin)
    login = reverse("login")
    sent = {"username": users.foreign.username, "password": "demo-password-1"}

    client.post(active(users.foreign), {"active": "0"})
    assert other.get(reverse("todo")).url.startswith(login)
    assert other.post(login, sent).status_code == 422

    client.post(active(users.foreign), {"active": "1"})
    assert other.post(login, sent).status_code == 302


def test_system_administrator_does_not_disable_the_own_account(users, client):
    client.force_login(users.system_admin)

    answer = client.post(active(users.system_admin), {"active": "0"}, follow=True)

    assert "不能停用或启用自己的账号" in answer.content.decode()
    assert User.objects.get(pk=users.system_admin.pk).is_active
    assert not AuditEntry.objects.filter(action="user.disabled").exists()


@pytest.mark.parametrize("sent", [{}, {"active": ""}, {"active": "yes"}])
def test_form_that_does_not_say_which_changes_nothing(users, client, sent):
    client.force_login(users.system_admin)

    client.post(active(users.foreign), sent)

    assert User.objects.get(pk=users.foreign.pk).is_active


# --- postings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cut", "name"), [(9, "东乡镇"), (6, "示例县"), (4, "示例市"), (2, "示例省")]
)
def test_area_is_named_by_the_code_of_its_level(users, place, client, cut, name):
    code = {9: place.own, 6: place.county, 4: place.county.city, 2: place.county.province}[cut].code
    client.force_login(UserFactory(role=Role.SECURITY_ADMIN, where=place.county.province))

    answer = client.post(GRANT, posting_of(users, place, code=f" {code[:cut]} ", title="书记"))

    assert answer.url == LIST
    posting = users.nobody.postings.get()
    assert (posting.jurisdiction.name, posting.role, posting.title) == (name, "leader", "书记")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"code": "999999999"}, "code"),
        ({"code": "0000"}, "code"),
        ({"code": "32072"}, "code"),
        ({"code": ""}, "code"),
        ({"role": "owner"}, "role"),
        ({"role": ""}, "role"),
        ({"user": "0"}, "user"),
        ({"user": "x"}, "user"),
    ],
)
def test_refused_posting_keeps_what_was_typed(users, place, client, sent, field):
    client.force_login(users.security_admin)
    count = Posting.objects.count()
    typed = posting_of(users, place, title="示例书记", department="示例党委") | sent

    answer = client.post(GRANT, typed)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert {key: answer.context["form"][key].value() for key in typed} == {
        key: str(value) for key, value in typed.items()
    }
    assert Posting.objects.count() == count


def test_closed_area_takes_no_posting(users, place, client):
    place.own.closed_on = "2026-01-01"
    place.own.save()
    client.force_login(users.security_admin)

    answer = client.post(GRANT, posting_of(users, place))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["code"]


def test_disabled_user_takes_no_posting(users, place, client):
    users.nobody.is_active = False
    users.nobody.save()
    client.force_login(users.security_admin)

    answer = client.post(GRANT, posting_of(users, place))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["user"]
    assert users.nobody.name not in client.get(GRANT).content.decode()


@pytest.mark.parametrize(
    ("whose", "words"),
    [("foreign", "已有“西乡镇 乡镇联络员”岗位"), ("security_admin", "不能给自己")],
)
def test_posting_held_already_or_one_s_own_is_refused(users, place, client, whose, words):
    client.force_login(users.security_admin)
    sent = {
        "user": getattr(users, whose).pk,
        "role": "coordinator",
        "code": place.other.code[:9],
        "title": "示例书记",
    }

    answer = client.post(GRANT, sent)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert answer.context["form"]["title"].value() == "示例书记"
    assert getattr(users, whose).postings.count() == 1


def test_grant_opens_for_the_user_of_the_address(users, client):
    client.force_login(users.security_admin)

    answer = client.get(GRANT, {"user": users.nobody.pk})

    assert f'value="{users.nobody.pk}" selected' in answer.content.decode()
    assert client.get(GRANT, {"user": "x"}).status_code == 200


def test_posting_is_taken_on_the_page(users, client):
    posting = users.foreign.postings.get()
    client.force_login(users.security_admin)

    answer = client.post(end(posting), follow=True)

    assert "已收回岗位" in answer.content.decode()
    assert f'"{end(posting)}"' not in answer.content.decode()
    assert Posting.objects.get(pk=posting.pk).ends_on is not None


def test_own_posting_is_not_taken(users, client):
    posting = users.security_admin.postings.get()
    client.force_login(users.security_admin)

    answer = client.post(end(posting), follow=True)

    assert "不能收回自己的岗位" in answer.content.decode()
    assert Posting.objects.get(pk=posting.pk).ends_on is None
