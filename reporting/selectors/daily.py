"""What a township's day amounts to: counters of the day and cumulative, derived from the stages recorded."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from elections.enums import SETTLED, Stage
from elections.models import Campaign, StageRecord, VillageElection
from villages.models import Jurisdiction

from ..models import DailyReport

#: counter of the daily report → (label, the stage whose settling it counts).
COUNTERS: dict[str, tuple[str, Stage]] = {
    "started": ("完成调研", Stage.SURVEY),
    "petitioned": ("已批复", Stage.PETITION),
    "recommended": ("已两推", Stage.PRELIMINARY),
    "reviewed": ("已联审", Stage.REVIEW),
    "inspected": ("已考察", Stage.INSPECTION),
    "noticed": ("已公示", Stage.NOTICE),
    "elected": ("已选举", Stage.COMMITTEE_BALLOT),
    "approved": ("已批复书记", Stage.APPROVAL),
    "completed": ("已完成", Stage.HANDOVER),
}


def counters(campaign: Campaign, township_id: int | None, day: date) -> dict[str, int]:
    """day_x and total_x for every counter, by the Shanghai day on which the stage was settled (one query).

    `township_id` None counts the whole campaign.
    """
    start, end = _bounds(day)
    rows = StageRecord.objects.filter(
        election__campaign=campaign,
        is_current=True,
        status__in=SETTLED,
        settled_at__lt=end,
        stage__in=[stage for _, stage in COUNTERS.values()],
    )
    if township_id is not None:
        rows = rows.filter(election__township=township_id)
    found = {
        row["stage"]: row
        for row in rows.order_by()
        .values("stage")
        .annotate(total=Count("pk"), today=Count("pk", filter=Q(settled_at__gte=start)))
    }
    figures: dict[str, int] = {}
    for key, (_, stage) in COUNTERS.items():
        row = found.get(stage.value, {"total": 0, "today": 0})
        figures[f"day_{key}"] = row["today"]
        figures[f"total_{key}"] = row["total"]
    return figures


def day_figures(campaign: Campaign, township_id: int, day: date) -> dict[str, int]:
    """The counters of a township's report.

    What is new counts from yesterday's report on, so that a stage settled after its confirmation appears today
    and cumulative figures always are yesterday's plus what is new.
    """
    figures = counters(campaign, township_id, day)
    before = DailyReport.objects.filter(
        campaign=campaign, township=township_id, day=day - timedelta(days=1)
    ).first()
    return _since(figures, before)


def _since(figures: dict[str, int], before: DailyReport | None) -> dict[str, int]:
    if before:
        for key in COUNTERS:
            new = figures[f"total_{key}"] - getattr(before, f"total_{key}")
            figures[f"day_{key}"] = max(0, new)
    return figures


def _bounds(day: date):
    """First instant of the Shanghai day and of the next."""
    midnight = time.min
    zone = timezone.get_default_timezone()
    start = datetime.combine(day, midnight, tzinfo=zone)
    return start, datetime.combine(day + timedelta(days=1), midnight, tzinfo=zone)


@dataclass(frozen=True)
class Line:
    """One counter beside yesterday's: label, of the day, cumulative, yesterday's cumulative."""

    key: str
    label: str
    today: int
    total: int
    yesterday: int


@dataclass(frozen=True)
class DayView:
    """A township's day: frozen when reported, live otherwise."""

    campaign: Campaign
    township: Jurisdiction
    day: date
    elections: int
    lines: tuple[Line, ...]
    report: DailyReport | None


def day_view(campaign: Campaign, township: Jurisdiction, day: date) -> DayView:
    """Figures of one township and day (four queries at most)."""
    reports = {
        r.day: r
        for r in DailyReport.objects.filter(
            campaign=campaign, township=township, day__in=(day, day - timedelta(days=1))
        ).select_related("confirmed_by")
    }
    report = reports.get(day)
    before = reports.get(day - timedelta(days=1))
    if report:
        now = {f.name: getattr(report, f.name) for f in DailyReport._meta.fields}
        elections = report.elections
    else:
        now = _since(counters(campaign, township.pk, day), before)
        elections = VillageElection.objects.filter(campaign=campaign, township=township).count()
    if before:
        old = {f"total_{key}": getattr(before, f"total_{key}") for key in COUNTERS}
    else:
        old = counters(campaign, township.pk, day - timedelta(days=1))
    lines = tuple(
        Line(key, label, now[f"day_{key}"], now[f"total_{key}"], old[f"total_{key}"])
        for key, (label, _) in COUNTERS.items()
    )
    return DayView(campaign, township, day, elections, lines, report)
