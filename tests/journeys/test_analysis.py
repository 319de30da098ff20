"""The pages that explain: charts are drawn, printed pages carry their tables, a table leaves as a workbook."""

from demo.scenario import PASSWORD
from tests.journeys.desk import Desk

PAGES = {"dashboard": 2, "pace": 1}


def is_drawn(page) -> list[bool]:
    """Of every chart whether it has shapes in it."""
    charts = page.locator("[data-chart], [data-chart-from]")
    charts.locator("svg path").first.wait_for(state="attached")
    return [charts.nth(n).locator("svg path").count() > 3 for n in range(charts.count())]


def test_charts_are_drawn_and_printed_as_tables(campaign, page):
    desk = Desk(page, "lingdao", PASSWORD)
    for name, charts in PAGES.items():
        desk.open(f"/campaigns/{campaign.pk}/{name}/")
        assert is_drawn(page) == [True] * charts

    desk.open(f"/campaigns/{campaign.pk}/dashboard/")
    table = page.locator("details.chart-table table").last
    assert not table.is_visible()
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert table.is_visible()
    assert not page.locator("[data-chart]").first.is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert not table.is_visible()


def test_table_of_a_chart_leaves_as_a_workbook(campaign, page):
    desk = Desk(page, "zuzhibu", PASSWORD)
    desk.open(f"/campaigns/{campaign.pk}/pace/")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出各环节办理用时").click()

    assert download.value.suggested_filename.startswith("各环节办理用时")


def test_targets_are_set_and_stand_beside_the_figures(campaign, page):
    desk = Desk(page, "zuzhibu", PASSWORD)
    desk.open(f"/campaigns/{campaign.pk}/teams/targets/")
    form = page.locator("main form")
    desk.fill(form, member_women=30)
    assert desk.press(form) == 302
    assert "已保存班子结构目标" in desk.text()
    desk.open(f"/campaigns/{campaign.pk}/teams/targets/")
    assert page.locator("[name=member_women]").input_value() == "30"


def test_coordinator_starts_from_the_own_report_on_a_phone(campaign, phone):
    desk = Desk(phone, "xiangzhen09", PASSWORD)
    desk.open(f"/campaigns/{campaign.pk}/dashboard/")
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    phone.get_by_role("link", name="核对并上报").click()
    phone.wait_for_url("**/daily/")
    for name in ("pace", "teams"):
        desk.open(f"/campaigns/{campaign.pk}/{name}/")
        assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
