"""驾驶舱: the figures, charts and lists of one campaign for one user's area, in at most six queries."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from candidates.enums import ElectedPostKind
from complaints.permissions import can_read_statistics
from complaints.selectors.statistics import Headline, headline
from elections.enums import Stage
from elections.models import Campaign, StageOverride
from groundwork.enums import Grade
from villages.models import Jurisdiction

from .. import rules
from ..models import DailyReport, TownshipProgress
from . import cockpit, progress
from .burnup import BurnUp, burn_up
from .burnup import chart_of as days_chart
from .notes import Note, board_notes
from .todo import reports_today
from .women import below_of_township


@dataclass(frozen=True)
class Card:
    """One figure with its unit, its denominator or parts, and the list behind it."""

    label: str
    value: int
    unit: str
    url: str
    note: str = ""
    tone: str = ""
    percent: float | None = None


@dataclass(frozen=True)
class ReportLine:
    """Today's daily report of one township: there, late or missing. `at`: when it was sent."""

    township: Jurisdiction
    at: datetime | None
    state: str
    label: str

    @property
    def is_reported(self) -> bool:
        return self.at is not None

    @property
    def time(self) -> str:
        return f"{timezone.localtime(self.at):%H:%M}" if self.at else ""


@dataclass(frozen=True)
class Dashboard:
    """`lines`: what this user's desk needs first; `due_next`: a coordinator's next villages; `complaints`: None for whom
    no figure of them is shown."""

    desk: cockpit.Desk
    lines: list[cockpit.Line]
    due_next: list[progress.VillageLine]
    complaints: Headline | None
    rows: list[TownshipProgress]
    cards: list[Card]
    stages: tuple[progress.StageCell, ...]
    grid: list[progress.TownshipRow]
    burn_up: BurnUp
    charts: dict
    overdue: list[progress.VillageLine]
    overdue_total: int
    reports: list[ReportLine]
    reported: int
    pending: list[Note]
    pending_total: int
    exceptions: list[Note]
    exceptions_open: int
    overrides: list[Note]
    overrides_total: int
    refreshed_at: datetime | None


def dashboard(user, campaign: Campaign, *, at: datetime) -> Dashboard:
    """Everything on the page, limited to what the user sees."""
    today = timezone.localdate(at)
    rows = progress.township_progress(
        user, campaign, today=today, women=below_of_township(), **report_of(today)
    )
    figures = progress.totals(rows)
    overdue_total = sum(row.overdue for row in rows)
    reports = report_lines(campaign, rows, at=at)
    reported = sum(1 for line in reports if line.is_reported)
    notes = board_notes(user, campaign)
    burned = burn_up(user, campaign, total=figures["elections"], today=today)
    stages = progress.stage_cells(figures)
    known = cockpit.Known(
        burned, overdue_total, reports, notes["asked"].total, notes["pending"].total
    )
    desk = cockpit.desk_of(user)
    is_coordinator = desk == cockpit.Desk.COORDINATOR
    may_count = not is_coordinator and can_read_statistics(user, campaign)
    return Dashboard(
        desk=desk,
        lines=cockpit.lines(user, campaign, known, today=today),
        due_next=cockpit.due_next(user, campaign, today=today) if is_coordinator else [],
        complaints=headline(user, campaign, as_of=today) if may_count else None,
        rows=rows,
        cards=[
            *cards(campaign, figures, overdue_total, reported, len(reports)),
            women_card(campaign, rows),
        ],
        stages=stages,
        grid=progress.campaign_grid(campaign, rows),
        burn_up=burned,
        charts={"stages": stages_chart(stages), "days": days_chart(burned)},
        overdue=progress.longest_overdue(user, campaign, today=today),
        overdue_total=overdue_total,
        reports=reports,
        reported=reported,
        pending=notes["pending"].lines,
        pending_total=notes["pending"].total,
        exceptions=notes["exception"].lines,
        overrides=notes["override"].lines,
        overrides_total=notes["override"].total,
        exceptions_open=notes["asked"].total,
        refreshed_at=max((row.refreshed_at for row in rows), default=None),
    )


