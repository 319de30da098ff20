"""查找: villages and people by name inside the own area."""

import pytest
from django.urls import reverse

from .test_rollups import add_member


@pytest.fixture
def people(world):
    add_member(world.elections["东乡镇201村"], "王甲子")
    add_member(world.elections["西乡镇201村"], "王甲寅")
    gone = add_member(world.elections["东乡镇201村"], "王甲辰")
    gone.left_on = gone.joined_on
    gone.save()
    return world


def found(client, name):
    page = client.get(reverse("search"), {"q": name})
    assert page.status_code == 200
    result = page.context["found"]
    return [e.village.name for e in result.elections], [m.name for m in result.members]


def test_staff_find_everywhere_in_the_county(people, client):
    client.force_login(people.users.staff)
    assert found(client, "王甲") == ([], ["王甲子", "王甲寅"])
    assert found(client, "201") == (["东乡镇201村", "西乡镇201村"], [])


def test_coordinator_finds_the_own_township_only(people, client):
    client.force_login(people.users.east)
    assert found(client, "王甲") == ([], ["王甲子"])
    assert found(client, "201村") == (["东乡镇201村"], [])
    assert found(client, "西乡镇") == ([], [])


@pytest.mark.parametrize("who", ["vetting", "discipline", "system", "nobody"])
def test_other_roles_find_nothing(people, client, who):
    client.force_login(getattr(people.users, who))
    assert found(client, "王甲") == ([], [])
    assert found(client, "201") == ([], [])


def test_empty_search_shows_the_form(people, client):
    client.force_login(people.users.staff)
    assert client.get(reverse("search")).context["found"] is None
    assert client.get(reverse("search"), {"q": " "}).context["found"] is None


def test_search_is_limited(people, client):
    for number in range(25):
        add_member(people.elections["东乡镇201村"], f"李乙{number}")
    client.force_login(people.users.staff)
    page = client.get(reverse("search"), {"q": "李乙"})
    assert len(page.context["found"].members) == 20
    assert "还有更多" in page.content.decode()


def test_name_is_escaped(people, client):
    client.force_login(people.users.staff)
    page = client.get(reverse("search"), {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page


def test_search_needs_seven_statements(people, client, django_assert_num_queries):
    client.force_login(people.users.staff)
    client.get(reverse("todo"))
    for name in ("王甲子", "村"):
        with django_assert_num_queries(7):
            client.get(reverse("search"), {"q": name})
