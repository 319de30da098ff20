"""The demonstration: it runs through every service, leaves nothing inconsistent, and is the same for the same seed."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.models import AuditEntry, User
from elections.models import Campaign, VillageElection
from reporting.indicators.registry import figures
from reporting.models import Bulletin, DailyReport
from reporting.selectors import invariants
from reporting.selectors.scope import scope_of_area
from tests.factories.played import LAST_DAY, play

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_demo_played_to_the_end_completes_every_village_and_breaks_nothing(capsys):
    campaign = play()

    elections = VillageElection.objects.filter(campaign=campaign)
    assert elections.count() == 8
    assert not elections.unfinished().exists()
    assert list(invariants.broken_elections()) == []
    assert list(invariants.broken_rows()) == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    call_command("verify_audit")
    assert f"{AuditEntry.objects.count()}条记录" in capsys.readouterr().out


def test_demo_reports_every_day_but_the_last():
    campaign = play(townships=1, villages=1)

    days = (LAST_DAY - campaign.starts_on).days
    assert Bulletin.objects.current().count() == days
    assert [b.version for b in Bulletin.objects.current() if b.version > 1] == [2]
    assert not DailyReport.objects.filter(day=LAST_DAY).exists()
    assert 0.8 * days < DailyReport.objects.current().count() <= days


def test_same_seed_gives_the_same_campaign():
    seen = []
    for _ in range(2):
        with transaction.atomic():
            scope = scope_of_area(play(townships=1, villages=3), as_of=LAST_DAY)
            names = VillageElection.objects.values_list("village__members__name", flat=True)
            seen.append((figures(scope), sorted(filter(None, names))))
            transaction.set_rollback(True)

    assert seen[0] == seen[1]


def test_command_leaves_real_data_alone():
    User.objects.create_user("somebody", "Example-2026-x", name="某人")

    with pytest.raises(CommandError, match="库中已有用户或换届工作"):
        call_command("demo")
    call_command("demo", "--if-empty")

    assert not Campaign.objects.exists()
    assert User.objects.count() == 1


def test_interrupted_demonstration_is_played_again(monkeypatch):
    """Accounts are there first; a campaign only as a whole."""
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("demo.scenario.Scenario.play", interrupt)
        play(townships=1, villages=1)
    assert (User.objects.count(), Campaign.objects.count()) == (15, 0)

    call_command("demo", "--area", "320799", "--progress", "5", "--if-empty")

    assert (User.objects.count(), Campaign.objects.count()) == (15, 1)


def interrupt(*arguments):
    raise KeyboardInterrupt


def test_villages_where_several_people_drop_out_are_played_until_nobody_is_left(monkeypatch):
    """Who gives up, is rejected and is vetoed in one village may use up everybody who was recommended."""
    every = frozenset({"withdrawn", "rejected", "vetoed", "proposed", "supplement"})
    monkeypatch.setattr("demo.scenario.quirks", lambda number: every)

    campaign = play(townships=1, villages=3)

    assert not VillageElection.objects.filter(campaign=campaign).unfinished().exists()
