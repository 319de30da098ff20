"""One village of 灌南县 from the first stage to the closing report, by hand, in two people's browsers."""

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone
from docx import Document

from demo.scenario import PASSWORD
from elections.enums import Stage
from elections.models import VillageElection
from reporting import narrative
from tests.journeys.conftest import DAYS_AGO
from tests.journeys.desk import Desk
from villages.enums import Education, Sex
from villages.models import PartyMember

NAMES = "甲乙丙丁戊己庚辛壬癸"


def day(after: int) -> date:
    """A day of the campaign."""
    return timezone.localdate() - timedelta(days=DAYS_AGO - after)


@pytest.fixture
def election(stack, campaign):
    with stack.orm():
        return (
            VillageElection.objects.select_related("village")
            .filter(campaign=campaign, township__name="新安镇")
            .earliest("village__code")
        )


class Village:
    """The township coordinator's and the county staff's way through the stages of one village."""

    def __init__(self, stack, election, township: Desk, county: Desk, photo):
        self.stack, self.election, self.photo = stack, election, photo
        self.township, self.county = township, county

    def at(self, stage: Stage, desk: Desk | None = None) -> Desk:
        desk = desk or self.township
        return desk.open(f"/elections/{self.election.pk}/{stage.value}/")

    def members(self) -> dict[str, int]:
        """Ids of the village's members by name, as the forms name them."""
        with self.stack.orm():
            rows = PartyMember.objects.filter(village=self.election.village_id)
            return dict(rows.values_list("name", "pk"))

    def close(self, *evidence: str, on: date | None = None, done: str = "已办结") -> None:
        """Upload what is asked for and submit."""
        for requirement in evidence:
            self.township.upload(requirement, self.photo)
        self.township.saved("submit", **({"on": on} if on else {}))
        assert done in self.township.text()

    def certify(self, stage: Stage) -> None:
        """The county checks the count that the township entered."""
        self.at(stage, self.county).saved("certify")
        self.at(stage)

    def confirm(self, stage: Stage) -> None:
        self.at(stage, self.county).saved("confirm")
        assert "已确认" in self.county.text()


def test_a_village_from_survey_to_closing_report(
    stack, campaign, election, page, second_page, photo, tmp_path
):
    village = Village(
        stack,
        election,
        Desk(page, "xiangzhen01", PASSWORD),
        Desk(second_page, "zuzhibu", PASSWORD),
        photo,
    )
    fill_roster(village)
    prepare(village)
    launch(village)
    recommend(village)
    select(village)
    vote(village)
    finish(village)
    report_the_day(village, campaign)
    close_the_day(village, campaign)
    write_closing_report(village, campaign, tmp_path)


def fill_roster(village: Village) -> None:
    """Ten full members, three of them women; the first is the secretary in office."""
    desk = village.township
    for number, name in enumerate(NAMES):
        desk.open(f"/villages/{village.election.village_id}/members/new/")
        form = desk.page.locator("main form").first
        desk.fill(
            form,
            name=f"示范{name}",
            sex=Sex.FEMALE if name in "乙丁己" else Sex.MALE,
            born_on=date(1970 + number, 5, 1),
            joined_on=date(2000, 7, 1),
            status="full",
            education=Education.choices[0][0],
            **({"post": "secretary", "post_since": date(2021, 1, 15)} if name == "甲" else {}),
        )
        assert desk.press(form) == 302, desk.text()


def post_anyway(desk: Desk, **values) -> int:
    """What the server says to a form that the page does not offer."""
    token = desk.page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    answer = desk.page.request.post(
        desk.page.url,
        form={"csrfmiddlewaretoken": token, **{k: str(v) for k, v in values.items()}},
        headers={"Referer": desk.page.url},
    )
    assert "须先办结“调研摸底”" in answer.text()
    return answer.status


