"""Background work as rows: asking, leasing, progress, finishing. Celery only hints at it."""

import logging
import uuid
from datetime import date, datetime, timedelta

from celery import current_app
from django.db import transaction
from django.db.models import Q
from kombu.exceptions import OperationalError

from accounts import audit
from accounts.models import User
from elections.models import Campaign
from villages.scoping import post_of

from ..enums import JobKind, JobStatus
from ..models import Job
from ..permissions import check_can_produce

log = logging.getLogger(__name__)

#: A worker that has not renewed its lease for this long is taken for dead.
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 3
LIVE = (JobStatus.QUEUED, JobStatus.RUNNING)
TASK = "reporting.tasks.run_job"


@transaction.atomic
def request_closing_report(*, campaign: Campaign, as_of: date, by: User, at: datetime) -> Job:
    """Ask for a closing report; asking again while one is under way returns that one. Raises Forbidden."""
    check_can_produce(by, campaign)
    Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    live = Job.objects.filter(
        kind=JobKind.CLOSING_REPORT, campaign=campaign, as_of=as_of, status__in=LIVE
    ).first()
    if live:
        return live
    job = queue_job(kind=JobKind.CLOSING_REPORT, campaign=campaign, as_of=as_of, by=by, at=at)
    audit.record(
        action="job.requested",
        by=by,
        at=at,
        target=job,
        post=post_of(by),
        campaign_id=campaign.pk,
        changes={"after": {"kind": job.kind, "as_of": str(as_of)}},
    )
    return job


def queue_job(*, kind: JobKind, campaign: Campaign, as_of: date, by: User, at: datetime) -> Job:
    """A new job, and a hint to the workers once the caller's transaction is committed. The caller has the permission
    and writes the audit row."""
    job = Job.objects.create(
        kind=kind,
        campaign=campaign,
        as_of=as_of,
        requested_by=by,
        requested_at=at,
        message="等待开始",
    )
    transaction.on_commit(lambda: hint(job.pk))
    return job


@transaction.atomic
def retry_job(*, job: Job, by: User, at: datetime) -> Job:
    """Put a failed job back into the queue. Raises Forbidden."""
    job = (
        Job.objects.select_for_update(of=("self",)).select_related("campaign__area").get(pk=job.pk)
    )
    check_can_produce(by, job.campaign)
    if job.status == JobStatus.FAILED:
        job.status, job.attempts, job.message = JobStatus.QUEUED, 0, "等待重新开始"
        job.progress, job.finished_at = 0, None
        job.save()
        audit.record(
            action="job.retried",
            by=by,
            at=at,
            target=job,
            post=post_of(by),
            campaign_id=job.campaign_id,
        )
        transaction.on_commit(lambda: hint(job.pk))
    return job


def hint(job_id: uuid.UUID) -> None:
    """Tell a worker at once. Without a broker the sweeper finds the job within a minute."""
    try:
        current_app.send_task(TASK, kwargs={"job_id": str(job_id)}, retry=False)
    except OperationalError as error:
        log.warning("no broker, job %s waits for the sweeper: %s", job_id, error)


@transaction.atomic
def take_job(*, job_id: uuid.UUID, at: datetime) -> Job | None:
    """Lease a queued job, or one whose worker died, for this worker; None when somebody else has it."""
    job = (
        Job.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("campaign__area")
        .filter(pk=job_id)
        .filter(Q(status=JobStatus.QUEUED) | Q(status=JobStatus.RUNNING, lease_until__lt=at))
        .first()
    )
    if job is None:
        return None
    if job.attempts >= MOST_ATTEMPTS:
        job.status, job.finished_at, job.lease_until = JobStatus.FAILED, at, None
        job.message = f"尝试{job.attempts}次未成功，请重试；仍不成功请联系系统管理员。"
        job.save()
        return None
    job.status, job.attempts, job.progress = JobStatus.RUNNING, job.attempts + 1, 0
    job.lease_until, job.message = at + LEASE, "已开始"
    job.save()
    return job


def progress_job(*, job: Job, progress: int, message: str, at: datetime) -> None:
    """Show how far a running job is, and renew its lease."""
    Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING).update(
        progress=progress, message=message, lease_until=at + LEASE
    )


def finish_job(*, job: Job, at: datetime) -> None:
    Job.objects.filter(pk=job.pk).update(
        status=JobStatus.DONE, progress=100, message="已完成", finished_at=at, lease_until=None
    )


def fail_job(*, job: Job, reason: str, at: datetime) -> None:
    """Give up this attempt: queued again until the attempts are used up, then failed with the reason."""
    last = job.attempts >= MOST_ATTEMPTS
    Job.objects.filter(pk=job.pk).update(
        status=JobStatus.FAILED if last else JobStatus.QUEUED,
        message=reason[:500],
        finished_at=at if last else None,
        lease_until=None,
    )


def waiting_jobs(*, at: datetime) -> list[uuid.UUID]:
    """Jobs that nobody works on: queued, or leased by a worker that died."""
    return list(
        Job.objects.filter(
            Q(status=JobStatus.QUEUED) | Q(status=JobStatus.RUNNING, lease_until__lt=at)
        )
        .order_by("requested_at")
        .values_list("pk", flat=True)[:100]
    )
