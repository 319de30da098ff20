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
def ask(stack, own_campaign):
    """ask(township, kind) → a job that staff asked for, of a campaign of its own."""

    def ask(township: str, kind: str = "closing_report"):
        campaign = own_campaign(township)
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


def state(stack, job) -> tuple[str, int]:
    (row,) = stack.query("SELECT status, attempts FROM reporting_job WHERE id = %s", [str(job.pk)])
    return row


def documents(stack, job) -> int:
    """How many documents the job's campaign has, whoever made them."""
    (row,) = stack.query(
        "SELECT (SELECT count(*) FROM reporting_closingreport WHERE campaign_id = %s)"
        " + (SELECT coalesce(sum(version), 0) FROM reporting_bulletin WHERE campaign_id = %s)",
        [job.campaign_id, job.campaign_id],
    )
    return int(row[0])


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
    stack, ask, township, kind, table, mode, whole
):
    with held(stack, table, mode):
        job = ask(township, kind)
        stack.wait_for(lambda: is_waiting(stack), what="the worker at the table")
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


def test_killed_broker_loses_no_job_and_doubles_none(stack, ask):
    """One job is being worked on, one waits in the broker, one is asked for while there is none."""
    with held(stack, "reporting_closingreport", "SHARE"):
        running = ask("田楼镇")
        stack.wait_for(lambda: is_waiting(stack), what="the worker at the table")
        queued = ask("百禄镇")
        kill_broker(stack)
        alone = ask("新集镇")
    jobs = (running, queued, alone)
    assert [state(stack, job)[0] for job in (queued, alone)] == ["queued", "queued"]

    stack.valkey.start()

    stack.wait_for(
        lambda: all(is_done(stack, job) for job in jobs), seconds=WITHIN, what="every report"
    )
    assert [documents(stack, job) for job in jobs] == [1, 1, 1]


def test_broker_and_worker_killed_together(stack, ask):
    with held(stack, "villages_partymember", "ACCESS EXCLUSIVE"):
        job = ask("三口镇")
        stack.wait_for(lambda: is_waiting(stack), what="the worker at the table")
        kill_broker(stack)
        kill_worker(stack)
    stack.valkey.start()
    stack.start_worker()

    stack.wait_for(lambda: is_done(stack, job), seconds=WITHIN, what="the second attempt")
    assert (state(stack, job), documents(stack, job)) == (("done", 2), 1)
