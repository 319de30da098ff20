"""What a township's day amounts to: counters of the day and cumulative, derived from the stages recorded."""

import itertools
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from candidates.models import BallotCorrection
from elections.enums import SETTLED, Stage
from elections.models import Campaign, StageRecord, VillageElection
from villages.enums import VillageKind
from villages.models import Jurisdiction

from .. import rules
from ..models import Bulletin, DailyReport, DailyUnlock

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
    before = (
        DailyReport.objects.current()
        .filter(campaign=campaign, township=township_id, day=day - timedelta(days=1))
        .first()
    )
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
    """One counter beside yesterday's: label, of the day, cumulative, yesterday's cumulative; `problems`: (code, words)."""

    key: str
    label: str
    today: int
    total: int
    yesterday: int
    problems: list[tuple[str, str]]


@dataclass(frozen=True)
class Lock:
    """Whether a report can be corrected; `sentence`: which lock is shut and who opens it."""

    is_shut: bool
    sentence: str
    unlock: DailyUnlock | None


@dataclass(frozen=True)
class DayView:
    """A township's day: frozen when reported, live otherwise. `parts`: villages and communities of the elections."""

    campaign: Campaign
    township: Jurisdiction
    day: date
    elections: int
    parts: tuple[int, int]
    lines: tuple[Line, ...]
    report: DailyReport | None
    before: DailyReport | None

    @property
    def is_zero(self) -> bool:
        """零报告: nothing new that day."""
        return not any(line.today for line in self.lines)

    @property
    def problems(self) -> list[tuple[str, str]]:
        return [problem for line in self.lines for problem in line.problems]


def day_view(
    campaign: Campaign, township: Jurisdiction, day: date, *, is_live: bool = False
) -> DayView:
    """Figures of one township and day, counted anew when `is_live` (six queries at most)."""
    reports = DailyReport.objects.current().filter(campaign=campaign, township=township)
    report = reports.filter(day=day).select_related("confirmed_by").first()
    before = reports.filter(day__lt=day).order_by("-day").first()
    yesterday = before if before and before.day == day - timedelta(days=1) else None
    counts = VillageElection.objects.filter(campaign=campaign, township=township).aggregate(
        villages=Count("pk", filter=Q(village__kind=VillageKind.VILLAGE)),
        communities=Count("pk", filter=Q(village__kind=VillageKind.COMMUNITY)),
        all=Count("pk"),
    )
    if report and not is_live:
        now = {f.name: getattr(report, f.name) for f in DailyReport._meta.fields}
        elections = report.elections
    else:
        now = _since(counters(campaign, township.pk, day), yesterday)
        elections = counts["all"]
    if yesterday:
        old = {f"total_{key}": getattr(yesterday, f"total_{key}") for key in COUNTERS}
    else:
        old = counters(campaign, township.pk, day - timedelta(days=1))
    is_reopened = bool(before and _reopened_since(campaign, township, before))
    lines = []
    for key, (label, _) in COUNTERS.items():
        new, total = now[f"day_{key}"], now[f"total_{key}"]
        problems = rules.cell_problems(
            label,
            new=new if yesterday else None,
            total=total,
            whole=elections,
            before=(before.day, getattr(before, f"total_{key}")) if before else None,
            is_reopened=is_reopened,
        )
        lines.append(Line(key, label, new, total, old[f"total_{key}"], problems))
    parts = (counts["villages"], counts["communities"])
    return DayView(campaign, township, day, elections, parts, tuple(lines), report, before)


def _reopened_since(campaign: Campaign, township: Jurisdiction, before: DailyReport) -> bool:
    """Whether a corrected count made villages do stages again after this report."""
    return (
        BallotCorrection.objects.approved()
        .filter(
            election__campaign=campaign,
            election__township=township,
            decided_at__gt=before.confirmed_at,
        )
        .exclude(effect__reopened=[])
        .exists()
    )


def lock_of(report: DailyReport, campaign: Campaign, *, today: date) -> Lock:
    """The lock on corrections of one report (one query)."""
    days = campaign.daily_lock_days
    if not rules.is_report_locked(report.day, today, lock_days=days):
        return Lock(False, "", None)
    unlock = DailyUnlock.objects.filter(report=report).first()
    shut = report.day + timedelta(days=days + 1)
    sentence = (
        f"{report.day:%m月%d日}的日报已于{shut:%m月%d日}锁定（日报上报日期后{days}天内可以更正）："
        f"确需更正的，请{campaign.area.name}组织部工作人员在这份日报的页面上“开锁”。"
    )
    return Lock(unlock is None, sentence, unlock)


@dataclass(frozen=True)
class Change:
    """One thing that a correction changed."""

    label: str
    before: int | str
    after: int | str


def differences_between(old: DailyReport, new: DailyReport) -> list[Change]:
    """What a later version of a report says differently."""
    names = [("应换届", "elections")]
    for key, (label, _) in COUNTERS.items():
        names += [(f"{label}（当日）", f"day_{key}"), (f"{label}（累计）", f"total_{key}")]
    names += [("存在问题", "problems"), ("做法", "practices")]
    return [
        Change(label, getattr(old, name), getattr(new, name))
        for label, name in names
        if getattr(old, name) != getattr(new, name)
    ]


@dataclass(frozen=True)
class Version:
    """A version of a report, what it changed, and the bulletins that had used the one before."""

    report: DailyReport
    changes: list[Change]
    bulletins: list[Bulletin]


def versions_of(report: DailyReport) -> list[Version]:
    """Corrections of a report, the last first; nothing for a report never corrected (two queries)."""
    if report.version == 1:
        return []
    rows = list(
        DailyReport.objects.filter(
            campaign=report.campaign_id, township=report.township_id, day=report.day
        ).order_by("version")
    )
    bulletins = list(
        Bulletin.objects.filter(campaign=report.campaign_id, day=report.day).order_by("version")
    )
    return [
        Version(
            new,
            differences_between(old, new),
            [b for b in bulletins if old.confirmed_at <= b.produced_at < new.confirmed_at],
        )
        for old, new in itertools.pairwise(rows)
    ][::-1]


@dataclass(frozen=True)
class Amended:
    """A report corrected since a bulletin used it: the present version and what is different."""

    report: DailyReport
    changes: list[Change]


def amended_since(bulletin: Bulletin) -> list[Amended]:
    """The reports of a bulletin's day that were corrected after it was produced (two queries)."""
    used = DailyReport.objects.used_at(bulletin.produced_at).filter(
        campaign=bulletin.campaign_id, day=bulletin.day
    )
    present = {
        r.township_id: r
        for r in DailyReport.objects.current()
        .filter(campaign=bulletin.campaign_id, day=bulletin.day)
        .select_related("township")
    }
    return [
        Amended(present[old.township_id], differences_between(old, present[old.township_id]))
        for old in used.order_by("township__code")
    ]


def with_amended(bulletins):
    """Bulletins with `is_amended`: a report they used was corrected since."""
    used = DailyReport.objects.used_at(OuterRef("produced_at")).filter(
        campaign=OuterRef("campaign"), day=OuterRef("day")
    )
    return bulletins.annotate(is_amended=Exists(used))