def prepare(village: Village) -> None:
    desk = village.at(Stage.RECTIFICATION)
    assert "须先办结“调研摸底”，再办理本环节。" in desk.text()
    assert desk.page.locator("#submit").count() == 0
    assert post_anyway(desk, action="submit", version=0, on=day(8)) == 422

    village.at(Stage.SURVEY)
    assert desk.page.locator("#submit button[disabled]").count() == 1
    findings = {f"finding_{n}": "示范：情况清楚" for n in range(1, 8)}
    clear = {f"clear_{n}": True for n in range(1, 8)}
    desk.saved("survey", **findings, **clear)
    points = {"team": 18, "running": 17, "people": 16, "petitions": 18, "history": 17}
    desk.saved("risk", **points, graded_on=day(3), grounds="示范：平稳")
    village.close("survey_report", on=day(4))

    village.at(Stage.RECTIFICATION)
    desk.saved(
        "audit",
        subject="示范甲",
        auditor="示范审计组",
        report_number="示范审〔1〕号",
        reported_on=day(6),
        published_on=day(7),
    )
    village.close("audit_notice", on=day(8))


def papers(after: int, *kinds: str) -> dict:
    values = {}
    for number, kind in enumerate(kinds):
        values[f"{kind}_number"] = f"示范〔{after}〕{number + 1}号"
        values[f"{kind}_on"] = day(after)
    return values


def launch(village: Village) -> None:
    desk = village.at(Stage.PETITION)
    petition = papers(10, "request", "reply") | {"committee_seats": 3, "deputy_seats": 0}
    desk.refused("facts", "属于延期换届，须经上级党组织批准", **petition, term_ends_on=day(20))
    desk.saved("facts", **petition, term_ends_on=day(20), shift_approval="示范组〔2026〕9号")
    village.close("request", "reply", done="等县委组织部确认")
    village.confirm(Stage.PETITION)

    village.at(Stage.MOBILISATION)
    kinds = ("mobilisation", "training", "discipline")
    desk.saved(
        "facts",
        **{f"{kind}_on": day(12) for kind in kinds},
        **{f"{kind}_present": 9 for kind in kinds},
    )
    village.close("meeting_photo")

    village.at(Stage.ROSTER)
    desk.saved(
        "facts", published_on=day(14), representatives=30, representatives_published_on=day(14)
    )
    village.close("roster_notice")


def recommend(village: Village) -> None:
    desk, members = village.township, village.members()

    def votes(*counts: int) -> dict:
        return {
            f"votes_{members[f'示范{name}']}": count
            for name, count in zip(NAMES, counts, strict=False)
        }

    people = {"chair": "示范主持人", "recorder": "示范记录人"}
    village.at(Stage.MEMBER_RECOMMENDATION)
    desk.refused(
        "facts",
        "应到10人，实到6人，未达到2/3（至少7人）",
        held_on=day(16),
        present=6,
        **people,
        **votes(6, 5),
    )
    desk.saved("facts", held_on=day(16), present=8, **people, **votes(8, 6, 4, 3, 2))
    village.close("minutes")

    village.at(Stage.VILLAGER_RECOMMENDATION)
    desk.saved("facts", held_on=day(17), present=24, **people, **votes(20, 18, 14, 10, 6))
    village.close("minutes")


def select(village: Village) -> None:
    desk, county = village.township, village.county
    village.at(Stage.PRELIMINARY)
    desk.saved("facts", wanted=5)
    village.close("report", on=day(18))

    village.at(Stage.REVIEW)
    desk.saved("township_all", decided_on=day(20))
    village.at(Stage.REVIEW, county).saved("county_all", decided_on=day(21))
    village.at(Stage.REVIEW)
    village.close("review_form", on=day(22))

    inspect(village)
    village.close("inspection_report", on=day(24))

    village.at(Stage.NOMINATION)
    ids = candidacies(village)

    def put_forward(*names: str) -> dict:
        values = {}
        for number, name in enumerate(names):
            pk = ids[f"示范{name}"]
            values[f"post_{pk}"] = "member" if number else "secretary"
            values[f"pledged_on_{pk}"] = values[f"talked_on_{pk}"] = day(25)
        return values

    desk.refused(
        "people",
        "应选委员3名",
        "差额不足20%（至少4名）",
        talker="示范谈话人",
        **put_forward(*"甲乙丙"),
    )
    desk.saved("people", talker="示范谈话人", **put_forward(*"甲乙丙丁"))
    desk.saved("papers", **papers(26, "request", "reply"))
    village.close("pledges", "reply", done="等县委组织部确认")
    village.confirm(Stage.NOMINATION)

    village.at(Stage.NOTICE)
    desk.saved("facts", starts_on=day(28), ends_on=day(42))
    village.close("notice_photo")


