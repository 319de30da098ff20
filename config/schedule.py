"""Which queue a task goes to, and which tasks beat starts when.

A schedule is a number of seconds or a `celery.schedules.crontab` (Asia/Shanghai).
"""

from celery.schedules import crontab

QUEUES = ("celery", "imports", "exports", "reports", "refresh")

TASK_ROUTES = {
    "*.tasks.import_*": {"queue": "imports"},
    "*.tasks.export_*": {"queue": "exports"},
    "*.tasks.refresh_*": {"queue": "refresh"},
    "reporting.tasks.*": {"queue": "reports"},
}

BEAT_SCHEDULE = {
    "close-day": {"task": "reporting.tasks.close_day", "schedule": 60.0},
    "sweep-jobs": {"task": "reporting.tasks.sweep_jobs", "schedule": 10.0},
    "send-digests": {
        "task": "reporting.tasks.send_digests",
        "schedule": crontab(hour="7", minute="30"),
    },
    "heartbeat": {"task": "config.heartbeat", "schedule": 600.0},
}
