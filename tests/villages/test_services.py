"""Rules of the roster at their edges, branches of villages, and the pairs of administrators."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts import audit
from accounts.enums import Role
from accounts.errors import Forbidden, Refused
from accounts.models import AuditEntry, User
from tests.factories.elections import SHANGHAI, moment
from tests.factories.villages import PartyMemberFactory, UserFactory, VillageFactory
from villages import services
from villages.models import PartyMember, PartyOrganisation, PostHeld, Posting, Village

DAY = date(2026, 9, 20)
AT = moment(DAY, 15)
FACTS = {
    "name": "示例甲",
    "sex": "female",
    "born_on": date(1980, 5, 1),
    "joined_on": date(2005, 7, 1),
    "education": "senior",
}


def add(place, users, *members, at=AT, **more):
    return services.add_members(
        **{
            "village": place.village,
            "members": [FACTS | facts for facts in members],
            "by": users.coordinator,
            "at": at,
        }
        | more
    )


def codes(refusal) -> list[str]:
    return [problem.code for problem in refusal.value.problems]


# --- the roster ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "joined", "old_enough"),
    [
        (date(1980, 5, 1), date(1998, 5, 1), True),
        (date(1980, 5, 1), date(1998, 4, 30), False),
        (date(1980, 5, 31), date(1998, 5, 30), False),
        (date(1980, 5, 31), date(1998, 5, 31), True),
        (date(1980, 2, 29), date(1998, 2, 28), False),
        (date(1980, 2, 29), date(1998, 3, 1), True),
    ],
)
def test_member_is_eighteen_on_the_day_of_joining(place, users, born, joined, old_enough):
    person = {"born_on": born, "joined_on": joined}
    if old_enough:
        (made,) = add(place, users, person)
        assert made.joined_on == joined
    else:
        with pytest.raises(Refused) as refusal:
            add(place, users, person)
        assert codes(refusal) == ["age"]
        assert refusal.value.problems[0].citation == "《中国共产党章程》第一条"


def test_every_bad_person_of_a_batch_is_named(place, users):
    before = PartyMember.objects.count()

    with pytest.raises(Refused) as refusal:
        add(
            place,
            users,
            {"name": "示例乙", "joined_on": DAY + timedelta(days=1)},
            {"name": "示例丙"},
            {"name": "示例丁", "sex": "male", "is_women_director": True},
        )

    named = [problem.message.split("：")[0] for problem in refusal.value.problems]
    assert named == ["示例乙", "示例丁"]
    assert PartyMember.objects.count() == before
    assert not AuditEntry.objects.filter(action="roster.added").exists()


def test_today_is_the_day_in_china(place, users):
    """An hour after midnight in Shanghai it is still the day before in Greenwich."""
    at = datetime(2026, 9, 20, 1, 0, tzinfo=SHANGHAI)

    (made,) = add(place, users, {"joined_on": DAY}, at=at)

    assert made.joined_on == DAY
    with pytest.raises(Refused):
        add(place, users, {"joined_on": DAY + timedelta(days=1)}, at=at)


def test_post_since_birth_or_earlier_is_refused(place, users):
    with pytest.raises(Refused) as refusal:
        add(place, users, {"posts": [("member", FACTS["born_on"])]})

    assert codes(refusal) == ["post_since"]
    assert not PostHeld.objects.exists()


def test_audit_row_of_a_batch_names_village_post_and_people(place, users):
    add(place, users, {"name": "示例乙"}, {"name": "示例丙"})

    row = AuditEntry.objects.get(action="roster.added")
    assert (row.actor_id, row.actor_post) == (users.coordinator.pk, "东乡镇 乡镇联络员")
    assert (row.target_label, row.target_pk) == ("villages.Village", str(place.village.pk))
    assert row.chain == f"township:{place.own.pk}"
    assert row.changes == {"after": {"members": ["示例乙", "示例丙"]}}


def update(member, users, *, post="", post_since=None, **facts):
    return services.update_member(
        member=member,
        facts=FACTS | facts,
        post=post,
        post_since=post_since,
        by=users.coordinator,
        at=AT,
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"joined_on": DAY + timedelta(days=1)}, ["future"]),
        ({"born_on": date(1999, 1, 1)}, ["age"]),
        ({"sex": "male", "is_women_director": True}, ["women_director"]),
        ({"post": "member", "post_since": DAY + timedelta(days=1)}, ["post_since"]),
    ],
)
def test_refused_correction_changes_nothing(place, users, change, expected):
    member = place.members[0]
    before = PartyMember.objects.filter(pk=member.pk).values().get()

    with pytest.raises(Refused) as refusal:
        update(member, users, **change)

    assert codes(refusal) == expected
    assert PartyMember.objects.filter(pk=member.pk).values().get() == before
    assert not PostHeld.objects.exists()
    assert not AuditEntry.objects.filter(action="roster.updated").exists()


@pytest.mark.parametrize("who", ["foreign", "leader", "org_staff", "outsider", "audit_admin"])
def test_only_the_township_s_coordinator_corrects(place, users, who):
    with pytest.raises(Forbidden):
        services.update_member(
            member=place.members[0],
            facts=FACTS,
            post="",
            post_since=None,
            by=getattr(users, who),
            at=AT,
        )

    assert PartyMember.objects.get(pk=place.members[0].pk).name == place.members[0].name


def test_two_corrections_of_one_person_are_both_on_record(place, users):
    """Two pages opened before either was saved: the later one holds, the trail keeps what it replaced."""
    first = PartyMember.objects.get(pk=place.members[0].pk)
    second = PartyMember.objects.get(pk=place.members[0].pk)

    update(first, users, name="示例乙")
    update(second, users, name="示例丙")

    rows = AuditEntry.objects.filter(action="roster.updated").order_by("seq")
    names = [(r.changes["before"]["name"], r.changes["after"]["name"]) for r in rows]
    assert names == [(place.members[0].name, "示例乙"), ("示例乙", "示例丙")]


def test_page_of_somebody_who_left_meanwhile_saves_nothing(place, users):
    opened = PartyMember.objects.get(pk=place.members[0].pk)
    services.mark_left(member=place.members[0], on=DAY, by=users.coordinator, at=AT)

    with pytest.raises(Refused) as refusal:
        update(opened, users, name="示例乙")

    assert codes(refusal) == ["left"]
    assert PartyMember.objects.get(pk=opened.pk).name == opened.name


@pytest.mark.parametrize(
    ("on", "fits"),
    [
        (date(2001, 6, 30), False),
        (date(2001, 7, 1), True),
        (DAY, True),
        (DAY + timedelta(days=1), False),
    ],
)
def test_member_leaves_between_joining_and_today(place, users, on, fits):
    sent = {"member": place.members[0], "on": on, "by": users.coordinator, "at": AT}
    if fits:
        assert services.mark_left(**sent).left_on == on
        row = AuditEntry.objects.get(action="roster.left")
        assert row.changes == {"after": {"left_on": str(on)}}
    else:
        with pytest.raises(Refused) as refusal:
            services.mark_left(**sent)
        assert codes(refusal) == ["left_on"]
    left = PartyMember.objects.filter(left_on__isnull=False).count()
    assert left == (1 if fits else 0)


def test_current_members_are_those_who_did_not_leave(place, users):
    services.mark_left(member=place.members[0], on=DAY, by=users.coordinator, at=AT)

    current = PartyMember.objects.filter(village=place.village).current().order_by("pk")

    assert list(current) == place.members[1:]


# --- branches ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("镇中社区居委会", "镇中社区"),
        ("城东居委会", "城东社区"),
        ("圈沟村委会", "圈沟村"),
        ("圈沟村民委员会", "圈沟村"),
        ("圈沟村村民委员会", "圈沟村"),
        ("圈沟村", "圈沟村"),
    ],
)
def test_place_is_named_without_its_office(name, short):
    assert services.short_name(Village(name=name)) == short


def test_villages_without_a_branch_get_one_and_the_others_keep_theirs(place, users):
    bare = VillageFactory(township=place.own, name="南村委会")
    PartyOrganisation.objects.filter(village=bare).delete()
    sent = {"villages": [place.village, bare], "by": users.org_staff, "at": AT}

    assert services.ensure_organisations(**sent) == 1
    assert services.ensure_organisations(**sent) == 0

    names = PartyOrganisation.objects.filter(village__in=[place.village, bare])
    assert set(names.values_list("name", flat=True)) == {"东一村党支部", "南村党支部"}


# --- accounts and postings -----------------------------------------------------------------------

PASSWORD = "暂用-Password-7"


@pytest.mark.parametrize(
    "who", ["security_admin", "audit_admin", "org_staff", "leader", "coordinator", "nobody"]
)
def test_only_the_system_administrator_resets(users, who):
    with pytest.raises(Forbidden):
        services.reset_account(user=users.vetting, password=PASSWORD, by=getattr(users, who), at=AT)

    assert not User.objects.get(pk=users.vetting.pk).must_change_password


@pytest.mark.parametrize("who", ["system_admin", "audit_admin", "org_staff", "leader"])
def test_only_the_security_administrator_ends(users, who):
    posting = users.coordinator.postings.get()

    with pytest.raises(Forbidden):
        services.end_posting(posting=posting, by=getattr(users, who), at=AT)

    assert Posting.objects.get(pk=posting.pk).ends_on is None


def test_last_system_administrator_cannot_be_lost_by_the_own_hand(users):
    admin = users.system_admin

    with pytest.raises(Refused, match="请由另一位系统管理员办理"):
        services.set_account_active(user=admin, active=False, by=admin, at=AT)

    second = UserFactory(role=Role.SYSTEM_ADMIN, where=admin.postings.get().jurisdiction)
    services.set_account_active(user=second, active=False, by=admin, at=AT)
    assert list(User.objects.filter(is_active=True, postings__role=Role.SYSTEM_ADMIN)) == [admin]


def test_administrator_who_was_disabled_disables_nobody(users):
    """Two system administrators with open pages: the second comes too late."""
    first = users.system_admin
    second = UserFactory(role=Role.SYSTEM_ADMIN, where=first.postings.get().jurisdiction)
    services.set_account_active(user=second, active=False, by=first, at=AT)

    with pytest.raises(Forbidden):
        services.set_account_active(
            user=first, active=False, by=User.objects.get(pk=second.pk), at=AT
        )

    assert User.objects.get(pk=first.pk).is_active


def test_posting_keeps_title_department_and_its_days(place, users):
    posting = services.grant_posting(
        user=users.nobody,
        jurisdiction=place.own,
        role=Role.LEADER,
        title="书记",
        department="镇党委",
        by=users.security_admin,
        at=AT,
    )
    services.end_posting(posting=posting, by=users.security_admin, at=AT + timedelta(days=30))

    stored = Posting.objects.get(user=users.nobody)
    assert (stored.title, stored.department) == ("书记", "镇党委")
    assert (stored.starts_on, stored.ends_on) == (DAY, DAY + timedelta(days=30))
    granted = AuditEntry.objects.get(action="posting.granted")
    assert (granted.actor_id, granted.target_pk) == (users.security_admin.pk, str(users.nobody.pk))
    assert granted.changes == {"after": {"jurisdiction": "东乡镇", "role": "leader"}}


def test_ended_posting_may_be_granted_again(place, users):
    sent = {
        "user": users.nobody,
        "jurisdiction": place.own,
        "role": Role.LEADER,
        "by": users.security_admin,
        "at": AT,
    }
    services.end_posting(posting=services.grant_posting(**sent), by=users.security_admin, at=AT)

    again = services.grant_posting(**sent)

    assert list(users.nobody.postings.filter(ends_on__isnull=True)) == [again]
    assert users.nobody.postings.count() == 2


def test_ending_twice_keeps_the_first_day_and_one_row(users):
    posting = users.coordinator.postings.get()
    for days in (0, 3):
        services.end_posting(posting=posting, by=users.security_admin, at=AT + timedelta(days=days))

    assert Posting.objects.get(pk=posting.pk).ends_on == DAY
    assert AuditEntry.objects.filter(action="posting.ended").count() == 1


def test_role_may_be_held_in_two_places_and_two_roles_in_one(place, users):
    for where, role in (
        (place.own, Role.LEADER),
        (place.other, Role.LEADER),
        (place.own, Role.COORDINATOR),
    ):
        services.grant_posting(
            user=users.nobody, jurisdiction=where, role=role, by=users.security_admin, at=AT
        )

    assert users.nobody.postings.count() == 3


def test_writes_of_this_app_form_a_sound_trail(place, users):
    add(place, users, {"name": "示例乙"})
    update(place.members[0], users, name="示例丙")
    services.mark_left(member=place.members[1], on=DAY, by=users.coordinator, at=AT)
    services.end_posting(
        posting=users.leader.postings.get(), by=users.security_admin, at=timezone.now()
    )
    other = PartyMemberFactory(village=place.other_village)
    services.mark_left(member=other, on=DAY, by=users.foreign, at=AT)

    seqs = AuditEntry.objects.filter(action__startswith="roster.").order_by("pk")
    own, foreign = f"township:{place.own.pk}", f"township:{place.other.pk}"
    assert list(seqs.values_list("chain", "seq")) == [(own, 1), (own, 2), (own, 3), (foreign, 1)]
    assert [s for s in audit.broken_rows() if "末尾" not in s and "链尾" not in s] == []
