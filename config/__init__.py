"""Wires the apps together: settings, URLs, Celery, the stage-gate table. Imported by no app."""

from .celery import app as celery_app

__all__ = ["celery_app"]
