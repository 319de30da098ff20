"""What waits for discipline staff, in the shape of the other duties: numbers and places, never what a letter says.

A duty is shown to whoever may see the complaint, and to nobody else.
"""

from django.db.models import QuerySet
from django.urls import reverse

from accounts.enums import Role
from elections.models import Campaign
from groundwork.selectors.duties import DutyLines
from villages.scoping import has_role

from ..enums import Status
from ..models import Complaint, Extension, OpinionIncident
from .complaints import to_decide

PLACE = ("township", "village")


def _place(row) -> str:
    return "".join(unit.name for unit in (row.township, row.village) if unit) or "地点未说明"


def _complaint(words: str):
    """The line of a complaint: its number and place, and what is due when."""

    def line(row: Complaint) -> tuple[str, str]:
        url = reverse("complaint_detail", kwargs={"pk": row.pk})
        return (
            f"{row.number}（{_place(row)}）{row.due_day.month}月{row.due_day.day}日前{words}",
            url,
        )

    return line


def _extension(row: Extension) -> tuple[str, str]:
    url = reverse("complaint_detail", kwargs={"pk": row.complaint_id})
    return f"{row.complaint.number}：{row.asked_by.name}申请延期{row.days}天", url


def _incident(row: OpinionIncident) -> tuple[str, str]:
    url = reverse("opinion_detail", kwargs={"pk": row.pk})
    return f"{row.number}（{row.get_level_display()}）{row.title}：还没有报送", url


ACCEPT = DutyLines(title="待受理的信访件", line=_complaint("受理"), due="accept_by", related=PLACE)
SETTLE = DutyLines(title="办理中的信访件", line=_complaint("办结"), due="settle_by", related=PLACE)
EXTEND = DutyLines(
    title="待审批的信访延期",
    line=_extension,
    due="asked_at__date",
    related=("complaint", "asked_by"),
)
REPORT = DutyLines(title="待报送的舆情", line=_incident, due="seen_at__date", related=PLACE)


def letter_duties(user, campaign: Campaign) -> list[tuple[DutyLines, QuerySet]]:
    """What this user has to do about complaints and public opinion, the most urgent first. Nothing for other roles;
    costs nothing until it is read."""
    if not has_role(user, Role.DISCIPLINE):
        return []
    seen = Complaint.objects.visible_to(user).filter(campaign=campaign)
    working = (Status.ACCEPTED, Status.CONCLUDED)
    incidents = OpinionIncident.objects.visible_to(user).open().filter(campaign=campaign)
    return [
        (ACCEPT, seen.filter(status=Status.RECEIVED).order_by("accept_by", "pk")),
        (SETTLE, seen.filter(status__in=working).order_by("settle_by", "pk")),
        (EXTEND, to_decide(user, seen).order_by("asked_at", "pk")),
        (REPORT, incidents.filter(reported_at__isnull=True).order_by("seen_at", "pk")),
    ]
