"""The roster's pages: who is let in, what they show, how a refusal comes back."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from tests.factories.villages import PartyMemberFactory
from villages.enums import MemberStatus, Sex
from villages.models import PartyMember, PostHeld


@pytest.fixture
def foreign_member(place):
    """A member of the other township, who could leak."""
    return PartyMemberFactory(village=place.other_village, name="西村某人")


def listed(village, **query) -> str:
    return reverse("member_list", args=[village.pk], query=query)


def create(village) -> str:
    return reverse("member_create", args=[village.pk])


def edit(member) -> str:
    return reverse("member_update", args=[member.pk])


def detail(member) -> str:
    return reverse("member_detail", args=[member.pk])


def leave(member) -> str:
    return reverse("member_leave", args=[member.pk])


def form(**more) -> dict:
    return {
        "name": "示例甲",
        "sex": "female",
        "born_on": "1980-05-01",
        "joined_on": "2005-07-01",
        "status": "full",
        "education": "senior",
        "post": "",
    } | more


def snapshot() -> list:
    return list(PartyMember.objects.order_by("pk").values())


# --- who is let in -------------------------------------------------------------------------------

NO_READERS = [
    "foreign",
    "outsider",
    "vetting",
    "discipline",
    "system_admin",
    "security_admin",
    "audit_admin",
    "nobody",
]


@pytest.mark.parametrize("who", NO_READERS)
def test_roster_is_not_there_for(place, users, client, who):
    client.force_login(getattr(users, who))
    member = place.members[0]
    before = snapshot()

    answers = [
        client.get(listed(place.village)),
        client.get(create(place.village)),
        client.get(edit(member)),
        client.post(create(place.village), form()),
        client.post(edit(member), form()),
        client.post(leave(member), {"on": "2026-01-01"}),
    ]

    assert [a.status_code for a in answers] == [404] * 6
    assert all(member.name not in a.content.decode() for a in answers)
    assert snapshot() == before


@pytest.mark.parametrize("who", ["org_staff", "leader"])
def test_reader_reads_and_is_forbidden_to_write(place, users, client, who):
    client.force_login(getattr(users, who))
    member = place.members[0]
    before = snapshot()

    page = client.get(listed(place.village))
    answers = [
        client.get(create(place.village)),
        client.get(edit(member)),
        client.post(create(place.village), form()),
        client.post(edit(member), form()),
        client.post(leave(member), {"on": "2026-01-01"}),
    ]

    assert page.status_code == 200
    assert member.name in page.content.decode()
    assert create(place.village) not in page.content.decode()
    assert edit(member) not in page.content.decode()
    assert [a.status_code for a in answers] == [403] * 5
    assert all("只有本乡镇的联络员可以登记和更正党员名册" in a.content.decode() for a in answers)
    assert snapshot() == before


def test_village_s_address_does_not_open_another_village_s_member(
    place, users, client, foreign_member
):
    client.force_login(users.coordinator)

    assert client.get(edit(foreign_member)).status_code == 404
    assert client.post(leave(foreign_member), {"on": "2026-01-01"}).status_code == 404
    assert PartyMember.objects.get(pk=foreign_member.pk).left_on is None


# --- the list ------------------------------------------------------------------------------------


def test_list_shows_the_village_s_members_and_nobody_else(place, users, client, foreign_member):
    client.force_login(users.leader)  # sees both townships

    page = client.get(listed(place.village))

    assert list(page.context["page"]) == place.members
    assert foreign_member.name not in page.content.decode()


def test_those_who_left_stand_last_with_their_day_and_are_not_corrected(place, users, client):
    gone = place.members[0]
    gone.left_on = date(2026, 3, 2)
    gone.save()
    client.force_login(users.coordinator)

    page = client.get(listed(place.village))

    shown = list(page.context["page"])
    assert shown == [*place.members[1:], gone]
    text = page.content.decode()
    assert "已转出 2026-03-02" in text
    pages = [client.get(detail(m)).content.decode() for m in (gone, place.members[1])]
    assert [edit(gone) in pages[0], edit(place.members[1]) in pages[1]] == [False, True]


def test_list_names_posts_held_now_and_not_those_of_the_past(place, users, client):
    member = place.members[0]
    started = date(2016, 1, 1)
    PostHeld.objects.create(member=member, post="deputy", started_on=started, ended_on=started)
    PostHeld.objects.create(member=member, post="member", started_on=started)
    client.force_login(users.coordinator)

    page = client.get(listed(place.village))

    assert [m.posts_now for m in page.context["page"]] == ["委员"] + [""] * 7


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "特别"}, ["特别女", "特别男"]),
        ({"q": "特别", "sex": "female"}, ["特别女"]),
        ({"status": "probationary"}, ["特别男"]),
        ({"q": "无此人"}, []),
        ({"q": "%"}, []),
        ({"q": "西村"}, []),
    ],
)
def test_list_is_filtered(place, users, client, foreign_member, query, names):
    PartyMemberFactory(village=place.village, name="特别女", sex=Sex.FEMALE)
    PartyMemberFactory(village=place.village, name="特别男", status=MemberStatus.PROBATIONARY)
    client.force_login(users.leader)

    page = client.get(listed(place.village, **query))

    assert [m.name for m in page.context["page"]] == names
    assert ("没有符合条件的党员" in page.content.decode()) == (not names)


@pytest.mark.parametrize(
    "query", [{"sex": "x"}, {"status": "x"}, {"q": "\x00"}, {"page": "x"}, {"page": "9" * 30}]
)
def test_list_bears_any_query(place, users, client, query):
    client.force_login(users.coordinator)

    assert client.get(listed(place.village, **query)).status_code == 200


def test_long_list_is_paged_and_keeps_its_filter(place, users, client):
    PartyMemberFactory.create_batch(31, village=place.village, sex=Sex.FEMALE)
    client.force_login(users.coordinator)

    first = client.get(listed(place.village, sex="female"))
    second = client.get(listed(place.village, sex="female", page=2))

    assert (len(first.context["page"]), len(second.context["page"])) == (30, 1)
    assert "?sex=female&amp;page=2" in first.content.decode()


# --- adding --------------------------------------------------------------------------------------


def test_member_is_added_to_the_village_of_the_address(place, users, client):
    client.force_login(users.coordinator)

    answer = client.post(
        create(place.village),
        form(post="secretary", post_since="2021-01-15", village=place.other_village.pk),
    )

    assert answer.url == listed(place.village)
    made = PartyMember.objects.get(name="示例甲")
    assert (made.village, made.born_on, made.left_on) == (place.village, date(1980, 5, 1), None)
    assert made.posts.get().started_on == date(2021, 1, 15)
    row = AuditEntry.objects.get(action="roster.added")
    assert (row.actor_id, row.township_id) == (users.coordinator.pk, place.own.pk)


REFUSALS = [
    ({"joined_on": "1990-01-01"}, None, "入党时不满18周岁"),
    ({"sex": "male", "is_women_director": "on"}, None, "妇代会主任应为女性"),
    ({"joined_on": "2999-01-01"}, None, "日期在今天之后"),
    ({"post": "member", "post_since": "2999-01-01"}, None, "任职日期应在出生之后"),
    ({"post": "member"}, "post_since", "请填写任职日期"),
    ({"born_on": "1980-02-30"}, "born_on", ""),
    ({"education": "doctor"}, "education", ""),
    ({"name": "  "}, "name", ""),
    ({"name": "长" * 51}, "name", ""),
    ({"name": "甲\x00"}, "name", ""),
    ({"born_on": ""}, "born_on", ""),
]


@pytest.mark.parametrize(("sent", "field", "words"), REFUSALS)
@pytest.mark.parametrize("verb", ["create", "update"])
def test_refusal_keeps_what_was_typed_and_stores_nothing(
    place, users, client, verb, sent, field, words
):
    client.force_login(users.coordinator)
    before = snapshot()
    typed = form(phone="000-4711", origin="veteran") | sent
    url = create(place.village) if verb == "create" else edit(place.members[0])

    answer = client.post(url, typed)

    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == [field or "__all__"]
    assert words in answer.content.decode()
    bound = answer.context["form"]
    assert {key: bound[key].data for key in typed if key != "is_women_director"} == {
        key: value for key, value in typed.items() if key != "is_women_director"
    }
    assert 'value="000-4711"' in answer.content.decode()
    assert snapshot() == before
    assert not PostHeld.objects.exists()


# --- correcting ----------------------------------------------------------------------------------


def test_form_opens_with_what_is_stored(place, users, client):
    member = place.members[0]
    PostHeld.objects.create(member=member, post="deputy", started_on=date(2021, 1, 15))
    client.force_login(users.coordinator)

    bound = client.get(edit(member)).context["form"]

    assert {key: bound[key].value() for key in ("name", "born_on", "post", "post_since")} == {
        "name": member.name,
        "born_on": member.born_on,
        "post": "deputy",
        "post_since": date(2021, 1, 15),
    }


def test_correction_changes_this_member_only(place, users, client):
    client.force_login(users.coordinator)
    others = snapshot()[1:]

    answer = client.post(edit(place.members[0]), form(phone="000-4711"))

    assert answer.url == listed(place.village)
    stored = PartyMember.objects.get(pk=place.members[0].pk)
    assert (stored.name, stored.sex, stored.phone) == ("示例甲", "female", "000-4711")
    assert stored.village == place.village
    assert snapshot()[1:] == others


def test_page_of_somebody_who_left_meanwhile_keeps_the_typed_and_says_so(place, users, client):
    member = place.members[0]
    client.force_login(users.coordinator)
    client.get(edit(member))
    PartyMember.objects.filter(pk=member.pk).update(left_on=timezone.localdate())

    answer = client.post(edit(member), form(name="示例乙"))

    assert answer.status_code == 422
    assert "已转出，不能再更正" in answer.content.decode()
    assert answer.context["form"]["name"].value() == "示例乙"


# --- leaving -------------------------------------------------------------------------------------


def test_member_who_left_stays_on_the_list(place, users, client):
    client.force_login(users.coordinator)
    today = timezone.localdate()

    answer = client.post(leave(place.members[0]), {"on": today.isoformat()}, follow=True)

    assert f"{place.members[0].name}已转出，名册中仍可查。" in answer.content.decode()
    assert f"已转出 {today:%Y-%m-%d}" in answer.content.decode()
    assert PartyMember.objects.count() == 8


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("", ""),
        ("2026-02-30", ""),
        ("1999-01-01", "转出日期应在入党日期之后"),
        ((timezone.localdate() + timedelta(days=2)).isoformat(), "转出日期应在入党日期之后"),
    ],
    ids=["empty", "no-day", "before-joining", "future"],
)
def test_refused_leaving_keeps_the_typed_day(place, users, client, on, words):
    member = place.members[0]
    client.force_login(users.coordinator)

    answer = client.post(leave(member), {"on": on})

    assert answer.status_code == 422
    assert list(answer.context["leave_form"].errors) == ["on"]
    assert words in answer.content.decode()
    assert answer.context["leave_form"]["on"].value() == on
    assert answer.context["form"]["name"].value() == member.name
    assert f'action="{edit(member)}"' in answer.content.decode(), "corrections go to their address"
    assert PartyMember.objects.get(pk=member.pk).left_on is None


def test_member_leaves_once(place, users, client):
    member = place.members[0]
    client.force_login(users.coordinator)
    client.post(leave(member), {"on": "2026-03-02"})

    answer = client.post(leave(member), {"on": "2026-04-02"})

    assert answer.status_code == 422
    assert f"{member.name}已于2026-03-02转出" in answer.content.decode()
    assert PartyMember.objects.get(pk=member.pk).left_on == date(2026, 3, 2)
    assert AuditEntry.objects.filter(action="roster.left").count() == 1
