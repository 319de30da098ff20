"""In the browser: an anonymous report on a phone, tracked by receipt, answered by discipline staff, the reply seen."""

from complaints.models import Complaint
from demo.scenario import PASSWORD
from elections.models import VillageElection
from tests.journeys.desk import Desk

STORY = "示范：有人上门送烟，要大家选他"
MORE = "示范：有两个邻居可以作证"
REPLY = "示范：经核查，已取消其候选人资格，谢谢您的监督。"


def fits(phone) -> bool:
    return phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_anonymous_report_from_a_phone_is_answered(stack, campaign, phone, second_page, photo):
    with stack.orm():
        election = (
            VillageElection.objects.select_related("village", "township")
            .filter(campaign=campaign)
            .latest("village__code")
        )
        place = (election.township.name, election.village.name, election.township_id)
    phone.goto("/report/")
    assert "可以匿名" in phone.locator("main").inner_text() and fits(phone)
    phone.get_by_label("问题发生在哪个乡镇").select_option(label=place[0])
    phone.get_by_role("button", name="下一步").click()
    phone.wait_for_load_state()
    assert phone.url.endswith("/report/")  # the choice is not in the address
    assert fits(phone)
    phone.get_by_label("哪个村").select_option(label=place[1])
    phone.get_by_label("属于哪类问题").select_option(label="拉票贿选")
    phone.get_by_label("具体情况").fill(STORY)
    phone.locator("input[type=file]").set_input_files(photo)
    phone.get_by_role("button", name="提交举报").click()
    receipt = phone.locator("#receipt").inner_text()
    assert fits(phone) and len("".join(receipt.split())) == 16

    def standing() -> str:
        phone.goto("/report/receipt/")
        phone.get_by_label("16位回执号").fill(receipt)
        phone.get_by_role("button", name="查询").click()
        phone.locator("h1").wait_for()
        assert fits(phone)
        return phone.locator("main").inner_text()

    first = standing()
    assert "已收到，待受理" in first and STORY not in first
    phone.get_by_label("补充情况").fill(MORE)
    phone.get_by_role("button", name="提交补充").click()
    assert "补充的内容已收到" in phone.locator("main").inner_text()
    assert phone.context.cookies() == []

    with stack.orm():
        complaint = Complaint.objects.latest("pk")
    staff = Desk(second_page, "jijian", PASSWORD).open(f"/complaints/{complaint.pk}/")
    assert STORY in staff.text() and MORE in staff.text() and "网上提交" in staff.text()
    assert staff.send("accept") == 302
    assert "已受理，办理中" in standing()
    settled = staff.send("settle", conclusion="true", handling="示范：查实", reply=REPLY)
    assert settled == 302
    last = standing()
    assert "已办结" in last and REPLY in last
    assert phone.get_by_role("button", name="提交补充").count() == 0
