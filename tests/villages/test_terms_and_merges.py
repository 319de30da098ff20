"""Posts, restrictions and second rows of one person: entered, corrected, merged, parted; on the services' and pages' doors."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import Forbidden, Refused
from accounts.models import AuditEntry
from candidates.models import Candidacy
from elections.models import Roll, RollEntry
from tests.factories.elections import moment
from tests.factories.villages import PartyMemberFactory
from tests.factories.villages import identity_number as number
from villages import selectors, services
from villages.models import MemberMerge, PartyMember, PostHeld, Restriction
from villages.models.identity import sealed_fields

DAY = date(2026, 9, 20)
AT = moment(DAY, 15)
BORN = date(1980, 5, 1)


@pytest.fixture
def acting(users):
    return {"by": users.coordinator, "at": AT}


def person(village, text=None, **more) -> PartyMember:
    sealed = sealed_fields(text) if text else {}
    return PartyMemberFactory(village=village, sex="female", born_on=BORN, **sealed, **more)


def codes(refusal) -> list[str]:
    return [p.code for p in refusal.value.problems]


# --- posts and restrictions ----------------------------------------------------------------------


def test_terms_of_the_past_are_added_and_ended(place, acting):
    member = place.members[0]
    services.save_post(
        member=member,
        post="member",
        started_on=date(2011, 1, 1),
        ended_on=date(2016, 1, 1),
        **acting,
    )
    now = services.save_post(
        member=member, post="secretary", started_on=date(2021, 1, 1), ended_on=None, **acting
    )

    services.save_post(
        member=member,
        held=now,
        post="secretary",
        started_on=date(2021, 1, 1),
        ended_on=DAY,
        **acting,
    )

    assert list(member.posts.order_by("pk").values_list("post", "ended_on")) == [
        ("member", date(2016, 1, 1)),
        ("secretary", DAY),
    ]
    changes = AuditEntry.objects.get(action="post.corrected").changes
    assert (changes["before"]["ended_on"], changes["after"]["ended_on"]) == (None, str(DAY))


@pytest.mark.parametrize(
    ("started", "ended", "code"),
    [
        (DAY + timedelta(days=1), None, "post_since"),
        (date(2020, 1, 1), DAY + timedelta(days=1), "post_until"),
        (date(2020, 1, 1), date(2019, 12, 31), "post_until"),
        (date(2012, 1, 1), date(2013, 1, 1), "post_twice"),
        (date(2016, 1, 1), None, "post_twice"),
    ],
)
def test_term_that_cannot_be_is_refused(place, acting, started, ended, code):
    member = place.members[0]
    PostHeld.objects.create(
        member=member, post="member", started_on=date(2011, 1, 1), ended_on=date(2016, 1, 1)
    )
    with pytest.raises(Refused) as refusal:
        services.save_post(
            member=member, post="member", started_on=started, ended_on=ended, **acting
        )
    assert codes(refusal) == [code]
    assert member.posts.count() == 1


def restrict(member, acting, **change) -> Restriction:
    facts = {
        "kind": "under_probation",
        "starts_on": date(2026, 1, 1),
        "ends_on": None,
        "document": "示例纪〔2026〕1号",
    }
    return services.save_restriction(member=member, **facts | change, **acting)


def test_restriction_takes_effect_and_ends_by_itself(place, acting):
    member = place.members[0]
    row = restrict(member, acting)
    full = PartyMember.objects.filter(pk=member.pk)
    assert not full.full(on=DAY).exists()

    restrict(member, acting, restriction=row, ends_on=date(2026, 12, 31))

    assert not full.full(on=date(2026, 12, 31)).exists()
    assert full.full(on=date(2027, 1, 1)).exists()
    assert Restriction.objects.count() == 1


def test_two_restrictions_of_a_kind_do_not_overlap(place, acting):
    member = place.members[0]
    restrict(member, acting)
    with pytest.raises(Refused) as refusal:
        restrict(member, acting, starts_on=date(2026, 3, 1))
    assert codes(refusal) == ["restriction_twice"]
    restrict(member, acting, kind="suspended", starts_on=date(2026, 3, 1))


def test_whoever_left_or_was_merged_gets_nothing_more(place, acting):
    gone, merged, kept = place.members[:3]
    PartyMember.objects.filter(pk=gone.pk).update(left_on=DAY)
    PartyMember.objects.filter(pk=merged.pk).update(merged_into=kept)
    for member in (gone, merged):
        with pytest.raises(Refused):
            restrict(member, acting)


@pytest.mark.parametrize("who", ["foreign", "leader", "org_staff", "vetting", "system_admin"])
def test_only_the_coordinator_keeps_terms(place, users, who):
    with pytest.raises(Forbidden):
        restrict(place.members[0], {"by": getattr(users, who), "at": AT})


# --- numbers -------------------------------------------------------------------------------------

FACTS = {
    "name": "示例甲",
    "sex": "female",
    "born_on": BORN,
    "joined_on": date(2005, 7, 1),
    "education": "senior",
}


def test_number_is_sealed_and_found_by_the_whole_number(place, users, acting):
    (made,) = services.add_members(
        village=place.village, members=[FACTS | {"identity": f" {number()} "}], **acting
    )

    assert made.identity_masked == "*" * 14 + number()[-4:]
    assert selectors.with_number(users.coordinator, number()) == [made]
    assert selectors.with_number(users.coordinator, number()[:-1]) == []
    assert selectors.with_number(users.foreign, number()) == []
    assert number() not in str(PartyMember.objects.filter(pk=made.pk).values())


def test_number_is_on_one_roster_once(place, acting):
    person(place.village, number(), name="示例丙")
    with pytest.raises(Refused, match="已登记在示例丙名下") as refusal:
        services.add_members(
            village=place.village, members=[FACTS | {"identity": number()}], **acting
        )
    assert codes(refusal) == ["identity_twice"]
    with pytest.raises(Refused) as refusal:
        services.add_members(
            village=place.village,
            members=[FACTS | {"identity": number("99000019800501004")}] * 2,
            **acting,
        )
    assert codes(refusal) == ["identity_twice"]


def update(member, acting, **facts):
    return services.update_member(
        member=member, facts=FACTS | facts, post="", post_since=None, **acting
    )


def test_empty_number_keeps_the_one_stored(place, acting):
    member = person(place.village, number())
    update(member, acting, identity="")
    member.refresh_from_db()
    assert member.identity_masked.endswith(number()[-4:])
    update(member, acting, identity=number("99000019800501004"))
    member.refresh_from_db()
    assert member.identity_masked.endswith(number("99000019800501004")[-4:])


def test_birth_date_changes_together_with_the_number(place, acting):
    member = person(place.village, number())
    with pytest.raises(Refused) as refusal:
        update(member, acting, born_on=date(1981, 5, 1))
    assert codes(refusal) == ["identity_again"]
    update(member, acting, born_on=date(1981, 5, 1), identity=number("99000019810501002"))


def test_audit_says_that_a_number_was_entered_not_which(place, acting):
    update(person(place.village), acting, identity=number())
    changes = AuditEntry.objects.get(action="roster.updated").changes
    assert changes["after"]["identity"] == "已登记"
    assert number() not in str(changes)


def test_number_under_another_key_is_recorded_but_not_readable(place, acting, settings):
    member = person(place.village, number())
    settings.DATA_KEY = "ab" * 32
    assert member.identity_masked == "已登记（无法解密）"


# --- second rows of one person -------------------------------------------------------------------


@pytest.fixture
def twice(place):
    """One person in both townships, with a post recorded in each."""
    old = person(place.other_village, number(), name="示例丁", left_on=date(2020, 1, 1))
    now = person(place.village, number(), name="示例丁")
    for row, year in ((old, 2011), (now, 2021)):
        PostHeld.objects.create(
            member=row,
            post="member",
            started_on=date(year, 1, 1),
            ended_on=date(year + 5, 1, 1) if row is old else None,
        )
    return old, now


def test_township_is_told_of_a_row_elsewhere_but_not_where(place, users, twice):
    old, now = twice
    (own,) = selectors.suspected(users.coordinator)
    (county,) = selectors.suspected(users.org_staff)

    assert (own.rows, own.elsewhere) == ((now,), 1)
    assert (county.rows, county.elsewhere) == ((now, old), 0)
    assert selectors.suspected(users.outsider) == []


def test_merged_row_is_off_the_roster_and_both_histories_are_one_person_s(place, users, twice):
    old, now = twice
    merge = services.merge_members(
        member=old, survivor=now, reason="核对证件", by=users.org_staff, at=AT
    )

    old.refresh_from_db()
    assert selectors.rows_of(old) == selectors.rows_of(now) == [now, old]
    assert selectors.row_ids_of([old.pk, now.pk]) == {
        old.pk: [now.pk, old.pk],
        now.pk: [now.pk, old.pk],
    }
    assert selectors.suspected(users.org_staff) == []
    townships = AuditEntry.objects.filter(action="member.merged").values_list(
        "township_id", "reason"
    )
    assert set(townships) == {(place.own.pk, "核对证件"), (place.other.pk, "核对证件")}

    services.undo_merge(merge=merge, by=users.org_staff, at=AT + timedelta(days=1))
    assert selectors.rows_of(now) == [now]
    with pytest.raises(Refused, match="已经撤销"):
        services.undo_merge(merge=merge, by=users.org_staff, at=AT)


def test_one_township_does_not_merge_rows_of_another(users, twice):
    old, now = twice
    for who in ("coordinator", "foreign", "leader", "system_admin"):
        with pytest.raises(Forbidden):
            services.merge_members(
                member=old, survivor=now, reason="核对", by=getattr(users, who), at=AT
            )


def pair(place, **second) -> tuple[PartyMember, PartyMember]:
    """Two rows of one name in one village; `second` is of the row to be merged."""
    return person(place.village, name="示例戊", **second), person(place.village, name="示例戊")


def merge(member, survivor, acting, reason="核对证件"):
    return services.merge_members(member=member, survivor=survivor, reason=reason, **acting)


def test_rows_that_are_not_one_person_are_not_merged(place, acting):
    first, second = pair(place)
    with pytest.raises(Refused) as refusal:
        merge(first, first, acting)
    assert codes(refusal) == ["merge_self"]
    with pytest.raises(Refused) as refusal:
        merge(first, second, acting, reason=" ")
    assert codes(refusal) == ["merge_reason"]
    PartyMember.objects.filter(pk=second.pk).update(left_on=DAY)
    with pytest.raises(Refused) as refusal:
        merge(first, second, acting)
    assert codes(refusal) == ["merge_left"]
    other = person(place.village, number())
    third = person(place.village, number("99000019800501004"))
    with pytest.raises(Refused) as refusal:
        merge(other, third, acting)
    assert codes(refusal) == ["merge_numbers"]


def test_merging_does_not_lift_a_restriction(place, acting):
    first, second = pair(place)
    restrict(first, acting)
    with pytest.raises(Refused) as refusal:
        merge(first, second, acting)
    assert codes(refusal) == ["merge_restricted"]
    restrict(second, acting)
    merge(first, second, acting)


def test_row_that_stands_in_an_election_under_way_has_to_stay(place, acting, election):
    first, second = pair(place)
    Candidacy.objects.create(election=election, member=first, rank=1)
    with pytest.raises(Refused) as refusal:
        merge(first, second, acting)
    assert codes(refusal) == ["merge_standing"]
    merge(second, first, acting)


def test_merge_stays_once_a_roll_was_frozen_over_it(place, users, acting, election):
    first, second = pair(place)
    done = merge(first, second, acting)
    later = AT + timedelta(hours=1)
    roll = Roll.objects.create(
        election=election,
        published_on=DAY,
        voters=1,
        excluded=0,
        due=1,
        representatives=1,
        representatives_published_on=DAY,
        frozen_by=users.coordinator,
        frozen_at=later,
    )
    RollEntry.objects.create(roll=roll, member=second, name="示例戊", status="full", may_vote=True)
    with pytest.raises(Refused) as refusal:
        services.undo_merge(merge=done, by=users.coordinator, at=later)
    assert codes(refusal) == ["merge_rolled"]


# --- pages ---------------------------------------------------------------------------------------


def test_page_of_a_person_shows_terms_restrictions_and_the_merged_row(place, users, client, twice):
    old, now = twice
    Restriction.objects.create(
        member=now, kind="suspended", starts_on=date(2026, 1, 1), document="示例纪〔2026〕2号"
    )
    services.merge_members(member=old, survivor=now, reason="核对证件", by=users.org_staff, at=AT)
    client.force_login(users.coordinator)

    text = client.get(reverse("member_detail", args=[now.pk])).content.decode()

    for words in ("2011-01-01", "2021-01-01", "示例纪〔2026〕2号", "西一村（合并前）", "核对证件"):
        assert words in text
    assert reverse("member_detail", args=[old.pk]) not in text, "it lies in another township"
    assert "撤销合并" not in text


def test_terms_are_entered_corrected_and_refused_on_the_page(place, users, client):
    member = place.members[0]
    client.force_login(users.coordinator)
    page = reverse("post_create", args=[member.pk])

    refused = client.post(page, {"post": "member", "started_on": "2999-01-01"})
    assert refused.status_code == 422
    assert 'value="2999-01-01"' in refused.content.decode()
    client.post(page, {"post": "member", "started_on": "2016-01-01"})
    held = member.posts.get()
    client.post(
        reverse("post_update", args=[held.pk]),
        {"post": "member", "started_on": "2016-01-01", "ended_on": "2021-01-01"},
    )
    assert member.posts.get().ended_on == date(2021, 1, 1)
    client.post(
        reverse("restriction_create", args=[member.pk]),
        {"kind": "suspended", "starts_on": "2026-01-01", "document": "示例1号"},
    )
    assert member.restrictions.get().document == "示例1号"


def test_two_rows_are_merged_and_parted_on_the_page(place, users, client):
    first, second = pair(place)
    client.force_login(users.coordinator)
    page = reverse("member_merge", args=[first.pk])
    assert "请选择" in client.get(page).content.decode()

    refused = client.post(page, {"survivor": second.pk, "reason": ""})
    assert refused.status_code == 422
    client.post(page, {"survivor": second.pk, "reason": "核对证件"})
    done = MemberMerge.objects.get()
    listed = reverse("member_list", args=[place.village.pk])
    assert "已合并" in client.get(listed).content.decode()
    client.post(reverse("merge_undo", args=[done.pk]))
    first.refresh_from_db()
    assert first.merged_into is None


def test_stranger_is_not_offered_as_the_row_that_stays(place, users, client):
    first = person(place.village, name="示例己")
    away = person(place.other_village, name="示例己")
    client.force_login(users.coordinator)
    page = reverse("member_merge", args=[first.pk])

    answer = client.post(page, {"survivor": away.pk, "reason": "核对"})

    assert answer.status_code == 422
    assert not MemberMerge.objects.exists()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"status": "suspended"}, ["受限"]),
        ({"restricted": "1"}, ["受限"]),
        ({"origin": "veteran", "q": "来源"}, ["来源主", "来源次"]),
        ({"representative": "1"}, ["代表"]),
    ],
)
def test_list_is_filtered_by_standing_origin_and_office(place, users, client, query, names):
    under = person(place.village, name="受限")
    today = timezone.localdate()
    Restriction.objects.create(member=under, kind="suspended", starts_on=today, document="示例1号")
    person(place.village, name="来源主", origin="veteran")
    person(place.village, name="来源次", origin="returnee", further_origins=["veteran"])
    person(place.village, name="来源无", origin="returnee")
    spokes = person(place.village, name="代表")
    place.village.representatives.create(
        name="代表", sex="female", born_on=BORN, group="一组", since=DAY, member=spokes
    )
    client.force_login(users.leader)

    page = client.get(reverse("member_list", args=[place.village.pk], query=query))

    assert [m.name for m in page.context["page"]] == names


# --- representatives -----------------------------------------------------------------------------


def form(**more) -> dict:
    return {
        "name": "示例代表",
        "sex": "female",
        "born_on": "1980-05-01",
        "group": "一组",
        "since": "2021-01-01",
    } | more


def test_representative_is_entered_corrected_and_leaves(place, users, client):
    client.force_login(users.coordinator)
    client.post(
        reverse("representative_create", args=[place.village.pk]),
        form(member=place.members[0].pk, identity=number()),
    )
    made = place.village.representatives.get()
    assert (made.member, made.identity_masked) == (place.members[0], "*" * 14 + number()[-4:])

    page = reverse("representative_update", args=[made.pk])
    client.post(page, form(group="二组", until="2024-01-01"))

    made.refresh_from_db()
    assert (made.group, made.until) == ("二组", date(2024, 1, 1))
    assert made.identity_masked.endswith(number()[-4:]), "an empty field keeps the number"
    listed = client.get(
        reverse("representative_list", args=[place.village.pk], query={"state": "0"})
    )
    assert "示例代表" in listed.content.decode()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"since": "2999-01-01"}, "在今天之后"),
        ({"identity": "1"}, "身份证号应为18位"),
        ({"identity": number("99000019800501001")}, "性别与所填性别不一致"),
    ],
)
def test_refused_representative_keeps_what_was_typed(place, users, client, more, words):
    client.force_login(users.coordinator)
    answer = client.post(reverse("representative_create", args=[place.village.pk]), form(**more))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'value="示例代表"' in answer.content.decode()
    assert not place.village.representatives.exists()


def test_member_and_number_are_representatives_once(place, acting):
    facts = {
        "name": "示例代表",
        "sex": "female",
        "born_on": BORN,
        "group": "一组",
        "since": date(2021, 1, 1),
        "member": place.members[0],
        "identity": number(),
    }
    services.add_representatives(village=place.village, people=[facts], **acting)
    with pytest.raises(Refused) as refusal:
        services.add_representatives(village=place.village, people=[facts], **acting)
    assert codes(refusal) == ["identity_twice", "member_twice"]


def test_representative_s_member_is_of_the_village(place, acting):
    stranger = person(place.other_village)
    with pytest.raises(Refused, match="不在本村名册"):
        services.add_representatives(
            village=place.village,
            people=[
                {
                    "name": "示例代表",
                    "sex": "female",
                    "born_on": BORN,
                    "group": "一组",
                    "since": date(2021, 1, 1),
                    "member": stranger,
                }
            ],
            **acting,
        )


def test_list_takes_the_same_queries_for_one_and_for_many(
    place, users, client, django_assert_max_num_queries, django_assert_num_queries
):
    client.force_login(users.coordinator)
    page = reverse("representative_list", args=[place.village.pk])

    def add(n: int) -> None:
        place.village.representatives.create(
            name=f"代表{n}",
            sex="male",
            born_on=BORN,
            group="一组",
            since=DAY,
            member=place.members[n],
        )

    add(0)
    client.get(page)
    with django_assert_max_num_queries(12) as one:
        client.get(page)
    for n in range(1, 8):
        add(n)
    with django_assert_num_queries(len(one)):
        client.get(page)
