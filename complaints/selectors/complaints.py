"""Reads over several complaints: repeats, figures of the list, how a day was reached."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from elections.holidays import CALENDAR
from villages.models import Jurisdiction

from .. import rules
from ..enums import Status
from ..models import Complaint, Extension

#: Another letter about the same village and problem within this time may be a repeat.
REPEAT_WITHIN = timedelta(days=180)
MOST_REPEATS = 5


def likely_repeats(
    seen: QuerySet[Complaint], *, village_id, township_id, cause: str, at: datetime
) -> list[Complaint]:
    """Complaints in sight about the same place and problem, the latest first; nothing where no place is known."""
    if not village_id and not township_id:
        return []
    place = {"village": village_id} if village_id else {"township": township_id}
    return list(
        seen.filter(**place, cause=cause, received_at__gte=at - REPEAT_WITHIN)
        .select_related("matter", "village")
        .order_by("-received_at", "-pk")[:MOST_REPEATS]
    )


@dataclass(frozen=True)
class Work:
    """What waits for discipline staff: 件, and 起 of all in sight."""

    complaints: int
    matters: int
    to_accept: int
    overdue: int
    extensions: int
    unmarked: int


def work(user, seen: QuerySet[Complaint], *, today: date) -> Work:
    """Numbers over the complaints in sight (two queries). `unmarked`: one of the three firsts is missing."""
    late = Q(status=Status.RECEIVED, accept_by__lt=today) | Q(settle_by__lt=today) & ~Q(
        status=Status.SETTLED
    )
    found = seen.aggregate(
        complaints=Count("pk"),
        matters=Count("matter", distinct=True),
        to_accept=Count("pk", filter=Q(status=Status.RECEIVED)),
        overdue=Count("pk", filter=late),
        unmarked=Count(
            "pk",
            filter=~Q(status=Status.SETTLED)
            & (
                Q(reported_at__isnull=True)
                | Q(investigated_at__isnull=True)
                | Q(informed_at__isnull=True)
            ),
        ),
    )
    return Work(**found, extensions=to_decide(user, seen).count())


def to_decide(user, seen: QuerySet[Complaint]) -> QuerySet[Extension]:
    """Extensions somebody else asked for."""
    return Extension.objects.filter(complaint__in=seen.open(), approved__isnull=True).exclude(
        asked_by=user
    )


@dataclass(frozen=True)
class ClockLine:
    """One clock of a complaint and how its day was reached."""

    label: str
    reckoning: rules.Reckoning
    done_on: date | None
    days_late: int


def clocks(complaint: Complaint, extension: Extension | None, *, today: date) -> list[ClockLine]:
    """The clocks of a complaint, with what is counted and what is not."""
    start = timezone.localdate(complaint.received_at)
    unit = complaint.days_unit
    accepted = complaint.accepted_at or complaint.settled_at
    settle = rules.reckon(start, complaint.settle_days, unit, CALENDAR)
    lines = [
        _line("受理", rules.reckon(start, complaint.accept_days, unit, CALENDAR), accepted, today),
        _line("办结", settle, None if extension else complaint.settled_at, today),
    ]
    if extension:
        more = rules.reckon(settle.day, extension.days, unit, CALENDAR)
        lines[1] = ClockLine("办结（延期前）", settle, None, 0)
        lines.append(_line("延期后办结", more, complaint.settled_at, today))
    return lines


def _line(label: str, found: rules.Reckoning, at: datetime | None, today: date) -> ClockLine:
    done_on = timezone.localdate(at) if at else None
    return ClockLine(label, found, done_on, max(0, ((done_on or today) - found.day).days))


def hours_to(complaint: Complaint, at: datetime | None) -> str:
    """Hours from receiving a complaint to one of the three firsts, in words; empty until it was done."""
    if at is None:
        return ""
    minutes = int((at - complaint.received_at).total_seconds() // 60)
    return f"{minutes // 60}小时{minutes % 60}分"


def units_about(townships: QuerySet[Jurisdiction]) -> QuerySet[Jurisdiction]:
    """Units that a complaint from these townships may be about: the townships and what is over them."""
    rows = townships.order_by()
    return Jurisdiction.objects.filter(
        Q(pk__in=rows.values("pk"))
        | Q(pk__in=rows.values("county"))
        | Q(pk__in=rows.values("city"))
    ).order_by("code")
