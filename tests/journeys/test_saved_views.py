"""常用筛选 by hand: filter, keep, come back by one click, delete after being asked."""

from playwright.sync_api import expect

from demo.scenario import PASSWORD
from reporting.models import SavedView
from tests.journeys.desk import Desk
from tests.journeys.test_phone import fits


def test_staff_keeps_a_filter_and_deletes_it(stack, campaign, page):
    desk = Desk(page, "zuzhibu", PASSWORD).open(f"/campaigns/{campaign.pk}/villages/")
    expect(page.locator(".saved")).to_have_count(0)
    desk.fill(page.locator("form.filters"), kind="community", state="unfinished")
    page.locator("form.filters button[type=submit]").click()
    page.locator(".saved-new summary").click()
    form = page.locator(".saved-new form")
    desk.fill(form, name="社区未完成")
    assert desk.press(form) == 302
    count = page.locator("main h1 + p").inner_text()

    desk.open(f"/campaigns/{campaign.pk}/villages/")
    page.locator(".saved").get_by_role("link", name="社区未完成").click()
    expect(page.locator(".saved .active")).to_have_text("社区未完成")
    expect(page.locator("main h1 + p")).to_have_text(count)
    expect(page.locator(".saved-new")).to_have_count(0)

    page.locator(".saved").get_by_role("link", name="管理").click()
    page.get_by_role("button", name="删除").click()
    page.locator("#confirm-dialog [value=no]").click()
    expect(page.locator("main tbody tr")).to_have_count(1)
    assert desk.press(page.locator("form[data-confirm]")) == 302
    expect(page.locator("main")).to_contain_text("还没有常用筛选")
    with stack.orm():
        assert not SavedView.objects.exists()


def test_views_fit_a_phone(stack, campaign, phone):
    desk = Desk(phone, "zuzhibu", PASSWORD).open(f"/campaigns/{campaign.pk}/villages/?q=村")
    phone.locator(".saved-new summary").tap()
    form = phone.locator(".saved-new form")
    desk.fill(form, name="二十个字二十个字二十个字二十个字二十个字"[:20])
    assert desk.press(form) == 302
    assert fits(desk)
    phone.locator(".saved-manage").tap()
    phone.wait_for_url("**/saved-views/")
    assert fits(desk)
    assert desk.press(phone.locator("form[data-confirm]")) == 302
