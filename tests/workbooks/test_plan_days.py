"""计划进度 by workbook: the template is prefilled, empty cells change nothing, the procedure's order holds."""

import io
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEntry
from elections.enums import Stage
from elections.models import StageRecord, VillageElection
from elections.workbooks import PLAN_DAYS, planned_rows
from reporting.models import TownshipProgress
from reporting.services.imports import import_now
from tests.reporting.conftest import NOON, settle_up_to
from workbooks.template import template

HEADS = [column.head for column in PLAN_DAYS.columns]
VILLAGE = "东乡镇201村"


def bring_in(world, path, *, by="staff", area=None, reason="示例理由"):
    return import_now(
        kind=PLAN_DAYS,
        campaign=world.campaign,
        area=area or world.county,
        path=path,
        reason=reason,
        by=getattr(world.users, by),
        at=NOON,
        dry_run=False,
    )


def row(village=VILLAGE, **days):
    values = {"village": village} | days
    return [values.get(column.name) for column in PLAN_DAYS.columns]


def planned(election, stage):
    return StageRecord.objects.get(election=election, stage=stage, is_current=True).planned_on


def test_prefilled_template_changes_nothing(world, tmp_path):
    rows = planned_rows(campaign=world.campaign, area=world.county, by=world.users.staff)
    path = tmp_path / "plan.xlsx"
    template(PLAN_DAYS, rows=rows).save(path)

    plan, problems = bring_in(world, path)

    assert (plan.changed, plan.unchanged, plan.missing, problems) == ([], 5, [], [])
    assert not AuditEntry.objects.filter(action="schedule.adjusted").exists()


def test_days_are_set_with_due_days_audit_and_figures(world, xlsx):
    election = world.elections[VILLAGE]
    TownshipProgress.objects.filter(township=world.east).update(refreshed_at=election.opened_at)
    plan, problems = bring_in(
        world,
        xlsx([HEADS, row(survey=date(2026, 9, 2), handover="2026年10月31日")], sheet="计划进度"),
    )

    assert problems == []
    assert len(plan.missing) == 2
    assert planned(election, Stage.SURVEY) == date(2026, 9, 2)
    assert VillageElection.objects.get(pk=election.pk).due_on == date(2026, 9, 2)
    entry = AuditEntry.objects.get(action="schedule.adjusted")
    assert (entry.target_pk, entry.reason) == (str(election.pk), "示例理由")
    assert entry.changes["after"]["survey"] == "2026-09-02"
    assert TownshipProgress.objects.get(township=world.east).refreshed_at == NOON


def test_settled_backward_and_outside_days_are_refused_in_their_cells(world, xlsx):
    settle_up_to(world.elections[VILLAGE], Stage.PETITION, on=date(2026, 9, 3))
    path = xlsx(
        [
            HEADS,
            row(survey=date(2026, 9, 9)),
            row("东乡镇202村", roster=date(2026, 9, 1)),
            row("东乡镇1村", handover=date(2027, 1, 1)),
        ],
        sheet="计划进度",
    )

    _plan, problems = bring_in(world, path)

    assert [(p.row, p.head) for p in problems] == [
        (2, "调研摸底"),
        (3, "党员名册公示、应到会人员核定"),
        (4, "工作移交、归档"),
    ]
    assert planned(world.elections["东乡镇202村"], Stage.ROSTER) != date(2026, 9, 1)


def test_other_township_s_village_is_not_there_and_a_village_twice_is_refused(world, xlsx):
    path = xlsx([HEADS, row("西乡镇201村"), row(), row()], sheet="计划进度")
    _plan, problems = bring_in(world, path, by="east", area=world.east)

    assert [(p.row, p.message) for p in problems] == [
        (2, "东乡镇没有这个村（社区）：请核对名称，或填写12位代码。"),
        (4, "与第3行是同一个村：请只留一行。"),
    ]


@pytest.mark.parametrize(("who", "rows"), [("staff", 5), ("east", 3)])
def test_template_on_the_page_holds_the_user_s_own_villages(world, who, rows):
    client = Client()
    client.force_login(getattr(world.users, who))
    url = reverse("import_template", kwargs={"pk": world.campaign.pk, "kind": "plan_days"})
    book = load_workbook(io.BytesIO(client.get(url).getvalue()))

    assert book["计划进度"].max_row == rows + 1
