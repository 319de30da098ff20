"""Figures of a day that is over: kept that night, given again by the records, marked where the two differ."""

import json
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from complaints.models import Complaint, LastTermFigure, OpinionIncident
from demo import scenario
from elections.enums import CampaignStatus
from groundwork.ledgers import LEDGERS
from reporting import tasks
from reporting.indicators.registry import INDICATORS, UNDATED, figures
from reporting.models import KeptFigures
from reporting.selectors.kept import by_part, past_figures
from reporting.selectors.scope import scope_of_area
from reporting.services.kept import keep_figures
from tests.factories.played import LAST_DAY, play

from .conftest import END, NOON, SHANGHAI, START, finish

#: The scenario enters these after its last day, for days long past.
ENTERED_LATE = (
    Complaint,
    LastTermFigure,
    OpinionIncident,
    *(ledger.model for ledger in LEDGERS.values()),
)


def midnight_after(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + timedelta(days=1, minutes=5)


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def address(campaign, on: date | str | None = None) -> str:
    url = reverse("indicator_list", kwargs={"pk": campaign.pk})
    return f"{url}?on={on}" if on else url


@pytest.fixture
def kept_days(db, settings, tmp_path, monkeypatch):
    """A small county played day by day to its end, the figures of every third day kept that night."""
    settings.MEDIA_ROOT = tmp_path
    report_day = scenario.report_day

    def report_and_keep(campaign, day, *more):
        report_day(campaign, day, *more)
        if day.toordinal() % 3 == 0:
            keep_figures(campaign=campaign, day=day, at=midnight_after(day))

    monkeypatch.setattr(scenario, "report_day", report_and_keep)
    campaign = play(villages=3)
    return campaign, list(KeptFigures.objects.filter(campaign=campaign).order_by("day"))


def is_entered_late(key: str, campaign) -> bool:
    rows = INDICATORS[key].rows(scope_of_area(campaign, as_of=LAST_DAY))
    return getattr(rows, "model", None) in ENTERED_LATE or key in (
        "townships_without_leader",
        "villages_without_cadre",
        "difficult_without_staff",
        "contingency_plans_missing",
    )


def test_records_give_a_past_day_as_it_was(kept_days):
    """What happens later changes no figure of an earlier day; what is entered later for that day does, and is marked."""
    campaign, days = kept_days
    assert len(days) > 20
    late = {key for key in INDICATORS if is_entered_late(key, campaign)}
    restated = set()
    for kept in days:
        lines = past_figures(campaign, day=kept.day, kept=kept)
        assert [line.indicator.key for line in lines] == list(INDICATORS)
        restated |= {line.indicator.key for line in lines if line.is_restated}
    assert restated - late - set(UNDATED) == set()
    assert {"leading_groups", "village_cadres", "publicity_copies"} <= restated

    kept = days[len(days) // 2]
    with CaptureQueriesContext(connection) as queries:
        page = client_of("lingdao").get(address(campaign, kept.day))
    assert len(queries) <= 2 * len(INDICATORS)
    assert page.status_code == 200
    text = page.content.decode()
    assert text.count("重述</span>") == page.context["restated"] > 0
    only = client_of("lingdao").get(address(campaign, kept.day) + "&only=restated")
    assert sum(len(lines) for _, lines in only.context["parts"]) == page.context["restated"]
    shown = {line.indicator.key: line for _, lines in page.context["parts"] for line in lines}
    groups = INDICATORS["leading_groups"]
    assert shown["leading_groups"].then == groups.text(0)
    assert shown["leading_groups"].now == groups.text(
        kept_now(campaign, kept.day)["leading_groups"]
    )
    assert (page.context["before"], page.context["after"]) == (
        kept.day - timedelta(days=3),
        kept.day + timedelta(days=3),
    )


def kept_now(campaign, day: date) -> dict:
    return figures(scope_of_area(campaign, as_of=day))


def test_as_now_names_figures_that_exist():
    assert set(UNDATED) <= set(INDICATORS)


def test_figures_of_a_day_are_kept_once(world, capsys):
    day = NOON.date()
    assert keep_figures(campaign=world.campaign, day=day, at=midnight_after(day))
    finish(world.elections["东乡镇201村"], on=day)
    assert not keep_figures(campaign=world.campaign, day=day, at=midnight_after(day))
    kept = KeptFigures.objects.get()
    assert kept.figures["organisations_completed"] == 0
    (line,) = [
        line
        for line in past_figures(world.campaign, day=day, kept=kept)
        if line.indicator.key == "organisations_completed"
    ]
    assert (line.then, line.now, line.is_restated) == ("0个", "1个", True)
    call_command("indicators", "--campaign", str(world.campaign.pk), "--as-of", str(day))
    said = capsys.readouterr()
    assert json.loads(said.out)["organisations_completed"] == 1
    assert "organisations_completed" in said.err
    assert "villages" not in said.err


@pytest.mark.parametrize(
    ("moment", "kept"),
    [
        (datetime(2026, 9, 1, 23, 59, 59), None),
        (datetime(2026, 9, 2, 0, 0, 0), date(2026, 9, 1)),
        (datetime(2026, 9, 2, 23, 59, 59), date(2026, 9, 1)),
        (datetime(2026, 9, 3, 0, 0, 1), date(2026, 9, 2)),
    ],
)
def test_beat_keeps_the_shanghai_day_that_is_over(world, monkeypatch, moment, kept):
    """Nothing for the day before the campaign began; twice in the hour changes nothing."""
    monkeypatch.setattr(timezone, "now", lambda: moment.replace(tzinfo=SHANGHAI))
    tasks.keep_figures()
    tasks.keep_figures()
    assert list(KeptFigures.objects.values_list("day", flat=True)) == ([kept] if kept else [])


def test_beat_leaves_campaigns_alone_that_are_not_under_way(world, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    world.campaign.status = CampaignStatus.CLOSED
    world.campaign.save()
    tasks.keep_figures()
    assert not KeptFigures.objects.exists()


def test_day_without_kept_figures_says_so(world, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    page = client_of("leader").get(address(world.campaign, START))
    text = page.content.decode()
    assert "当天没有留底" in text
    assert "推算" in text
    assert "今天还没有过完" in client_of("leader").get(address(world.campaign)).content.decode()


@pytest.mark.parametrize(
    "on", ["2026-08-31", "2026-10-02", "2026-13-01", "昨天", "2026-09-01' OR 1=1"]
)
def test_other_days_are_refused_with_a_sentence(world, monkeypatch, on):
    """Before the campaign, after today, and what is no day: the figures of today with the reason."""
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    for url in (
        address(world.campaign, on),
        reverse("indicator_rows", kwargs={"pk": world.campaign.pk, "key": "villages"})
        + f"?on={on}",
    ):
        page = client_of("leader").get(url)
        assert page.status_code == 422
        assert "截止日期" in page.content.decode()
        assert page.context["day" if "parts" in page.context else "as_of"] == NOON.date()


def test_list_of_a_past_day_is_that_of_the_day(world, monkeypatch):
    """The list behind a past figure has as many lines as the figure says."""
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    finish(world.elections["东乡镇201村"], on=date(2026, 9, 20))
    finish(world.elections["西乡镇201村"], on=date(2026, 9, 25))
    url = reverse(
        "indicator_rows", kwargs={"pk": world.campaign.pk, "key": "organisations_completed"}
    )
    for on, count in (("2026-09-19", 0), ("2026-09-20", 1), ("2026-09-25", 2)):
        page = client_of("leader").get(f"{url}?on={on}")
        assert page.context["page"].paginator.count == count
        assert f"：{count}个</h1>" in page.content.decode()


def test_figures_of_the_county_are_for_those_who_see_all_of_it(world, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    keep_figures(campaign=world.campaign, day=START, at=NOON)
    assert client_of("east").get(address(world.campaign, START)).status_code == 403
    assert client_of("system").get(address(world.campaign, START)).status_code == 404


def test_headings_come_once_and_in_order(world):
    lines = past_figures(world.campaign, day=END, kept=None)
    parts = by_part(lines)
    names = [part for part, _ in parts]
    assert len(names) == len(set(names))
    assert sum(len(group) for _, group in parts) == len(INDICATORS)
