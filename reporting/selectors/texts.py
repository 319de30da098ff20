"""Words of the closing report as they hold, and what the townships wrote in their daily reports."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from elections.models import Campaign

from ..models import DailyReport, ReportText


def current_texts(campaign: Campaign, rows: QuerySet | None = None) -> list[ReportText]:
    """The newest version of each section that has one (one query). `rows`: those that somebody sees; for the document
    itself all of them."""
    found = (ReportText.objects.all() if rows is None else rows).filter(campaign=campaign)
    newest = found.order_by("section", "-version").distinct("section")
    return list(newest.select_related("written_by"))


@dataclass(frozen=True)
class Told:
    """What one township wrote in one daily report."""

    day: date
    township: str
    problems: str
    practices: str


def told(user, campaign: Campaign, *, most: int = 60) -> list[Told]:
    """问题 and 做法 of the daily reports that the user sees as they stand now, the newest first (one query)."""
    rows = (
        DailyReport.objects.current()
        .visible_to(user)
        .filter(campaign=campaign)
        .exclude(problems="", practices="")
        .select_related("township")
        .order_by("-day", "township__code")
    )
    return [Told(r.day, r.township.name, r.problems, r.practices) for r in rows[:most]]
