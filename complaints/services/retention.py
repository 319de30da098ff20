"""Keeping and destroying records of complaints: two people, never under a hold, never before the day.

Whoever sees the record may propose and decide. What is destroyed: the row with everything that hangs on it, the keys of
contents and identity with it, then the files. What stays: the disposal with number, category and days, who asked to see
the identity, and the audit trail; none of them says what the record was about.
"""

from datetime import date, datetime

from django.core.files.storage import Storage
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import Conflict, Refused
from accounts.models import User
from accounts.problems import Problem
from elections.models import Campaign
from villages.scoping import post_of

from .. import rules
from ..models import Attachment, Complaint, Disposal, LegalHold, Matter, RetentionPeriod
from ..permissions import check_can_handle, check_can_set_retention
from ..selectors.retention import kept_until
from .intake import recorded


def _locked(complaint: Complaint, by: User) -> Complaint:
    complaint = (
        Complaint.objects.select_for_update(of=("self",))
        .select_related("campaign", "held_by")
        .get(pk=complaint.pk)
    )
    check_can_handle(by, complaint)
    return complaint


@transaction.atomic
def set_retention(*, campaign: Campaign, years: dict[str, int], by: User, at: datetime) -> None:
    """Category → years, for all categories. Raises Forbidden, Refused."""
    check_can_set_retention(by, campaign)
    if any(not 1 <= number <= 100 for number in years.values()):
        raise Refused(Problem("years", "保管年数应在1到100之间。", rules.RETENTION_RULE))
    before = dict(
        RetentionPeriod.objects.filter(campaign=campaign).values_list("category", "years")
    )
    for category, number in years.items():
        RetentionPeriod.objects.update_or_create(
            campaign=campaign, category=category, defaults={"years": number}
        )
    audit.record(
        action="retention.set",
        by=by,
        at=at,
        target=campaign,
        changes={"before": before, "after": years},
        post=post_of(by),
        campaign_id=campaign.pk,
        chain=f"complaints:{campaign.area_id}",
    )


@transaction.atomic
def place_hold(*, complaint: Complaint, reason: str, by: User, at: datetime) -> LegalHold:
    """暂缓销毁; a proposal that waits is refused with it. Raises Forbidden, Refused, Conflict."""
    complaint = _locked(complaint, by)
    if not reason.strip():
        raise Refused(Problem("reason", "请填写暂缓销毁的理由。"))
    if complaint.holds.filter(lifted_at__isnull=True).exists():
        raise Conflict(Problem("hold", "这件已经暂缓销毁。"))
    hold = LegalHold.objects.create(
        complaint=complaint,
        reason_sealed=complaint.sealed(reason.strip()),
        placed_by=by,
        placed_at=at,
    )
    recorded(complaint, "complaint.hold_placed", by=by, at=at)
    return hold


@transaction.atomic
def lift_hold(*, complaint: Complaint, by: User, at: datetime) -> None:
    """Let the complaint go when its time comes; destroying it still takes two people. Raises Forbidden, Refused (there is
    no hold)."""
    complaint = _locked(complaint, by)
    hold = complaint.holds.filter(lifted_at__isnull=True).first()
    if hold is None:
        raise Refused(Problem("hold", "这件没有暂缓销毁。"))
    hold.lifted_by, hold.lifted_at = by, at
    hold.save(update_fields=["lifted_by", "lifted_at"])
    recorded(complaint, "complaint.hold_lifted", by=by, at=at)


def _check_may_go(complaint: Complaint, *, today: date) -> date:
    """The last day it was to be kept. Raises Refused."""
    if complaint.is_open:
        raise Refused(Problem("open", f"{complaint.number}还没有办结，不能销毁。"))
    until = kept_until(complaint)
    problems = []
    if today <= until:
        words = f"{complaint.number}保管至{until:%Y年%-m月%-d日}，未到期不能销毁。"
        problems.append(Problem("kept", words, rules.RETENTION_RULE))
    if complaint.holds.filter(lifted_at__isnull=True).exists():
        problems.append(Problem("hold", f"{complaint.number}已暂缓销毁：先解除，才能销毁。"))
    if problems:
        raise Refused(*problems)
    return until


@transaction.atomic
def propose_disposal(
    *, complaint: Complaint, by: User, at: datetime, today: date | None = None
) -> Disposal:
    """The first of two people. Raises Forbidden, Refused (open, kept, held), Conflict (proposed already)."""
    complaint = _locked(complaint, by)
    until = _check_may_go(complaint, today=today or timezone.localdate(at))
    waiting = Disposal.objects.filter(complaint_number=complaint.number, approved__isnull=True)
    if waiting.exists():
        raise Conflict(Problem("proposed", f"{complaint.number}已经提出销毁，等另一人确认。"))
    disposal = Disposal.objects.create(
        complaint=complaint,
        complaint_number=complaint.number,
        campaign=complaint.campaign,
        category=complaint.category,
        kept_until=until,
        proposed_by=by,
        proposed_at=at,
    )
    recorded(complaint, "complaint.disposal_proposed", by=by, at=at)
    return disposal


@transaction.atomic
def decide_disposal(
    *, disposal: Disposal, approved: bool, by: User, at: datetime, today: date | None = None
) -> Disposal:
    """The second person agrees, and the record is gone, or does not. Raises Forbidden, Refused, Conflict."""
    disposal = (
        Disposal.objects.select_for_update(of=("self",))
        .select_related("complaint")
        .get(pk=disposal.pk)
    )
    if disposal.approved is not None or disposal.complaint is None:
        raise Conflict(Problem("decided", "这项销毁已经决定过。"))
    complaint = _locked(disposal.complaint, by)
    if by.pk == disposal.proposed_by_id:
        raise Refused(Problem("second", "销毁须由两人办理：请提出人以外的另一人确认。"))
    if approved:
        _check_may_go(complaint, today=today or timezone.localdate(at))
    files = list(Attachment.objects.filter(complaint=complaint))
    disposal.approved, disposal.decided_by, disposal.decided_at = approved, by, at
    disposal.files = len(files) if approved else 0
    disposal.save(update_fields=["approved", "decided_by", "decided_at", "files"])
    action = "complaint.destroyed" if approved else "complaint.disposal_refused"
    recorded(complaint, action, by=by, at=at)
    if approved:
        _destroy(complaint, files)
        disposal.complaint = None
    return disposal


def _destroy(complaint: Complaint, files: list[Attachment]) -> None:
    """Row and keys now, files once that is certain: a file that stays behind after a fault has no key any more."""
    stored: list[tuple[Storage, str]] = [(row.file.storage, row.file.name) for row in files]
    matter_id = complaint.matter_id
    complaint.delete()
    Matter.objects.filter(pk=matter_id, complaints__isnull=True).delete()

    def remove() -> None:
        for storage, name in stored:
            storage.delete(name)

    transaction.on_commit(remove)
