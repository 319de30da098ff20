"""The ballots that do not go smoothly, in the browser: a tie, too few elected, a branch without a committee, a live
count without a network; and a review that sends one person back."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from candidates.enums import CandidacyStatus, ElectedPostKind
from demo.scenario import PASSWORD
from elections.enums import NoticeKind, Stage
from elections.models import Notice, Roll, VillageElection
from tests.candidates.people import stand
from tests.factories.elections import at_stage
from tests.factories.villages import PartyMemberFactory
from tests.journeys.conftest import DAYS_AGO
from tests.journeys.desk import Desk
from villages.models import PartyMember

NAMES = [f"示范{name}" for name in "甲乙丙丁戊己庚辛壬癸"]
TOWNSHIP, COORDINATOR = "百禄镇", "xiangzhen09"


def day(after: int) -> date:
    """A day of the campaign."""
    return timezone.localdate() - timedelta(days=DAYS_AGO - after)


@pytest.fixture
def early(own_campaign):
    return own_campaign(TOWNSHIP)


@pytest.fixture
def village(stack, early):
    """village(number, stage, ...) → the township's election at a stage by direct writes, with its members and candidates."""

    def village(number: int, stage: Stage, *, members=10, seats=3, candidates=4, status="prepared"):
        with stack.orm():
            election = (
                VillageElection.objects.select_related("campaign", "village")
                .filter(campaign=early, township__name=TOWNSHIP)
                .order_by("village__code")[number]
            )
            people = [
                PartyMemberFactory(village=election.village, name=name) for name in NAMES[:members]
            ]
            if stage != Stage.PETITION:
                election = at_stage(election, stage, on=day(40), committee_seats=seats)
                freeze(election, members)
                posts = [ElectedPostKind.SECRETARY] + [ElectedPostKind.MEMBER] * (candidates - 1)
                election.people = stand(
                    election,
                    people[:candidates],
                    status=CandidacyStatus(status),
                    women=(1,),
                    posts=posts if status == "prepared" else (),
                )
            else:
                election = at_stage(election, stage, on=day(10))
            election.members = {m.name: m.pk for m in people}
        return election

    return village


def freeze(election, due: int) -> None:
    Roll.objects.create(
        election=election,
        published_on=day(40),
        voters=due,
        excluded=0,
        due=due,
        representatives=20,
        representatives_published_on=day(40),
        frozen_by=election.campaign.created_by,
        frozen_at=timezone.now(),
    )
    Notice.objects.create(
        election=election,
        kind=NoticeKind.CANDIDATES,
        starts_on=day(28),
        ends_on=day(40),
        place="示范公开栏",
    )


@pytest.fixture
def township(page):
    return Desk(page, COORDINATOR, PASSWORD)


@pytest.fixture
def staff(second_page):
    return Desk(second_page, "zuzhibu", PASSWORD)


def at(desk: Desk, election, stage: Stage) -> Desk:
    return desk.open(f"/elections/{election.pk}/{stage.value}/")


def ballot(election, favour: dict[str, int], *, present=10, **more) -> dict:
    """A round in which every ballot is valid and who is not for somebody is against."""
    ids = {c.member.name: c.pk for c in election.people}
    values = {
        "held_on": day(44),
        "present": present,
        "chair": "示范主持人",
        "recorder": "示范记录人",
        "issued": present,
        "returned": present,
        "valid": present,
        "invalid": 0,
        "tellers": [
            pk for name, pk in election.members.items() if name == list(election.members)[-1]
        ],
    } | more
    for name, votes in favour.items():
        values |= {
            f"favour_{ids[name]}": votes,
            f"against_{ids[name]}": present - votes,
            f"abstain_{ids[name]}": 0,
        }
    return values


def certify_all(staff: Desk, election, stage: Stage, rounds: int) -> None:
    at(staff, election, stage)
    for _ in range(rounds):
        staff.saved("certify")


