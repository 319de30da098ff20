"""Background work as rows: asked once, leased by one worker, tried again, given up with a reason."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError

from accounts.errors import Conflict, Forbidden
from config import schedule
from reporting import tasks
from reporting.enums import JobKind, JobStatus
from reporting.models import ClosingReport, Job
from reporting.services import jobs

from .conftest import NOON

DAY = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def ask(world, **more):
    return jobs.request_closing_report(
        **{"campaign": world.campaign, "as_of": DAY, "by": world.users.staff, "at": NOON} | more
    )


def test_asking_again_while_it_is_under_way_returns_the_same_job(world):
    first = ask(world)

    assert ask(world) == first
    assert ask(world, as_of=DAY + timedelta(days=1)) != first


@pytest.mark.parametrize("who", ["east", "leader", "discipline"])
def test_only_staff_ask(world, who):
    with pytest.raises(Forbidden):
        ask(world, by=getattr(world.users, who))
    assert not Job.objects.exists()


def test_a_job_is_leased_by_one_worker_until_the_lease_ends(world):
    job = ask(world)

    assert jobs.take_job(job_id=job.pk, at=NOON).attempts == 1
    assert jobs.take_job(job_id=job.pk, at=NOON + jobs.LEASE) is None
    later = NOON + jobs.LEASE + timedelta(seconds=1)
    assert jobs.waiting_jobs(at=later) == [job]
    assert jobs.take_job(job_id=job.pk, at=later).attempts == 2


def test_progress_keeps_the_lease(world):
    job = jobs.take_job(job_id=ask(world).pk, at=NOON)
    soon = NOON + jobs.LEASE - timedelta(seconds=1)

    jobs.progress_job(job=job, progress=40, message="正在汇总", at=soon)

    assert jobs.waiting_jobs(at=NOON + jobs.LEASE + timedelta(seconds=10)) == []
    job.refresh_from_db()
    assert (job.progress, job.message) == (40, "正在汇总")


def test_after_three_attempts_it_has_failed_and_staff_may_retry(world):
    job, at = ask(world), NOON
    for _ in range(jobs.MOST_ATTEMPTS):
        taken = jobs.take_job(job_id=job.pk, at=at)
        jobs.fail_job(job=taken, reason="示例原因", at=at)
    job.refresh_from_db()
    assert (job.status, job.message, job.finished_at) == (JobStatus.FAILED, "示例原因", at)
    assert jobs.waiting_jobs(at=at) == []

    with pytest.raises(Forbidden):
        jobs.retry_job(job=job, by=world.users.leader, at=at)
    retried = jobs.retry_job(job=job, by=world.users.staff, at=at)
    assert (retried.status, retried.attempts) == (JobStatus.QUEUED, 0)


def test_a_worker_that_dies_three_times_leaves_a_failed_job(world):
    job, at = ask(world), NOON
    for _ in range(jobs.MOST_ATTEMPTS):
        assert jobs.take_job(job_id=job.pk, at=at)
        at += jobs.LEASE + timedelta(seconds=1)

    assert jobs.take_job(job_id=job.pk, at=at) is None
    job.refresh_from_db()
    assert job.status == JobStatus.FAILED
    assert "尝试3次未成功" in job.message


def test_task_told_twice_makes_one_report(world):
    job = ask(world)

    tasks.run_job(job_id=str(job.pk))
    tasks.run_job(job_id=str(job.pk))

    report = ClosingReport.objects.get()
    job.refresh_from_db()
    assert (job.status, job.progress, report.version) == (JobStatus.DONE, 100, 1)
    assert report.file.read(2) == b"PK"
    report.file.close()
    assert report.figures["villages"] == 4


def test_worker_that_died_after_the_report_was_stored_does_not_make_another(world):
    job = ask(world)
    tasks.run_job(job_id=str(job.pk))
    Job.objects.update(status=JobStatus.RUNNING, lease_until=NOON)

    tasks.run_job(job_id=str(job.pk))

    assert ClosingReport.objects.count() == 1
    job.refresh_from_db()
    assert job.status == JobStatus.DONE


def test_task_that_breaks_queues_the_job_again_with_a_reason(world, monkeypatch):
    def broken(**arguments):
        raise ValueError("示例")

    monkeypatch.setattr(tasks.closing, "produce_closing_report", broken)
    job = ask(world)

    tasks.run_job(job_id=str(job.pk))

    job.refresh_from_db()
    assert (job.status, job.attempts) == (JobStatus.QUEUED, 1)
    assert "系统会自动再试" in job.message


def test_without_a_broker_the_request_stands_and_waits(
    world, monkeypatch, django_capture_on_commit_callbacks
):
    def no_broker(*arguments, **options):
        raise OperationalError("示例")

    monkeypatch.setattr(jobs.current_app, "send_task", no_broker)

    with django_capture_on_commit_callbacks(execute=True):
        job = ask(world)

    assert jobs.waiting_jobs(at=NOON) == [job]


def test_page_shows_progress_and_its_moving_part_alone(world, client):
    job = jobs.take_job(job_id=ask(world).pk, at=NOON)
    jobs.progress_job(job=job, progress=40, message="正在汇总指标", at=NOON)
    client.force_login(world.users.leader)
    url = reverse("job_detail", kwargs={"pk": job.pk})

    page = client.get(url).content.decode()
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()

    assert "正在汇总指标" in page
    assert 'value="40"' in part
    assert "<html" not in part
    assert "hx-get" in part


def test_pressing_the_button_twice_leads_to_the_same_job(world):
    answers = []
    for _ in range(2):
        client = Client()
        client.force_login(world.users.staff)
        answers.append(client.post(reverse("closing_report", kwargs={"pk": world.campaign.pk})).url)

    assert answers[0] == answers[1] == reverse("job_detail", kwargs={"pk": Job.objects.get().pk})


def test_failed_job_can_be_retried_on_its_page_by_staff(world, client):
    job = ask(world)
    Job.objects.update(status=JobStatus.FAILED, message="示例原因", finished_at=NOON)
    url = reverse("job_detail", kwargs={"pk": job.pk})
    client.force_login(world.users.staff)

    assert "重试" in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    job.refresh_from_db()
    assert job.status == JobStatus.QUEUED


def test_cancelled_while_running_it_stores_nothing_and_may_be_retried(world):
    job = jobs.take_job(job_id=ask(world).pk, at=NOON)
    jobs.cancel_job(job=job, by=world.users.staff, at=NOON)

    with pytest.raises(jobs.Stopped):
        jobs.progress_job(job=job, progress=40, message="正在汇总", at=NOON)
    with pytest.raises(jobs.Stopped):
        jobs.hold_job(job)
    jobs.finish_job(job=job, at=NOON)
    jobs.fail_job(job=job, reason="示例", at=NOON)
    job.refresh_from_db()
    assert (job.status, job.message) == (JobStatus.CANCELLED, "staff甲取消")
    tasks.run_job(job_id=str(job.pk))
    assert not ClosingReport.objects.exists()

    jobs.retry_job(job=job, by=world.users.staff, at=NOON)
    tasks.run_job(job_id=str(job.pk))
    assert ClosingReport.objects.get().job == job
    with pytest.raises(Conflict, match="已完成，不能取消"):
        jobs.cancel_job(job=job, by=world.users.staff, at=NOON)


def test_worker_that_lost_its_lease_stores_nothing(world):
    first = jobs.take_job(job_id=ask(world).pk, at=NOON)
    later = NOON + jobs.LEASE + timedelta(seconds=1)
    second = jobs.take_job(job_id=first.pk, at=later)

    assert not jobs.renew_lease(job=first, at=later)
    with pytest.raises(jobs.Stopped):
        tasks.closing.produce_closing_report(job=first, at=later, step=lambda *words: None)
    tasks.closing.produce_closing_report(job=second, at=later, step=lambda *words: None)
    assert ClosingReport.objects.count() == 1


def test_lease_does_not_stick_when_the_clock_jumps_back(world):
    job = jobs.take_job(job_id=ask(world).pk, at=NOON)

    assert jobs.waiting_jobs(at=NOON - timedelta(hours=1)) == [job]
    assert jobs.take_job(job_id=job.pk, at=NOON - timedelta(hours=1)).attempts == 2


def test_dead_worker_s_job_is_taken_up_again_within_a_minute():
    sweep = schedule.BEAT_SCHEDULE["sweep-jobs"]["schedule"]

    assert jobs.LEASE.total_seconds() + sweep <= 40
    assert jobs.LEASE.total_seconds() >= 3 * jobs.HEARTBEAT


def test_every_kind_has_a_queue_that_workers_listen_to():
    queues = {kind: jobs.QUEUES.get(kind, "reports") for kind in JobKind}

    assert set(queues.values()) == {"imports", "exports", "reports"}
    assert set(queues.values()) <= set(schedule.QUEUES)


def test_staff_see_all_jobs_and_a_requester_the_own(world, client, django_assert_max_num_queries):
    ask(world)
    own = Job.objects.create(
        kind=JobKind.EXPORT,
        campaign=world.campaign,
        as_of=DAY,
        requested_by=world.users.east,
        requested_at=NOON,
        status=JobStatus.FAILED,
        message="示例原因",
        finished_at=NOON,
    )
    url = reverse("job_list", kwargs={"pk": world.campaign.pk})
    seen = {}
    for who in ("staff", "east", "west", "leader"):
        client.force_login(getattr(world.users, who))
        with django_assert_max_num_queries(14):
            page = client.get(url).content.decode()
        seen[who] = [word in page for word in ("总结报告</a></th>", "导出</a></th>")]

    assert seen == {
        "staff": [True, True],
        "east": [False, True],
        "west": [False, False],
        "leader": [True, False],
    }
    client.force_login(world.users.west)
    assert client.get(reverse("job_detail", kwargs={"pk": own.pk})).status_code == 404
    client.force_login(world.users.east)
    answer = client.post(reverse("job_detail", kwargs={"pk": own.pk}), {"action": "retry"})
    assert answer.status_code == 302
    answer = client.post(reverse("job_detail", kwargs={"pk": own.pk}), {"action": "cancel"})
    own.refresh_from_db()
    assert (answer.status_code, own.status) == (302, JobStatus.CANCELLED)
