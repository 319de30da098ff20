"""Whose postings a security administrator gives and takes: those inside the own area, not above it and not beside it."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.errors import Forbidden
from accounts.models import AuditEntry, User
from tests.factories.villages import CountyFactory, TownshipFactory, UserFactory
from villages import services
from villages.models import Jurisdiction, Posting

LEVELS = ("nation", "province", "city", "county", "own", "other", "beside")
#: Area of the administrator → where postings are given and taken.
INSIDE = {
    "nation": LEVELS,
    "province": ("province", "city", "county", "own", "other"),
    "city": ("city", "county", "own", "other"),
    "county": ("county", "own", "other"),
    "own": ("own",),
}
CASES = [(mine, theirs, theirs in INSIDE[mine]) for mine in INSIDE for theirs in LEVELS]
REFUSAL = "不在您管理的辖区以内：只能授予、收回本辖区及其下级的岗位"


@pytest.fixture
def areas(place) -> dict[str, Jurisdiction]:
    return {
        "nation": Jurisdiction.objects.create(
            code="000000000000", name="全国", level="nation", opened_on="2000-01-01"
        ),
        "province": place.county.province,
        "city": place.county.city,
        "county": place.county,
        "own": place.own,
        "other": place.other,
        "beside": CountyFactory(name="邻县"),
    }


def administrator(area) -> User:
    return UserFactory(role=Role.SECURITY_ADMIN, where=area)


def end(posting) -> str:
    return reverse("posting_end", args=[posting.pk])


def grant(*, by, where) -> Posting:
    return services.grant_posting(
        user=UserFactory(), jurisdiction=where, role=Role.LEADER, by=by, at=timezone.now()
    )


@pytest.mark.parametrize(("mine", "theirs", "inside"), CASES)
def test_posting_is_given_inside_the_own_area_only(areas, mine, theirs, inside):
    by = administrator(areas[mine])
    count = Posting.objects.count()

    if inside:
        assert grant(by=by, where=areas[theirs]).jurisdiction == areas[theirs]
    else:
        with pytest.raises(Forbidden, match=f"“{areas[theirs].name}”{REFUSAL}"):
            grant(by=by, where=areas[theirs])
        assert Posting.objects.count() == count
        assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(("mine", "theirs", "inside"), CASES)
def test_posting_is_taken_inside_the_own_area_only(areas, mine, theirs, inside):
    by = administrator(areas[mine])
    posting = UserFactory(role=Role.LEADER, where=areas[theirs]).postings.get()

    if inside:
        services.end_posting(posting=posting, by=by, at=timezone.now())
    else:
        with pytest.raises(Forbidden, match=f"“{areas[theirs].name}”{REFUSAL}"):
            services.end_posting(posting=posting, by=by, at=timezone.now())

    assert (Posting.objects.get(pk=posting.pk).ends_on is not None) == inside


def test_posting_of_another_role_does_not_widen_the_area(areas):
    by = administrator(areas["own"])
    Posting.objects.create(
        user=by, role=Role.LEADER, jurisdiction=areas["county"], starts_on="2000-01-01"
    )

    with pytest.raises(Forbidden, match=REFUSAL):
        grant(by=by, where=areas["other"])


def test_two_areas_are_both_the_administrator_s_own(areas):
    by = administrator(areas["own"])
    Posting.objects.create(
        user=by, role=Role.SECURITY_ADMIN, jurisdiction=areas["beside"], starts_on="2000-01-01"
    )
    township = TownshipFactory(parent=areas["beside"])

    assert [grant(by=by, where=w).jurisdiction for w in (areas["own"], township)] == [
        areas["own"],
        township,
    ]
    with pytest.raises(Forbidden, match=REFUSAL):
        grant(by=by, where=areas["other"])


# --- pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("theirs", "cut"), [("county", 6), ("city", 4), ("other", 9)])
def test_area_that_is_not_one_s_own_is_refused_beside_its_field(areas, client, theirs, cut):
    client.force_login(administrator(areas["own"]))
    user = UserFactory()
    sent = {"user": user.pk, "role": "leader", "code": areas[theirs].code[:cut], "title": "书记"}

    answer = client.post(reverse("posting_grant"), sent)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["code"]
    assert f"“{areas[theirs].name}”{REFUSAL}" in answer.content.decode()
    assert answer.context["form"]["title"].value() == "书记"
    assert not user.postings.exists()


def test_form_says_that_the_area_is_the_own(areas, client):
    client.force_login(administrator(areas["own"]))

    assert "须在您管理的辖区以内" in client.get(reverse("posting_grant")).content.decode()


def test_posting_outside_the_own_area_is_seen_and_not_taken(areas, client):
    inside = UserFactory(name="丰登", role=Role.LEADER, where=areas["own"]).postings.get()
    outside = UserFactory(name="丰登", role=Role.LEADER, where=areas["other"]).postings.get()
    client.force_login(administrator(areas["own"]))

    text = client.get(reverse("user_list"), {"q": "丰登"}).content.decode()
    answer = client.post(end(outside))

    assert "西乡镇 领导" in text
    assert [f'"{end(p)}"' in text for p in (inside, outside)] == [True, False]
    assert answer.status_code == 403
    assert f"“西乡镇”{REFUSAL}" in answer.content.decode()
    assert Posting.objects.get(pk=outside.pk).ends_on is None


def test_first_security_administrator_gives_posts_in_the_county_and_its_townships(db, client):
    county = CountyFactory(code="320724000000")
    township = TownshipFactory(parent=county)
    call_command("create_administrators", "--area", "320724")
    administrator = User.objects.get(username="anquan")
    administrator.must_change_password = False
    administrator.save()
    user = UserFactory()
    client.force_login(administrator)

    for role, code in (("org_staff", "320724"), ("coordinator", township.code[:9])):
        client.post(reverse("posting_grant"), {"user": user.pk, "role": role, "code": code})

    assert list(user.postings.order_by("pk").values_list("role", "jurisdiction__code")) == [
        ("org_staff", county.code),
        ("coordinator", township.code),
    ]
