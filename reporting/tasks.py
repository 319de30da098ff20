"""Celery's entrance: translate an id or the clock into one service."""

import logging
import threading
import uuid
from contextlib import contextmanager
from datetime import timedelta

from celery import shared_task
from django.db import connections
from django.utils import timezone

from elections.models import Campaign

from .enums import JobKind
from .models import Bulletin, Job, KeptFigures
from .services import (
    bulletins,
    closing,
    digests,
    exports,
    imports,
    jobs,
    kept,
    reminders,
    tiers,
)

log = logging.getLogger(__name__)


@shared_task
def run_job(*, job_id: str) -> None:
    """Do one job, once, whoever else was told about it."""
    job = jobs.take_job(job_id=uuid.UUID(job_id), at=timezone.now())
    if job is None:
        return

    def step(progress: int, message: str) -> None:
        jobs.progress_job(job=job, progress=progress, message=message, at=timezone.now())

    try:
        with lease_kept(job):
            work(job, step)
    except jobs.Stopped:
        log.info("job %s was cancelled or taken by another worker", job.pk)
    except Exception:
        log.exception("job %s failed", job.pk)
        jobs.fail_job(
            job=job,
            reason="处理时出错，系统会自动再试；仍不成功时请点“重试”。",
            at=timezone.now(),
        )
    else:
        jobs.finish_job(job=job, at=timezone.now())


@contextmanager
def lease_kept(job: Job):
    """Renew the job's lease from a thread with a connection of its own, however long one statement takes."""
    done = threading.Event()

    def renew() -> None:
        try:
            while not done.wait(jobs.HEARTBEAT):
                if not jobs.renew_lease(job=job, at=timezone.now()):
                    return
        finally:
            connections.close_all()

    thread = threading.Thread(target=renew, name=f"lease-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def work(job: Job, step) -> None:
    """The service of a job's kind."""
    facts = {"job": job, "at": timezone.now(), "step": step}
    match job.kind:
        case JobKind.IMPORT_CHECK:
            imports.check_import(**facts)
        case JobKind.IMPORT_APPLY:
            imports.apply_import(**facts)
        case JobKind.EXPORT:
            exports.produce_export(**facts)
        case JobKind.BULLETIN:
            bulletins.produce_bulletin_of_job(**facts)
        case _:
            closing.produce_closing_report(**facts)


@shared_task
def sweep_jobs() -> None:
    """Hint again at jobs that nobody works on."""
    for job in jobs.waiting_jobs(at=timezone.now()):
        jobs.hint(job)


@shared_task
def close_day() -> None:
    """Ask for the bulletin of every active campaign whose cut-off has passed today."""
    now = timezone.localtime()
    campaigns = Campaign.objects.active().filter(
        daily_cutoff__lte=now.time(), starts_on__lte=now.date()
    )
    done = set(Bulletin.objects.filter(day=now.date()).values_list("campaign_id", flat=True))
    for campaign in campaigns.exclude(pk__in=done):
        jobs.request_bulletin(campaign=campaign, day=now.date(), at=now, by=None)


@shared_task
def keep_figures() -> None:
    """Keep yesterday's figures of every active campaign that was under way; those kept already are left out."""
    now = timezone.now()
    yesterday = timezone.localdate(now) - timedelta(days=1)
    there = KeptFigures.objects.filter(day=yesterday).values("campaign")
    for campaign in (
        Campaign.objects.active().filter(starts_on__lte=yesterday).exclude(pk__in=there)
    ):
        kept.keep_figures(campaign=campaign, day=yesterday, at=now)


@shared_task
def send_digests() -> None:
    """Store this morning's digest of every active campaign."""
    now = timezone.now()
    today = timezone.localdate(now)
    for campaign in Campaign.objects.active().filter(starts_on__lte=today).select_related("area"):
        digests.produce_digests(campaign=campaign, day=today, at=now)


@shared_task
def remind_of_reports() -> None:
    """Store the reminders of every active campaign whose cut-off is near. A run that was missed is made up by the next."""
    now = timezone.now()
    local = timezone.localtime(now)
    due = Campaign.objects.active().filter(
        starts_on__lte=local.date(), daily_cutoff__gt=local.time(), daily_reminder__gt=0
    )
    for campaign in due:
        reminders.produce_reminders(campaign=campaign, day=local.date(), at=now)


@shared_task
def refresh_counties() -> None:
    """Bring the county tier up to the townships."""
    tiers.refresh_counties(at=timezone.now())


@shared_task
def reconcile_rollups() -> None:
    """The nightly comparison; what was repaired is also in the worker's log."""
    for sentence in tiers.reconcile(at=timezone.now()):
        log.warning("reconciled: %s", sentence)