def candidacies(village: Village) -> dict[str, int]:
    rows = village.stack.query(
        "SELECT m.name, c.id FROM candidates_candidacy c"
        " JOIN villages_partymember m ON m.id = c.member_id WHERE c.election_id = %s",
        (village.election.pk,),
    )
    return dict(rows)


def inspect(village: Village) -> None:
    """Four pass; the fifth is vetoed, which takes a reason."""
    desk = village.at(Stage.INSPECTION)
    for name, pk in candidacies(village).items():
        within = f"#person-{pk}"
        values = {
            "inspected_on": day(23),
            "team": "示范考察组",
            "leader": "示范组长",
            "leader_unit": "示范组织科",
            "members": "示范组员 示范镇党委",
            "talks_members": 5,
            "talks_cadres": 1,
            "talks_villagers": 3,
            "voters": 23,
            "excellent": 20,
            "competent": 3,
            "basic": 0,
            "incompetent": 0,
        }
        if name == "示范戊":
            desk.refused("inspect", "理由", within=within, **values, result="vetoed")
            values["reason"] = "示范：群众认可度不高"
            values["result"] = "vetoed"
        desk.saved("inspect", within, **values)
        if values.get("result") == "vetoed":
            sign(village, pk)


def sign(village: Village, pk: int) -> None:
    """The county's second hand under the veto."""
    desk = village.at(Stage.INSPECTION, village.county)
    desk.saved("sign_veto", f"#person-{pk}", approved="1")
    village.at(Stage.INSPECTION)


def vote(village: Village) -> None:
    desk, ids, members = village.township, candidacies(village), village.members()
    village.at(Stage.COMMITTEE_BALLOT)
    tallies = {}
    for name, (favour, against, abstain) in {
        "甲": (9, 0, 0),
        "乙": (8, 1, 0),
        "丙": (6, 2, 1),
        "丁": (4, 5, 0),
    }.items():
        pk = ids[f"示范{name}"]
        tallies |= {f"favour_{pk}": favour, f"against_{pk}": against, f"abstain_{pk}": abstain}
    ballot = {
        "held_on": day(44),
        "present": 9,
        "chair": "示范主持人",
        "recorder": "示范记录人",
        "issued": 9,
        "returned": 9,
        "valid": 9,
        "invalid": 0,
        "tellers": [members["示范壬"], members["示范癸"]],
    } | tallies
    desk.refused(
        "round", "应到会10人", "党员7人，未达到五分之四（至少8人）", **ballot | {"present": 7}
    )
    desk.refused("round", "收回", "多于", **ballot | {"issued": 8})
    desk.refused("round", "不得在此前（含当日）召开", **ballot | {"held_on": day(42)})
    desk.saved("round", **ballot)
    assert "当选：示范甲、示范乙、示范丙。" in desk.text()
    assert "须由另一人核对" in desk.text()
    assert desk.page.locator("text=核对无误").count() == 0
    village.certify(Stage.COMMITTEE_BALLOT)
    village.close("tally_sheet")

    village.at(Stage.SECRETARY_BALLOT)
    pk = ids["示范甲"]
    desk.saved(
        "round",
        **ballot_of_three(day(44)),
        tellers=[members["示范壬"]],
        **{f"favour_{pk}": 3, f"against_{pk}": 0, f"abstain_{pk}": 0},
    )
    village.certify(Stage.SECRETARY_BALLOT)
    village.close("minutes")


