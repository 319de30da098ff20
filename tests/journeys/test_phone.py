"""The coordinator on a phone, in the village: to-do list, a stage with a photograph, the daily report."""

from demo.scenario import PASSWORD
from elections.models import VillageElection
from tests.journeys.desk import Desk


def fits(desk: Desk) -> bool:
    """Nothing sticks out of the phone's screen."""
    return desk.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def choose(desk: Desk, campaign) -> None:
    """In the switcher of campaigns, which is there when the township takes part in several."""
    switcher = desk.page.locator("form:has(select[name=campaign])")
    if switcher.count():
        with desk.page.expect_navigation():
            switcher.first.evaluate(
                "(form, pk) => { form.elements.campaign.value = pk; form.submit(); }",
                str(campaign.pk),
            )


def test_coordinator_works_on_a_phone(stack, campaign, phone, photo):
    with stack.orm():
        election = VillageElection.objects.filter(
            campaign=campaign, township__name="汤沟镇"
        ).earliest("village__code")
        village = election.village.name
    desk = Desk(phone, "xiangzhen08", PASSWORD)

    choose(desk, campaign)
    desk.open("/todo/")
    assert fits(desk)
    phone.get_by_role("link", name=village).first.click()
    phone.wait_for_url(f"**/elections/{election.pk}/survey/")
    assert fits(desk)

    findings = {f"finding_{n}": "示范：情况清楚" for n in range(1, 8)}
    desk.saved("survey", **findings)
    assert "七个清楚" in desk.text()
    desk.upload("survey_report", photo)
    picture = phone.locator("#evidence img.thumb")
    assert picture.evaluate("image => image.naturalWidth") > 0
    assert fits(desk)

    desk.open(f"/elections/{election.pk}/")
    assert fits(desk)

    desk.open(f"/campaigns/{campaign.pk}/daily/")
    assert phone.locator(".receipt").inner_text().startswith("未上报")
    assert fits(desk)
    assert desk.press(phone.locator("main form")) == 302
    assert phone.locator(".receipt").inner_text().startswith("已上报")
    assert fits(desk)
