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
    "remind-of-reports": {"task": "reporting.tasks.remind_of_reports", "schedule": 60.0},
    "sweep-jobs": {"task": "reporting.tasks.sweep_jobs", "schedule": 10.0},
    # Every hour: yesterday's figures are kept at the first minute past midnight at which the servers are up.
    "keep-figures": {"task": "reporting.tasks.keep_figures", "schedule": crontab(minute="5")},
    "send-digests": {
        "task": "reporting.tasks.send_digests",
        "schedule": crontab(hour="7", minute="30"),
    },
    # Figures are to be at most five seconds old, so a run has one second to begin and end. A run that waited longer than
    # until the next one is dropped: the next does its work.
    "refresh-counties": {
        "task": "reporting.tasks.refresh_counties",
        "schedule": 4.0,
        "options": {"expires": 4},
    },
    "reconcile-rollups": {
        "task": "reporting.tasks.reconcile_rollups",
        "schedule": crontab(hour="2", minute="10"),
    },
    "heartbeat": {"task": "config.heartbeat", "schedule": 600.0},
}
