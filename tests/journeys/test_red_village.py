"""A red village, by hand in two people's browsers: graded, its leader and plan named, its dispute settled, cleared."""

from datetime import timedelta

import pytest
from django.utils import timezone

from demo.scenario import PASSWORD
from elections.models import VillageElection
from tests.journeys.desk import Desk
from villages.models import Jurisdiction

PLAN = ("facts", "risks", "conclusion", "measures", "people", "on_site", "emergency", "contacts",
        "trigger", "escalation")  # fmt: skip
POINTS = {"team": 12, "running": 12, "people": 12, "petitions": 12, "history": 12}


@pytest.fixture
def second_township(stack, county):
    with stack.orm():
        rows = Jurisdiction.objects.filter(county=county, level="township").order_by("code")
        return rows[1]


@pytest.fixture
def election(stack, own_campaign, second_township):
    campaign = own_campaign(second_township.name)
    with stack.orm():
        rows = VillageElection.objects.filter(campaign=campaign).select_related("village")
        return rows.earliest("village__code")


def choose_place(desk: Desk, election) -> None:
    desk.page.locator('main form [name="place"]').select_option(str(election.pk))


def add(desk: Desk, election, code: str, **values) -> None:
    """Enter one row of a ledger."""
    desk.open(f"/campaigns/{election.campaign_id}/ledgers/{code}/add/")
    form = desk.page.locator("main form")
    choose_place(desk, election)
    desk.fill(form, **values)
    assert desk.press(form) == 302, desk.text()


def test_red_village_is_cleared_by_the_county(stack, election, page, second_page):
    today = timezone.localdate()
    township = Desk(page, "xiangzhen02", PASSWORD)
    county = Desk(second_page, "zuzhibu", PASSWORD)
    survey = f"/elections/{election.pk}/survey/"

    township.open(survey)
    assert township.send("risk", **POINTS, graded_on=today) == 422
    assert "红色村须填写包保领导。" in township.text()
    township.saved("risk", leader="示范县领导", work_group="示范工作组", plan="示范要点")
    assert "红色（难点）" in township.text()
    township.refused("clear", "还没有“一村一策”预案", note="示范：已稳定")

    add(
        township,
        election,
        "disputes",
        category="land",
        found_on=today - timedelta(days=9),
        summary="示范：承包地边界不清",
        responsible="示范镇",
        due_on=today - timedelta(days=2),
        status="open",
    )
    settle = township.page.locator("main form:has([name=measures])")
    township.fill(settle, status="settled", closed_on=today, measures="示范：现场勘界")
    assert township.press(settle) == 302, township.text()
    assert "状态：化解中 → 已化解" in township.text()

    add(township, election, "plans", **dict.fromkeys(PLAN, "示范内容"), made_on=today)
    plan = township.page.url.removeprefix(stack.base_url)
    township.open(survey).saved("clear", note="示范：矛盾已化解")

    county.open("/todo/")
    county.open(survey)
    county.refused("decide_clear", "预案还没有批准", approved="yes")
    county.open(plan).saved("approve")
    assert "批准" in county.text()
    county.open(survey).saved("decide_clear", approved="yes", note="同意")

    township.open(survey)
    assert f"{today.year}年{today.month}月{today.day}日 示范组织员批准" in township.text()
    stored = stack.query(
        "SELECT cleared_on FROM groundwork_riskgrade WHERE election_id = %s", (election.pk,)
    )
    assert stored == [(today,)]
