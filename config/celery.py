"""The Celery application. Tasks live in each app's tasks.py; when they run is in config/schedule.py."""

import os

from celery import Celery
from celery.utils.log import get_task_logger

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

logger = get_task_logger(__name__)
app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.task(name="config.heartbeat")
def heartbeat() -> None:
    """Write a line to the worker's log: beat, broker and worker still talk to each other."""
    logger.info("heartbeat")
