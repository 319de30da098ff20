"""Background work as rows: asking, leasing, progress, finishing. Celery only hints at it."""

import logging
import uuid
from datetime import date, datetime, timedelta

from celery import current_app
from django.db import transaction
from django.db.models import Q
from kombu.exceptions import OperationalError

from accounts import audit
from accounts.errors import Conflict
from accounts.models import User
from accounts.problems import Problem
from elections.models import Campaign
from villages.scoping import post_of

from ..enums import DOCUMENT_JOBS, LIVE_JOBS, JobKind, JobStatus
from ..models import Bulletin, Job
from ..permissions import check_can_manage_job, check_can_produce

log = logging.getLogger(__name__)

#: A worker that has not renewed its lease for this long is taken for dead. It renews it every HEARTBEAT seconds, so
#: that with the sweeper (config/schedule.py) a dead worker's job is taken up again well within a minute.
LEASE = timedelta(seconds=20)
HEARTBEAT = 5.0
MOST_ATTEMPTS = 3
TASK = "reporting.tasks.run_job"
#: The queue of a job's kind; documents go to "reports".
QUEUES = {
    JobKind.IMPORT_CHECK: "imports",
    JobKind.IMPORT_APPLY: "imports",
    JobKind.EXPORT: "exports",
}


class Stopped(Exception):
    """The job is no longer this worker's: cancelled, or taken by another after the lease ended. Store nothing."""


@transaction.atomic
def request_closing_report(*, campaign: Campaign, as_of: date, by: User, at: datetime) -> Job:
    """Ask for a closing report; asking again while one is under way returns that one. Raises Forbidden."""
    check_can_produce(by, campaign)
    Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    live = Job.objects.filter(
        kind=JobKind.CLOSING_REPORT, campaign=campaign, as_of=as_of, status__in=LIVE_JOBS
    ).first()
    if live:
        return live
    job = queue_job(kind=JobKind.CLOSING_REPORT, campaign=campaign, as_of=as_of, by=by, at=at)
    _requested(job, by=by, at=at)
    return job


def queue_job(
    *, kind: JobKind, campaign: Campaign, as_of: date, by: User | None, at: datetime
) -> Job:
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
    transaction.on_commit(lambda: hint(job))
    return job


@transaction.atomic
def request_bulletin(*, campaign: Campaign, day: date, at: datetime, by: User | None) -> Job | None:
    """Ask for a day's bulletin. Staff (`by`) always get a job: the one under way, or a new one. For beat (None) there is
    one per day: None when the day has its bulletin or was asked for before. Raises Forbidden."""
    if by is not None:
        check_can_produce(by, campaign)
    Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    asked = Job.objects.filter(kind=JobKind.BULLETIN, campaign=campaign, as_of=day)
    if by is None:
        if asked.exists() or Bulletin.objects.filter(campaign=campaign, day=day).exists():
            return None
    else:
        live = asked.filter(status__in=LIVE_JOBS).first()
        if live:
            return live
    job = queue_job(kind=JobKind.BULLETIN, campaign=campaign, as_of=day, by=by, at=at)
    if by is not None:
        _requested(job, by=by, at=at)
    return job


def _lock(job: Job) -> Job:
    return (
        Job.objects.select_for_update(of=("self",)).select_related("campaign__area").get(pk=job.pk)
    )


def _requested(job: Job, *, by: User, at: datetime) -> None:
    after = {"kind": job.kind, "as_of": str(job.as_of)}
    _record(job, "job.requested", by=by, at=at, changes={"after": after})


def _record(job: Job, action: str, *, by: User, at: datetime, **more) -> None:
    audit.record(
        action=action,
        by=by,
        at=at,
        target=job,
        post=post_of(by),
        campaign_id=job.campaign_id,
        **more,
    )


