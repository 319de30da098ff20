"""When things happen in the demonstration: pure dates.

A campaign runs 61 days by its plan. `progress` says how much of it lies behind `today`; each village is quicker
or slower than the plan by a factor of its own, and its township by another.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from elections.enums import Stage
from elections.holidays import CALENDAR
from elections.rules import working_days_after
from elections.services.campaigns import PLAN_LENGTH
from elections.stages import STAGES

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: Townships differ: some are ahead of the plan, some behind.
TOWNSHIP_PACE = (0.62, 0.7, 0.78, 0.84, 0.9, 0.95, 1.0, 1.04, 1.1, 1.16, 1.25)
NOTICE_DAYS = 5


def moment(day: date, hour: int = 15, minute: int = 0) -> datetime:
    """An instant of a Shanghai day."""
    return datetime.combine(day, time(hour, minute), tzinfo=SHANGHAI)


def campaign_days(today: date, progress: int) -> tuple[date, date]:
    """First and last planned day of a campaign that is `progress` % through on `today`."""
    starts_on = today - timedelta(days=round(PLAN_LENGTH * progress / 100))
    return starts_on, starts_on + timedelta(days=PLAN_LENGTH)


def notice_end(starts_on: date) -> date:
    """The day on which a notice has lasted its working days."""
    return working_days_after(starts_on, NOTICE_DAYS, CALENDAR)


@dataclass(frozen=True)
class Timetable:
    """The days on which one village does each stage."""

    days: dict[Stage, date]

    def __getitem__(self, stage: Stage) -> date:
        return self.days[stage]


def timetable(random: Random, *, starts_on: date, pace: float) -> Timetable:
    """One village's days: the plan times its pace, never backwards, the ballot after the notice."""
    own = pace * random.uniform(0.88, 1.12)
    days: dict[Stage, date] = {}
    latest = starts_on
    for stage, spec in STAGES.items():
        day = starts_on + timedelta(days=max(1, round(spec.plan_day * own) - random.randint(0, 2)))
        latest = max(latest, day)
        days[stage] = latest
    begins = days[Stage.NOMINATION] + timedelta(days=1)
    shift = (notice_end(begins) - days[Stage.NOTICE]).days
    if shift > 0:
        for stage in list(STAGES)[STAGES[Stage.NOTICE].number - 1 :]:
            days[stage] += timedelta(days=shift)
    gap = (days[Stage.COMMITTEE_BALLOT] - days[Stage.NOTICE]).days
    if gap < 1:
        for stage in list(STAGES)[STAGES[Stage.COMMITTEE_BALLOT].number - 1 :]:
            days[stage] += timedelta(days=1 - gap)
    return Timetable(days)
