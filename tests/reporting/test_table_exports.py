"""The workbook of a chart's table: the numbers of the page, of the user's area, logged like every list taken out."""

# ruff: noqa: F811 - a test asks for an imported fixture by its name

import io
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AuditEntry
from reporting.selectors import pace, progress, teams
from reporting.selectors.table_exports import TABLE_EXPORTS

from .test_pace import asked, timed  # noqa: F401
from .test_teams import random_teams, two_terms  # noqa: F401


@pytest.fixture
def take(client):
    def take(world, what, who="staff", **query):
        client.force_login(getattr(world.users, who))
        url = reverse("export_start", kwargs={"pk": world.campaign.pk, "what": what})
        answer = client.post(url, query_params=query)
        assert answer.status_code == 200
        book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
        rows = [list(row) for row in book.active.iter_rows(values_only=True)]
        empty = next(i for i, row in enumerate(rows) if not any(row))
        return {row[0]: row[1] for row in rows[1:empty]}, rows[empty + 2 :]

    return take


def test_departments_are_those_of_the_page(asked, take):
    townships = progress.townships(asked.users.staff, asked.campaign)
    found = pace.pace(asked.users.staff, asked.campaign, townships, today=timezone.localdate())
    facts, rows = take(asked, "pace_departments")

    assert facts["条数"] == "2"
    assert [(row[0], row[2], row[5], row[6]) for row in rows] == [
        (d.name, d.open.count, d.overdue, d.answered.count) for d in found.departments
    ]


def test_stages_are_those_of_the_page(asked, take, client):
    facts, rows = take(asked, "pace_stages", township=asked.east.pk)
    page = client.get(
        reverse("pace", kwargs={"pk": asked.campaign.pk}), {"township": asked.east.pk}
    )

    assert (facts["范围"], facts["筛选"]) == ("东乡镇", "乡镇：东乡镇")
    assert [(row[1], row[2], row[4], row[7]) for row in rows] == [
        (line.head.spec.label, line.settled, line.took.median, line.standing)
        for line in page.context["pace"].stages
    ]


def test_teams_are_those_of_the_page(two_terms, take):
    user = two_terms.users.staff
    townships = progress.townships(user, two_terms.campaign)
    members = teams.teams(user, two_terms.campaign, townships, today=timezone.localdate()).teams[0]
    _, rows = take(two_terms, "team_members")

    assert [row[0] for row in rows[:2]] == ["平均年龄（岁）", "平均党龄（年）"]
    assert [tuple(row[:3]) for row in rows[2:]] == [
        (f.item.label, f.part, f.whole) for f in members.figures
    ]
    _, rows = take(two_terms, "team_townships")
    assert {(row[0], row[1], row[2]) for row in rows} == {
        ("班子成员", "东乡镇", 2),
        ("书记", "东乡镇", 1),
    }


def test_days_hold_the_plan_and_the_forecast(world, take, client):
    _, rows = take(world, "board_days")
    url = reverse("dashboard", kwargs={"pk": world.campaign.pk})
    points = client.get(url).context["board"].burn_up.points

    assert [row[0].date() for row in rows] == [point.day for point in points]
    assert [row[3] for row in rows] == [point.planned for point in points]


@pytest.mark.parametrize(
    "what", [export.code for export in TABLE_EXPORTS if export.code != "pace_departments"]
)
def test_coordinator_takes_out_the_own_township_only(random_teams, client, what):
    client.force_login(random_teams.users.west)
    url = reverse("export_start", kwargs={"pk": random_teams.campaign.pk, "what": what})
    own, other = (
        b"".join(client.post(f"{url}?township={t.pk}").streaming_content)
        for t in (random_teams.west, random_teams.east)
    )
    for content in (own, other):
        book = load_workbook(io.BytesIO(content))
        cells = [str(cell.value) for row in book.active for cell in row]
        assert not any("东乡" in cell for cell in cells)


def test_table_taken_out_is_logged_without_asking_for_a_reason(world, take):
    take(world, "board_stages")

    entry = AuditEntry.objects.get(action="export.made")
    assert (entry.changes["after"]["what"], entry.changes["after"]["rows"]) == ("board_stages", 17)


@pytest.mark.parametrize("name", ["dashboard", "pace", "teams", "people_funnel"])
def test_every_chart_has_its_button_for_those_who_take_lists_out(
    asked,
    random_teams,
    client,
    name,
):
    url = reverse(name, kwargs={"pk": asked.campaign.pk})
    for who, has_button in (("staff", True), ("leader", False)):
        client.force_login(getattr(asked.users, who))
        page = client.get(url).content.decode()
        charts = len(re.findall(r"data-chart(?:-from)?=", page))
        buttons = len(re.findall(r'class="inline-form table-export', page))
        assert charts > 0
        assert buttons >= charts if has_button else buttons == 0
