"""Servers die at the worst moment: every document is there exactly once, soon after they are back.

The worker is held at a chosen point by a lock on a table that it needs next, and killed there.
"""

import os
import signal
from contextlib import contextmanager

import psutil
import psycopg2
import pytest
from django.utils import timezone

from accounts.models import User
from elections.models import Campaign
from reporting.services.jobs import request_bulletin, request_closing_report
from tests.journeys.test_workbooks import is_waiting, kill_worker

#: RELIABILITY: after a restart everything is done within so many seconds.
WITHIN = 60


@contextmanager
def held(stack, table: str, mode: str):
    """Nobody gets past `table`: whoever comes to it waits."""
    connection = psycopg2.connect(stack.database_url)
    try:
        connection.cursor().execute(f"LOCK TABLE {table} IN {mode} MODE")
        yield
    finally:
        connection.close()


@pytest.fixture
def ready(stack, own_campaign):
    """ready(township, kind) → a function that asks for the document, its campaign being there already."""

    def ready(township: str, kind: str = "closing_report"):
        campaign = own_campaign(township)
        with stack.orm():
            # Beat would produce a bulletin of its own after the usual cut-off.
            Campaign.objects.filter(pk=campaign.pk).update(daily_cutoff="23:59:59")
        stack.wait_for(lambda: is_idle(stack), what="beat's own jobs")

        def ask():
            with stack.orm():
                facts = {
                    "campaign": campaign,
                    "by": User.objects.get(username="zuzhibu"),
                    "at": timezone.now(),
                }
                day = timezone.localdate()
                if kind == "bulletin":
                    return request_bulletin(day=day, **facts)
                return request_closing_report(as_of=day, **facts)

        return ask

    return ready


def state(stack, job) -> tuple[str, int]:
    (row,) = stack.query("SELECT status, attempts FROM reporting_job WHERE id = %s", [str(job.pk)])
    return row


def documents(stack, job) -> int:
    """How many documents of the job's kind its campaign has, whoever made them."""
    counted = {
        "closing_report": "count(*) FROM reporting_closingreport",
        "bulletin": "count(*) FROM reporting_bulletin",
    }
    sql = f"SELECT {counted[job.kind]} WHERE campaign_id = %s"
    return int(stack.query(sql, [job.campaign_id])[0][0])


def is_at_work(stack, job) -> bool:
    """Whether the worker has taken this job and waits at the table."""
    return state(stack, job) == ("running", 1) and is_waiting(stack)


def is_idle(stack) -> bool:
    live = "SELECT 1 FROM reporting_job WHERE status IN ('queued', 'running')"
    return not stack.query(live)


def kill_child(stack) -> None:
    """Only the process that works; its parent lives and starts another."""
    children = psutil.Process(stack.child("worker").pid).children()
    assert children
    for child in children:
        os.kill(child.pid, signal.SIGKILL)


def kill_broker(stack) -> None:
    valkey = stack.child("valkey")
    os.killpg(valkey.pid, signal.SIGKILL)
    stack.supervisor.stop(valkey)


def is_done(stack, job) -> bool:
    return state(stack, job)[0] == "done"


@pytest.mark.parametrize("whole", [False, True], ids=["child", "worker"])
@pytest.mark.parametrize(
    ("township", "kind", "table", "mode"),
    [
        ("汤沟镇", "closing_report", "villages_partymember", "ACCESS EXCLUSIVE"),
        ("堆沟港镇", "closing_report", "reporting_closingreport", "SHARE"),
        ("李集镇", "bulletin", "reporting_bulletin", "SHARE"),
    ],
    ids=["counting", "storing", "bulletin"],
)
def test_killed_worker_leaves_every_document_exactly_once(
    stack, ready, township, kind, table, mode, whole
):
    ask = ready(township, kind)
    with held(stack, table, mode):
        job = ask()
        stack.wait_for(lambda: is_at_work(stack, job), what="the worker at the table")
        before = documents(stack, job) if mode == "SHARE" else None
        if whole:
            kill_worker(stack)
        else:
            kill_child(stack)
    before = documents(stack, job) if before is None else before
    if whole:
        stack.start_worker()

    stack.wait_for(lambda: is_done(stack, job), seconds=WITHIN, what="the second attempt")
    assert state(stack, job) == ("done", 2)
    assert documents(stack, job) == before + 1


def test_killed_broker_loses_no_job_and_doubles_none(stack, ready):
    """One job is being worked on, one waits in the broker, one is asked for while there is none."""
    first, second, third = (ready(township) for township in ("田楼镇", "百禄镇", "新集镇"))
    with held(stack, "reporting_closingreport", "SHARE"):
        running = first()
        stack.wait_for(lambda: is_at_work(stack, running), what="the worker at the table")
        queued = second()
        kill_broker(stack)
        alone = third()
    jobs = (running, queued, alone)
    assert [state(stack, job)[0] for job in (queued, alone)] == ["queued", "queued"]

    stack.valkey.start()

    stack.wait_for(
        lambda: all(is_done(stack, job) for job in jobs), seconds=WITHIN, what="every report"
    )
    assert [documents(stack, job) for job in jobs] == [1, 1, 1]


def test_broker_and_worker_killed_together(stack, ready):
    ask = ready("三口镇")
    with held(stack, "villages_partymember", "ACCESS EXCLUSIVE"):
        job = ask()
        stack.wait_for(lambda: is_at_work(stack, job), what="the worker at the table")
        kill_broker(stack)
        kill_worker(stack)
    stack.valkey.start()
    stack.start_worker()

    stack.wait_for(lambda: is_done(stack, job), seconds=WITHIN, what="the second attempt")
    assert (state(stack, job), documents(stack, job)) == (("done", 2), 1)
