"""The coordinator on a phone: one tap in the evening, a correction the next morning, and who used the old figures."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from demo.scenario import PASSWORD
from reporting.models import DailyReport
from reporting.services.bulletins import produce_bulletin
from reporting.services.daily import confirm_daily_report
from tests.journeys.desk import Desk
from tests.journeys.test_phone import fits
from villages.models import Jurisdiction


@pytest.fixture
def own(own_campaign):
    return own_campaign("孟兴庄镇")


@pytest.fixture
def coordinator(stack, own):
    with stack.orm():
        return User.objects.get(postings__jurisdiction=own.area, username__startswith="xiangzhen")


def day_path(campaign, day) -> str:
    return f"/campaigns/{campaign.pk}/townships/{campaign.area_id}/daily/{day}/"


def test_coordinator_confirms_in_one_tap(stack, own, coordinator, phone):
    desk = Desk(phone, coordinator.username, PASSWORD)
    desk.open(f"/campaigns/{own.pk}/daily/")
    assert fits(desk)
    button = phone.locator("#confirm button[type=submit]")
    assert "零报告" in button.inner_text()
    with phone.expect_response(lambda answer: answer.request.method == "POST") as posted:
        button.tap()
    assert posted.value.status == 302
    phone.wait_for_load_state()

    receipt = phone.locator(".receipt").inner_text()
    assert receipt.startswith("已上报（零报告）")
    assert "编号 RB" in receipt
    assert fits(desk)


def test_next_morning_s_correction_is_a_new_version_with_its_difference(
    stack, own, coordinator, phone, desk
):
    """Yesterday's report and bulletin are there; this morning the coordinator adds a problem that was left out."""
    evening = timezone.localtime() - timedelta(days=1)
    day = evening.date()
    with stack.orm():
        confirm_daily_report(
            campaign=own,
            township=Jurisdiction.objects.get(pk=own.area_id),
            day=day,
            problems="示范：无",
            practices="",
            request_key="11111111-1111-4111-8111-111111111111",
            by=coordinator,
            at=evening,
        )
        bulletin = produce_bulletin(campaign=own, day=day, at=evening + timedelta(seconds=1))
    morning = Desk(phone, coordinator.username, PASSWORD).open(day_path(own, day))
    phone.locator("#correct summary").tap()
    form = phone.locator("#correct form")
    morning.fill(form, problems="示范：一个村公示栏受潮", reason="示范：漏写一个村")
    assert morning.press(form) == 302
    assert fits(morning)

    assert "第2版" in phone.locator(".receipt").inner_text()
    versions = phone.locator("#versions").inner_text()
    for words in (
        "示范：漏写一个村",
        "示范：无",
        "示范：一个村公示栏受潮",
        f"第{bulletin.issue}期",
    ):
        assert words in versions
    with stack.orm():
        versions = DailyReport.objects.filter(campaign=own, day=day).order_by("version")
        assert list(versions.values_list("version", "problems")) == [
            (1, "示范：无"),
            (2, "示范：一个村公示栏受潮"),
        ]

    staff = desk("zuzhibu").open(f"/campaigns/{own.pk}/bulletins/{bulletin.issue}/")
    amended = staff.page.locator("#amended").inner_text()
    assert "本期用过的日报已更正（1份）" in amended
    assert "示范：一个村公示栏受潮" in amended
