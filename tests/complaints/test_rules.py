"""The routing table's cases, who sees what for every role × jurisdiction × subject, and the clocks across holidays."""

from datetime import date
from itertools import product

import pytest
from django.utils import timezone

from accounts.enums import Role
from complaints import permissions, rules
from complaints.enums import Accused, DayUnit
from complaints.models import Complaint
from complaints.services.intake import About, receive_complaint
from elections.holidays import CALENDAR
from tests.factories.villages import TownshipFactory, UserFactory
from villages.scoping import forget_postings

TOWN, COUNTY, CITY = 1, 2, 3
TOWN_UNIT = rules.Unit(TOWN, "township", (COUNTY, CITY))
COUNTY_UNIT = rules.Unit(COUNTY, "county", (CITY,))


@pytest.mark.parametrize(
    ("about", "accused", "staffed", "holder"),
    [
        (TOWN_UNIT, Accused.VILLAGE, {TOWN, COUNTY}, TOWN),
        (TOWN_UNIT, Accused.VILLAGE, {COUNTY}, COUNTY),  # nobody in the township: the next above
        (TOWN_UNIT, Accused.LEADER, {TOWN, COUNTY}, COUNTY),
        (TOWN_UNIT, Accused.UNIT, {TOWN, COUNTY}, COUNTY),
        (TOWN_UNIT, Accused.COORDINATOR, {TOWN, COUNTY}, COUNTY),
        (TOWN_UNIT, Accused.DISCIPLINE, {TOWN, CITY}, CITY),
        (COUNTY_UNIT, Accused.LEADER, {COUNTY, CITY}, CITY),
        (COUNTY_UNIT, Accused.DISCIPLINE, {COUNTY}, CITY),  # nobody there: it waits for somebody
        (COUNTY_UNIT, Accused.ORG_STAFF, {COUNTY, CITY}, COUNTY),
        (COUNTY_UNIT, Accused.VETTING, {COUNTY, CITY}, COUNTY),
        (rules.Unit(9, "province"), Accused.LEADER, {9}, None),
    ],
)
def test_route(about, accused, staffed, holder):
    assert rules.held_by(about=about, accused=accused, staffed=staffed) == holder


def test_every_kind_of_accused_has_a_route():
    assert set(rules.ROUTES) == set(Accused)


# --- the truth table --------------------------------------------------------------------------------

WHERE = ("own", "other", "county", "city", "stranger")
ROLES = tuple(Role)


@pytest.fixture
def people(place):
    """One user for every role × jurisdiction."""
    where = {
        "own": place.own,
        "other": place.other,
        "county": place.county,
        "city": place.county.city,
        "stranger": TownshipFactory().county,
    }
    return {(r, w): UserFactory(role=r, where=where[w]) for r, w in product(ROLES, WHERE)}


@pytest.fixture
def about(election, people, place):
    """subject → what the complaint is about; all of the village of `own`."""

    def of(user):
        return About(election=election, accused_user=user)

    def unit(accused, jurisdiction):
        return About(election=election, accused=accused, accused_unit=jurisdiction)

    return {
        "village": About(election=election),
        "township's leader": of(people[Role.LEADER, "own"]),
        "township's coordinator": of(people[Role.COORDINATOR, "own"]),
        "township's discipline": of(people[Role.DISCIPLINE, "own"]),
        "whole township": unit(Accused.UNIT, place.own),
        "county's leader": of(people[Role.LEADER, "county"]),
        "county's discipline": of(people[Role.DISCIPLINE, "county"]),
        "county's organisation staff": of(people[Role.ORG_STAFF, "county"]),
        "neighbour's leader": of(people[Role.LEADER, "other"]),
    }


#: subject → where discipline staff see and handle it; where figures count it (leaders, organisation and discipline staff).
#: "-": the person themselves does not count a complaint about themselves.
TABLE = {
    "village": ({"own", "county", "city"}, {"county", "city"}),
    "township's leader": ({"county", "city"}, {"county", "city"}),
    "township's coordinator": ({"county", "city"}, {"county", "city"}),
    "township's discipline": ({"county", "city"}, {"county", "city"}),
    "whole township": ({"county", "city"}, {"county", "city"}),
    "county's leader": ({"city"}, {"city"}),
    "county's discipline": ({"city"}, {"city"}),
    "county's organisation staff": ({"county", "city"}, {"county", "city"}),
    "neighbour's leader": ({"county", "city"}, {"county", "city"}),
}


@pytest.mark.parametrize("subject", TABLE)
def test_truth_table(subject, about, people, election):
    sees, counts = TABLE[subject]
    at = timezone.now()
    complaint = receive_complaint(
        campaign=election.campaign,
        about=about[subject],
        channel="letter",
        cause="other",
        summary="示例",
        received_at=at,
        by=None,
        at=at,
    )
    found = {}
    for (role, where), user in people.items():
        forget_postings(user)
        posts, case = permissions.posts(user), permissions.case(complaint)
        see = Complaint.objects.visible_to(user).exists()
        count = Complaint.objects.countable_by(user).exists()
        # What SQL says is what the rule says; whoever sees it may handle it.
        assert see == rules.may_see(case, user=user.pk, posts=posts)
        assert count == rules.may_count(case, user=user.pk, posts=posts)
        assert see == permissions.can_handle(user, complaint)
        # Nobody is the handler yet; then each in turn is, and opens only what they see.
        assert not permissions.can_open_identity(user, complaint)
        complaint.handler = user
        assert permissions.can_open_identity(user, complaint) == see
        complaint.handler = None
        found[role, where] = (see, count)

    accused = complaint.accused_user_id
    expected = {}
    for role, where in product(ROLES, WHERE):
        hidden_staff = (
            subject == "county's organisation staff"
            and role == Role.ORG_STAFF
            and where in ("own", "other", "county")
        )
        counting = role in (Role.DISCIPLINE, Role.ORG_STAFF, Role.LEADER)
        expected[role, where] = (
            role == Role.DISCIPLINE and where in sees,
            counting and where in counts and people[role, where].pk != accused and not hidden_staff,
        )
    assert found == expected


