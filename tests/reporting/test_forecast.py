"""预测: what the pure functions promise for every number and day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting import rules
from reporting.rules import Outlook, ahead, forecast, forecast_words, planned_by

START, TODAY, PLAN = date(2026, 9, 1), date(2026, 10, 1), date(2026, 10, 31)
villages = st.integers(0, 700_000)
days = st.dates(date(2020, 1, 1), date(2060, 12, 31))


def made(done, total, recent, *, started_on=START, today=TODAY):
    return forecast(done=done, total=total, recent=recent, started_on=started_on, today=today)


@pytest.mark.parametrize(
    ("done", "total", "recent", "outlook", "finish_on"),
    [
        (0, 0, 0, Outlook.EMPTY, None),
        (238, 238, 3, Outlook.DONE, None),
        (20, 238, 0, Outlook.STALLED, None),
        # 210 villages at 14 in 14 days: one a day
        (28, 238, 14, Outlook.PREDICTED, TODAY + timedelta(days=210)),
        # 10 left at 4 in 14 days: 35 days
        (228, 238, 4, Outlook.PREDICTED, TODAY + timedelta(days=35)),
        # 1 left at 28 in 14 days: half a day is tomorrow
        (237, 238, 28, Outlook.PREDICTED, TODAY + timedelta(days=1)),
        (1, 238, 1, Outlook.FAR, None),
    ],
)
def test_forecast(done, total, recent, outlook, finish_on):
    found = made(done, total, recent)

    assert (found.outlook, found.finish_on) == (outlook, finish_on)


@pytest.mark.parametrize(
    ("behind", "outlook"), [(-5, Outlook.EARLY), (12, Outlook.EARLY), (13, Outlook.PREDICTED)]
)
def test_forecast_needs_fourteen_days_behind_the_start(behind, outlook):
    today = START + timedelta(days=behind)

    assert made(5, 10, 5, today=today).outlook == outlook


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (made(0, 0, 0), "没有要完成换届的村（社区）。"),
        (made(5, 5, 1), "5个村（社区）已全部完成换届；计划10月31日。"),
        (made(1, 5, 0), "近14天没有村完成换届，暂不能预测；计划10月31日。"),
        (
            made(1, 5, 1, today=START),
            "启动不足14天，暂不能预测何时全部完成换届；计划10月31日。",
        ),
        (
            made(228, 238, 4),
            "按近14天4个、平均每天0.3个估算，预计11月5日全部完成换届；计划10月31日，晚于计划5天。",
        ),
        (
            made(234, 238, 4),
            "按近14天4个、平均每天0.3个估算，预计10月15日全部完成换届；计划10月31日，早于计划16天。",
        ),
        (
            made(1, 238, 1),
            "按近14天1个、平均每天0.1个估算，一年以内不能全部完成换届；"
            "完成的村还少，仅供参考；计划10月31日。",
        ),
        (
            made(10, 20, 1),
            "按近14天1个、平均每天0.1个估算，预计2027年2月18日全部完成换届；计划10月31日，晚于计划110天。",
        ),
    ],
)
def test_words_state_the_method_and_the_plan(found, words):
    assert forecast_words(found, what="完成换届", planned_on=PLAN) == words


@given(villages, villages, villages, days, st.integers(-30, 2000))
def test_forecast_is_never_before_tomorrow_nor_beyond_what_one_can_plan(
    done, total, recent, start, behind
):
    today = start + timedelta(days=behind)
    found = made(done, total, recent, started_on=start, today=today)

    assert (found.finish_on is not None) == (found.outlook == Outlook.PREDICTED)
    if found.finish_on:
        assert timedelta(days=1) <= found.finish_on - today
        assert found.finish_on - today <= timedelta(days=rules.FARTHEST_DAYS)
    if total and done >= total:
        assert found.outlook == Outlook.DONE


@given(st.integers(1, 5000), st.integers(1, 5000), st.integers(1, 5000), st.integers(0, 5000))
def test_more_done_lately_is_never_later_and_more_left_never_earlier(left, more, recent, quicker):
    def day(remaining, pace):
        found = made(0, remaining, pace)
        return found.finish_on or date.max

    assert day(left, recent + quicker) <= day(left, recent)
    assert day(left + more, recent) >= day(left, recent)


@given(st.integers(0, 500), st.integers(1, 500), st.integers(1, 500))
def test_line_runs_from_today_to_the_finish_and_never_falls(done, left, recent):
    found = made(done, done + left, recent)
    if found.finish_on is None:
        return
    line = [
        ahead(found, TODAY + timedelta(days=n), today=TODAY)
        for n in range((found.finish_on - TODAY).days + 1)
    ]

    assert (line[0], line[-1]) == (done, done + left)
    assert line == sorted(line)
    assert ahead(found, TODAY - timedelta(days=1), today=TODAY) is None
    assert ahead(found, found.finish_on + timedelta(days=1), today=TODAY) is None


@pytest.mark.parametrize(
    ("done", "recent", "today", "behind"),
    [
        (10, 5, TODAY, False),  # in time
        (10, 1, TODAY, True),  # 140 days for the last ten
        (4, 1, TODAY, False),  # too few to tell
        (5, 1, TODAY, True),
        (10, 0, TODAY, False),  # no forecast
        (19, 0, PLAN + timedelta(days=1), True),  # the plan's day has passed
        (20, 0, PLAN + timedelta(days=1), False),  # all done
    ],
)
def test_warning_needs_a_telling_pace_or_a_plan_that_has_passed(done, recent, today, behind):
    found = made(done, 20, recent, today=today)

    assert rules.is_behind(found, planned_on=PLAN, today=today) is behind


def test_plan_follows_the_villages_own_days():
    planned = {date(2026, 9, 10): 2, date(2026, 9, 20): 3}

    assert [planned_by(date(2026, 9, n), planned, first=START) for n in (9, 10, 19, 20, 30)] == [
        0,
        2,
        2,
        5,
        5,
    ]


def test_plan_with_one_day_is_an_even_pace():
    planned = {date(2026, 9, 11): 20}

    assert [planned_by(date(2026, 9, n), planned, first=START) for n in (1, 6, 10, 11, 20)] == [
        0,
        10,
        18,
        20,
        20,
    ]


@given(st.dictionaries(st.dates(START, PLAN), st.integers(1, 50), min_size=1, max_size=8))
def test_plan_never_falls_and_ends_with_every_village(planned):
    line = [planned_by(START + timedelta(days=n), planned, first=START) for n in range(61)]

    assert line == sorted(line)
    assert line[-1] == sum(planned.values())
