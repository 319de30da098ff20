"""What `make bench` fills and compares with still fits the tables; the times themselves are never tested."""

from pathlib import Path

import pytest
from boot import BootError
from divisions import FILES, divisions_folder
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.enums import Role
from bench import fill
from bench.panels import LIVE
from bench.world import post
from candidates.models import ElectedPost
from elections.models import Campaign, StageRecord, VillageElection
from reporting.models import DailyReport, TownshipProgress
from reporting.rollups import COLUMNS, wrong_townships
from villages.enums import Level
from villages.imports import load, read
from villages.models import Jurisdiction

COUNTY = Path(settings.BASE_DIR) / "villages" / "data" / "320724"


@pytest.fixture
def filled(db):
    """One county, filled as the nation is."""
    now = timezone.now()
    today = timezone.localdate(now)
    load(read(COUNTY / "villages.csv"), on=today)
    staff = post("staff", Role.ORG_STAFF, Jurisdiction.objects.get(level=Level.NATION))
    fill.fill_campaigns(staff=staff, today=today)
    fill.fill_rollups(at=now)
    return staff, today


def test_filled_county_is_consistent(filled):
    staff, today = filled
    fill.fill_reports(staff=staff, today=today, first=0, last=1, not_of=[])

    assert VillageElection.objects.count() == 238
    assert StageRecord.objects.filter(status="done").count() == sum(
        VillageElection.objects.values_list("done_count", flat=True)
    )
    assert ElectedPost.objects.exists()
    assert wrong_townships(Campaign.objects.get()) == {}
    assert DailyReport.objects.count() == 2 * TownshipProgress.objects.count()


def test_live_figures_are_those_of_the_rollup(filled):
    province = Jurisdiction.objects.get(level=Level.PROVINCE)
    with connection.cursor() as cursor:
        cursor.execute(LIVE, [[province.pk]])
        live = cursor.fetchall()

    rows = list(TownshipProgress.objects.values_list(*COLUMNS))
    assert live == [(province.pk, *(sum(column) for column in zip(*rows, strict=True)))]


def test_folder_without_the_files_says_which_are_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("BENCH_DIVISIONS", str(tmp_path))
    for name in FILES[1:]:
        (tmp_path / name).touch()
    with pytest.raises(BootError, match=r"provinces\.csv。$"):
        divisions_folder()
