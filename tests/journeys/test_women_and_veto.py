"""In the browser: a women's exception from the township to the leader's dashboard; a veto with a second hand under it and
a replacement."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from candidates.enums import CandidacyStatus
from candidates.models import Candidacy, RecommendationTally
from demo.scenario import PASSWORD
from elections.enums import MeetingKind, Stage
from elections.models import Meeting, VillageElection
from tests.candidates.people import stand
from tests.factories.elections import at_stage
from tests.factories.villages import PartyMemberFactory
from tests.journeys.conftest import DAYS_AGO
from tests.journeys.desk import Desk
from villages.enums import Sex

NAMES = [f"示范{name}" for name in "甲乙丙丁戊己"]
TOWNSHIP, COORDINATOR = "新集镇", "xiangzhen10"


def day(after: int) -> date:
    """A day of the campaign."""
    return timezone.localdate() - timedelta(days=DAYS_AGO - after)


@pytest.fixture
def early(own_campaign):
    return own_campaign(TOWNSHIP)


@pytest.fixture
def village(stack, early):
    """village(number, stage, status=None, women=()) → an election whose six members were recommended in order, the first
    four of them standing if a status is given."""

    def village(number: int, stage: Stage, *, status=None, women=()):
        with stack.orm():
            election = (
                VillageElection.objects.select_related("campaign", "village")
                .filter(campaign=early, township__name=TOWNSHIP)
                .order_by("village__code")[number]
            )
            people = [
                PartyMemberFactory(
                    village=election.village,
                    name=name,
                    sex=Sex.FEMALE if n in women else Sex.MALE,
                )
                for n, name in enumerate(NAMES)
            ]
            election = at_stage(election, stage, on=day(30))
            meeting = Meeting.objects.create(
                election=election,
                kind=MeetingKind.MEMBER_RECOMMENDATION,
                held_on=day(30),
                due=20,
                present=18,
            )
            RecommendationTally.objects.bulk_create(
                RecommendationTally(election=election, meeting=meeting, member=member, votes=17 - n)
                for n, member in enumerate(people)
            )
            if status:
                stand(election, people[:4], status=status)
        return election

    return village


def test_exception_for_women_reaches_the_leader(village, page, second_page):
    election = village(0, Stage.PRELIMINARY)
    url = f"/elections/{election.pk}/preliminary/"
    township = Desk(page, COORDINATOR, PASSWORD).open(url)
    township.saved("facts", wanted=4)
    assert "女性0名，少于本届要求的1名" in page.locator("#blockers").inner_text()
    township.saved("exception", reason="示范：本村女党员少且年龄偏大")
    assert "等县委组织部批准" in page.locator("#exceptions").inner_text()

    county = Desk(second_page, "zuzhibu", PASSWORD).open(url)
    with second_page.expect_response(lambda answer: answer.request.method == "POST") as posted:
        second_page.locator("#exceptions button", has_text="同意例外").click()
    assert posted.value.status == 302
    county.open("/todo/")

    second_page.context.clear_cookies()
    leader = Desk(second_page, "lingdao", PASSWORD)
    leader.open(f"/campaigns/{election.campaign_id}/dashboard/")
    card = second_page.locator("a.stat", has_text="女性未达标村")
    assert "已批准例外1" in card.inner_text()
    assert "示范：本村女党员少且年龄偏大" in leader.text()
    card.click()
    second_page.wait_for_url("**/women/?state=below")
    row = second_page.locator("tbody tr", has_text=election.village.name)
    assert "0/1名" in row.inner_text()
    assert "已批准例外" in row.inner_text()


def test_veto_waits_for_another_hand_and_the_next_takes_the_place(
    stack, village, page, second_page
):
    election = village(1, Stage.INSPECTION, status=CandidacyStatus.CLEARED, women=(0,))
    url = f"/elections/{election.pk}/inspection/"
    with stack.orm():
        pk = Candidacy.objects.get(election=election, member__name="示范丁").pk
    values = {
        "inspected_on": day(33),
        "team": "示范考察组",
        "leader": "示范组长",
        "leader_unit": "示范组织科",
        "members": "示范组员 示范镇党委",
        "talks_members": 6,
        "talks_cadres": 1,
        "talks_villagers": 4,
        "voters": 20,
        "excellent": 4,
        "competent": 3,
        "basic": 1,
        "incompetent": 12,
        "result": "vetoed",
        "reason": "示范：测评不称职票过半",
    }
    township = Desk(page, COORDINATOR, PASSWORD).open(url)
    township.refused(
        "inspect", "多于参加测评的19人", within=f"#person-{pk}", **values | {"voters": 19}
    )
    township.open(url).saved("inspect", f"#person-{pk}", **values)
    assert "否决待复核" in page.locator(f"#person-{pk}").inner_text()
    assert page.locator(f"#person-{pk} [value=sign_veto]").count() == 0

    county = Desk(second_page, "zuzhibu", PASSWORD).open(url)
    county.refused("sign_veto", "须写明理由", within=f"#person-{pk}", approved="0")
    county.open(url).saved("sign_veto", f"#person-{pk}", approved="1", note="示范：同意")
    assert "复核同意否决" in second_page.locator(f"#person-{pk}").inner_text()

    township.open(url).saved("replace")
    with stack.orm():
        new = Candidacy.objects.get(election=election, is_replacement=True).pk
    township.saved("township", f"#person-{new}", result="passed", decided_on=day(34))
    county.open(url).saved("county", f"#person-{new}", result="passed", decided_on=day(34))
    passed = values | {"inspected_on": day(35), "incompetent": 0, "result": "passed"}
    passed.pop("reason")
    township.open(url).saved("inspect", f"#person-{new}", **passed)

    rows = stack.query(
        "SELECT m.name, c.status FROM candidates_candidacy c JOIN villages_partymember m"
        " ON m.id = c.member_id WHERE c.election_id = %s ORDER BY c.rank",
        (election.pk,),
    )
    assert rows == [
        ("示范甲", "cleared"),
        ("示范乙", "cleared"),
        ("示范丙", "cleared"),
        ("示范丁", "vetoed"),
        ("示范戊", "inspected"),
    ]
