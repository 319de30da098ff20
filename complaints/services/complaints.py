"""Registering and settling complaints. Contents never enter the audit trail."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from elections.models import Campaign, RepresentativeChallenge, VillageElection
from villages.scoping import post_of

from ..enums import Conclusion
from ..models import Complaint
from ..permissions import check_can_handle


def _record(complaint: Complaint, action: str, *, by: User, at: datetime) -> None:
    audit.record(
        action=action,
        by=by,
        at=at,
        target=complaint,
        post=post_of(by),
        campaign_id=complaint.campaign_id,
        chain=f"complaints:{complaint.village.county_id}",
    )


@transaction.atomic
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
    """Register one complaint about a village's election, perhaps about an objection to one of its representatives;
    numbers run per campaign. Raises Forbidden, Refused."""
    check_can_handle(by, election)
    problems = []
    if received_at > at:
        problems.append(Problem("received_at", "收到时间在现在之后：请核对。"))
    if not summary.strip():
        problems.append(Problem("summary", "请填写主要内容。"))
    if challenge and challenge.election_id != election.pk:
        problems.append(Problem("challenge", "所选的资格异议不是这个村的：请重选。"))
    if problems:
        raise Refused(*problems)
    # The campaign's row serializes the numbering.
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=election.campaign_id)
    count = Complaint.objects.filter(campaign=campaign).count()
    complaint = Complaint.objects.create(
        number=f"XF{timezone.localdate(received_at):%Y}-{campaign.pk:02d}-{count + 1:04d}",
        campaign=campaign,
        village_id=election.village_id,
        election=election,
        challenge=challenge,
        channel=channel,
        cause=cause,
        summary=summary.strip(),
        received_at=received_at,
        blocks_notice=blocks_notice,
        registered_by=by,
    )
    _record(complaint, "complaint.registered", by=by, at=at)
    return complaint


@transaction.atomic
def settle_complaint(
    *, complaint: Complaint, conclusion: Conclusion, handling: str, by: User, at: datetime
) -> Complaint:
    """Settle a complaint once, with conclusion and handling. Raises Forbidden, Refused."""
    complaint = (
        Complaint.objects.select_for_update(of=("self",))
        .select_related("village")
        .get(pk=complaint.pk)
    )
    check_can_handle(by, complaint.village)
    if complaint.settled_at:
        raise Refused(Problem("settled", "这件信访已经办结：如有新情况，请另行登记。"))
    if not handling.strip():
        raise Refused(Problem("handling", "请填写处理情况。"))
    complaint.conclusion, complaint.handling = conclusion, handling.strip()
    complaint.settled_at, complaint.settled_by = at, by
    complaint.save(update_fields=["conclusion", "handling", "settled_at", "settled_by"])
    _record(complaint, "complaint.settled", by=by, at=at)
    return complaint