def overrides(user, campaign: Campaign) -> QuerySet:
    """What the county let go on in the user's area, the latest first; withdrawn ones too."""
    return (
        StageOverride.objects.visible_to(user)
        .filter(election__campaign=campaign)
        .select_related("election__village", "election__township", "withdrawn_by")
        .order_by("-at", "-pk")
    )


def cards(
    campaign: Campaign, figures: dict[str, int], overdue: int, reported: int, due: int
) -> list[Card]:
    """The stat cards. Every one leads to the rows it counts."""
    villages = reverse("village_list", kwargs={"pk": campaign.pk})
    people = reverse("elected_list", kwargs={"pk": campaign.pk})
    total = figures["elections"]
    elected = figures[f"settled_{Stage.COMMITTEE_BALLOT}"]
    members, secretaries = figures["committee_members"], figures["secretaries"]

    def share(label: str, part: int, url: str) -> Card:
        percent = rules.percent(part, total)
        return Card(label, part, "个", url, rules.share(part, total), percent=percent)

    return [
        share("完成换届", figures["completed"], f"{villages}?state=completed"),
        share("完成党员大会选举", elected, f"{villages}?done={Stage.COMMITTEE_BALLOT}"),
        Card(
            "班子成员",
            members,
            "名",
            people,
            f"女{figures['committee_women']} 新当选{figures['committee_new']} "
            f"连任{figures['committee_reelected']}",
        ),
        Card(
            "书记",
            secretaries,
            "名",
            f"{people}?post={ElectedPostKind.SECRETARY}",
            f"女{figures['secretary_women']} 新当选{figures['secretary_new']} "
            f"连任{figures['secretary_reelected']}",
        ),
        Card(
            "逾期村",
            overdue,
            "个",
            f"{villages}?state=overdue",
            rules.share(overdue, total),
            "danger" if overdue else "",
        ),
        Card(
            "红色村",
            figures["risk_red"],
            "个",
            f"{villages}?risk={Grade.RED}",
            f"黄{figures['risk_yellow']} 绿{figures['risk_green']}",
            "danger" if figures["risk_red"] else "",
        ),
        Card(
            "今日日报",
            reported,
            "份",
            "#reports-today",
            f"已报{reported} / 应报{due}",
            "warning" if reported < due else "",
        ),
    ]


def women_card(campaign: Campaign, rows: list[TownshipProgress]) -> Card:
    """Villages below the minimum of women at any of the three gates."""

    def total(state: str) -> int:
        return sum((row.women or {}).get(state, 0) for row in rows)

    villages, excepted = total("villages"), total("excepted")
    return Card(
        "女性未达标村",
        villages,
        "个",
        f"{reverse('women_gates', kwargs={'pk': campaign.pk})}?state=below",
        f"已批准例外{excepted} 待批{total('asked')}",
        "warning" if villages > excepted else "",
    )


def report_of(day: date) -> dict[str, Subquery]:
    """For a row with `campaign` and `township`: when its report of `day` was sent, and whether too late."""
    report = DailyReport.objects.current().filter(
        campaign=OuterRef("campaign"), township=OuterRef("township"), day=day
    )
    return {
        "reported_at": Subquery(report.values("confirmed_at")[:1]),
        "reported_late": Subquery(report.values("is_late")[:1]),
    }


def report_lines(
    campaign: Campaign, rows: list[TownshipProgress], *, at: datetime
) -> list[ReportLine]:
    """The townships that owe a report today, each with its report if it is there; rows as read with `report_of`."""
    local = timezone.localtime(at)
    if not reports_today(campaign, today=local.date()):
        return []
    missing = ("missing", "未上报")
    if rules.is_after_cutoff(local, cutoff=campaign.daily_cutoff):
        missing = ("late", "已过截止，未上报")
    lines = []
    for row in rows:
        if not row.elections:
            continue
        state, label = missing
        if row.reported_at:
            state, label = ("late", "迟报") if row.reported_late else ("done", "已上报")
        lines.append(ReportLine(row.township, row.reported_at, state, label))
    return lines


def stages_chart(stages: tuple[progress.StageCell, ...]) -> dict:
    """What the bars draw: plain lists for the script, the same numbers as the table beside them."""
    return {
        "labels": [cell.head.spec.label for cell in stages],
        "short": [cell.head.short for cell in stages],
        "done": [cell.done for cell in stages],
        "open": [cell.total - cell.done for cell in stages],
    }
