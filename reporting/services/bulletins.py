"""换届工作简报: the day's bulletin of a campaign, once per day."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.models import User
from elections.models import Campaign
from villages.scoping import post_of

from .. import rules
from ..enums import ReportApproval
from ..models import Bulletin, DailyReport, Job, TownshipProgress
from ..permissions import check_can_produce
from ..selectors.daily import COUNTERS, day_figures
from .jobs import finish_job, hold_job


@transaction.atomic
def produce_bulletin(
    *,
    campaign: Campaign,
    day: date,
    at: datetime,
    by: User | None = None,
    again: bool = False,
    job: Job | None = None,
) -> Bulletin:
    """The bulletin of one day from the townships' reports; unreported townships count with their live figures and
    are named. One per day: another call returns it unchanged, unless staff (`by`) ask `again` for a new version, once
    per `job`. Earlier versions stay as they are.

    Raises Forbidden (somebody else than staff). `by` None: beat, at the cut-off.
    """
    campaign = (
        Campaign.objects.select_for_update(of=("self",)).select_related("area").get(pk=campaign.pk)
    )
    if by is not None:
        check_can_produce(by, campaign)
    if job:
        hold_job(job)
    versions = Bulletin.objects.filter(campaign=campaign, day=day)
    there = versions.current().first()
    if there and not again:
        return there
    made = versions.filter(job=job).first() if job else None
    if made:
        return made
    rows, unreported = _rows(campaign, day)
    if there:
        there.superseded_at = at
        there.save(update_fields=["superseded_at"])
    bulletin = Bulletin.objects.create(
        campaign=campaign,
        day=day,
        issue=there.issue if there else _next_issue(campaign),
        version=there.version + 1 if there else 1,
        summary=_summary(rows),
        rows=rows,
        unreported=unreported,
        produced_at=at,
        by_name=by.name if by else "",
        job=job,
    )
    audit.record(
        action="bulletin.produced",
        by=by,
        at=at,
        target=bulletin,
        post=post_of(by) if by else "",
        campaign_id=campaign.pk,
        changes={"after": {"issue": bulletin.issue, "version": bulletin.version}},
    )
    if job:
        finish_job(job=job, at=at)
    return bulletin


def _next_issue(campaign: Campaign) -> int:
    last = Bulletin.objects.filter(campaign=campaign).aggregate(n=Max("issue"))["n"]
    return (last or 0) + 1


def produce_bulletin_of_job(*, job: Job, at: datetime, step: Callable[[int, str], None]) -> None:
    """The bulletin that a job asks for, once: for staff a new version, for beat only while the day has none."""
    step(20, "正在汇总各乡镇日报")
    produce_bulletin(
        campaign=job.campaign,
        day=job.as_of,
        at=at,
        by=job.requested_by,
        again=job.requested_by is not None,
        job=job,
    )


def _rows(campaign: Campaign, day: date) -> tuple[list[dict], list[str]]:
    """One row per township, ranked by completion, then by each earlier step; and the names of those not reported."""
    reports = {
        r.township_id: r for r in DailyReport.objects.current().filter(campaign=campaign, day=day)
    }
    rows, unreported = [], []
    townships = (
        TownshipProgress.objects.filter(campaign=campaign, elections__gt=0)
        .select_related("township")
        .order_by("township__code")
    )
    for progress in townships:
        report = reports.get(progress.township_id)
        if report:
            figures = {
                f"{kind}_{key}": getattr(report, f"{kind}_{key}")
                for key in COUNTERS
                for kind in ("day", "total")
            }
        else:
            unreported.append(progress.township.name)
            figures = day_figures(campaign, progress.township_id, day)
        rows.append(
            {
                "township": progress.township.name,
                "elections": progress.elections,
                "reported": report is not None,
                "late": bool(report and report.is_late),
                "awaits_approval": bool(report and report.approval == ReportApproval.PENDING),
                "problems": report.problems if report else "",
                "practices": report.practices if report else "",
                **figures,
            }
        )
    return rules.ranked(rows, tuple(COUNTERS)), unreported


def _summary(rows: list[dict]) -> dict:
    """The campaign's day in figures."""
    reports = {"townships": len(rows), "reported": sum(row["reported"] for row in rows)}
    return rules.summed(rows, tuple(COUNTERS)) | reports
