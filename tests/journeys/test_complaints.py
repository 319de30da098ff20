"""In the browser: a call about a township's own leader goes one level up; an objection blocks the ballot until settled."""

import pytest

from complaints.models import Complaint
from demo.scenario import PASSWORD, TOWNSHIP_DISCIPLINE
from elections.enums import Stage
from elections.models import VillageElection
from tests.journeys.desk import Desk

CALL = "示范：反映镇领导给候选人打招呼"
OBJECTION = "示范：反映一名人选的资格"


@pytest.fixture
def election(stack, campaign):
    """A village of the township whose discipline staff answer the telephone."""
    with stack.orm():
        return (
            VillageElection.objects.select_related("village", "township")
            .filter(campaign=campaign)
            .order_by("township__code", "village__code")
            .first()
        )


def test_call_about_the_township_s_own_leader_goes_one_level_up(stack, election, page, second_page):
    duty = Desk(page, TOWNSHIP_DISCIPLINE, PASSWORD).open("/complaints/new/")
    form = page.locator("main form").first
    duty.fill(
        form,
        summary=CALL,
        election=election.pk,
        cause="pressure",
        accused="leader",
        accused_unit=election.township_id,
    )
    page.locator("main form .form-actions button[type=submit]").last.click()
    page.wait_for_url("**/complaints/")
    assert "提到上一级办理" in page.locator("body").inner_text()
    assert CALL not in page.content()
    with stack.orm():
        complaint = Complaint.objects.order_by("-pk").first()
    assert page.locator(f'a[href="/complaints/{complaint.pk}/"]').count() == 0
    assert page.goto(f"/complaints/{complaint.pk}/").status == 404

    county = Desk(second_page, "jijian", PASSWORD).open(f"/complaints/{complaint.pk}/")
    assert CALL in county.text()
    assert county.send("accept") == 302
    assert "办理中" in county.text()
    assert "怎样算出来的" in county.text()


def test_objection_blocks_the_ballot_until_it_is_settled(stack, village_at, page, second_page):
    election = village_at("新集镇", 3, Stage.NOTICE)
    discipline = Desk(page, "jijian", PASSWORD).open("/complaints/new/")
    for summary in page.locator("main form details > summary").all()[:1]:
        summary.click()
    form = page.locator("main form").first
    discipline.fill(
        form, summary=OBJECTION, election=election.pk, cause="qualification", blocks_notice=True
    )
    page.locator("main form .form-actions button[type=submit]").last.click()
    page.wait_for_url("**/complaints/*/")
    assert OBJECTION in discipline.text()

    stage = f"/elections/{election.pk}/notice/"
    township = Desk(second_page, "xiangzhen10", PASSWORD).open(stage)
    blockers = second_page.locator("#blockers").inner_text()
    assert "公示期间有异议尚未办结" in blockers
    assert OBJECTION not in second_page.content()

    assert discipline.send("accept") == 302
    settled = discipline.send("settle", conclusion="false", handling="示范：当日核查，情况不实")
    assert settled == 302
    township.open(stage)
    assert "公示期间有异议尚未办结" not in second_page.locator("main").inner_text()
