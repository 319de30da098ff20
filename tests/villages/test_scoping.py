"""Row scoping: what each role sees of places, members and postings, and from when on no more."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from accounts.enums import ADMINISTRATORS, Role
from accounts.models import User
from tests.factories.villages import (
    CountyFactory,
    PartyMemberFactory,
    TownshipFactory,
    UserFactory,
    VillageFactory,
)
from villages import scoping, services
from villages.enums import Level
from villages.models import Jurisdiction, PartyMember, Posting, Village

DAY = date(2026, 9, 20)


def fresh(user) -> User:
    """The user as the next request reads it."""
    return User.objects.get(pk=user.pk)


@pytest.fixture
def foreign_member(place):
    """A member of the other township, who could leak."""
    return PartyMemberFactory(village=place.other_village)


@pytest.fixture
def abroad():
    """A village of another county, with a member."""
    village = VillageFactory()
    PartyMemberFactory(village=village)
    return village


# --- by role -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "villages", "members"),
    [
        (Role.ORG_STAFF, 2, 9),
        (Role.LEADER, 2, 9),
        (Role.DISCIPLINE, 2, 0),
        (Role.VETTING, 0, 0),
        *((role, 0, 0) for role in ADMINISTRATORS),
    ],
)
def test_role_of_the_county_sees(place, users, foreign_member, abroad, role, villages, members):
    user = getattr(users, role.value)

    assert Village.objects.visible_to(user).count() == villages
    assert Jurisdiction.objects.visible_to(user).count() == (3 if villages else 0)
    assert PartyMember.objects.visible_to(user).count() == members


def test_coordinator_sees_the_own_township_only(place, users, foreign_member, abroad):
    assert list(Village.objects.visible_to(users.coordinator)) == [place.village]
    assert list(Jurisdiction.objects.visible_to(users.coordinator)) == [place.own]
    members = PartyMember.objects.visible_to(users.coordinator).order_by("pk")
    assert list(members) == place.members


def test_nobody_sees_anything_without_a_posting(place, users, foreign_member):
    for user in (users.nobody, AnonymousUser()):
        assert not Village.objects.visible_to(user).exists()
        assert not PartyMember.objects.visible_to(user).exists()


def test_two_postings_add_up(place, users, foreign_member, abroad):
    user = UserFactory(role=Role.COORDINATOR, where=place.own)
    Posting.objects.create(user=user, role=Role.LEADER, jurisdiction=place.other, starts_on=DAY)

    assert set(Village.objects.visible_to(user)) == {place.village, place.other_village}
    assert PartyMember.objects.visible_to(user).count() == 9
    assert scoping.has_role(user, Role.COORDINATOR, covering=place.village)
    assert not scoping.has_role(user, Role.COORDINATOR, covering=place.other_village)
    assert scoping.has_role(user, Role.LEADER, covering=place.other_village)


@pytest.mark.parametrize(
    ("level", "count"), [("county", 2), ("city", 3), ("province", 4), ("nation", 5)]
)
def test_area_of_any_level_covers_what_lies_in_it(place, abroad, level, count):
    """A second county of the city, a second city of the province, a second province."""
    county, city, province = place.county, place.county.city, place.county.province
    second = Jurisdiction.objects.create(
        code="二市",
        name="二市",
        level=Level.CITY,
        parent=province,
        province=province,
        opened_on=DAY,
    )
    for above in (city, second):
        in_it = Jurisdiction.objects.create(
            code=f"二县{above.pk}",
            name="二县",
            level=Level.COUNTY,
            parent=above,
            province=province,
            city=above,
            opened_on=DAY,
        )
        VillageFactory(township=TownshipFactory(parent=in_it))
    nation = Jurisdiction.objects.create(
        code="全国", name="全国", level=Level.NATION, opened_on=DAY
    )
    where = {"county": county, "city": city, "province": province, "nation": nation}[level]
    user = UserFactory(role=Role.LEADER, where=where)

    seen = Village.objects.visible_to(user)

    assert seen.count() == count
    covered = [v for v in Village.objects.all() if scoping.has_role(user, Role.LEADER, covering=v)]
    assert {v.pk for v in covered} == set(seen.values_list("pk", flat=True))


def test_units_above_one_s_own_are_not_among_one_s_jurisdictions(place, users):
    seen = Jurisdiction.objects.visible_to(users.org_staff)

    assert set(seen) == {place.county, place.own, place.other}


# --- in time -------------------------------------------------------------------------------------


def end(users, user, at=None):
    services.end_posting(
        posting=user.postings.get(), by=users.security_admin, at=at or timezone.now()
    )


@pytest.mark.parametrize("who", ["coordinator", "org_staff", "leader", "discipline"])
def test_ended_posting_shows_nothing_from_that_day(place, users, who):
    user = getattr(users, who)
    assert Village.objects.visible_to(user).exists()

    end(users, user)

    assert not Village.objects.visible_to(fresh(user)).exists()
    assert not PartyMember.objects.visible_to(fresh(user)).exists()
    assert scoping.post_of(fresh(user)) == ""


def test_ended_posting_closes_the_pages_of_an_open_session(place, users, client):
    client.force_login(users.coordinator)
    page = reverse("member_list", args=[place.village.pk])
    assert client.get(page).status_code == 200

    end(users, users.coordinator)

    assert client.get(page).status_code == 404


@pytest.mark.parametrize("who", ["system_admin", "audit_admin"])
def test_administrator_whose_posting_ended_is_forbidden(users, client, who):
    user = getattr(users, who)
    page = reverse("user_list" if who == "system_admin" else "audit_list")
    client.force_login(user)
    assert client.get(page).status_code == 200

    end(users, user)

    assert client.get(page).status_code == 403


def test_disabled_user_sees_nothing_even_with_a_posting(place, users):
    users.leader.is_active = False
    users.leader.save()

    assert not Village.objects.visible_to(fresh(users.leader)).exists()


@pytest.mark.parametrize(
    ("day", "active"),
    [
        (DAY - timedelta(days=1), False),
        (DAY, True),
        (DAY + timedelta(days=4), True),
        (DAY + timedelta(days=5), False),
    ],
)
def test_posting_is_active_from_its_first_day_to_the_day_before_its_end(place, day, active):
    Posting.objects.create(
        user=UserFactory(),
        role=Role.LEADER,
        jurisdiction=place.own,
        starts_on=DAY,
        ends_on=DAY + timedelta(days=5),
    )

    assert Posting.objects.active(on=day).exists() == active


# --- postings themselves -------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["system_admin", "security_admin"])
def test_administrators_of_accounts_see_all_postings(users, who):
    assert Posting.objects.visible_to(getattr(users, who)).count() == Posting.objects.count() == 10


@pytest.mark.parametrize("who", ["audit_admin", "org_staff", "leader", "coordinator"])
def test_everybody_else_sees_only_the_own_posting(users, who):
    user = getattr(users, who)

    assert [p.user for p in Posting.objects.visible_to(user)] == [user]


def test_postings_are_read_once_per_request(users, place, django_assert_num_queries):
    user = fresh(users.leader)

    with django_assert_num_queries(1):
        scoping.has_role(user, Role.LEADER, covering=place.village)
        scoping.roles_of(user)
        scoping.post_of(user)


def test_post_in_words_prefers_the_title(place):
    user = UserFactory(role=Role.COORDINATOR, where=place.own)
    assert scoping.post_of(user) == "东乡镇 乡镇联络员"

    titled = UserFactory()
    Posting.objects.create(
        user=titled,
        role=Role.LEADER,
        jurisdiction=CountyFactory(name="北县"),
        title="部长",
        starts_on=DAY,
    )
    assert scoping.post_of(titled) == "北县 部长"
