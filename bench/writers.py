"""P5: sixteen writers in sixteen townships of one county, with the rollup and without."""

import multiprocessing
import os
import re
import time
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from elections.models import VillageElection
from groundwork.enums import Grade
from groundwork.services.risk import save_risk_grade
from reporting.models import TownshipProgress

from .ratios import ROUNDS, report
from .world import World

#: Writes of one writer in a round.
WRITES = 25
LOCK_WAIT_MS = 100


def write(task: tuple[int, int, int, bool]) -> float:
    """Grade a village so many times, as its coordinator. Runs in a process of its own; gives its seconds."""
    user_id, election_id, number, with_rollup = task
    user = User.objects.get(pk=user_id)
    began = time.perf_counter()
    with override_settings(ROLLUPS=settings.ROLLUPS if with_rollup else []):
        for n in range(number):
            election = VillageElection.objects.select_related(
                "campaign", "village", "township"
            ).get(pk=election_id)
            save_risk_grade(
                election=election,
                grade=Grade.YELLOW if n % 2 else Grade.GREEN,
                grounds="计时",
                graded_on=election.campaign.starts_on,
                by=user,
                at=timezone.now(),
            )
    return time.perf_counter() - began


def _deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return cursor.fetchone()[0]


def _long_waits() -> list[str]:
    """Lines of the server's log about locks that were waited for."""
    log = Path(os.environ["BENCH_FOLDER"]) / "postgres.log"
    return re.findall(r"still waiting for \w+ on \w+", log.read_text(errors="replace"))


def _watch_locks() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER SYSTEM SET log_lock_waits = on")
        cursor.execute(f"ALTER SYSTEM SET deadlock_timeout = '{LOCK_WAIT_MS}ms'")
        cursor.execute("SELECT pg_reload_conf()")


def _tasks(world: World) -> list[tuple[int, int]]:
    """(user, village) of each writer."""
    return [
        (
            user.pk,
            VillageElection.objects.filter(township=township, done_count=0).order_by("pk")[0].pk,
        )
        for township, user in world.writers
    ]


def measure_writers(world: World) -> None:
    tasks = _tasks(world)
    _watch_locks()
    before = _deadlocks()
    connections.close_all()
    rates: dict[bool, list[float]] = {True: [], False: []}
    with multiprocessing.get_context("fork").Pool(len(tasks)) as pool:
        for round_ in range(ROUNDS + 1):
            for with_rollup, found in rates.items():
                number = WRITES if round_ else 2  # the first warms up
                began = time.perf_counter()
                pool.map(write, [(*t, number, with_rollup) for t in tasks], chunksize=1)
                if round_:
                    found.append(number * len(tasks) / (time.perf_counter() - began))
    with_, without = sorted(rates[True])[ROUNDS // 2], sorted(rates[False])[ROUNDS // 2]
    waits, deadlocks = len(_long_waits()), _deadlocks() - before
    print(
        f"    {len(tasks)} processes: {with_:.0f} writes/s with the rollup, {without:.0f}/s without it;"
        f" {waits} lock waits over {LOCK_WAIT_MS} ms, {deadlocks} deadlocks"
    )
    report("P5", "writers with the rollup / without", with_ / without, at_least=0.7)
    report("P5", "lock waits and deadlocks, of none", waits + deadlocks, at_most=1e-9)
    _check_own_township(world, tasks[0])


def _check_own_township(world: World, task: tuple[int, int]) -> None:
    """P10's first half: the township's own figures are there with the write."""
    township, _ = world.writers[0]
    row = TownshipProgress.objects.filter(campaign=world.campaign, township=township)
    write((*task, 1, True))
    green = row.get().risk_green
    write((*task, 2, True))
    report("P10", "own township at once", float(row.get().risk_green == green - 1), at_least=1)