def test_a_tie_is_decided_by_a_runoff(village, township, staff, photo):
    election = village(3, Stage.COMMITTEE_BALLOT)
    at(township, election, Stage.COMMITTEE_BALLOT)

    township.saved(
        "round", **ballot(election, {"示范甲": 9, "示范乙": 8, "示范丙": 6, "示范丁": 6})
    )

    assert "当选：示范甲、示范乙。 还有1个名额，须“得票相等者再次投票”。" in township.text()
    assert "得票相等，须就票数相等的人再次投票" in township.text()
    form = township.form("round").inner_text()
    assert "示范丙" in form
    assert "示范甲" not in form.split("候选人")[-1]
    township.refused(
        "round", "多于有效票10张×应选1名", **ballot(election, {"示范丙": 6, "示范丁": 6})
    )
    township.saved("round", **ballot(election, {"示范丙": 4, "示范丁": 5}))

    assert "当选：示范甲、示范乙、示范丁。" in township.text()
    certify_all(staff, election, Stage.COMMITTEE_BALLOT, 2)
    at(township, election, Stage.COMMITTEE_BALLOT).upload("tally_sheet", photo)
    township.saved("submit")
    assert "已办结" in township.text()


def test_a_short_election_goes_on_and_then_gives_up_a_seat(village, township, staff, photo):
    election = village(4, Stage.COMMITTEE_BALLOT, seats=5, candidates=6)
    at(township, election, Stage.COMMITTEE_BALLOT)

    votes = dict(zip(NAMES[:6], (9, 9, 8, 5, 5, 4), strict=True))
    township.saved("round", **ballot(election, votes))
    assert "实到10人，过半数为6票，示范丁得5票，差1票，未当选。" in township.text()
    assert "还有2个名额，须“不足名额另行选举”" in township.text()
    assert "不得以未过半数的人补足" in township.text()
    assert township.form("submit").count() == 0
    township.saved(
        "round",
        **ballot(election, {"示范丁": 7, "示范戊": 5, "示范己": 4}, held_on=day(46)),
    )
    assert "还有1个名额" in township.text()
    township.refused("reduce", "未超过半数（至少6人）", consenting=5, decided_on=day(46))
    township.saved("reduce", consenting=6, decided_on=day(46))

    assert "委员名额由5名减为4名" in township.text()
    certify_all(staff, election, Stage.COMMITTEE_BALLOT, 2)
    at(township, election, Stage.COMMITTEE_BALLOT).upload("tally_sheet", photo)
    township.saved("submit")
    assert "已办结" in township.text()


def test_a_branch_of_five_elects_its_secretary_directly(stack, village, township, staff, photo):
    election = village(5, Stage.PETITION, members=5)
    at(township, election, Stage.PETITION)
    papers = {
        "request_number": "示范请〔2026〕5号",
        "request_on": day(12),
        "reply_number": "示范批〔2026〕5号",
        "reply_on": day(13),
        "deputy_seats": 0,
        "term_ends_on": day(20),
        "shift_approval": "示范组〔2026〕9号",
    }
    township.refused("facts", "正式党员5人，不足7人，不设委员会", **papers, committee_seats=3)
    township.saved("facts", **papers, committee_seats=0)
    for requirement in ("request", "reply"):
        township.upload(requirement, photo)
    township.saved("submit")
    at(staff, election, Stage.PETITION).saved("confirm")
    with stack.orm():
        election = VillageElection.objects.select_related("campaign", "village").get(pk=election.pk)
        election = at_stage(election, Stage.COMMITTEE_BALLOT, on=day(40), committee_seats=0)
        freeze(election, 5)
        members = list(PartyMember.objects.filter(village=election.village_id).order_by("pk"))
        election.people = stand(
            election, members[:1], status="prepared", posts=[ElectedPostKind.SECRETARY]
        )
        election.members = {m.name: m.pk for m in members}

    at(township, election, Stage.COMMITTEE_BALLOT)
    township.saved("round", **ballot(election, {"示范甲": 4}, present=4))
    assert "当选：示范甲。" in township.text()
    certify_all(staff, election, Stage.COMMITTEE_BALLOT, 1)
    at(township, election, Stage.COMMITTEE_BALLOT).upload("tally_sheet", photo)
    township.saved("submit")

    at(township, election, Stage.SECRETARY_BALLOT)
    assert "本村不设委员会，书记由党员大会直接选举，此环节不适用。" in township.text()
    at(township, election, Stage.APPROVAL)
    assert township.form("facts").count() == 1


