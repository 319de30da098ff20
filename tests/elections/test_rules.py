"""Worked examples of the regulations, and properties of counting against an independent oracle."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elections import rules
from elections.holidays import CALENDAR
from elections.rules import Outcome, Round, Tally


def codes(problems) -> list[str]:
    return [p.code for p in problems]


@pytest.mark.parametrize(
    ("status", "votes"),
    [("full", True), ("probationary", False), ("under_probation", False), ("suspended", False)],
)
def test_may_vote(status, votes):
    assert rules.may_vote(status) is votes


@pytest.mark.parametrize(
    ("due", "needed", "strict"),
    [(10, 8, 9), (5, 4, 5), (44, 36, 36), (37, 30, 30), (1, 1, 1), (15, 12, 13), (9, 8, 8)],
)
def test_quorum_needed(due, needed, strict):
    assert rules.quorum_needed(due) == needed
    assert rules.quorum_needed(due, strict=True) == strict


@pytest.mark.parametrize(
    ("due", "present", "strict", "expected"),
    [
        (10, 8, False, []),
        (10, 8, True, ["quorum"]),
        (10, 9, True, []),
        (10, 7, False, ["quorum"]),
        (10, 11, False, ["attendance"]),
        (0, 0, False, ["due"]),
        (44, 35, False, ["quorum"]),
        (44, 36, False, []),
    ],
)
def test_quorum_problems(due, present, strict, expected):
    assert codes(rules.quorum_problems(due=due, present=present, strict=strict)) == expected


def test_quorum_sentence_names_the_gap():
    (problem,) = rules.quorum_problems(due=10, present=7)

    assert "应到会10人，实到会有选举权的党员7人" in problem.message
    assert "还差1人" in problem.message


@given(due=st.integers(1, 500), present=st.integers(0, 500), strict=st.booleans())
def test_quorum_is_four_fifths(due, present, strict):
    enough = present * 5 > due * 4 if strict else present * 5 >= due * 4
    valid = present <= due and enough

    assert (rules.quorum_problems(due=due, present=present, strict=strict) == []) is valid


@pytest.mark.parametrize(
    ("due", "present", "share", "expected"),
    [
        (30, 20, (2, 3), []),
        (30, 19, (2, 3), ["recommendation_quorum"]),
        (31, 20, (2, 3), ["recommendation_quorum"]),
        (31, 21, (2, 3), []),
        (30, 15, (1, 2), []),
        (30, 31, (2, 3), ["attendance"]),
    ],
)
def test_recommendation_problems(due, present, share, expected):
    numerator, denominator = share
    found = rules.recommendation_problems(
        due=due, present=present, numerator=numerator, denominator=denominator, body="党员"
    )

    assert codes(found) == expected


@pytest.mark.parametrize(
    ("votes", "most", "expected"),
    [
        ({"甲": 20, "乙": 20, "丙": 20}, 3, []),
        ({"甲": 21}, 3, ["recommendation_votes"]),
        ({"甲": 20, "乙": 20, "丙": 20, "丁": 1}, 3, ["recommendation_total"]),
    ],
)
def test_recommendation_vote_problems(votes, most, expected):
    found = rules.recommendation_vote_problems(present=20, votes=votes, most_names=most)

    assert codes(found) == expected


@pytest.mark.parametrize(("members", "needed"), [(6, False), (7, True), (0, False), (50, True)])
def test_needs_committee(members, needed):
    assert rules.needs_committee(members) is needed


@pytest.mark.parametrize(
    ("kind", "members", "seats", "expected"),
    [
        ("branch", 6, 0, []),
        ("branch", 6, 3, ["no_committee"]),
        ("branch", 7, 0, ["committee_size"]),
        ("branch", 7, 2, ["committee_size"]),
        ("branch", 7, 3, []),
        ("branch", 40, 7, []),
        ("branch", 40, 8, ["committee_size"]),
        ("general_branch", 60, 3, ["committee_size"]),
        ("general_branch", 60, 5, []),
        ("committee", 120, 9, []),
        ("committee", 120, 10, ["committee_size"]),
    ],
)
def test_seat_problems(kind, members, seats, expected):
    assert codes(rules.seat_problems(kind=kind, full_members=members, seats=seats)) == expected


@pytest.mark.parametrize(
    ("committee", "deputies", "expected"),
    [(3, 1, []), (3, 2, ["deputies"]), (5, 3, []), (0, 1, []), (0, 2, ["deputies"])],
)
def test_deputy_problems(committee, deputies, expected):
    found = rules.deputy_problems(committee_seats=committee, deputy_seats=deputies)

    assert codes(found) == expected


@pytest.mark.parametrize(
    ("kind", "full", "members", "approval", "expected"),
    [
        ("branch", 3, 3, "", []),
        ("branch", 2, 2, "", ["joint_branch"]),
        ("joint_branch", 2, 4, "", []),
        ("branch", 60, 70, "", []),
        ("general_branch", 50, 51, "", []),
        ("committee", 90, 100, "示委〔2026〕1号", []),
        ("committee", 90, 100, " ", ["county_approval"]),
        ("committee", 90, 99, "示委〔2026〕1号", ["organisation_kind"]),
        ("committee", 1, 99, "", ["joint_branch", "organisation_kind", "county_approval"]),
    ],
)
def test_organisation_problems(kind, full, members, approval, expected):
    problems = rules.organisation_problems(
        kind=kind, full_members=full, members=members, county_approval=approval
    )

    assert codes(problems) == expected


@pytest.mark.parametrize(
    ("ballot", "approval", "expected"),
    [
        (date(2026, 1, 14), "", []),
        (date(2026, 1, 15), "", ["term_approval"]),
        (date(2026, 1, 13), "", ["term_approval"]),
        (date(2026, 1, 15), "示组〔2026〕1号", []),
        (date(2027, 1, 14), "示组〔2026〕1号", []),
        (date(2027, 1, 15), "示组〔2026〕1号", ["term_year"]),
        (date(2025, 1, 14), "示组〔2026〕1号", []),
        (date(2025, 1, 13), "示组〔2026〕1号", ["term_year"]),
    ],
)
def test_term_problems(ballot, approval, expected):
    problems = rules.term_problems(
        term_ends_on=date(2026, 1, 14), ballot_on=ballot, approval=approval
    )

    assert codes(problems) == expected


def test_a_year_from():
    assert rules.a_year_from(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert rules.a_year_from(date(2025, 2, 28), -1) == date(2024, 2, 28)


@pytest.mark.parametrize(("seats", "needed"), [(3, 4), (5, 6), (7, 9), (9, 11), (1, 2)])
def test_candidates_needed(seats, needed):
    assert rules.candidates_needed(seats) == needed


@pytest.mark.parametrize(
    ("seats", "candidates", "expected"), [(3, 4, []), (3, 3, ["surplus"]), (7, 8, ["surplus"])]
)
def test_surplus_problems(seats, candidates, expected):
    assert codes(rules.surplus_problems(seats=seats, candidates=candidates)) == expected


def test_branch_without_committee_needs_no_surplus():
    assert rules.ballot_candidates_needed(seats=1, has_committee=False) == 1
    assert rules.ballot_candidates_needed(seats=3, has_committee=True) == 4


@pytest.mark.parametrize(("women", "expected"), [(1, []), (0, ["women"])])
def test_women_problems(women, expected):
    assert codes(rules.women_problems(women=women, minimum=1, gate="初步人选")) == expected


@pytest.mark.parametrize(
    ("eligible", "minimum", "expected"),
    [(1, 1, []), (0, 1, ["women_early"]), (2, 3, ["women_early"]), (0, 0, [])],
)
def test_women_warnings(eligible, minimum, expected):
    assert codes(rules.women_warnings(eligible=eligible, minimum=minimum)) == expected


AGREED, TODAY = date(2026, 9, 10), date(2026, 9, 20)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"may_vote": False}, ["exclusion_no_vote"]),
        ({"superior_agreed_on": None}, ["exclusion_agreed"]),
        ({"adopted_on": None}, ["exclusion_adopted"]),
        ({"adopted_on": date(2026, 9, 21)}, ["future"]),
        (
            {"superior_agreed_on": None, "adopted_on": None},
            ["exclusion_agreed", "exclusion_adopted"],
        ),
    ],
)
def test_exclusion_needs_all_three_conditions(change, expected):
    facts = {
        "name": "甲",
        "may_vote": True,
        "superior_agreed_on": AGREED,
        "adopted_on": AGREED,
        "today": TODAY,
    }
    problems = rules.exclusion_problems(**facts | change)

    assert codes(problems) == expected
    assert all("甲" in p.message for p in problems)


def test_merge_orders_by_sum_then_members():
    merged = rules.merge_recommendations({1: 10, 2: 8, 3: 5}, {2: 2, 3: 9, 4: 6})

    assert [(m.person, m.total) for m in merged] == [(3, 14), (1, 10), (2, 10), (4, 6)]


@pytest.mark.parametrize(
    ("wanted", "expected"), [(1, [3]), (2, [3, 1]), (3, [3, 1, 2]), (9, [3, 1, 2, 4]), (0, [])]
)
def test_preliminary_nominees(wanted, expected):
    merged = rules.merge_recommendations({1: 10, 2: 8, 3: 5, 5: 0}, {2: 2, 3: 9, 4: 6})

    assert [m.person for m in rules.preliminary_nominees(merged, wanted=wanted)] == expected


@pytest.mark.parametrize(
    ("percent", "expected"), [(50, [3, 1, 2, 4]), (90, [1, 2, 3, 4]), (10, [3, 4, 2, 1])]
)
def test_weighted_merge(percent, expected):
    merged = rules.merge_recommendations(
        {1: 10, 2: 8, 3: 5}, {1: 1, 2: 3, 3: 9, 4: 6}, rule="weighted", member_percent=percent
    )

    assert [m.person for m in merged] == expected
    assert merged[0].score == merged[0].members * percent + merged[0].villagers * (100 - percent)


@pytest.mark.parametrize(
    ("villagers", "expected"),
    [
        # all three coincide: the higher sum of each side's fourth fills up
        ({1: 9, 2: 8, 3: 7, 5: 6}, [1, 2, 3, 5]),
        # two coincide: both thirds
        ({1: 9, 2: 8, 4: 7, 3: 1}, [1, 2, 4, 3]),
        # one coincides: five go to inspection
        ({1: 9, 4: 8, 5: 7, 2: 1}, [1, 4, 2, 5, 3]),
        # none coincides: six
        ({4: 9, 5: 8, 6: 7, 1: 1}, [4, 1, 2, 5, 6, 3]),
        # a tie for the third place of a list keeps both
        ({1: 9, 2: 8, 4: 7, 5: 7}, [1, 2, 4, 5, 3]),
    ],
)
def test_top_of_both_merge(villagers, expected):
    """Three seats, four wanted: the worked example of the manuals."""
    merged = rules.merge_recommendations(
        {1: 10, 2: 8, 3: 6, 4: 5}, villagers, rule="top_of_both", seats=3
    )

    chosen = rules.preliminary_nominees(merged, wanted=4, rule="top_of_both")

    assert [m.person for m in chosen] == expected


@given(
    members=st.dictionaries(st.integers(1, 12), st.integers(0, 30), max_size=12),
    villagers=st.dictionaries(st.integers(1, 12), st.integers(0, 30), max_size=12),
    rule=st.sampled_from(["sum", "weighted", "top_of_both"]),
    wanted=st.integers(1, 8),
)
def test_every_merge_lists_whoever_got_a_vote_once_and_cuts_no_tie(
    members, villagers, rule, wanted
):
    merged = rules.merge_recommendations(members, villagers, rule=rule, seats=3)
    chosen = rules.preliminary_nominees(merged, wanted=wanted, rule=rule)

    voted = {p for votes in (members, villagers) for p, v in votes.items() if v}
    assert sorted(m.person for m in merged) == sorted(voted)
    assert len(chosen) >= min(wanted, len(merged))
    assert chosen == merged[: len(chosen)]
    left = merged[len(chosen) :]
    assert not any(
        (m.tier, m.score, m.members) == (chosen[-1].tier, chosen[-1].score, chosen[-1].members)
        for m in left
    )
    if rule == "sum":
        assert not any(m.total > c.total for c in chosen for m in left)


def test_preliminary_keeps_everybody_tied_with_the_last():
    merged = rules.merge_recommendations({1: 9, 2: 5, 3: 5, 4: 5}, {})

    assert [m.person for m in rules.preliminary_nominees(merged, wanted=2)] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2026, 10, 12), date(2026, 10, 16), 5),  # Monday to Friday
        (date(2026, 10, 15), date(2026, 10, 19), 3),  # over a weekend
        (date(2026, 10, 17), date(2026, 10, 18), 0),
        (date(2026, 10, 16), date(2026, 10, 12), 0),
    ],
)
def test_working_days(first, last, days):
    assert rules.working_days(first, last) == days


def test_working_days_follow_the_holiday_calendar():
    days = rules.working_days(
        date(2026, 10, 1),
        date(2026, 10, 10),
        rules.Calendar(
            holidays=frozenset(date(2026, 10, n) for n in range(1, 8)),
            workdays=frozenset({date(2026, 10, 10)}),
        ),
    )

    assert days == 3  # 8, 9 and the worked Saturday


def test_published_holidays_and_worked_weekends_of_2026_are_known():
    assert rules.working_days(date(2026, 2, 14), date(2026, 2, 28), CALENDAR) == 6
    assert rules.working_days(date(2026, 9, 20), date(2026, 10, 10), CALENDAR) == 11
    assert CALENDAR.through >= date(2026, 12, 31)


@given(
    first=st.dates(date(2020, 1, 1), date(2026, 6, 1)),
    count=st.integers(1, 30),
)
def test_last_working_day_is_the_first_on_which_enough_have_passed(first, count):
    last = rules.working_days_after(first, count, CALENDAR)

    assert rules.working_days(first, last, CALENDAR) == count
    if last > first:
        assert rules.working_days(first, last - timedelta(1), CALENDAR) == count - 1


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((1, 5, 5, 30), []),
        ((1, 5, 4, 30), ["plan_order"]),
        ((1, 9, 4, 8), ["plan_order", "plan_order"]),
        ((1, 5, 5, 31), ["plan_range"]),
        ((0, 5, 5, 30), ["plan_range"]),
    ],
)
def test_plan_problems(days, expected):
    first = date(2026, 9, 1)
    plan = {f"第{n}步": first + timedelta(day - 1) for n, day in enumerate(days)}

    found = rules.plan_problems(days=plan, first=first, last=date(2026, 9, 30))

    assert codes(found) == expected


@pytest.mark.parametrize(
    ("planned", "today", "days"),
    [
        (date(2026, 10, 16), date(2026, 10, 16), 0),  # a Friday
        (date(2026, 10, 16), date(2026, 10, 18), 0),  # the weekend does not count
        (date(2026, 10, 16), date(2026, 10, 19), 1),
        (date(2026, 9, 30), date(2026, 10, 7), 0),  # the holidays of the first week of October
        (date(2026, 9, 30), date(2026, 10, 9), 2),
        (None, date(2026, 10, 9), 0),
    ],
)
def test_working_days_late(planned, today, days):
    assert rules.working_days_late(planned, today, CALENDAR) == days


@given(today=st.dates(date(2026, 1, 5), date(2026, 12, 31)), before=st.integers(0, 30))
def test_what_is_late_follows_from_the_last_working_day(today, before):
    planned = today - timedelta(before)

    late = rules.working_days_late(planned, today, CALENDAR)

    assert (late > 0) == (planned < rules.last_working_day(today, CALENDAR))


@pytest.mark.parametrize(
    ("days", "expected"), [(0, ""), (1, "yellow"), (5, "yellow"), (6, "red"), (60, "red")]
)
def test_lateness(days, expected):
    assert rules.lateness(days, red_after=5) == expected


def test_notice_over_a_holiday_is_told_until_when_it_must_last():
    (problem,) = rules.notice_problems(
        starts_on=date(2026, 9, 29), ends_on=date(2026, 10, 8), minimum=5, calendar=CALENDAR
    )

    assert "共3个工作日" in problem.message
    assert "请公示至10月10日或以后" in problem.message


def test_notice_in_a_year_without_a_published_calendar_says_so():
    known = rules.Calendar(through=date(2026, 12, 31))
    (problem,) = rules.notice_problems(
        starts_on=date(2027, 1, 4), ends_on=date(2027, 1, 5), minimum=5, calendar=known
    )

    assert "放假安排尚未公布，只扣除了周末" in problem.message


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 10, 12), date(2026, 10, 16), []),
        (date(2026, 10, 12), date(2026, 10, 15), ["notice_days"]),
        (date(2026, 10, 14), date(2026, 10, 20), []),
        (date(2026, 10, 14), date(2026, 10, 12), ["notice_order"]),
    ],
)
def test_notice_problems(first, last, expected):
    assert codes(rules.notice_problems(starts_on=first, ends_on=last, minimum=5)) == expected


@pytest.mark.parametrize(
    ("held_on", "expected"),
    [
        (date(2026, 10, 16), ["notice_running"]),
        (date(2026, 10, 20), ["notice_running"]),
        (date(2026, 10, 21), []),
    ],
)
def test_ballot_day_problems(held_on, expected):
    found = rules.ballot_day_problems(held_on=held_on, notice_ends_on=date(2026, 10, 20))

    assert codes(found) == expected


@pytest.mark.parametrize(
    ("elected", "ends"),
    [
        (date(2026, 10, 20), date(2031, 10, 19)),
        (date(2024, 2, 29), date(2029, 2, 28)),
        (date(2027, 1, 1), date(2031, 12, 31)),
    ],
)
def test_term_end(elected, ends):
    assert rules.term_end(elected) == ends


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2026, 9, 10), []),
        (date(2026, 9, 20), []),
        (date(2026, 9, 21), ["future"]),
        (date(2026, 9, 9), ["order"]),
    ],
)
def test_date_problems(on, expected):
    found = rules.date_problems(
        on=on, today=TODAY, not_before=date(2026, 9, 10), after_what="上一环节"
    )

    assert codes(found) == expected


@pytest.mark.parametrize(
    ("tellers", "expected"), [({7: "甲"}, []), ({1: "乙"}, ["teller"]), ({}, ["no_teller"])]
)
def test_teller_problems(tellers, expected):
    assert codes(rules.teller_problems(tellers=tellers, candidates=[1, 2])) == expected


# --- ballots ------------------------------------------------------------------------------------


def ballot(votes: dict[int, int], *, seats: int, present: int, kind: str = "main") -> Round:
    """A round in which every ballot is valid and who does not vote for somebody votes against."""
    return Round(
        kind=kind,
        seats=seats,
        present=present,
        issued=present,
        returned=present,
        valid=present,
        invalid=0,
        tallies=tuple(Tally(p, f"{p}号", n, present - n) for p, n in votes.items()),
    )


GOOD = ballot({1: 20, 2: 18, 3: 16, 4: 6}, seats=3, present=30)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"issued": 31}, ["issued"]),
        ({"issued": 29}, ["returned"]),
        ({"returned": 29}, ["valid"]),
        ({"invalid": 1}, ["valid"]),
        ({"valid": 29, "invalid": 1}, ["tally"] * 4),
        ({"seats": 1}, ["over_choosing"]),
    ],
)
def test_round_problems(change, expected):
    assert codes(rules.round_problems(replace(GOOD, **change))) == expected


WRITTEN = Tally(9, "示范壬", 3, written_in=True)


@pytest.mark.parametrize(
    ("written", "listed", "expected"),
    [
        (WRITTEN, {1: 20, 2: 18}, []),
        (WRITTEN, {1: 27, 2: 30}, []),  # exactly as many as voted against
        (WRITTEN, {1: 28, 2: 30}, ["write_in"]),
        (replace(WRITTEN, in_favour=31), {1: 0, 2: 0}, ["write_in_votes"]),
    ],
)
def test_only_who_votes_against_may_write_in(written, listed, expected):
    written_in = replace(
        ballot(listed, seats=3, present=30),
        tallies=(*ballot(listed, seats=3, present=30).tallies, written),
    )

    assert codes(rules.round_problems(written_in)) == expected


def test_abstaining_is_not_voting_against():
    abstained = replace(
        ballot({}, seats=3, present=30),
        tallies=(Tally(1, "示范甲", 27, 0, 3), replace(WRITTEN, in_favour=1)),
    )

    (problem,) = rules.round_problems(abstained)

    assert "另选人得票合计1票，多于不赞成票合计0票" in problem.message


def test_written_in_person_is_elected_like_the_others():
    votes = ballot({1: 20, 2: 12, 3: 10}, seats=2, present=30)
    won = rules.outcome([replace(votes, tallies=(*votes.tallies, replace(WRITTEN, in_favour=16)))])

    assert won == Outcome((1, 9), (), 0, None)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"consenting": 16}, []),
        ({"consenting": 15}, ["reduction_consent"]),
        ({"consenting": 31}, ["reduction_votes"]),
        ({"elected": 2}, ["reduction_size"]),
        ({"elected": 5}, ["reduction_full"]),
        ({"tied": 2}, ["reduction_tied"]),
        ({"kind": "general_branch"}, ["reduction_size"]),
        ({"kind": "general_branch", "elected": 5, "seats": 7}, []),
    ],
)
def test_reduction_problems(change, expected):
    asked = {
        "kind": "branch",
        "elected": 4,
        "seats": 5,
        "tied": 0,
        "present": 30,
        "consenting": 20,
    }

    assert codes(rules.reduction_problems(**asked | change)) == expected


def test_reduced_seats_end_the_election():
    rounds = [ballot({1: 20, 2: 18, 3: 16, 4: 6}, seats=4, present=30)]

    assert rules.outcome(rounds).next_round == "further"
    assert rules.outcome(rounds, reduced=True) == Outcome((1, 2, 3), (), 0, None)


COUNTED = rules.Counted(30, 1, {1: ("示范甲", 20, 8), 2: ("示范乙", 16, 14)})


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"valid": 29}, ["有效票：30张与29张"]),
        ({"invalid": 0}, ["无效票：1张与0张"]),
        (
            {"votes": {1: ("示范甲", 19, 9), 2: ("示范乙", 16, 14)}},
            ["示范甲赞成：20票与19票", "示范甲不赞成：8票与9票"],
        ),
        ({"votes": {1: ("示范甲", 20, 8)}}, ["示范乙赞成：16票与0票", "示范乙不赞成：14票与0票"]),
    ],
)
def test_count_differences(change, expected):
    assert rules.count_differences(COUNTED, replace(COUNTED, **change)) == expected


def test_abstentions_are_the_rest_of_the_valid_ballots():
    assert (COUNTED.abstained(1), COUNTED.abstained(2)) == (2, 0)
    assert replace(COUNTED, valid=20).abstained(1) == -8


@pytest.mark.parametrize(("present", "needed"), [(30, 16), (31, 16), (1, 1), (2, 2)])
def test_majority_needed(present, needed):
    assert rules.majority_needed(present) == needed


def test_majority_sentence_states_the_gap():
    assert (
        rules.majority_sentence(Tally(1, "甲", 15), present=30)
        == "实到30人，过半数为16票，甲得15票，差1票，未当选。"
    )
    assert (
        rules.majority_sentence(Tally(1, "甲", 16), present=30)
        == "实到30人，过半数为16票，甲得16票，超过半数。"
    )


@pytest.mark.parametrize(
    ("rounds", "expected"),
    [
        pytest.param([], Outcome((), (), 0, None), id="nothing-yet"),
        pytest.param(
            [ballot({1: 15}, seats=1, present=30)],
            Outcome((), (), 1, "further"),
            id="exactly-half-does-not-elect",
        ),
        pytest.param(
            [ballot({1: 16}, seats=1, present=30)],
            Outcome((1,), (), 0, None),
            id="one-more-than-half-elects",
        ),
        pytest.param(
            [ballot({1: 20, 2: 18, 3: 16, 4: 15}, seats=3, present=30)],
            Outcome((1, 2, 3), (), 0, None),
            id="most-votes-first",
        ),
        pytest.param(
            [ballot({1: 20, 2: 18, 3: 17, 4: 17}, seats=3, present=30)],
            Outcome((1, 2), (3, 4), 1, "runoff"),
            id="tie-at-the-cut",
        ),
        pytest.param(
            [ballot({1: 20, 2: 18, 3: 18, 4: 16}, seats=3, present=30)],
            Outcome((1, 2, 3), (), 0, None),
            id="tie-above-the-cut",
        ),
        pytest.param(
            [ballot({1: 20, 2: 18, 3: 15, 4: 15}, seats=3, present=30)],
            Outcome((1, 2), (), 1, "further"),
            id="tie-without-majority-is-no-run-off",
        ),
        pytest.param(
            [
                ballot({1: 20, 2: 18, 3: 17, 4: 17}, seats=3, present=30),
                ballot({3: 12, 4: 9}, seats=1, present=30, kind="runoff"),
            ],
            Outcome((1, 2, 3), (), 0, None),
            id="run-off-needs-no-half",
        ),
        pytest.param(
            [
                ballot({1: 20, 2: 18, 3: 17, 4: 17}, seats=3, present=30),
                ballot({3: 12, 4: 12}, seats=1, present=30, kind="runoff"),
            ],
            Outcome((1, 2), (3, 4), 1, "runoff"),
            id="run-off-ties-again",
        ),
        pytest.param(
            [
                ballot({1: 20, 2: 18, 3: 15, 4: 14}, seats=3, present=30),
                ballot({3: 16, 4: 13}, seats=1, present=30, kind="further"),
            ],
            Outcome((1, 2, 3), (), 0, None),
            id="vacancy-elected-again",
        ),
        pytest.param(
            [
                ballot({1: 20, 2: 18, 3: 15, 4: 14}, seats=3, present=30),
                ballot({3: 15, 4: 13}, seats=1, present=30, kind="further"),
            ],
            Outcome((1, 2), (), 1, "further"),
            id="vacancy-stays-open-below-half",
        ),
        pytest.param(
            [
                ballot({1: 20, 2: 15, 3: 15}, seats=2, present=30),
                ballot({1: 30, 2: 16}, seats=1, present=30, kind="further"),
            ],
            Outcome((1, 2), (), 0, None),
            id="nobody-is-elected-twice",
        ),
        pytest.param(
            [
                ballot({1: 20, 2: 20, 3: 14}, seats=1, present=30),
                ballot({1: 11, 2: 10, 3: 30}, seats=1, present=30, kind="runoff"),
            ],
            Outcome((1,), (), 0, None),
            id="only-the-tied-stand-in-a-run-off",
        ),
    ],
)
def test_outcome(rounds, expected):
    assert rules.outcome(rounds) == expected


@st.composite
def contests(draw):
    """votes per person, seats, voters present."""
    present = draw(st.integers(1, 40))
    counts = draw(st.lists(st.integers(0, present), min_size=1, max_size=7))
    return dict(enumerate(counts, start=1)), draw(st.integers(1, 7)), present


def oracle(votes: dict[int, int], seats: int, present: int) -> set[int]:
    """Elected: more than half of those present, and no more than `seats` such people have at least as many votes."""
    over = {p: n for p, n in votes.items() if 2 * n > present}
    return {p for p, n in over.items() if sum(m >= n for m in over.values()) <= seats}


@given(contests())
def test_main_round_agrees_with_the_oracle(contest):
    votes, seats, present = contest
    result = rules.outcome([ballot(votes, seats=seats, present=present)])
    over = [p for p, n in votes.items() if 2 * n > present]

    assert set(result.elected) == oracle(votes, seats, present)
    assert result.open_seats == seats - len(result.elected)
    assert set(result.tied) <= set(over)
    if result.open_seats == 0:
        assert result.next_round is None
    else:
        assert result.next_round == ("runoff" if len(over) > len(result.elected) else "further")


@given(contests(), st.data())
def test_rounds_never_break_the_counting_rules(contest, data):
    """Any rounds in any kind: never too many, nobody twice, nobody with half or less outside a run-off."""
    votes, seats, present = contest
    rounds = [ballot(votes, seats=seats, present=present)]
    for _ in range(data.draw(st.integers(0, 3))):
        kind = data.draw(st.sampled_from(["runoff", "further"]))
        again = {p: data.draw(st.integers(0, present)) for p in votes}
        rounds.append(ballot(again, seats=seats, present=present, kind=kind))
    result = rules.outcome(rounds)

    assert len(result.elected) == len(set(result.elected)) <= seats
    assert result.open_seats == seats - len(result.elected)
    assert not set(result.tied) & set(result.elected)
    for person in result.elected:
        assert any(
            r.kind == "runoff" or 2 * t.in_favour > r.present
            for r in rounds
            for t in r.tallies
            if t.person == person
        )


@given(contests())
def test_outcome_does_not_depend_on_the_order_of_entry(contest):
    votes, seats, present = contest
    votes = dict(list(votes.items())[:4])
    results = {
        rules.outcome([ballot(dict(order), seats=seats, present=present)])
        for order in permutations(votes.items())
    }

    assert len(results) == 1


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"raised_on": date(2026, 9, 14)}, ["challenge_date"]),
        ({"raised_on": date(2026, 9, 16)}, ["challenge_date"]),
        ({"grounds": "  "}, ["challenge_grounds"]),
    ],
)
def test_challenge_problems(change, expected):
    facts = {
        "name": "示例",
        "raised_on": date(2026, 9, 15),
        "published_on": date(2026, 9, 15),
        "grounds": "示例",
        "today": date(2026, 9, 15),
    }
    assert [p.code for p in rules.challenge_problems(**facts | change)] == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"answered_on": date(2026, 9, 14)}, ["answer_date"]),
        ({"answered_on": date(2026, 9, 16)}, ["answer_date"]),
        ({"answer": "  "}, ["answer_reason"]),
    ],
)
def test_answer_problems(change, expected):
    facts = {
        "name": "示例",
        "raised_on": date(2026, 9, 15),
        "answered_on": date(2026, 9, 15),
        "answer": "示例",
        "today": date(2026, 9, 15),
    }
    assert [p.code for p in rules.answer_problems(**facts | change)] == expected


def test_challenge_blockers():
    assert rules.challenge_blockers([]) == []
    (problem,) = rules.challenge_blockers(["甲", "乙", "甲"])
    assert "甲、乙的" in problem.message


@pytest.mark.parametrize(
    ("attended", "typed", "expected"),
    [
        ([1, 2], None, []),
        ([1, 2, 2], 2, []),
        ([1, 2], 3, ["attendance_contradicts"]),
        ([1, 9], 2, ["attended_not_due"]),
        ([9], 2, ["attended_not_due", "attendance_contradicts"]),
    ],
)
def test_named_attendance_problems(attended, typed, expected):
    problems = rules.named_attendance_problems(attended=attended, due=[1, 2, 3], typed=typed)
    assert [p.code for p in problems] == expected


def test_absent_teller_problems():
    assert rules.absent_teller_problems([]) == []
    (problem,) = rules.absent_teller_problems(["示例甲"])
    assert "示例甲" in problem.message
