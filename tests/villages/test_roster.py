"""The members' roster: who writes it, what it refuses, how posts are held."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import Forbidden, Refused
from accounts.models import AuditEntry
from tests.factories.elections import moment
from tests.factories.villages import PartyMemberFactory
from villages import services
from villages.models import PartyMember, PostHeld

DAY = date(2026, 9, 20)
AT = moment(DAY, 15)
FACTS = {
    "name": "示例甲",
    "sex": "female",
    "born_on": date(1980, 5, 1),
    "joined_on": date(2005, 7, 1),
    "education": "senior",
}


def add(place, users, *members, **more):
    members = [FACTS | facts for facts in (members or ({},))]
    return services.add_members(
        **{"village": place.village, "members": members, "by": users.coordinator, "at": AT} | more
    )


def test_members_come_with_the_posts_they_hold(place, users):
    since = date(2021, 1, 10)

    (made,) = add(place, users, {"posts": [("secretary", since)]})

    assert list(made.posts.values_list("post", "started_on", "ended_on")) == [
        ("secretary", since, None)
    ]
    row = AuditEntry.objects.get(action="roster.added")
    assert row.township_id == place.own.pk


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"joined_on": DAY + timedelta(days=1)}, "示例甲：日期在今天之后"),
        ({"joined_on": date(1997, 4, 30)}, "示例甲：入党时不满18周岁"),
        ({"sex": "male", "is_women_director": True}, "示例甲：妇代会主任应为女性"),
        (
            {"posts": [("member", DAY + timedelta(days=1))]},
            "示例甲：任职日期应在出生之后、今天以前",
        ),
    ],
)
def test_one_bad_person_and_nobody_is_added(place, users, facts, words):
    before = PartyMember.objects.count()

    with pytest.raises(Refused, match=words):
        add(place, users, {"name": "示例乙"}, facts)
    assert PartyMember.objects.count() == before


def update(member, users, *, post="", post_since=None, at=AT, **facts):
    return services.update_member(
        member=member,
        facts=FACTS | facts,
        post=post,
        post_since=post_since,
        by=users.coordinator,
        at=at,
    )


def test_posts_change_hands_without_losing_their_history(place, users):
    member = place.members[0]
    update(member, users, post="member", post_since=date(2016, 1, 1))
    update(member, users, post="secretary", post_since=date(2021, 1, 1))
    update(member, users, post="secretary", post_since=date(2021, 2, 2))

    held = PostHeld.objects.filter(member=member).order_by("pk")
    assert list(held.values_list("post", "started_on", "ended_on")) == [
        ("member", date(2016, 1, 1), DAY),
        ("secretary", date(2021, 2, 2), None),
    ]
    update(member, users)
    assert not held.filter(ended_on=None).exists()


def test_correction_notes_before_and_after(place, users):
    member = place.members[0]
    old = member.name

    update(member, users, name="示例丙")

    changes = AuditEntry.objects.get(action="roster.updated").changes
    assert (changes["before"]["name"], changes["after"]["name"]) == (old, "示例丙")


def test_whoever_left_stays_on_record_and_is_not_corrected(place, users):
    member = place.members[0]
    sent = {"member": member, "by": users.coordinator, "at": AT}
    with pytest.raises(Refused, match="转出日期应在入党日期之后、今天之前"):
        services.mark_left(**sent, on=DAY + timedelta(days=1))

    services.mark_left(**sent, on=DAY)

    with pytest.raises(Refused, match="已于2026-09-20转出"):
        services.mark_left(**sent, on=DAY)
    with pytest.raises(Refused, match="已转出，不能再更正"):
        update(member, users)


@pytest.mark.parametrize("who", ["foreign", "leader", "org_staff", "vetting", "system_admin"])
def test_only_the_township_s_coordinator_writes(place, users, who):
    by = getattr(users, who)

    with pytest.raises(Forbidden):
        add(place, users, by=by)
    with pytest.raises(Forbidden):
        services.mark_left(member=place.members[0], on=DAY, by=by, at=AT)


def test_members_are_seen_in_one_s_own_area(place, users):
    PartyMemberFactory(village=place.other_village)

    assert PartyMember.objects.visible_to(users.coordinator).count() == 8
    assert PartyMember.objects.visible_to(users.foreign).count() == 1
    assert PartyMember.objects.visible_to(users.leader).count() == 9
    for who in ("vetting", "discipline", "system_admin", "audit_admin", "nobody", "outsider"):
        assert not PartyMember.objects.visible_to(getattr(users, who)).exists(), who


# --- pages ---------------------------------------------------------------------------------------


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


def test_member_is_entered_corrected_and_found(place, users, client):
    client.force_login(users.coordinator)
    listed = reverse("member_list", kwargs={"pk": place.village.pk})

    client.post(
        reverse("member_create", kwargs={"pk": place.village.pk}),
        form(post="secretary", post_since="2021-01-15"),
    )
    member = PartyMember.objects.get(name="示例甲")
    page = reverse("member_update", kwargs={"pk": member.pk})
    assert 'value="2021-01-15"' in client.get(page).content.decode()
    client.post(page, form(name="示例丁", post="secretary", post_since="2021-01-15"))

    assert "示例丁" in client.get(listed).content.decode()


def test_post_without_its_day_is_asked_for_and_nothing_is_lost(place, users, client):
    client.force_login(users.coordinator)

    answer = client.post(
        reverse("member_create", kwargs={"pk": place.village.pk}), form(post="secretary")
    )

    assert answer.status_code == 422
    assert "有现任职务的，请填写任职日期" in answer.content.decode()
    assert 'value="示例甲"' in answer.content.decode()


def test_member_leaves_on_the_page(place, users, client):
    client.force_login(users.coordinator)
    leave = reverse("member_leave", kwargs={"pk": place.members[0].pk})

    client.post(leave, {"on": timezone.localdate()})

    assert PartyMember.objects.filter(left_on=timezone.localdate()).count() == 1


def test_list_takes_the_same_queries_for_one_and_for_eight(
    place, users, client, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(users.coordinator)
    page = reverse("member_list", kwargs={"pk": place.village.pk})
    client.get(page)
    with django_assert_max_num_queries(15) as eight:
        client.get(page)
    PartyMember.objects.exclude(pk=place.members[0].pk).delete()

    with django_assert_num_queries(len(eight)):
        client.get(page)
