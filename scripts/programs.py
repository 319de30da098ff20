"""How the three programs of the product are started: web server, Celery worker, Celery beat.

Used by `make run` and by the servers that browser journeys start, so that both run the same thing.
"""

import os
import sys
from pathlib import Path

QUEUES = "celery,imports,exports,reports,refresh"
#: As root, Celery warns at every start; `make run` on a fresh machine is often root.
CELERY = [
    sys.executable,
    *("-W", "ignore:You're running the worker with superuser"),
    *("-m", "celery", "--quiet", "-A", "config"),
]


def web_command(host: str, port: int, *, workers: int = 2) -> list[str]:
    """gunicorn with threads: pages are short, some wait for the database."""
    return [
        *(sys.executable, "-m", "gunicorn", "config.wsgi:application"),
        f"--bind={host}:{port}",
        f"--workers={workers}",
        "--worker-class=gthread",
        "--threads=4",
        "--timeout=60",
        "--graceful-timeout=10",
        "--no-control-socket",
        "--log-level=warning",
    ]


def worker_command(*, concurrency: int = 2) -> list[str]:
    """A Celery worker for all queues."""
    return [
        *CELERY,
        "worker",
        f"--queues={QUEUES}",
        f"--concurrency={concurrency}",
        "--without-gossip",
        "--without-mingle",
        "--loglevel=INFO",
    ]


def beat_command(schedule_file: Path) -> list[str]:
    """Celery beat. Exactly one of these may run at a time."""
    return [
        *CELERY,
        "beat",
        f"--schedule={schedule_file}",
        "--pidfile=",
        "--loglevel=WARNING",
    ]


def run_environment(values: dict[str, str]) -> dict[str, str]:
    """The environment of the product's processes: ours, plus addresses and secrets."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings.dev"),
        "PYTHONUNBUFFERED": "1",
        **values,
    }