def ballot_of_three(on: date) -> dict:
    people = {"chair": "示范主持人", "recorder": "示范记录人"}
    return {
        "held_on": on,
        "present": 3,
        "issued": 3,
        "returned": 3,
        "valid": 3,
        "invalid": 0,
    } | people


def finish(village: Village) -> None:
    desk = village.at(Stage.APPROVAL)
    desk.saved("facts", **papers(46, "request", "reply", "filing"))
    village.close("reply", done="等县委组织部确认")
    village.confirm(Stage.APPROVAL)

    village.at(Stage.ANNOUNCEMENT)
    desk.saved("facts", starts_on=day(48))
    village.close("notice_photo")

    village.at(Stage.HANDOVER)
    desk.saved(
        "facts",
        handed_on=day(50),
        from_name="示范甲",
        to_name="示范甲",
        witness="示范驻村干部",
        items="公章1枚",
    )
    village.close("handover_list")
    desk.open(f"/elections/{village.election.pk}/")
    assert f"已完成 {day(50):%Y年%-m月%-d日}" in desk.text()


def report_the_day(village: Village, campaign) -> None:
    desk = village.township.open(f"/campaigns/{campaign.pk}/daily/")
    assert desk.page.locator(".receipt").inner_text().startswith("未上报")
    form = desk.page.locator("main form")
    desk.fill(form, problems="示范：无", practices="示范：当天录入、当天核对")
    assert desk.press(form) == 302, desk.text()
    receipt = desk.page.locator(".receipt").inner_text()
    assert receipt.startswith("已上报")
    assert f"编号 RB{timezone.localdate():%Y%m%d}-" in receipt


def close_the_day(village: Village, campaign) -> None:
    """Staff move the cut-off; the timer produces the bulletin by itself."""
    desk = village.county.open(f"/campaigns/{campaign.pk}/edit/")
    form = desk.page.locator("main form").first
    desk.fill(form, daily_cutoff="00:00")
    assert desk.press(form) == 302, desk.text()

    def bulletin_is_there() -> bool:
        return "第1期" in desk.open(f"/campaigns/{campaign.pk}/bulletins/").text()

    village.stack.wait_for(bulletin_is_there, what="the bulletin of today")
    desk.page.click("text=第1期")
    words = desk.text()
    done, reported = village.stack.query(
        "SELECT (SELECT count(*) FROM elections_villageelection"
        " WHERE completed_on IS NOT NULL AND campaign_id = %s),"
        " (SELECT count(*) FROM reporting_dailyreport"
        " WHERE superseded_at IS NULL AND campaign_id = %s)",
        [campaign.pk, campaign.pk],
    )[0]
    assert f"应换届238个村（社区），已完成{done}个（当日{done}个）" in words
    assert f"完成率{done / 238:.1%}（{done}/238）" in words
    assert f"应报日报11份，已报{reported}份" in words


def write_closing_report(village: Village, campaign, tmp_path) -> None:
    desk = village.county.open(f"/campaigns/{campaign.pk}/closing-report/")
    desk.page.click("text=生成总结报告")
    desk.page.wait_for_selector("text=下载第1版")
    with desk.page.expect_download() as download:
        desk.page.click("text=下载第1版")
    file = tmp_path / "closing.docx"
    download.value.save_as(file)

    figures = json.loads(village.stack.manage("indicators", "--campaign", str(campaign.pk)))
    written = [paragraph.text for paragraph in Document(file).paragraphs]
    expected = [paragraph.text for paragraph in narrative.report(campaign.name, "灌南县", figures)]
    assert written[2 : 2 + len(expected)] == expected
    assert "选举产生书记1名，新当选0名、连任1名" in "".join(written)
