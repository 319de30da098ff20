"""What of the daily reports waits: townships without one, reports to approve, bulletins to produce anew."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.enums import Role
from elections.models import Campaign
from villages.enums import Level
from villages.scoping import area_q, has_role, postings_of

from .. import rules
from ..enums import ReportApproval
from ..models import Bulletin, DailyReport, TownshipProgress
from .daily import with_amended


def townships_without_report(campaign: Campaign, *, today: date) -> QuerySet[TownshipProgress]:
    """Rollup rows of the townships that owe the report of `today`."""
    report = DailyReport.objects.current().filter(
        campaign=campaign, township=OuterRef("township"), day=today
    )
    return (
        TownshipProgress.objects.filter(~Exists(report), campaign=campaign, elections__gt=0)
        .select_related("township")
        .order_by("township__code")
    )


def own_townships(user) -> list[int]:
    """The townships of which the user is the leader; a county's leader reads and approves nothing."""
    return [
        p.jurisdiction_id
        for p in postings_of(user)
        if p.role == Role.LEADER and p.jurisdiction.level == Level.TOWNSHIP
    ]


def to_approve(user, campaign: Campaign) -> QuerySet[DailyReport]:
    """Daily reports that wait for this township's leader."""
    return DailyReport.objects.current().filter(
        Q(township__in=own_townships(user)), campaign=campaign, approval=ReportApproval.PENDING
    )


def to_produce_anew(user, campaign: Campaign) -> QuerySet[Bulletin]:
    """Bulletins of the staff's area that used a report corrected since."""
    inside = {"prefix": "campaign__area__", "own": "campaign__area"}
    rows = Bulletin.objects.current().filter(
        area_q(user, roles=(Role.ORG_STAFF,), **inside), campaign=campaign
    )
    return with_amended(rows).filter(is_amended=True)


@dataclass(frozen=True)
class ReportWork:
    """The reports to approve and the bulletins to produce anew."""

    approvals: list[DailyReport]
    bulletins: list[Bulletin]

    @property
    def total(self) -> int:
        return len(self.approvals) + len(self.bulletins)


def report_work(user, campaign: Campaign) -> ReportWork:
    """What the page lists (one query for staff, one for a township's leader, none for others)."""
    approvals, bulletins = [], []
    if own_townships(user):
        approvals = list(
            to_approve(user, campaign).select_related("township").order_by("day", "township__code")
        )
    if has_role(user, Role.ORG_STAFF):
        bulletins = list(to_produce_anew(user, campaign).order_by("day"))
    return ReportWork(approvals, bulletins)


def banner(campaign: Campaign | None, owed: int, *, at: datetime) -> str:
    """What a coordinator's pages say from the reminder on until the report is there; `owed`: reports not yet sent."""
    if not owed:
        return ""
    local = timezone.localtime(at)
    start = rules.reminds_from(campaign.daily_cutoff, minutes=campaign.daily_reminder)
    if start is None or local.time() < start:
        return ""
    cutoff = f"{campaign.daily_cutoff:%H:%M}"
    if rules.is_after_cutoff(local, cutoff=campaign.daily_cutoff):
        return f"今日日报还没有上报，已过{cutoff}截止时间，请尽快核对上报。"
    return f"今日日报还没有上报，{cutoff}截止，请核对后上报。"
