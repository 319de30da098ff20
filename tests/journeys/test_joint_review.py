"""Stage 9 in the browser: three departments, one objection, a rejection that a second person agrees to, a replacement about
whom alone everybody is asked, the stage submitted."""

import pytest

from candidates.models import RecommendationTally
from elections.enums import MeetingKind, Stage
from elections.models import Meeting
from tests.journeys.villages import day

TOWNSHIP, COORDINATOR = "北陈集镇", "xiangzhen04"
#: Department → its account.
ACCOUNTS = {"公安局": "lianshen", "纪委监委": "lianshen2", "法院": "lianshen3"}


@pytest.fixture
def election(stack, village_at):
    """Four nominees, and a fifth person who was recommended, too."""
    election = village_at(TOWNSHIP, 0, Stage.REVIEW, status="preliminary")
    with stack.orm():
        meeting = Meeting.objects.create(
            election=election,
            kind=MeetingKind.MEMBER_RECOMMENDATION,
            held_on=day(30),
            due=10,
            present=10,
        )
        RecommendationTally.objects.bulk_create(
            RecommendationTally(election=election, meeting=meeting, member_id=pk, votes=9 - n)
            for n, pk in enumerate(list(election.members.values())[:5])
        )
    return election


def send_batch(staff, election) -> None:
    staff.open(f"/campaigns/{election.campaign_id}/reviews/").saved("send", working_days=5)


def answer_all(desk, names, *, objects_to=None) -> None:
    """A department opens its newest task and answers about everybody in it."""
    for name in names:
        person = desk(ACCOUNTS[name]).open("/vetting/")
        person.page.locator("tbody th a").first.click()
        person.page.wait_for_load_state()
        form = person.form("answer")
        if objects_to and name == "法院":
            row = form.locator("fieldset", has_text=objects_to)
            row.locator("input[value=objection]").check()
            row.locator("summary").click()
            row.locator("[name^=reason_]").fill("示范：列为失信被执行人")
        form.locator("[data-fill]").click()
        assert person.press(form) == 302, person.text()


def test_objection_rejection_replacement_and_the_stage_is_done(desk, election, photo):
    staff, township, second = desk("zuzhibu"), desk(COORDINATOR), desk("zuzhibu2")
    page = f"/elections/{election.pk}/review/"
    rejected = next(c for c in election.people if c.member.name == "示范丙")
    within = f"#person-{rejected.pk}"

    staff.open(f"/campaigns/{election.campaign_id}/departments/")
    for order, name in enumerate(ACCOUNTS):
        form = staff.page.locator("form:has(input[name=action][value=save])").last
        staff.fill(form, name=name, questions=f"{name}审查事项（示范）", order=order)
        assert staff.press(form) == 302, staff.text()
    assert "没有账号" not in staff.text()
    township.open(page).saved("township_all", decided_on=day(41))
    assert "未送公安局联审" in township.text()
    send_batch(staff, election)
    answer_all(desk, ACCOUNTS, objects_to="示范丙")

    staff.open(page).saved("county_all", decided_on=day(42))
    assert "已登记3人县级联审合格" in staff.text()
    assert "示范：列为失信被执行人" in staff.text()
    assert "示范：列为失信被执行人" not in township.open(page).text()
    staff.saved(
        "county",
        within,
        result="failed",
        decided_on=day(42),
        rule="失信（示范）",
        reason="示范：属实",
    )
    assert "待另一人复核" in staff.text()
    second.open(page).saved("countersign", within, agreed="yes")
    assert "审查不合格" in second.page.locator(within).inner_text()

    township.open(page).saved("replace")
    assert "示范戊递补为初步人选" in township.text()
    township.saved("township_all", decided_on=day(43))
    send_batch(staff, election)
    assert "第2批" in staff.text()
    answer_all(desk, ACCOUNTS)
    task = desk("lianshen").text()
    assert ("示范戊" in task, "示范甲" in task) == (True, False)
    staff.open(page).saved("county_all", decided_on=day(44))

    township.open(page).upload("review_form", photo)
    township.saved("submit", on=day(44))
    assert "已办结" in township.text()
