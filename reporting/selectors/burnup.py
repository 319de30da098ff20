"""选举、完成累计: what was done by day, what the plan says, and when it will be done at the present pace."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Value

from elections.enums import SETTLED, Stage
from elections.models import Campaign, StageRecord

from .. import rules

#: How far past the plan (or today) the chart follows a forecast.
BEYOND_DAYS = 45


@dataclass(frozen=True)
class Point:
    """One day, in villages. `elected`, `completed`: done by that day, None in the future; `planned`: what should be
    completed by then; the last two: the forecasts' lines, None where there is none."""

    day: date
    elected: int | None
    completed: int | None
    planned: int
    elected_ahead: int | None
    completed_ahead: int | None


@dataclass(frozen=True)
class BurnUp:
    """`points`: day by day from the campaign's first day; `planned_on`: when the last village is planned to be
    completed; `is_even`: all villages share one planned day, so that the plan's line is an even pace."""

    points: list[Point]
    elected: rules.Forecast
    completed: rules.Forecast
    planned_on: date
    elected_planned_on: date
    is_even: bool
    today: date

    @property
    def days(self) -> list[Point]:
        """The days that are behind us."""
        return [point for point in self.points if point.completed is not None]

    @property
    def future(self) -> list[Point]:
        return [point for point in self.points if point.completed is None]

    @property
    def words(self) -> list[str]:
        """Both forecasts with their method."""
        return [
            rules.forecast_words(
                self.elected, what="完成党员大会选举", planned_on=self.elected_planned_on
            ),
            rules.forecast_words(self.completed, what="完成换届", planned_on=self.planned_on),
        ]

    @property
    def behind(self) -> str:
        """What is behind the plan, in words; empty when nothing is."""
        for what, found, planned_on in (
            ("完成换届", self.completed, self.planned_on),
            ("完成党员大会选举", self.elected, self.elected_planned_on),
        ):
            if rules.is_behind(found, planned_on=planned_on, today=self.today):
                return what
        return ""


_ELECTED, _COMPLETED = Stage.COMMITTEE_BALLOT, Stage.HANDOVER


def _by_day(user, campaign: Campaign, township_id: int | None) -> dict[tuple[str, str], dict]:
    """(done or planned, stage) → day → villages, from the current attempts (one query)."""
    records = (
        StageRecord.objects.visible_to(user)
        .filter(election__campaign=campaign, is_current=True, stage__in=(_ELECTED, _COMPLETED))
        .order_by()
    )
    if township_id:
        records = records.filter(election__township=township_id)

    def counted(kind: str, rows, day: str):
        return (
            rows.values(kind=Value(kind), which=F("stage"), day=F(day))
            .annotate(n=Count("pk"))
            .values_list("kind", "which", "day", "n")
        )

    done = records.filter(status__in=SETTLED, actual_on__isnull=False)
    found: dict[tuple[str, str], dict] = {}
    for kind, stage, day, count in counted("done", done, "actual_on").union(
        counted("planned", records, "planned_on"), all=True
    ):
        found.setdefault((kind, stage), {})[day] = count
    return found


def burn_up(
    user, campaign: Campaign, *, total: int, today: date, township_id: int | None = None
) -> BurnUp:
    """Cumulated villages by day, the plan and the forecasts, of the user's area or of one township (one query).
    `total`: how many villages there are."""
    found = _by_day(user, campaign, township_id)
    elected, completed = found.get(("done", _ELECTED), {}), found.get(("done", _COMPLETED), {})
    planned = found.get(("planned", _COMPLETED), {})
    first, planned_on = campaign.starts_on, max(planned, default=campaign.ends_on)

    def outlook(done: dict[date, int]) -> rules.Forecast:
        since = today - timedelta(days=rules.PACE_DAYS)
        return rules.forecast(
            done=sum(done.values()),
            total=total,
            recent=sum(count for day, count in done.items() if since < day <= today),
            started_on=first,
            today=today,
        )

    forecasts = outlook(elected), outlook(completed)
    return BurnUp(
        points=_points(elected, completed, planned, forecasts, campaign=campaign, today=today),
        elected=forecasts[0],
        completed=forecasts[1],
        planned_on=planned_on,
        elected_planned_on=max(found.get(("planned", _ELECTED), {}), default=campaign.ends_on),
        is_even=len(planned) == 1,
        today=today,
    )


def _points(elected, completed, planned, forecasts, *, campaign, today) -> list[Point]:
    """From the first day to the last that has something to show; none before the campaign begins."""
    first = campaign.starts_on
    if today < first:
        return []
    # Long after the plan nothing more is drawn than what happened.
    now = min(today, campaign.ends_on + timedelta(days=rules.FARTHEST_DAYS))
    now = max([*elected, *completed, now])
    is_over = all(found.outlook == rules.Outlook.DONE for found in forecasts)
    if is_over:
        now = max([*elected, *completed])
    plan_end = max(planned, default=campaign.ends_on)
    finishes = [found.finish_on for found in forecasts if found.finish_on]
    edge = max(now, plan_end)
    last = max(edge, min(max(finishes, default=edge), edge + timedelta(days=BEYOND_DAYS)))
    points, total_elected, total_completed = [], 0, 0
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        total_elected += elected.get(day, 0)
        total_completed += completed.get(day, 0)
        points.append(
            Point(
                day,
                total_elected if day <= now else None,
                total_completed if day <= now else None,
                rules.planned_by(day, planned, first=first),
                rules.ahead(forecasts[0], day, today=today),
                rules.ahead(forecasts[1], day, today=today),
            )
        )
    return points


def chart_of(found: BurnUp) -> dict:
    """What the chart draws: the numbers of the table beside it."""
    return {
        "labels": [f"{point.day:%m-%d}" for point in found.points],
        "elected": [point.elected for point in found.points],
        "completed": [point.completed for point in found.points],
        "planned": [point.planned for point in found.points],
        "electedAhead": [point.elected_ahead for point in found.points],
        "completedAhead": [point.completed_ahead for point in found.points],
        "today": next((f"{p.day:%m-%d}" for p in found.points if p.day == found.today), None),
        "plannedOn": f"{found.planned_on:%m-%d}",
    }