@transaction.atomic
def retry_job(*, job: Job, by: User, at: datetime) -> Job:
    """Put a failed or cancelled job back into the queue. Raises Forbidden, Conflict (the same is under way again)."""
    job = _lock(job)
    check_can_manage_job(by, job)
    if job.status not in (JobStatus.FAILED, JobStatus.CANCELLED):
        return job
    same = Job.objects.filter(
        kind=job.kind, campaign=job.campaign, as_of=job.as_of, status__in=LIVE_JOBS
    )
    if job.kind in DOCUMENT_JOBS and same.exists():
        raise Conflict(Problem("live", "同样的任务已经在办理：请看任务列表。"))
    job.status, job.attempts, job.message = JobStatus.QUEUED, 0, "等待重新开始"
    job.progress, job.finished_at = 0, None
    job.save()
    _record(job, "job.retried", by=by, at=at)
    transaction.on_commit(lambda: hint(job))
    return job


@transaction.atomic
def cancel_job(*, job: Job, by: User, at: datetime) -> Job:
    """Take a job out of the queue, or stop the worker before it stores anything. Raises Forbidden, Conflict (already
    finished)."""
    job = _lock(job)
    check_can_manage_job(by, job)
    if job.status == JobStatus.CANCELLED:
        return job
    if job.status not in LIVE_JOBS:
        raise Conflict(Problem("finished", f"任务{job.get_status_display()}，不能取消。"))
    job.status, job.finished_at, job.lease_until = JobStatus.CANCELLED, at, None
    job.message = f"{by.name}取消"
    job.save()
    _record(job, "job.cancelled", by=by, at=at)
    return job


def hint(job: Job) -> None:
    """Tell a worker at once, on the queue of the job's kind. Without a broker the sweeper finds the job in seconds."""
    try:
        current_app.send_task(
            TASK,
            kwargs={"job_id": str(job.pk)},
            queue=QUEUES.get(job.kind, "reports"),
            retry=False,
        )
    except OperationalError as error:
        log.warning("no broker, job %s waits for the sweeper: %s", job.pk, error)


@transaction.atomic
def take_job(*, job_id: uuid.UUID, at: datetime) -> Job | None:
    """Lease a queued job, or one whose worker died, for this worker; None when somebody else has it."""
    job = (
        Job.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("campaign__area")
        .filter(pk=job_id)
        .filter(Q(status=JobStatus.QUEUED) | _deserted(at))
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


def _mine(job: Job):
    """The job's row as long as this worker's attempt is the one that counts."""
    return Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING, attempts=job.attempts)


def progress_job(*, job: Job, progress: int, message: str, at: datetime) -> None:
    """Show how far a running job is, and renew its lease. Raises Stopped (cancelled, or taken by another worker)."""
    if not _mine(job).update(progress=progress, message=message, lease_until=at + LEASE):
        raise Stopped(str(job.pk))


def renew_lease(*, job: Job, at: datetime) -> bool:
    """Say that the worker lives; False once the job is no longer its own."""
    return bool(_mine(job).update(lease_until=at + LEASE))


def hold_job(job: Job) -> None:
    """Inside the transaction that stores what a job makes: nobody cancels or takes it meanwhile. Raises Stopped."""
    if not _mine(job).select_for_update(of=("self",)).first():
        raise Stopped(str(job.pk))


def finish_job(*, job: Job, at: datetime) -> None:
    """In the transaction that held the job, or after the work; repeating it changes nothing."""
    _mine(job).update(
        status=JobStatus.DONE, progress=100, message="已完成", finished_at=at, lease_until=None
    )


def fail_job(*, job: Job, reason: str, at: datetime) -> None:
    """Give up this attempt: queued again until the attempts are used up, then failed with the reason."""
    last = job.attempts >= MOST_ATTEMPTS
    _mine(job).update(
        status=JobStatus.FAILED if last else JobStatus.QUEUED,
        message=reason[:500],
        finished_at=at if last else None,
        lease_until=None,
    )


def _deserted(at: datetime) -> Q:
    """Running, but nobody renews the lease; or it ends so late that the clock must have been set back since."""
    return Q(status=JobStatus.RUNNING) & (Q(lease_until__lt=at) | Q(lease_until__gt=at + 2 * LEASE))


def waiting_jobs(*, at: datetime) -> list[Job]:
    """Jobs that nobody works on: queued, or leased by a worker that died."""
    return list(
        Job.objects.filter(Q(status=JobStatus.QUEUED) | _deserted(at)).order_by("requested_at")[
            :100
        ]
    )
