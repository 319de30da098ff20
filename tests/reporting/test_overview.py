"""上级总览: a city's or the nation's own area only, its freshness, and 304 while nothing changed."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from reporting.models import TierRun
from reporting.services.tiers import reconcile, refresh_counties
from villages.enums import Level
from villages.models import Jurisdiction

from .conftest import finish, make_user
from .test_rollups import DAY, refresh


@pytest.fixture
def above(world):
    """The world with leaders of its city, its province and the nation, and of a neighbouring city."""
    nation = Jurisdiction.objects.create(
        code="0" * 12, name="全国", level=Level.NATION, opened_on=date(2000, 1, 1)
    )
    Jurisdiction.objects.filter(pk=world.province.pk).update(parent=nation)
    other = Jurisdiction.objects.create(
        code="320800000000",
        name="邻市",
        level=Level.CITY,
        parent=world.province,
        province=world.province,
        opened_on=date(2000, 1, 1),
    )
    world.nation, world.other = nation, other
    world.users.city = make_user("city", Role.LEADER, world.city)
    world.users.province = make_user("province", Role.LEADER, world.province)
    world.users.nation = make_user("nation", Role.LEADER, nation)
    world.users.neighbour = make_user("neighbour", Role.LEADER, other)
    finish(world.elections["东乡镇201村"], on=DAY)
    refresh(world)
    refresh_counties(at=timezone.now())
    return world


def page(client, user, area):
    """The second time, when the browser has the cookie of its forms."""
    client.force_login(user)
    url = reverse("overview_area", kwargs={"pk": area.pk})
    client.get(url)
    return client.get(url)


def test_leader_drills_from_the_nation_to_the_county(above, client):
    client.force_login(above.users.nation)
    first = client.get(reverse("overview"), follow=True)
    assert first.redirect_chain == [(reverse("overview_area", args=[above.nation.pk]), 302)]
    total, province = first.context["rows"]
    assert (total.name, province.name) == ("合计", "示例省")
    assert total.figures == province.figures
    assert (province.figures["completed"], province.figures["elections"]) == (1, 5)
    city = client.get(province.url).context["rows"][1]
    assert city.name == "示例市"
    county = client.get(city.url).context["rows"][1]
    assert county.url == reverse("dashboard", kwargs={"pk": above.campaign.pk})
    assert client.get(county.url).status_code == 200


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("nation", {"nation", "province", "city", "other"}),
        ("province", {"province", "city", "other"}),
        ("city", {"city"}),
        ("neighbour", {"other"}),
        ("staff", set()),
        ("leader", set()),
        ("east", set()),
    ],
)
def test_area_outside_ones_own_does_not_exist(above, client, who, seen):
    client.force_login(getattr(above.users, who))
    for name in ("nation", "province", "city", "other", "county"):
        answer = client.get(reverse("overview_area", args=[getattr(above, name).pk]))
        assert answer.status_code == (200 if name in seen else 404), name


def test_neighbouring_city_sees_nothing_of_this_one(above, client):
    assert page(client, above.users.neighbour, above.other).context["rows"] == ()


def test_closed_campaign_is_left_out(above, client):
    above.campaign.status = "closed"
    above.campaign.save()
    assert page(client, above.users.city, above.city).context["rows"] == ()


def test_county_level_is_sent_to_its_dashboard(above, client):
    client.force_login(above.users.staff)
    assert client.get(reverse("overview")).status_code == 403


def test_304_until_a_figure_changes(above, client):
    first = page(client, above.users.city, above.city)
    url = reverse("overview_area", args=[above.city.pk])
    again = client.get(url, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    finish(above.elections["西乡镇201村"], on=DAY)
    refresh(above)
    refresh_counties(at=timezone.now())
    changed = client.get(url, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    assert changed.context["rows"][0].figures["completed"] == 2


def test_another_person_gets_no_304(above, client):
    first = page(client, above.users.province, above.city)
    client.force_login(above.users.city)
    url = reverse("overview_area", args=[above.city.pk])
    assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_stopped_refresher_shows_its_time(above, client):
    stopped = timezone.now() - timedelta(minutes=10)
    TierRun.objects.update(at=stopped)
    text = page(client, above.users.city, above.city).content.decode()
    assert "汇总已停止刷新" in text
    assert f"{timezone.localtime(stopped):%H:%M:%S}" in text


def test_page_says_when_the_tiers_were_compared(above, client):
    reconcile(at=timezone.now())
    assert "一致" in page(client, above.users.city, above.city).content.decode()
    client.force_login(above.users.staff)
    checkup = client.get(reverse("checkup", kwargs={"pk": above.campaign.pk})).content.decode()
    assert "三层核对" in checkup


def test_page_and_304_need_few_statements(above, client, django_assert_num_queries):
    """Session, user, posts and what the area depends on; for the page also the choice of campaigns, and the rows once."""
    first = page(client, above.users.city, above.city)
    url = reverse("overview_area", args=[above.city.pk])
    with django_assert_num_queries(5):
        client.get(url)
    with django_assert_num_queries(4):
        client.get(url, headers={"if-none-match": first["ETag"]})
    finish(above.elections["西乡镇201村"], on=DAY)
    refresh(above)
    refresh_counties(at=timezone.now())
    with django_assert_num_queries(6):
        client.get(url)


def test_rows_kept_for_one_person_are_not_shown_to_another(above, client):
    rows = page(client, above.users.city, above.city).context["rows"]
    assert page(client, above.users.nation, above.city).context["rows"] == rows
    client.force_login(above.users.neighbour)
    assert client.get(reverse("overview_area", args=[above.city.pk])).status_code == 404


def test_way_up_is_offered_as_far_as_ones_posts_reach(above, client):
    up = reverse("overview_area", args=[above.province.pk])
    assert page(client, above.users.nation, above.city).context["above"] == above.province
    assert up in page(client, above.users.province, above.city).content.decode()
    assert page(client, above.users.city, above.city).context["above"] is None


def test_renamed_county_shows_with_the_next_minute(above, client):
    page(client, above.users.city, above.city)
    Jurisdiction.objects.filter(pk=above.county.pk).update(name="改名县")
    refresh_counties(at=timezone.now() + timedelta(minutes=1))
    assert page(client, above.users.city, above.city).context["rows"][1].name == "改名县"
