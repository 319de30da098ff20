"""The county tier follows the townships; the reconciler finds and repairs what does not."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import Sum

from accounts.models import AuditEntry
from reporting import rollups, tiers
from reporting.enums import TierWork
from reporting.models import CountyProgress, TierRun, TownshipProgress
from reporting.services.tiers import reconcile, refresh_counties

from .conftest import NOON, finish
from .test_rollups import DAY, refresh

LATER = NOON + timedelta(seconds=5)


@pytest.fixture
def tiered(world):
    finish(world.elections["东乡镇201村"], on=DAY)
    refresh(world)
    refresh_counties(at=LATER)
    return world


def sums(world) -> dict[str, int]:
    rows = TownshipProgress.objects.filter(campaign=world.campaign)
    return rows.aggregate(**{column: Sum(column) for column in rollups.COLUMNS})


def county_row(world) -> CountyProgress:
    return CountyProgress.objects.get(campaign=world.campaign, county=world.county)


def test_county_row_is_the_sum_of_its_townships(tiered):
    row = county_row(tiered)
    assert {c: getattr(row, c) for c in rollups.COLUMNS} == sums(tiered)
    assert (row.townships, row.elections, row.completed) == (2, 5, 1)
    assert (row.city_id, row.province_id) == (tiered.city.pk, tiered.province.pk)


def test_refresh_is_one_statement_and_writes_only_what_changed(tiered, django_assert_num_queries):
    much_later = LATER + timedelta(hours=1)
    with django_assert_num_queries(1):
        assert refresh_counties(at=much_later) == 0
    assert county_row(tiered).refreshed_at == LATER
    assert TierRun.objects.get(kind=TierWork.REFRESH).at == much_later
    finish(tiered.elections["西乡镇201村"], on=DAY)
    refresh(tiered)
    assert refresh_counties(at=much_later + timedelta(seconds=5)) == 1
    assert county_row(tiered).completed == 2


def test_a_slow_refresh_does_not_turn_the_clock_back(tiered):
    refresh_counties(at=LATER - timedelta(seconds=30))
    assert TierRun.objects.get(kind=TierWork.REFRESH).at == LATER


def test_all_agree(tiered):
    assert reconcile(at=LATER) == []
    assert TierRun.objects.get(kind=TierWork.RECONCILE).found == []
    assert not AuditEntry.objects.filter(action="rollup.repaired").exists()


def test_corrupted_county_row_is_reported_and_repaired(tiered):
    CountyProgress.objects.update(completed=4)
    assert reconcile(at=LATER) == [f"{tiered.campaign} 示例县（县级汇总）：completed 存 4 实 1"]
    assert county_row(tiered).completed == 1
    assert AuditEntry.objects.get(action="rollup.repaired").actor_name == "系统"
    assert reconcile(at=LATER) == []


def test_corrupted_township_row_is_repaired_through_both_tiers(tiered):
    TownshipProgress.objects.filter(township=tiered.east).update(completed=3)
    refresh_counties(at=LATER)
    assert county_row(tiered).completed == 3
    found = reconcile(at=LATER)
    assert len(found) == 1
    assert "东乡镇：completed 存 3 实 1" in found[0]
    assert county_row(tiered).completed == 1


@pytest.mark.parametrize("lost", [CountyProgress, TownshipProgress])
def test_lost_rows_come_back(tiered, lost):
    lost.objects.all().delete()
    assert "缺少" in reconcile(at=LATER)[0]
    assert county_row(tiered).completed == 1


def test_stray_county_row_goes(tiered):
    CountyProgress.objects.create(
        campaign=tiered.campaign, county=tiered.city, elections=9, refreshed_at=NOON
    )
    assert "却有汇总行" in reconcile(at=LATER)[0]
    assert county_row(tiered).elections == CountyProgress.objects.get().elections


def test_a_write_after_the_refresh_is_not_a_difference(tiered):
    finish(tiered.elections["西乡镇201村"], on=DAY)
    rollups.refresh_townships(
        campaign_id=tiered.campaign.pk,
        township_ids=[tiered.west.pk],
        at=LATER + timedelta(seconds=1),
    )
    assert tiers.county_differences() == []


def test_stopped_refresher_is_reported(tiered):
    found = reconcile(at=LATER + timedelta(minutes=10))
    assert found == ["县级汇总自10月1日12:00:05起没有刷新，请检查后台定时任务"]


def test_command_says_what_it_repaired(tiered, capsys):
    CountyProgress.objects.update(completed=4)
    call_command("reconcile")
    assert "completed 存 4 实 1" in capsys.readouterr().out
    call_command("reconcile")
    assert capsys.readouterr().out == "三层一致。\n"
