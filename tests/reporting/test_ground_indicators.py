"""The figures of the ledgers: what counts, once, up to the day, and for which area; and how the report words them."""

from datetime import date, timedelta

import pytest

from groundwork.models import RiskGrade
from reporting import narrative
from reporting.indicators.registry import INDICATORS, figures
from reporting.selectors.lists import columns_of
from reporting.selectors.scope import scope_of_area
from tests.factories.ledgers import add

from .conftest import NOON

DAY = date(2026, 10, 1)


@pytest.fixture
def value(world):
    """value(key, area=None, as_of=DAY) → the figure."""

    def value(key, *, area=None, as_of=DAY):
        return INDICATORS[key].value(scope_of_area(world.campaign, as_of=as_of, area=area))

    return value


@pytest.fixture
def area_row(world):
    return lambda code, unit, number=0, **more: add(
        code, unit, number, day=DAY, campaign=world.campaign, **more
    )


@pytest.fixture
def village_row(world):
    return lambda code, name, number=0, **more: add(
        code, world.elections[name], number, day=DAY, **more
    )


def test_groups_of_the_county_count_for_the_county_and_those_of_a_township_there(
    world, area_row, value
):
    area_row("groups", world.county, kind="leading")
    area_row("groups", world.east, kind="leading")
    area_row("groups", world.east, 1, kind="guidance", formed_on=DAY + timedelta(days=1))
    gone = {"withdrawn_at": NOON, "withdrawn_by": world.users.staff, "withdrawn_reason": "示范"}
    area_row("groups", world.west, kind="leading", **gone)

    assert [value("leading_groups", area=a) for a in (None, world.east, world.west)] == [2, 1, 0]
    assert value("guidance_groups") == 0
    assert value("guidance_groups", as_of=DAY + timedelta(days=1)) == 1


def test_a_person_counts_once_and_places_without_anybody_are_listed(
    world, area_row, village_row, value
):
    area_row("leader_links", world.east)
    area_row("leader_links", world.west)
    village_row("village_cadres", "东乡镇201村")
    village_row("village_cadres", "东乡镇202村")
    village_row("village_cadres", "西乡镇201村", 1, ended_on=DAY - timedelta(days=1))

    assert (value("leader_links"), value("townships_without_leader")) == (1, 0)
    assert (value("village_cadres"), value("villages_without_cadre")) == (1, 3)
    assert value("townships_without_leader", as_of=DAY - timedelta(days=8)) == 2


def test_meetings_of_the_county_and_townships(world, area_row, value):
    area_row("meetings", world.county, kind="mobilisation", held_on=date(2026, 9, 3))
    area_row("meetings", world.east, kind="mobilisation")
    area_row("meetings", world.west, 1)
    area_row("meetings", world.county, 2)

    assert value("mobilised_on") == value("mobilised_on", area=world.east) == "2026-09-03"
    assert value("mobilised_on", as_of=date(2026, 9, 2)) is None
    assert value("township_meetings") == 1
    assert (value("trainings"), value("trained")) == (2, 41 + 42)


def test_designated_villages_need_a_plan_and_somebody_there(world, village_row, value):
    village_row("difficult", "东乡镇201村", kind="hard")
    village_row("difficult", "东乡镇201村", kind="key")
    village_row("difficult", "东乡镇202村", kind="key", lifted_on=DAY)
    RiskGrade.objects.create(
        election=world.elections["西乡镇201村"],
        grade="red",
        graded_on=DAY,
        leader="甲",
        work_group="组",
        plan="案",
    )
    assert [value(f"difficult_villages.{k}") for k in ("hard", "key", "lagging")] == [1, 2, 0]
    assert (value("contingency_plans_missing"), value("difficult_without_staff")) == (2, 1)

    village_row("plans", "东乡镇201村")
    village_row("village_cadres", "东乡镇201村", kind="stationed")

    assert (value("contingency_plans"), value("contingency_plans_missing")) == (1, 1)
    assert (value("stationed_staff"), value("difficult_without_staff")) == (1, 0)


def test_adjusted_secretaries_by_way_add_up(village_row, value):
    village_row("adjustments", "东乡镇201村", way="posted")
    village_row("adjustments", "东乡镇202村", 1, way="returned")

    ways = ("posted", "concurrent", "returned", "other")
    assert [value(f"secretaries_adjusted.{way}") for way in ways] == [1, 0, 1, 0]
    assert value("secretaries_adjusted") == 2


def test_only_schedules_confirmed_by_the_township_count(village_row, value):
    village_row("schedules", "东乡镇201村")
    village_row("schedules", "东乡镇202村", confirmer="甲", confirmed_on=DAY)

    share = value("work_schedules")
    assert (share["numerator"], share["denominator"]) == (1, 5)


def test_rows_behind_a_figure_are_listed_with_the_ledger_s_columns(world, area_row):
    row = area_row("groups", world.east, kind="research")
    scope = scope_of_area(world.campaign, as_of=DAY)

    heads, cells, rows = columns_of(INDICATORS["research_groups"].rows(scope))

    assert heads == ["单位", "类别", "名称", "牵头单位", "组长", "负责区域", "成立日期"]
    (line,) = [cells(found) for found in rows]
    assert [cell.text for cell in line][:3] == ["东乡镇", "调研组", "示范指导组0"]
    assert line[0].url.endswith(f"/ledgers/groups/{row.pk}/")


def text(world) -> str:
    values = figures(scope_of_area(world.campaign, as_of=DAY))
    return "\n".join(p.text for p in narrative.report("示例换届", "示例县", values))


def test_report_without_ledgers_guesses_nothing(world):
    said = text(world)

    assert "领导小组和动员会尚未登记。" in said
    assert "联系包保和工作组尚未登记。" in said
    for words in ("调研组", "指导组", "调整书记", "驻村督导", "宣传资料", "0名", "工作计划进度表"):
        assert words not in said.split("二、主要做法")[1].split("三、存在问题")[0], words


def test_report_states_what_the_ledgers_hold(world, area_row, village_row):
    area_row("groups", world.county, kind="leading")
    area_row("groups", world.county, 1, kind="guidance")
    area_row("meetings", world.county, kind="mobilisation", held_on=date(2026, 9, 3))
    area_row("leader_links", world.east)
    village_row("village_cadres", "东乡镇201村")
    village_row("adjustments", "东乡镇201村", way="posted")
    area_row("publicity", world.county)

    said = text(world)

    for words in (
        "县、乡成立领导小组1个，2026年9月3日召开全县动员会。",
        "县领导1名联系乡镇，尚有1个乡镇（街道）没有联系领导，落实包村干部1名，尚有4个村（社区）没有包村干部，组建指导组1个。",
        "调整书记1名（机关干部下村挂职1名）",
        "编印制作宣传资料1份（漫画1份）",
    ):
        assert words in said, said
