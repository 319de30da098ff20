"""Standing on a day, overlapping spells, terms and representatives: the rules and what the database says of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.villages import PartyMemberFactory
from villages import rules
from villages.enums import MemberStatus, RestrictionKind
from villages.models import PartyMember, Restriction

DAY = date(2026, 9, 15)


def spell(kind="suspended", start=0, end=None) -> rules.Spell:
    days = timedelta
    return rules.Spell(kind, DAY + days(days=start), None if end is None else DAY + days(days=end))


@pytest.mark.parametrize(
    ("spells", "expected"),
    [
        ([], "full"),
        ([spell(start=0)], "suspended"),
        ([spell(start=1)], "full"),
        ([spell(start=-9, end=0)], "suspended"),
        ([spell(start=-9, end=-1)], "full"),
        ([spell("under_probation", -9)], "under_probation"),
        ([spell("under_probation", -9), spell(start=-9)], "suspended"),
        ([spell("under_probation", -9), spell(start=-9, end=-1)], "under_probation"),
    ],
)
def test_standing_follows_from_what_is_in_force_on_the_day(spells, expected):
    assert rules.status_on("full", spells, DAY) == expected


def test_after_a_restriction_a_probationary_member_is_one_again():
    assert rules.status_on("probationary", [spell(end=3)], DAY + timedelta(days=4)) == (
        "probationary"
    )


@given(
    st.lists(
        st.tuples(
            st.sampled_from(RestrictionKind.values),
            st.integers(-5, 5),
            st.none() | st.integers(0, 4),
        ),
        max_size=3,
    )
)
def test_overlap_is_a_day_on_which_two_of_one_kind_are_in_force(parts):
    spells = [spell(k, s, None if n is None else s + n) for k, s, n in parts]
    days = [DAY + timedelta(days=n) for n in range(-6, 12)]
    expected = any(
        sum(rules.in_force(s, day) for s in spells if s.kind == kind) > 1
        for day in days
        for kind in RestrictionKind.values
    )
    assert rules.overlapping(spells) == expected


@pytest.mark.django_db
def test_database_says_of_everybody_what_the_rule_says():
    cases = [
        ("full", []),
        ("probationary", []),
        ("full", [spell(start=0)]),
        ("full", [spell(start=1)]),
        ("full", [spell(start=-9, end=0)]),
        ("full", [spell(start=-9, end=-1)]),
        ("probationary", [spell("under_probation", -3, 3)]),
        ("full", [spell("under_probation", -3, 3), spell(start=-1, end=1)]),
        ("full", [spell(start=-9, end=-8), spell(start=-1, end=1)]),
    ]
    expected = {}
    for status, spells in cases:
        member = PartyMemberFactory(status=status)
        for s in spells:
            Restriction.objects.create(
                member=member,
                kind=s.kind,
                starts_on=s.starts_on,
                ends_on=s.ends_on,
                document="示例1号",
            )
        expected[member.pk] = rules.status_on(status, spells, DAY)

    rows = PartyMember.objects.with_standing(on=DAY)
    assert dict(rows.values_list("pk", "standing")) == expected
    full = {pk for pk, standing in expected.items() if standing == MemberStatus.FULL}
    assert set(PartyMember.objects.full(on=DAY).values_list("pk", flat=True)) == full
    restricted = {pk for pk, s in expected.items() if s in RestrictionKind.values}
    assert set(PartyMember.objects.restricted(on=DAY).values_list("pk", flat=True)) == restricted


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"starts_on": DAY + timedelta(days=1)}, ["restriction_start", "restriction_end"]),
        ({"starts_on": date(2000, 6, 30)}, ["restriction_start"]),
        ({"ends_on": None}, []),
        ({"ends_on": DAY - timedelta(days=1)}, ["restriction_end"]),
        ({"document": "  "}, ["restriction_document"]),
    ],
)
def test_restriction_has_days_in_order_and_a_document(change, codes):
    sent = {
        "name": "示例甲",
        "joined_on": date(2000, 7, 1),
        "starts_on": DAY,
        "ends_on": DAY,
        "document": "示例1号",
        "today": DAY,
    }
    assert [p.code for p in rules.restriction_problems(**sent | change)] == codes


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"since": date(1998, 3, 1), "until": DAY}, []),
        ({"since": date(1998, 2, 28)}, ["age"]),
        ({"since": DAY + timedelta(days=1)}, ["future"]),
        ({"until": DAY + timedelta(days=1)}, ["until"]),
        ({"until": date(2020, 12, 31)}, ["until"]),
        ({"identity": "1"}, ["identity_shape"]),
    ],
)
def test_representative_is_an_adult_in_office(change, codes):
    facts = {
        "name": "示例乙",
        "sex": "male",
        "born_on": date(1980, 2, 29),
        "since": date(2021, 1, 1),
        "until": None,
    }
    assert [p.code for p in rules.representative_problems(facts | change, today=DAY)] == codes
