"""A township pastes what it keeps in a spreadsheet."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from demo.scenario import PASSWORD
from elections.enums import Stage
from elections.models import VillageElection
from tests.factories.elections import at_stage
from tests.journeys.desk import Desk

PASTE = """
(field, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}
"""


@pytest.fixture
def early(own_campaign):
    return own_campaign("李集镇")


def test_block_from_a_spreadsheet_fills_the_grid(stack, early, page):
    today = timezone.localdate()
    with stack.orm():
        elections = list(
            VillageElection.objects.filter(campaign=early, township__name="李集镇")
            .select_related("village", "campaign")
            .order_by("village__code")[:3]
        )
        elections = [
            at_stage(e, Stage.ANNOUNCEMENT, on=today - timedelta(days=5)) for e in elections
        ]
    names = [e.village.name for e in elections]
    desk = Desk(page, "xiangzhen11", PASSWORD).open(f"/campaigns/{early.pk}/batch/announcement/")
    first = page.locator("[data-grid] tbody tr").first.locator("input").first

    # By position, too wide: the surplus is said, not lost silently.
    on = today - timedelta(days=1)
    first.evaluate(PASTE, f"{on:%Y/%m/%d}\t示范公开栏\t多余\n{on:%Y/%m/%d}\t示范公开栏")
    expect(page.locator("[data-grid-note]")).to_have_text("已粘贴2行。有1格超出表格，没有填入。")
    # By the names of the villages, in another order, one of them unknown.
    block = f"{names[2]}\t{on.month}月{on.day}日\t丙公开栏\n没有的村\t{on}\t丁公开栏"
    first.evaluate(PASTE, block)
    expect(page.locator("[data-grid-note]")).to_have_text(
        "已按村名粘贴1行。没有对应的村：没有的村。"
    )
    first.press("ArrowDown")
    assert page.evaluate("document.activeElement.name") == f"v{elections[1].pk}-starts_on"
    page.locator(f'[name="v{elections[1].pk}-starts_on"]').fill("2020-01-01")
    assert desk.press(page.locator("main form")) == 422

    assert "已登记2个村；1个村未能登记" in desk.text()
    assert page.locator(".row-refused").count() == 1
    stored = stack.query(
        "SELECT n.starts_on, n.place FROM elections_notice n WHERE n.kind = 'result' AND n.election_id = ANY(%s)"
        " ORDER BY n.election_id",
        ([e.pk for e in elections],),
    )
    assert stored == [(on, "示范公开栏"), (on, "丙公开栏")]
