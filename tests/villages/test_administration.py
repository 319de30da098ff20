"""Accounts, postings, the audit page, and the first three accounts of an installation."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.errors import Forbidden, Refused
from accounts.models import AuditEntry, User
from tests.factories.villages import CountyFactory, UserFactory
from villages import services
from villages.models import Posting, Village

PASSWORD = "暂用-Password-7"


def grant(users, **more):
    return services.grant_posting(
        **{
            "user": users.nobody,
            "role": Role.LEADER,
            "by": users.security_admin,
            "at": timezone.now(),
        }
        | more
    )


def test_posting_gives_sight_until_it_ends(users, place):
    posting = grant(users, jurisdiction=place.own)
    assert list(Village.objects.visible_to(fresh(users.nobody))) == [place.village]

    services.end_posting(posting=posting, by=users.security_admin, at=timezone.now())

    assert not Village.objects.visible_to(fresh(users.nobody)).exists()
    assert Posting.objects.get(pk=posting.pk).ends_on == timezone.localdate()
    actions = AuditEntry.objects.filter(action__startswith="posting.").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == ["posting.granted", "posting.ended"]


def fresh(user) -> User:
    """The user as the next request reads it."""
    return User.objects.get(pk=user.pk)


def test_posting_is_held_once(users, place):
    grant(users, jurisdiction=place.own)

    with pytest.raises(Refused, match="已有“东乡镇 领导”岗位，不必重复授予"):
        grant(users, jurisdiction=place.own)


def test_nobody_gives_or_takes_one_s_own_posting(users, place):
    admin = users.security_admin

    with pytest.raises(Refused, match="不能给自己授予岗位"):
        grant(users, jurisdiction=place.own, user=admin)
    with pytest.raises(Refused, match="不能收回自己的岗位"):
        services.end_posting(posting=admin.postings.get(), by=admin, at=timezone.now())


@pytest.mark.parametrize("who", ["system_admin", "audit_admin", "org_staff", "coordinator"])
def test_only_the_security_administrator_grants(users, place, who):
    with pytest.raises(Forbidden):
        grant(users, jurisdiction=place.own, by=getattr(users, who))


@pytest.mark.parametrize("who", ["security_admin", "audit_admin", "org_staff", "coordinator"])
def test_only_the_system_administrator_keeps_accounts(users, who):
    by = getattr(users, who)
    facts = {"username": "example", "name": "示例", "phone": "", "password": PASSWORD}

    with pytest.raises(Forbidden):
        services.open_account(**facts, by=by, at=timezone.now())
    with pytest.raises(Forbidden):
        services.set_account_active(user=users.nobody, active=False, by=by, at=timezone.now())


# --- pages ---------------------------------------------------------------------------------------


def test_account_is_opened_on_the_page_and_must_change_its_password(users, client):
    client.force_login(users.system_admin)
    sent = {"username": "example", "name": "示例", "phone": "", "password": PASSWORD}

    assert client.post(reverse("user_create"), sent).status_code == 302

    assert User.objects.get(username="example").must_change_password
    again = client.post(reverse("user_create"), sent)
    assert again.status_code == 422
    assert "账号“example”已被使用" in again.content.decode()
    assert PASSWORD not in str([vars(e) for e in AuditEntry.objects.all()])


def test_posting_is_granted_by_the_code_of_the_area(users, place, client):
    client.force_login(users.security_admin)
    sent = {"user": users.nobody.pk, "role": "coordinator", "code": "999999"}

    wrong = client.post(reverse("posting_grant"), sent)
    assert wrong.status_code == 422
    assert "没有代码为“999999”的辖区" in wrong.content.decode()

    client.post(reverse("posting_grant"), sent | {"code": place.own.code[:9]})
    assert Posting.objects.get(user=users.nobody).jurisdiction == place.own


def test_account_is_disabled_and_a_password_reset_on_the_page(users, client):
    client.force_login(users.system_admin)
    pk = {"pk": users.nobody.pk}

    client.post(reverse("user_set_active", kwargs=pk), {"active": "0"})
    client.post(reverse("user_reset_password", kwargs=pk), {"password": PASSWORD})

    user = fresh(users.nobody)
    assert (user.is_active, user.must_change_password) == (False, True)
    assert user.check_password(PASSWORD)


def test_audit_page_is_for_the_audit_administrator(users, place, client):
    grant(users, jurisdiction=place.own)
    client.force_login(users.audit_admin)

    page = client.get(reverse("audit_list"))

    assert "posting.granted" in page.content.decode() or "授予" in page.content.decode()


def test_list_of_users_takes_the_same_queries_for_few_and_many(
    users, client, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(users.system_admin)
    page = reverse("user_list")
    client.get(page)
    with django_assert_max_num_queries(15) as few:
        client.get(page)
    county = CountyFactory()
    for _ in range(5):
        UserFactory(role=Role.LEADER, where=county)

    with django_assert_num_queries(len(few)):
        client.get(page)


# --- the first accounts --------------------------------------------------------------------------


def test_new_installation_gets_three_administrators_once(db, capsys):
    CountyFactory(code="320724000000")

    call_command("create_administrators", "--area", "320724")

    lines = capsys.readouterr().out.splitlines()
    for line, role in zip(lines, ("system_admin", "security_admin", "audit_admin"), strict=False):
        _, username, password = line.split("\t")
        user = User.objects.get(username=username)
        assert user.check_password(password)
        assert user.must_change_password
        assert user.postings.get().role == role
    with pytest.raises(CommandError, match="已有管理员"):
        call_command("create_administrators", "--area", "320724")
    assert User.objects.count() == 3


def test_administrators_need_their_area(db):
    with pytest.raises(CommandError, match="没有代码为320724的辖区"):
        call_command("create_administrators", "--area", "320724")
    assert not User.objects.exists()
