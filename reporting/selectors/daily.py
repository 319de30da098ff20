"""What a township's day amounts to: counters of the day and cumulative, derived from the stages recorded."""

import itertools
import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from candidates.models import BallotCorrection
from elections.enums import SETTLED, Stage
from elections.models import Campaign, VillageElection
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


#: The whole campaign, or one township of it: (stage, settled by the end of the day, settled on it), and under no stage
#: the number of elections.
_COUNTED = f"""
WITH e AS (
    SELECT id FROM elections_villageelection WHERE campaign_id = %(campaign)s {{township}}
)
SELECT r.stage, count(*), count(*) FILTER (WHERE r.settled_at >= %(start)s)
FROM e JOIN elections_stagerecord r ON r.election_id = e.id
WHERE r.is_current AND r.settled_at < %(end)s AND r.status IN ({", ".join(f"'{s.value}'" for s in SETTLED)})
    AND r.stage IN ({", ".join(f"'{stage.value}'" for _, stage in COUNTERS.values())})
GROUP BY r.stage
UNION ALL SELECT '', count(*), 0 FROM e
"""


def counters(campaign: Campaign, township_id: int | None, day: date) -> tuple[dict[str, int], int]:
    """day_x and total_x for every counter, by the Shanghai day on which the stage was settled, and the number of
    elections (one query).

    `township_id` None counts the whole campaign.
    """
    start, end = _bounds(day)
    facts = {"campaign": campaign.pk, "township": township_id, "start": start, "end": end}
    narrow = "" if township_id is None else "AND township_id = %(township)s"
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED.format(township=narrow), facts)
        found = {stage: (total, today) for stage, total, today in cursor.fetchall()}
    figures: dict[str, int] = {}
    for key, (_, stage) in COUNTERS.items():
        total, today = found.get(stage.value, (0, 0))
        figures[f"day_{key}"] = today
        figures[f"total_{key}"] = total
    return figures, found[""][0]


def day_figures(campaign: Campaign, township_id: int, day: date) -> dict[str, int]:
    """The counters of a township's report.

    What is new counts from yesterday's report on, so that a stage settled after its confirmation appears today
    and cumulative figures always are yesterday's plus what is new.
    """
    figures, _ = counters(campaign, township_id, day)
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
    )
    if report and not is_live:
        now = {f.name: getattr(report, f.name) for f in DailyReport._meta.fields}
        elections = report.elections
    else:
        figures, elections = counters(campaign, township.pk, day)
        now = _since(figures, yesterday)
    if yesterday:
        old = {f"total_{key}": getattr(yesterday, f"total_{key}") for key in COUNTERS}
    else:
        old, _ = counters(campaign, township.pk, day - timedelta(days=1))
    is_reopened = bool(before and _reopened_since(campaign, township, before))
    lines = []
    for key, (label, _) in COUNTERS.items():
        new, total = now[f"day_{key}"], now[f"total_{key}"]
        problems = _problems(key, now, elections, before, yesterday, is_reopened)
        lines.append(Line(key, label, new, total, old[f"total_{key}"], problems))
    parts = (counts["villages"], counts["communities"])
    return DayView(campaign, township, day, elections, parts, tuple(lines), report, before)


def _problems(
    key: str,
    now: dict[str, int],
    elections: int,
    before: DailyReport | None,
    yesterday: DailyReport | None,
    is_reopened: bool,
) -> list[tuple[str, str]]:
    """What is wrong with one counter beside the last report before."""
    return rules.cell_problems(
        COUNTERS[key][0],
        new=now[f"day_{key}"] if yesterday else None,
        total=now[f"total_{key}"],
        whole=elections,
        before=(before.day, getattr(before, f"total_{key}")) if before else None,
        is_reopened=is_reopened,
    )


@dataclass(frozen=True)
class Reports:
    """What a new report is compared with: `sent` under the same request key, `there` for the same day, `before` of the
    last earlier day; each in its present version."""

    sent: DailyReport | None
    there: DailyReport | None
    before: DailyReport | None


_REPORTS = """
(SELECT 'sent' AS part, r.* FROM reporting_dailyreport r WHERE r.request_key = %(key)s)
UNION ALL
(SELECT 'there', r.* FROM reporting_dailyreport r WHERE r.campaign_id = %(campaign)s AND r.township_id = %(township)s
    AND r.superseded_at IS NULL AND r.day = %(day)s)
UNION ALL
(SELECT 'before', r.* FROM reporting_dailyreport r WHERE r.campaign_id = %(campaign)s AND r.township_id = %(township)s
    AND r.superseded_at IS NULL AND r.day < %(day)s ORDER BY r.day DESC LIMIT 1)
"""


def reports_around(
    campaign: Campaign, township: Jurisdiction, day: date, *, request_key: uuid.UUID
) -> Reports:
    """The reports that a new one of this day is compared with (one query)."""
    facts = {"key": request_key, "campaign": campaign.pk, "township": township.pk, "day": day}
    found = {report.part: report for report in DailyReport.objects.raw(_REPORTS, facts)}
    return Reports(found.get("sent"), found.get("there"), found.get("before"))


def live_facts(
    campaign: Campaign, township: Jurisdiction, day: date, *, before: DailyReport | None
) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """The figures of a township's day as they are now, as a report stores them, and what is wrong with them (two
    queries). `before`: the last earlier report."""
    figures, elections = counters(campaign, township.pk, day)
    yesterday = before if before and before.day == day - timedelta(days=1) else None
    now = _since(figures, yesterday)
    is_reopened = bool(before and _reopened_since(campaign, township, before))
    problems = [
        problem
        for key in COUNTERS
        for problem in _problems(key, now, elections, before, yesterday, is_reopened)
    ]
    return {"elections": elections, **now}, problems


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
