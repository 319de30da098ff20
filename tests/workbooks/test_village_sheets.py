"""调研摸底 and 选情研判 by workbook: the services of the stage decide about every village, all rows or none."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from elections.enums import Stage
from elections.models import VillageElection
from groundwork.enums import Aspect, Grade
from groundwork.models import RiskGrade, RiskScore, SurveyItem
from groundwork.services.risk import grade_by_scores
from groundwork.services.stages import save_survey
from reporting.selectors.imports import kinds
from reporting.services.imports import import_now
from tests.reporting.conftest import NOON, settle_up_to
from workbooks.reading import FileRefused

DAY = date(2026, 9, 20)
SURVEY_HEADS = [column.head for column in kinds()["surveys"].columns]
RISK_HEADS = [column.head for column in kinds()["risks"].columns]
GREEN = dict.fromkeys(Aspect.values, 18)


@pytest.fixture
def bring_in(world):
    def bring_in(code, path, *, by="east", area=None):
        return import_now(
            kind=kinds()[code],
            campaign=world.campaign,
            area=area or world.east,
            path=path,
            reason="",
            by=getattr(world.users, by),
            at=NOON,
            dry_run=False,
        )

    return bring_in


@pytest.fixture
def own(world) -> VillageElection:
    return world.elections["东乡镇201村"]


@pytest.fixture
def filled(world, own) -> None:
    """A survey and a grading of one village of each township."""
    for name, user in (("东乡镇201村", world.users.east), ("西乡镇201村", world.users.west)):
        election = world.elections[name]
        save_survey(
            election=election,
            items={n: (n < 6, f"示范情况{n}") for n in range(1, 8)},
            research_group="示范第一调研组",
            surveyed_on=DAY,
            by=user,
            at=NOON,
        )
        grade_by_scores(
            election=election,
            scores=GREEN,
            grounds="示范：平稳",
            graded_on=DAY,
            by=user,
            at=NOON,
        )


def survey_row(village: str, number: int, **changes) -> list:
    values = {
        "village": village,
        "number": number,
        "is_clear": "是",
        "finding": f"示范情况{number}",
        "research_group": "示范第二调研组",
        "surveyed_on": DAY,
    } | changes
    return [values.get(column.name) for column in kinds()["surveys"].columns]


def risk_row(village: str, points: int = 18, **changes) -> list:
    values = {
        "village": village,
        **dict.fromkeys(Aspect.values, points),
        "graded_on": DAY,
        "grounds": "示范",
    } | changes
    return [values.get(column.name) for column in kinds()["risks"].columns]


@pytest.mark.parametrize("code", ["surveys", "risks"])
def test_what_is_taken_out_and_brought_in_again_changes_nothing(
    code, world, filled, client, bring_in, tmp_path
):
    stored = [list(m.objects.order_by("pk").values()) for m in (SurveyItem, RiskGrade, RiskScore)]
    written = AuditEntry.objects.filter(action__regex=r"^(survey|risk)\.")
    audited = written.count()
    client.force_login(world.users.east)
    url = reverse("export_start", kwargs={"pk": world.campaign.pk, "what": code})
    assert client.get(url).status_code == 200
    answer = client.post(url, {"reason": "示范核对"})
    path = tmp_path / "导出.xlsx"
    path.write_bytes(b"".join(answer.streaming_content))

    plan, problems = bring_in(code, path)

    assert (problems, plan.new, plan.changed, plan.missing) == ([], [], [], [])
    assert plan.unchanged == (7 if code == "surveys" else 1)
    assert stored == [
        list(m.objects.order_by("pk").values()) for m in (SurveyItem, RiskGrade, RiskScore)
    ]
    assert written.count() == audited > 0


def test_survey_of_several_villages_is_written_through_the_stage_s_service(
    world, own, bring_in, xlsx
):
    rows = [survey_row(f"东乡镇{n}村", item) for n in (201, 202) for item in range(1, 8)]
    rows[0][SURVEY_HEADS.index("项目")] = world.campaign.survey_items[0]
    path = xlsx([SURVEY_HEADS, *rows], sheet="调研摸底（七个清楚）")

    plan, problems = bring_in("surveys", path)

    assert (problems, len(plan.new), plan.changed) == ([], 14, [])
    items = SurveyItem.objects.filter(election=own, is_clear=True, research_group="示范第二调研组")
    assert list(items.order_by("number").values_list("number", flat=True)) == list(range(1, 8))
    assert AuditEntry.objects.filter(action="survey.saved").count() == 2
    again, _ = bring_in("surveys", path)
    assert (again.new, again.changed, again.unchanged) == ([], [], 14)


def test_one_changed_finding_is_shown_and_leaves_the_others(world, own, filled, bring_in, xlsx):
    row = survey_row("东乡镇201村", 6, research_group="示范第一调研组", finding="示范更正")

    plan, problems = bring_in("surveys", xlsx([SURVEY_HEADS, row], sheet="调研摸底（七个清楚）"))

    assert problems == []
    (entry,) = plan.changed
    assert [(c.head, c.before, c.after) for c in entry.changes] == [
        ("已清楚", "否", "是"),
        ("情况", "示范情况6", "示范更正"),
    ]
    assert len(plan.missing) == 6
    assert SurveyItem.objects.filter(election=own, is_clear=True).count() == 6


def test_wrong_survey_rows_are_all_named_and_nothing_is_written(world, own, bring_in, xlsx):
    settle_up_to(world.elections["东乡镇1村"], Stage.RECTIFICATION, on=DAY)
    rows = [
        survey_row("东乡镇201村", 1),
        survey_row("东乡镇201村", 8),
        survey_row("东乡镇201村", 2, item="没有这一项"),
        survey_row("东乡镇201村", 1),
        survey_row("西乡镇201村", 1),
        survey_row("东乡镇202村", 3, finding=None),
        survey_row("东乡镇1村", 1),
    ]

    _, problems = bring_in("surveys", xlsx([SURVEY_HEADS, *rows], sheet="调研摸底（七个清楚）"))

    named = {p.row: p.message for p in problems}
    assert sorted(named) == [3, 4, 5, 6, 7, 8]
    assert "序号应为1至7" in named[3]
    assert f"第2项是“{world.campaign.survey_items[1]}”" in named[4]
    assert "与第2行是同一条" in named[5]
    assert "没有这个村" in named[6]
    assert "标为已清楚，请写明情况" in named[7]
    assert "现在不能登记" in named[8]
    assert not SurveyItem.objects.exists()


def test_grades_follow_from_the_points(world, own, bring_in, xlsx):
    rows = [
        risk_row("东乡镇201村"),
        risk_row(
            "东乡镇202村", 5, leader="示范县领导", work_group="示范工作组", plan="示范预案要点"
        ),
    ]

    plan, problems = bring_in("risks", xlsx([RISK_HEADS, *rows], sheet="选情研判"))

    assert (problems, len(plan.new)) == ([], 2)
    grades = dict(RiskGrade.objects.values_list("election__village__name", "grade"))
    assert grades == {"东乡镇201村": Grade.GREEN, "东乡镇202村": Grade.RED}
    assert RiskScore.objects.get(election=own).total == 90


def test_wrong_points_are_named_and_nothing_is_written(world, bring_in, xlsx):
    rows = [
        risk_row("东乡镇201村"),
        risk_row("东乡镇202村", 21),
        risk_row("东乡镇1村", 5),
    ]
    rows[0][RISK_HEADS.index(Aspect.TEAM.label)] = None

    _, problems = bring_in("risks", xlsx([RISK_HEADS, *rows], sheet="选情研判"))

    words = {}
    for problem in problems:
        words.setdefault(problem.row, []).append(problem.message)
    assert sorted(words) == [2, 3, 4]
    assert words[2] == [f"请填写{Aspect.TEAM.label}。"]
    assert len(words[3]) == 5 and all("满分20分" in w for w in words[3])
    assert len(words[4]) == 3 and all("红色村须填写" in w for w in words[4])
    assert not RiskGrade.objects.exists()


def test_staff_of_the_county_are_told_who_enters_it(world, bring_in, xlsx):
    path = xlsx([RISK_HEADS, risk_row("东乡镇201村")], sheet="选情研判")

    _, problems = bring_in("risks", path, by="staff", area=world.county)

    assert "只有本乡镇的联络员" in problems[0].message
    assert not RiskGrade.objects.exists()


def test_wrong_sheet_is_recognised_by_its_name(world, bring_in, xlsx):
    path = xlsx([RISK_HEADS, risk_row("东乡镇201村")], sheet="选情研判")

    with pytest.raises(FileRefused, match="这是“选情研判”表，请到“导入 → 选情研判”上传"):
        bring_in("surveys", path)
