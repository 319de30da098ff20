"""The day of a report is the Shanghai day, wherever the host's clock stands.

A process of its own is started in each time zone: it signs the same reports at the same instants, and asks beat when
it would run next.
"""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from accounts.errors import Refused
from elections.enums import Stage

from .conftest import SHANGHAI
from .test_daily import DAY, confirm, settle

NEXT = DAY + timedelta(days=1)
#: Hosts stand in these zones.
ZONES = ("UTC", "America/Los_Angeles", "Asia/Shanghai")

#: Runs inside `manage.py shell`: the instants are given in UTC, as a database or a log gives them.
SCRIPT = """
import json, os, time
from datetime import datetime, timedelta, timezone as utc_zone
from django.conf import settings
from django.utils import timezone
from config.celery import app
from config.schedule import BEAT_SCHEDULE
from elections.models import Campaign
from reporting import rules
from reporting.selectors.daily import _bounds

campaign = Campaign(daily_cutoff=datetime(2000, 1, 1, 18).time())
found = []
for second in (-1, 0, 1):
    at = datetime(2026, 9, 20, 16, 0, tzinfo=utc_zone.utc) + timedelta(seconds=second)
    local = timezone.localtime(at)
    start, end = _bounds(local.date())
    found.append([str(timezone.localdate(at)), f"{local:%H:%M:%S}", start <= at < end,
                  rules.is_after_cutoff(local, cutoff=campaign.daily_cutoff)])
digest = BEAT_SCHEDULE["send-digests"]["schedule"]
digest.app = app
digest.nowfun = lambda: datetime(2026, 9, 20, 16, 0, tzinfo=utc_zone.utc).astimezone(app.timezone)
last = datetime(2026, 9, 19, 23, 30, tzinfo=utc_zone.utc).astimezone(app.timezone)
due = digest.nowfun() + digest.remaining_estimate(last)
print(json.dumps({
    "days": found,
    "zone": [str(app.timezone), time.tzname[0]],
    "today": [str(timezone.localdate()), f"{datetime.now():%Y-%m-%d}"],
    "digest": f"{due.astimezone(utc_zone.utc):%m-%d %H:%M}",
}))
"""


@pytest.mark.parametrize("zone", ZONES)
def test_days_change_at_midnight_in_shanghai_on_any_host(zone):
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "shell", "--verbosity=0", "-c", SCRIPT],
        env={**os.environ, "TZ": zone},
        cwd=Path(settings.BASE_DIR),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)

    assert found["days"] == [
        ["2026-09-20", "23:59:59", True, True],
        ["2026-09-21", "00:00:00", True, False],
        ["2026-09-21", "00:00:01", True, False],
    ]
    assert found["zone"] == ["Asia/Shanghai", "CST"]
    assert found["today"][0] == found["today"][1]
    assert found["digest"] == "09-20 23:30"


@pytest.fixture(params=ZONES)
def host_zone(request, monkeypatch):
    """This process as if it had been started on a host of that zone, without Django's own setting."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def shanghai(day: date, clock: str) -> datetime:
    """The instant as a host in no particular zone has it: in UTC."""
    local = datetime.combine(day, datetime.strptime(clock, "%H:%M:%S").time(), tzinfo=SHANGHAI)
    return local.astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "day", "late"),
    [
        (shanghai(DAY, "17:59:59"), DAY, False),
        (shanghai(DAY, "23:59:59"), DAY, True),
        (shanghai(NEXT, "00:00:00"), DAY, True),
        (shanghai(NEXT, "00:00:01"), DAY, True),
        (shanghai(DAY, "23:59:59"), NEXT, None),
        (shanghai(NEXT, "00:00:00"), NEXT, False),
        (shanghai(NEXT, "00:00:01"), NEXT, False),
    ],
)
def test_report_belongs_to_the_shanghai_day_and_late_is_flagged(world, host_zone, at, day, late):
    if late is None:
        with pytest.raises(Refused, match="还没有到"):
            confirm(world, day=day, at=at)
    else:
        report = confirm(world, day=day, at=at)
        report.refresh_from_db()
        assert (report.day, report.is_late) == (day, late)


def test_stage_counts_on_the_shanghai_day_it_was_settled(world, host_zone):
    instants = [shanghai(DAY, "23:59:59"), shanghai(NEXT, "00:00:00"), shanghai(NEXT, "00:00:01")]
    east = [e for e in world.elections.values() if e.township_id == world.east.pk]
    for election, at in zip(east, instants, strict=True):
        settle(election, Stage.SURVEY, at)

    first = confirm(world, day=DAY, at=instants[0])
    second = confirm(world, day=NEXT, at=instants[2])

    assert (first.day_started, first.total_started) == (1, 1)
    assert (second.day_started, second.total_started) == (2, 3)
