"""The negative list's dates: boundaries on both sides, leap days, no date, no limit, posts; the pasted list."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from candidates import rules
from candidates.enums import RuleCategory
from candidates.rules import Verdict

ON = date(2026, 11, 26)
CATEGORIES = {c.label: c for c in RuleCategory}


def find(*, years=3, starts="ended_on", day=None, post="", posts=(), kind="criminal", on=ON):
    criterion = rules.Criterion(frozenset({"criminal"}), frozenset(posts), years, starts)
    return rules.find(
        criterion, kind=kind, dates={starts: day}, post=post, on=on, start_label="刑满之日"
    )


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        (date(2023, 12, 26), Verdict.HIT),  # 2 years 11 months
        (date(2023, 10, 26), Verdict.PASSED),  # 3 years 1 month
        (date(2023, 11, 27), Verdict.HIT),  # the day before the anniversary
        (date(2023, 11, 26), Verdict.PASSED),  # the anniversary
        (date(2023, 11, 25), Verdict.PASSED),
        (ON, Verdict.HIT),
        (date(2027, 5, 1), Verdict.HIT),  # still being served
        (None, Verdict.CHECK),
    ],
)
def test_three_years_from_the_end_of_the_sentence(day, verdict):
    assert find(day=day).verdict == verdict


@pytest.mark.parametrize(
    ("start", "years", "over"),
    [
        (date(2024, 2, 29), 3, date(2027, 3, 1)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2023, 2, 28), 1, date(2024, 2, 28)),
        (date(2023, 3, 1), 1, date(2024, 3, 1)),
        (date(2023, 11, 26), 0, date(2023, 11, 26)),
    ],
)
def test_look_back_from_a_leap_day_counts_the_last_day_of_february(start, years, over):
    assert rules.look_back_ends(start, years) == over
    assert find(years=years, day=start, on=over).verdict == Verdict.PASSED
    assert find(years=years, day=start, on=over - timedelta(1)).verdict == Verdict.HIT


@pytest.mark.parametrize("day", [None, date(1980, 1, 1), ON])
def test_without_limit_there_is_no_date_to_wait_for(day):
    assert find(years=None, day=day).verdict == Verdict.HIT


def test_only_the_date_that_the_rule_names_counts():
    criterion = rules.Criterion(frozenset({"criminal"}), frozenset(), 3, "decided_on")
    dates = {"happened_on": ON, "decided_on": date(2020, 1, 1), "ended_on": ON}

    found = rules.find(
        criterion, kind="criminal", dates=dates, post="", on=ON, start_label="决定之日"
    )

    assert found.verdict == Verdict.PASSED
    assert found.sentence == "决定之日2020-01-01，3年追溯期已于2022-12-31届满"


@pytest.mark.parametrize(
    ("post", "verdict"),
    [("secretary", Verdict.HIT), ("member", None), ("", Verdict.CHECK)],
)
def test_rule_for_some_posts_looks_at_the_post_sought(post, verdict):
    found = find(day=ON, post=post, posts=("secretary", "deputy"))

    assert (found and found.verdict) == verdict


def test_other_kinds_of_facts_are_not_its_business():
    assert find(day=ON, kind="credit") is None


def test_sentence_says_until_when():
    assert find(day=date(2023, 12, 1)).sentence == "刑满之日2023-12-01，追溯3年至2026-11-30"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    start=st.dates(date(1990, 1, 1), date(2030, 1, 1)),
    years=st.integers(0, 20),
    days=st.integers(-400, 8000),
)
def test_a_look_back_once_over_stays_over(start, years, days):
    """Monotone: one change from hit to passed, on the day that look_back_ends gives."""
    on = start + timedelta(days)
    found = find(years=years, day=start, on=on)
    assert (found.verdict == Verdict.HIT) == (on < rules.look_back_ends(start, years))
    later = find(years=years, day=start, on=on + timedelta(1))
    assert not (found.verdict == Verdict.PASSED and later.verdict == Verdict.HIT)


def test_pasted_lines():
    text = "1\t刑事\t受过刑事处罚\t不限\t公安局、法院\n\n2|失信|失信被执行人|3|\n3\t程序\t拒签承诺"

    lines, problems = rules.parse_lines(text, categories=CATEGORIES)

    assert problems == []
    assert [(x.code, x.category, x.text, x.years, x.department) for x in lines] == [
        ("1", "criminal", "受过刑事处罚", None, "公安局、法院"),
        ("2", "credit", "失信被执行人", 3, ""),
        ("3", "procedure", "拒签承诺", None, ""),
    ]


def test_pasted_lines_are_all_checked_at_once():
    text = "1\t刑事\n2\t杂项\t文字\n3\t刑事\t文字\t三\n4\t刑事\t甲\n4\t刑事\t乙\n5\t刑事\t丙\t３"

    _, problems = rules.parse_lines(text, categories=CATEGORIES)

    assert [p.message for p in problems] == [
        "第1行：应有编号、类别、内容三栏（用制表符或“|”分开）：请补齐。",
        f"第2行：类别“杂项”不认识：请用{'、'.join(CATEGORIES)}。",
        "第3行：追溯年限“三”应为整数、不限或不填：请改正。",
        "第6行：追溯年限“３”应为整数、不限或不填：请改正。",
        "编号“4”出现两次：请改正。",
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("公安局、法院", ["公安局", "法院"]),
        ("公安局，法院;检察院", ["公安局", "法院", "检察院"]),
        ("", []),
    ],
)
def test_departments_of_a_rule(text, names):
    assert rules.split_departments(text) == names
