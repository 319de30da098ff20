"""Registering and settling complaints. Contents never enter the audit trail."""

from datetime import datetime

from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from elections.models import RepresentativeChallenge, VillageElection

from ..enums import Conclusion, Status, Step
from ..models import Complaint
from ..permissions import check_can_handle
from .intake import About, noted, receive_complaint, recorded


def locked(complaint: Complaint, *, by: User) -> Complaint:
    """The complaint's row as it is now, locked. Raises Forbidden (not among those who handle it)."""
    complaint = (
        Complaint.objects.select_for_update(of=("self",))
        .select_related("campaign", "held_by")
        .get(pk=complaint.pk)
    )
    check_can_handle(by, complaint)
    return complaint


def locked_open(complaint: Complaint, *, by: User) -> Complaint:
    """As `locked`. Raises Forbidden, Refused (settled already)."""
    complaint = locked(complaint, by=by)
    if not complaint.is_open:
        raise Refused(Problem("settled", "这件信访已经办结：如有新情况，请另行登记。"))
    return complaint


def register_complaint(
    *,
    election: VillageElection,
    channel: str,
    cause: str,
    summary: str,
    received_at: datetime,
    blocks_notice: bool,
    by: User,
    at: datetime,
    challenge: RepresentativeChallenge | None = None,
) -> Complaint:
    """Register one anonymous complaint about a village's election, perhaps about an objection to one of its
    representatives. Raises Forbidden, Refused."""
    return receive_complaint(
        campaign=election.campaign,
        about=About(election=election, challenge=challenge),
        channel=channel,
        cause=cause,
        summary=summary,
        received_at=received_at,
        blocks_notice=blocks_notice,
        by=by,
        at=at,
    )


@transaction.atomic
def settle_complaint(
    *,
    complaint: Complaint,
    conclusion: Conclusion,
    handling: str,
    by: User,
    at: datetime,
    reply: str = "",
) -> Complaint:
    """Settle a complaint once: conclusion, handling, and what the reporter is told. Raises Forbidden, Refused."""
    complaint = locked_open(complaint, by=by)
    if not handling.strip():
        raise Refused(Problem("handling", "请填写处理情况。"))
    complaint.conclusion = conclusion
    complaint.handling_sealed = complaint.sealed(handling.strip())
    complaint.reply_sealed = complaint.sealed(reply.strip())
    complaint.status = Status.SETTLED
    complaint.concluded_at = complaint.concluded_at or at
    complaint.settled_at, complaint.settled_by = at, by
    complaint.save()
    noted(complaint, Step.SETTLED, by=by, at=at)
    recorded(complaint, "complaint.settled", by=by, at=at)
    return complaint