def test_a_second_post_does_not_open_a_complaint_about_the_first(election, place, people):
    """Discipline staff of the city who also sit in the township that the complaint is about."""
    at = timezone.now()
    double = people[Role.DISCIPLINE, "city"]
    double.postings.create(role=Role.LEADER, jurisdiction=place.own, starts_on=date(2020, 1, 1))
    complaint = receive_complaint(
        campaign=election.campaign,
        about=About(election=election, accused=Accused.UNIT, accused_unit=place.own),
        channel="letter",
        cause="other",
        summary="示例",
        received_at=at,
        by=None,
        at=at,
    )
    assert not Complaint.objects.visible_to(double).exists()
    assert not permissions.can_handle(double, complaint)


def test_figures_of_the_county_leave_out_what_the_city_holds(election, about, people):
    at = timezone.now()
    for subject in ("village", "county's leader"):
        receive_complaint(
            campaign=election.campaign,
            about=about[subject],
            channel="letter",
            cause="other",
            summary="示例",
            received_at=at,
            by=None,
            at=at,
        )
    assert Complaint.objects.counted().count() == 1


# --- clocks -----------------------------------------------------------------------------------------

#: The State Council's arrangements (国办发明电〔2024〕12号 for 2025, 国办发明电〔2025〕7号 for 2026): 国庆 2025 off 1–8 October,
#: worked 28 September and 11 October; 2026 off 1–7 October, worked 20 September and 10 October; 春节 2026 off 15–23
#: February, worked 14 and 28 February.
CLOCKS = [
    # received, days, unit, due
    (date(2025, 9, 26), 1, DayUnit.WORKING, date(2025, 9, 28)),  # a Sunday that is worked
    (date(2025, 9, 26), 5, DayUnit.WORKING, date(2025, 10, 10)),
    (date(2025, 9, 30), 1, DayUnit.WORKING, date(2025, 10, 9)),
    (date(2025, 9, 30), 3, DayUnit.WORKING, date(2025, 10, 11)),  # a Saturday that is worked
    (date(2025, 9, 30), 4, DayUnit.WORKING, date(2025, 10, 13)),
    (date(2026, 9, 18), 1, DayUnit.WORKING, date(2026, 9, 20)),  # a Sunday that is worked
    (date(2026, 9, 30), 1, DayUnit.WORKING, date(2026, 10, 8)),
    (date(2026, 9, 30), 3, DayUnit.WORKING, date(2026, 10, 10)),  # a Saturday that is worked
    (date(2026, 9, 30), 4, DayUnit.WORKING, date(2026, 10, 12)),
    (date(2026, 10, 1), 1, DayUnit.WORKING, date(2026, 10, 8)),  # received on a holiday
    (date(2026, 2, 13), 2, DayUnit.WORKING, date(2026, 2, 24)),  # 14 February is worked, 15–23 off
    (date(2026, 2, 24), 4, DayUnit.WORKING, date(2026, 2, 28)),
    (date(2026, 9, 20), 10, DayUnit.CALENDAR, date(2026, 9, 30)),
    (
        date(2026, 9, 20),
        15,
        DayUnit.CALENDAR,
        date(2026, 10, 8),
    ),  # ends on 5 October: moved past it
    (date(2026, 9, 25), 15, DayUnit.CALENDAR, date(2026, 10, 10)),  # a Saturday that is worked
    (date(2026, 8, 3), 60, DayUnit.CALENDAR, date(2026, 10, 8)),  # ends on 2 October
]


@pytest.mark.parametrize(("received", "days", "unit", "due"), CLOCKS)
def test_clock_across_holidays(received, days, unit, due):
    found = rules.reckon(received, days, unit, CALENDAR)

    assert found.day == due
    assert sum(span.days for span in found.spans if span.counts) == days
    assert found.spans[0].first > received and found.spans[-1].last == due
    assert not found.assumed


def test_how_a_day_was_reached_is_told_span_by_span():
    found = rules.reckon(date(2026, 9, 30), 3, DayUnit.WORKING, CALENDAR)

    assert [(s.first.day, s.last.day, s.counts, s.why) for s in found.spans] == [
        (1, 7, False, "法定节假日放假（含调休）"),
        (8, 9, True, "工作日"),
        (10, 10, True, "调休上班"),
    ]


def test_beyond_what_is_published_weekends_alone_are_off_and_it_says_so():
    found = rules.reckon(date(2099, 9, 30), 3, DayUnit.WORKING, CALENDAR)

    assert found.assumed
    assert found.day == date(2099, 10, 5)