def test_a_review_sent_back_keeps_the_answers_about_the_others(village, township, staff):
    election = village(6, Stage.REVIEW, status="preliminary")
    at(township, election, Stage.REVIEW).saved("township_all", decided_on=day(41))

    at(staff, election, Stage.REVIEW)
    back = next(c.pk for c in election.people if c.member.name == "示范乙")
    within = f"#person-{back}"
    staff.saved("return_person", within, reason="示范：缺现实表现材料")
    assert "已把示范乙的材料退回乡镇，其他人的审查结论不变" in staff.text()
    staff.saved("county_all", decided_on=day(42))
    assert "已登记3人县级联审合格" in staff.text()

    at(township, election, Stage.REVIEW)
    text = township.text()
    assert "示范乙未作乡镇初审（县级退回：示范：缺现实表现材料）" in text
    assert text.count(f"乡镇初审：合格（{day(41):%Y-%m-%d}）") == 3
    assert text.count(f"县级联审：合格（{day(42):%Y-%m-%d}）") == 3
    township.saved("township", within, result="passed", decided_on=day(43))
    at(staff, election, Stage.REVIEW).saved("county", within, result="passed", decided_on=day(43))
    assert "未作县级联审" not in at(township, election, Stage.REVIEW).text()


def test_a_live_count_survives_a_lost_network(stack, village, township, staff):
    election = village(7, Stage.COMMITTEE_BALLOT)
    # By surname strokes: 1 示范乙, 2 示范丁, 3 示范丙, 4 示范甲.
    url = f"/elections/{election.pk}/tally/committee_ballot/"
    township.open(url)
    township.saved("open")
    page, state = township.page, township.page.locator("[data-tally-state]")
    expect(state).to_have_text("已同步")
    page.keyboard.press("1")
    expect(state).to_have_text("已同步")
    this_ballot = page.locator("[data-ballot]")
    expect(this_ballot).to_have_text("本张：示范乙（赞成1名，最多3名）")

    page.context.set_offline(True)
    first = page.locator("[data-person]").first
    for _ in range(8):
        first.locator("[data-mark=favour]").click()
    for key in ("Space", "2", "2", "2", "3", "3", "Shift+4", "x", "z", "Space", "4", "z"):
        page.keyboard.press(key)
    expect(state).to_contain_text("未同步 20")
    expect(first.locator("[data-favour]")).to_have_text("9")
    expect(this_ballot).to_have_text("本张：还没有唱到赞成的（赞成0名，最多3名）")
    assert first.locator("svg.zheng").count() == 2
    assert marks(stack, election) == 1
    page.context.set_offline(False)
    expect(state).to_have_text("已同步", timeout=30_000)
    assert marks(stack, election) == 21

    for key in ["Space"] * 7 + ["2"] * 5 + ["3"] * 3 + ["4"] * 5:
        page.keyboard.press(key)
    expect(state).to_have_text("已同步")
    page.reload()
    expect(page.locator("[data-valid]")).to_have_text("9")
    township.saved("close")

    second = staff.open(url)
    second.saved("open")
    expect(second.page.locator("[data-tally-state]")).to_have_text("已同步")
    for key in "1234":
        second.page.keyboard.press(key)
    expect(second.page.locator("[data-ballot]")).to_contain_text("本张赞成4名，超过应选3名，为废票")
    for key in "zzz1":
        second.page.keyboard.press(key)
    expect(second.page.locator("[data-ballot]")).to_contain_text("本张给示范乙画了两次")
    for key in "zz":
        second.page.keyboard.press(key)
    for key in ["1"] * 9 + ["2"] * 8 + ["3"] * 5 + ["4"] * 5 + ["Shift+4"] + ["Space"] * 9:
        second.page.keyboard.press(key)
    expect(second.page.locator("[data-tally-state]")).to_have_text("已同步")
    second.saved("close")
    assert "两人独立计票，结果一致" in second.text()

    at(township, election, Stage.COMMITTEE_BALLOT)
    last = list(election.members.values())[-1]
    township.saved(
        "round",
        held_on=day(44),
        present=9,
        chair="示范主持人",
        recorder="示范记录人",
        issued=9,
        tellers=[last],
    )
    assert "实到9人，过半数为5票，示范甲得5票，超过半数。" in township.text()


def marks(stack, election) -> int:
    ((count,),) = stack.query(
        "SELECT count(*) FROM candidates_tallymark m JOIN candidates_tallysheet s ON s.id = m.sheet_id"
        " WHERE s.election_id = %s",
        (election.pk,),
    )
    return count
