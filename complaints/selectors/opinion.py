"""What the page of an incident shows."""

from dataclasses import dataclass
from datetime import datetime

from .. import rules
from ..models import Complaint, OpinionIncident

_STATES = {
    "none": ("na", "没有时限要求"),
    "due": ("submitted", "待报送"),
    "done": ("done", "已报送"),
    "late": ("late", "报送超时"),
    "missing": ("late", "超时未报送"),
}


@dataclass(frozen=True)
class Line:
    """An incident of a list, with how its report stands."""

    incident: OpinionIncident
    tone: str
    words: str


def line_of(incident: OpinionIncident, *, at: datetime) -> Line:
    standing = reporting(incident, at=at)
    tone, words = _STATES[standing.state]
    return Line(incident, tone, words)


def reporting(incident: OpinionIncident, *, at: datetime) -> rules.Reporting:
    return rules.reporting_of(
        level=incident.level, seen_at=incident.seen_at, reported_at=incident.reported_at, at=at
    )


def matters_seen(user, incident: OpinionIncident) -> list:
    """Linked matters of which the user sees a complaint: (number of the matter, complaint). Nothing for others, as if
    there were none."""
    complaints = (
        Complaint.objects.visible_to(user)
        .filter(matter__in=incident.matters.all())
        .select_related("matter")
        .order_by("matter__number", "received_at", "pk")
    )
    return [(complaint.matter.number, complaint) for complaint in complaints]
