"""进度一览: townships × stages and the 作战图 of one township."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from elections.enums import Stage, StageStatus
from elections.models import StageRecord
from reporting import rules
from reporting.enums import STAGE_SHORT, CellState
from reporting.selectors import progress
from reporting.templatetags import cells

from .conftest import NOON, finish, settle_up_to
from .test_dashboard import big_campaign, refresh

DAY = date(2026, 9, 20)
TODAY = timezone.localdate(NOON)


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (5, 8, "62.5%（5/8）"),
        (1, 3, "33.3%（1/3）"),
        (1, 16, "6.3%（1/16）"),
        (0, 5, "0.0%（0/5）"),
        (0, 0, "—（0/0）"),
    ],
)
def test_share_rounds_half_up_and_shows_its_base(part, whole, words):
    assert rules.share(part, whole) == words


@pytest.mark.parametrize(
    ("part", "whole", "shade"),
    [(0, 9, 0), (1, 9, 1), (2, 9, 1), (3, 9, 2), (6, 9, 3), (8, 9, 3), (9, 9, 4), (0, 0, 0)],
)
def test_heat_has_a_shade_per_third(part, whole, shade):
    assert rules.heat(part, whole) == shade


@pytest.mark.parametrize(
    ("status", "attempt", "planned", "state"),
    [
        (StageStatus.WAITING, 1, DAY, CellState.WAITING),
        (StageStatus.OPEN, 1, TODAY, CellState.OPEN),
        (StageStatus.OPEN, 1, DAY, CellState.OVERDUE),
        (StageStatus.OPEN, 2, TODAY, CellState.RETURNED),
        (StageStatus.OPEN, 2, DAY, CellState.OVERDUE),
        (StageStatus.SUBMITTED, 1, DAY, CellState.SUBMITTED),
        (StageStatus.DONE, 1, DAY, CellState.DONE),
        (StageStatus.NOT_APPLICABLE, 1, DAY, CellState.NOT_APPLICABLE),
    ],
)
def test_cell_state(status, attempt, planned, state):
    assert progress.cell_state(status, attempt=attempt, planned_on=planned, today=TODAY) == state


def test_every_stage_has_a_short_name():
    assert list(STAGE_SHORT) == list(Stage)


def test_campaign_grid_sums_the_townships(world):
    finish(world.elections["东乡镇201村"], on=DAY)
    refresh(world.campaign, world.east, world.west)
    rows = progress.township_progress(world.users.staff, world.campaign, today=TODAY)
    total, east, west = progress.campaign_grid(world.campaign, rows)
    assert (total.completed_share, east.completed, west.completed) == ("20.0%（1/5）", 1, 0)
    assert [(c.done, c.total) for c in total.cells] == [(1, 5)] * 17
    assert (total.overdue, east.overdue, west.overdue) == (4, 2, 2)


def test_campaign_grid_of_a_coordinator_has_one_line(world):
    rows = progress.township_progress(world.users.west, world.campaign, today=TODAY)
    assert [line.name for line in progress.campaign_grid(world.campaign, rows)] == ["西乡镇"]


def test_township_grid_shows_each_village_by_stage(world):
    election = world.elections["东乡镇201村"]
    settle_up_to(election, Stage.PETITION, on=DAY, status=StageStatus.SUBMITTED)
    grid = progress.township_grid(world.users.east, world.campaign, world.east.pk, today=TODAY)
    assert [row.line.election.village.name for row in grid] == [
        "东乡镇1村",
        "东乡镇201村",
        "东乡镇202村",
    ]
    states = [cell.state for cell in grid[1].cells]
    assert states[:4] == [
        CellState.DONE,
        CellState.DONE,
        CellState.SUBMITTED,
        CellState.WAITING,
    ]
    assert grid[1].line.waits_for == "等示例县组织部工作人员确认"
    assert grid[0].cells[0].state == CellState.OVERDUE


def test_township_grid_shows_the_present_attempt(world):
    election = world.elections["东乡镇201村"]
    settle_up_to(election, Stage.PETITION, on=DAY)
    first = StageRecord.objects.get(election=election, stage=Stage.PETITION)
    StageRecord.objects.filter(pk=first.pk).update(
        is_current=False, status=StageStatus.RETURNED, return_reason="职数有误"
    )
    StageRecord.objects.create(
        election=election,
        stage=Stage.PETITION,
        attempt=2,
        planned_on=TODAY,
        status=StageStatus.OPEN,
    )
    grid = progress.township_grid(world.users.east, world.campaign, world.east.pk, today=TODAY)
    assert grid[1].cells[2].state == CellState.RETURNED


def url(world, township):
    return reverse("township_grid", kwargs={"pk": world.campaign.pk, "township_pk": township.pk})


@pytest.mark.parametrize(
    ("who", "east", "west"),
    [
        ("staff", 200, 200),
        ("leader", 200, 200),
        ("east", 200, 404),
        ("west", 404, 200),
        ("discipline", 403, 403),
        ("vetting", 403, 403),
        ("auditor", 404, 404),
    ],
)
def test_township_grid_opens_inside_the_own_area_only(world, client, who, east, west):
    client.force_login(getattr(world.users, who))
    assert client.get(url(world, world.east)).status_code == east
    assert client.get(url(world, world.west)).status_code == west


def test_township_grid_of_a_county_is_404(world, client):
    client.force_login(world.users.staff)
    assert client.get(url(world, world.county)).status_code == 404


def test_township_grid_names_no_village_of_another_township(world, client):
    client.force_login(world.users.east)
    page = client.get(url(world, world.east)).content.decode()
    assert "东乡镇201村" in page
    assert "西乡镇" not in page


def test_grids_need_the_same_statements_at_any_size(world, client, django_assert_num_queries):
    client.force_login(world.users.staff)
    big = big_campaign(world)
    township = big.elections.order_by("pk").first().township_id
    client.get("/todo/")
    for campaign, place in ((world.campaign, world.east.pk), (big, township)):
        with django_assert_num_queries(6):
            path = reverse("campaign_grid", kwargs={"pk": campaign.pk})
            assert client.get(path).status_code == 200
        with django_assert_num_queries(8):
            kwargs = {"pk": campaign.pk, "township_pk": place}
            assert client.get(reverse("township_grid", kwargs=kwargs)).status_code == 200


def test_cells_link_to_their_lists_and_escape(world):
    head = progress.HEADS[0]
    heat = cells.heat_cells([progress.StageCell(head, 2, 4)], "/villages/?township=7&")
    assert heat == (
        '<td class="heat heat-2"><a href="/villages/?township=7&amp;done=survey"'
        ' title="调研摸底：50.0%（2/4）">2/4</a></td>'
    )
    sign = progress.VillageCell(head, CellState.OVERDUE, '"<b>"', "/elections/1/survey/")
    assert cells.sign_cells([sign]) == (
        '<td class="sign-cell"><a href="/elections/1/survey/" title="&quot;&lt;b&gt;&quot;">'
        '<i class="sign sign-overdue" aria-hidden="true"></i>'
        '<span class="visually-hidden">逾期</span></a></td>'
    )
