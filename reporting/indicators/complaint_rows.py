"""The records behind the figures of complaints and public opinion.

Complaints: those that count here; what is about the area's own leaders is held, and counted, above it. A complaint that
names no village counts in its township, one that names no township in the whole campaign.
"""

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from complaints import rules as complaint_rules
from complaints.enums import Dimension
from complaints.models import Complaint, LastTermFigure, OpinionIncident

from .base import Scope


def complaints(scope: Scope) -> QuerySet:
    rows = Complaint.objects.counted().filter(
        campaign=scope.campaign, received_at__date__lte=scope.as_of
    )
    if scope.is_whole:
        return rows
    return rows.filter(
        Q(election__in=scope.ids) | Q(election__isnull=True, township__in=scope.township_ids)
    )


def complaints_settled(scope: Scope) -> QuerySet:
    return complaints(scope).filter(settled_at__date__lte=scope.as_of)


def complaints_due(scope: Scope) -> QuerySet:
    """Settled, or not though the day for it has passed."""
    rows = complaints(scope)
    settled = Q(settled_at__date__lte=scope.as_of)
    return rows.filter(settled | Q(settle_by__lt=scope.as_of))


def complaints_on_time(scope: Scope) -> QuerySet:
    return complaints_settled(scope).filter(settled_at__date__lte=F("settle_by"))


def last_term(scope: Scope) -> QuerySet:
    """上届件数 as it was recorded; only for the whole campaign, because no smaller figure was."""
    rows = LastTermFigure.objects.filter(campaign=scope.campaign, dimension=Dimension.TOTAL)
    return rows if scope.is_whole else rows.none()


def last_term_count(scope: Scope) -> int | None:
    return last_term(scope).values_list("count", flat=True).first()


def change(scope: Scope) -> int | None:
    before = last_term_count(scope)
    return None if before is None else complaints(scope).count() - before


FIRST = (("reported_at", "汇报"), ("investigated_at", "调查"), ("informed_at", "向群众说明"))


def first_responses(scope: Scope) -> QuerySet:
    """Complaints with at least one of the three first moments by the day."""
    any_of = Q()
    for column, _ in FIRST:
        any_of |= Q(**{f"{column}__date__lte": scope.as_of})
    return complaints(scope).filter(any_of)


def hours_to_first(scope: Scope) -> dict[str, float | None]:
    """The median hours from receipt to each of the three moments; None where there is none yet."""
    columns = [column for column, _ in FIRST]
    rows = list(first_responses(scope).values("received_at", *columns))
    return {
        label: complaint_rules.median_hours(
            row[column] - row["received_at"]
            for row in rows
            if row[column] and timezone.localdate(row[column]) <= scope.as_of
        )
        for column, label in FIRST
    }


def opinion(scope: Scope) -> QuerySet:
    rows = OpinionIncident.objects.filter(campaign=scope.campaign, seen_at__date__lte=scope.as_of)
    # What is kept from a township is no part of its own figure.
    if scope.is_whole:
        return rows
    return rows.filter(township__in=scope.township_ids, withheld=False)


def opinion_settled(scope: Scope) -> QuerySet:
    return opinion(scope).filter(closed_at__date__lte=scope.as_of)
