"""Tests: the real PostgreSQL and broker of scripts/test.py, strict templates, cheap passwords, plain static files.

Also used by the servers that browser journeys start, so nothing here may replace a real part by a fake one.
"""

from . import strict_templates
from .base import *
from .base import BASE_DIR, CELERY_BEAT_SCHEDULE, DATABASES, STORAGES, TEMPLATES, VAR_DIR, env

ALLOWED_HOSTS = ["*"]
SHOW_GALLERY = True
DATABASES["default"]["CONN_MAX_AGE"] = 0
DATABASES["default"]["TEST"] = {"TEMPLATE": env.str("TEST_TEMPLATE", default=None)}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = env.path("TEST_MEDIA_ROOT", default=str(VAR_DIR / "test" / "media"))

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = strict_templates.UndefinedVariable(BASE_DIR)

# What beat repeats every few seconds or minutes is repeated every second, so that a journey need not wait.
CELERY_BEAT_SCHEDULE = {
    name: {**entry, "schedule": min(entry["schedule"], 1.0)}
    if isinstance(entry["schedule"], int | float)
    else entry
    for name, entry in CELERY_BEAT_SCHEDULE.items()
}
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
CELERY_BEAT_SCHEDULE_FILENAME = env.str("TEST_BEAT_FILE", default=str(VAR_DIR / "test" / "beat"))
