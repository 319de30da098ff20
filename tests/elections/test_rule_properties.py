"""What the computing rules promise for every number and date, not only for the cases of their tables."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from elections import rules
from elections.rules import Calendar, Counted, Round, Tally
from villages.enums import OrganisationKind

people = st.integers(0, 2000)
days = st.dates(date(1990, 1, 1), date(2080, 12, 31))
kinds = st.sampled_from([kind.value for kind in OrganisationKind])


@given(people, st.integers(1, 9), st.integers(1, 9))
def test_share_is_the_smallest_whole_number_not_below_it(count, top, bottom):
    share = Fraction(top, bottom)

    assert rules.ceil_share(count, share) - 1 < count * share <= rules.ceil_share(count, share)


@given(people)
def test_majority_is_more_than_half_and_one_less_is_not(present):
    needed = rules.majority_needed(present)

    assert 2 * needed > present
    assert 2 * (needed - 1) <= present


@given(st.integers(1, 2000), people)
def test_majority_sentence_says_who_is_elected(present, votes):
    sentence = rules.majority_sentence(Tally(1, "甲", votes), present=present)

    assert ("未当选" in sentence) == (2 * votes <= present)


@given(st.integers(1, 300), people, st.integers(1, 9), st.data())
def test_recommendation_quorum_is_the_share(due, present, bottom, data):
    top = data.draw(st.integers(1, bottom))
    found = rules.recommendation_problems(
        due=due, present=present, numerator=top, denominator=bottom, body="会议"
    )

    assert bool(found) == (present > due or present * bottom < due * top)


@given(st.integers(1, 200), st.integers(20, 100))
def test_surplus_is_at_least_the_percentage_and_no_more_than_needed(seats, percent):
    needed = rules.candidates_needed(seats, surplus_percent=percent)

    assert 100 * (needed - seats) >= seats * percent
    assert 100 * (needed - 1 - seats) < seats * percent
    assert not rules.surplus_problems(seats=seats, candidates=needed, surplus_percent=percent)
    assert rules.surplus_problems(seats=seats, candidates=needed - 1, surplus_percent=percent)


@given(kinds, people, st.integers(0, 12))
def test_committee_has_a_size_of_its_kind_or_none_at_all(kind, full, seats):
    low, _, high = rules.COMMITTEE_SIZES[kind]
    allowed = low <= seats <= high if full >= 7 else seats == 0

    assert bool(rules.seat_problems(kind=kind, full_members=full, seats=seats)) != allowed


@given(kinds, people, st.integers(0, 500), st.sampled_from(["", "  ", "示例〔2026〕1号"]))
def test_organisation_follows_from_its_members(kind, full, probationary, approval):
    members = full + probationary
    found = rules.organisation_problems(
        kind=kind, full_members=full, members=members, county_approval=approval
    )
    wrong = full < 3 and kind != "joint_branch"
    wrong |= kind == "committee" and (members < 100 or not approval.strip())

    assert bool(found) == wrong


@given(st.integers(0, 9), st.integers(0, 9))
def test_deputies_leave_an_ordinary_seat(seats, deputies):
    allowed = deputies <= 1 if not seats else deputies == 0 or deputies + 2 <= seats

    found = rules.deputy_problems(committee_seats=seats, deputy_seats=deputies)

    assert bool(found) != allowed


@given(days)
def test_term_ends_the_day_before_its_fifth_anniversary(elected_on):
    ends_on = rules.term_end(elected_on)

    assert (ends_on + timedelta(1)).year == elected_on.year + 5
    assert 1825 <= (ends_on - elected_on).days <= 1826
    assert rules.term_end(elected_on + timedelta(1)) >= ends_on


@given(days, days)
def test_shifted_election_needs_approval_and_never_more_than_a_year(term_ends_on, ballot_on):
    bare = rules.term_problems(term_ends_on=term_ends_on, ballot_on=ballot_on)
    approved = rules.term_problems(term_ends_on=term_ends_on, ballot_on=ballot_on, approval="1号")

    distance = abs((ballot_on - term_ends_on).days)

    assert bool(bare) == (distance > 0)
    assert not approved or distance > 365
    assert approved or distance <= 366


@given(days, st.integers(0, 60), st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)))
def test_working_days_add_up(first, length, off, worked):
    calendar = Calendar(
        holidays=frozenset(first + timedelta(n) for n in off - worked),
        workdays=frozenset(first + timedelta(n) for n in worked),
    )
    last = first + timedelta(length)
    middle = first + timedelta(length // 2)

    assert rules.working_days(first, last, calendar) == (
        rules.working_days(first, middle, calendar)
        + rules.working_days(middle + timedelta(1), last, calendar)
    )
    assert 0 <= rules.working_days(first, last, calendar) <= length + 1


@given(days, st.integers(1, 40), st.integers(-3, 3))
def test_notice_is_long_enough_from_the_day_its_refusal_names(starts_on, minimum, shift):
    enough = rules.working_days_after(starts_on, minimum)
    ends_on = enough + timedelta(shift)
    found = rules.notice_problems(starts_on=starts_on, ends_on=ends_on, minimum=minimum)

    assert bool(found) == (ends_on < enough)


@given(days, days, days)
def test_stage_lies_between_the_one_before_and_today(on, today, not_before):
    found = rules.date_problems(on=on, today=today, not_before=not_before, after_what="上一环节")

    assert bool(found) == (not not_before <= on <= today)


@st.composite
def ballots(draw) -> tuple[Round, list[list[str]]]:
    """Ballots as they came out of the box, and the round an honest teller writes down."""
    seats, candidates = draw(st.integers(1, 5)), draw(st.integers(1, 6))
    one = st.lists(st.sampled_from("○× "), min_size=candidates, max_size=candidates)
    box = draw(st.lists(one, min_size=1, max_size=25))
    valid = [marks for marks in box if marks.count("○") <= seats]
    tallies = tuple(
        Tally(n, f"候选人{n}", *(sum(marks[n] == mark for marks in valid) for mark in "○× "))
        for n in range(candidates)
    )
    absent = draw(st.integers(0, 3))
    counted = Round(
        kind="main",
        seats=seats,
        present=len(box) + absent,
        issued=len(box),
        returned=len(box),
        valid=len(valid),
        invalid=len(box) - len(valid),
        tallies=tallies,
    )
    return counted, box


@given(ballots())
def test_honest_count_is_never_refused(drawn):
    counted, _ = drawn

    assert rules.round_problems(counted) == []


@given(ballots(), st.data())
def test_count_with_one_wrong_figure_is_refused(drawn, data):
    counted, _ = drawn
    name = data.draw(st.sampled_from(["returned", "valid", "invalid"]))
    wrong = {name: getattr(counted, name) + data.draw(st.integers(1, 5))}

    assert rules.round_problems(Round(**{**vars(counted), **wrong}))


@given(
    kinds,
    st.integers(0, 9),
    st.integers(1, 9),
    st.integers(1, 300),
    st.integers(0, 320),
    st.integers(0, 2),
)
def test_seats_are_given_up_by_a_majority_near_the_number_only(
    kind, elected, seats, present, consenting, tied
):
    found = rules.reduction_problems(
        kind=kind,
        elected=elected,
        seats=seats,
        tied=tied,
        present=present,
        consenting=consenting,
    )
    allowed = (
        rules.COMMITTEE_SIZES[kind][0] <= elected < seats
        and not tied
        and present < 2 * consenting <= 2 * present
    )

    assert bool(found) != allowed


@st.composite
def counts(draw) -> Counted:
    return Counted(
        draw(st.integers(0, 3)),
        draw(st.integers(0, 3)),
        {
            person: (f"候选人{person}", draw(st.integers(0, 3)), draw(st.integers(0, 3)))
            for person in range(2)
        },
    )


@given(counts(), counts())
def test_two_counts_differ_in_what_is_named_and_in_nothing_else(first, second):
    found = rules.count_differences(first, second)

    assert (found == []) == (first == second)
    assert len(found) == len(rules.count_differences(second, first))
