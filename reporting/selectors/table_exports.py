"""The tables beside the charts, as workbooks: small, the numbers that the page shows, of the user's area or one township."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from accounts.models import User
from candidates.selectors import STEPS
from elections.models import Campaign

from .. import rules
from ..models import TownshipProgress
from ..permissions import check_can_see_departments
from . import funnel, pace, progress, teams
from .burnup import burn_up
from .export_types import Export, Selection, heads
from .team_items import KINDS, MEMBERS, SECRETARIES, Kind


@dataclass(frozen=True)
class Request:
    """Who asks for which table of what. `townships`: those the table covers; `chosen`: the one it is narrowed to."""

    user: User
    campaign: Campaign
    today: date
    townships: list[TownshipProgress]
    chosen: TownshipProgress | None

    @property
    def township_id(self) -> int | None:
        return self.chosen.township_id if self.chosen else None


def chosen_township(rows: list[TownshipProgress], wanted: str) -> TownshipProgress | None:
    """The township that the address names, among those the user sees."""
    return next((row for row in rows if str(row.township_id) == wanted), None)


def _table(code: str, title: str, back: str, columns: tuple, lines: Callable) -> Export:
    """An export whose rows `lines(request)` are the cells of a table."""

    def select(user: User, campaign: Campaign, query: QueryDict, today: date) -> Selection:
        rows = progress.township_progress(user, campaign, today=today)
        wanted = query.get("township", "")
        chosen = chosen_township(rows, wanted)
        if wanted:  # one that is not seen has no rows
            rows = [chosen] if chosen else []
        request = Request(user, campaign, today, rows, chosen)
        filters = [("乡镇", chosen.township.name)] if chosen else []
        area = chosen.township.name if chosen else ""
        return Selection(list(lines(request)), filters, area)

    return Export(code, title, False, back, heads(*columns), select, lambda rows, today: rows)


def _percent(part: int, whole: int) -> float | None:
    found = rules.percent(part, whole)
    return None if found is None else float(found)


def _stages(request: Request) -> list[tuple]:
    cells = progress.stage_cells(progress.totals(request.townships))
    return [
        (
            cell.head.spec.number,
            cell.head.spec.label,
            cell.done,
            cell.total,
            _percent(cell.done, cell.total),
        )
        for cell in cells
    ]


def _days(request: Request) -> list[tuple]:
    found = burn_up(
        request.user,
        request.campaign,
        total=sum(row.elections for row in request.townships),
        today=request.today,
        township_id=request.township_id,
    )
    return [
        (p.day, p.elected, p.completed, p.planned, p.elected_ahead, p.completed_ahead)
        for p in found.points
    ]


def _townships(request: Request) -> list[tuple]:
    return [
        (
            row.name,
            row.elections,
            row.completed,
            _percent(row.completed, row.elections),
            row.overdue,
            *(cell.done for cell in row.cells),
        )
        for row in progress.campaign_grid(request.campaign, request.townships)
    ]


def _funnel(request: Request) -> list[tuple]:
    if request.chosen:
        rows = funnel.by_village(request.user, request.campaign, request.township_id)
    else:
        rows = funnel.by_township(request.campaign, request.townships)
    return [(row.name, *(cell.number for cell in row.cells)) for row in rows]


def _pace(request: Request) -> pace.Pace:
    return pace.pace(request.user, request.campaign, request.townships, today=request.today)


def _pace_stages(request: Request) -> list[tuple]:
    return [
        (
            line.head.spec.number,
            line.head.spec.label,
            line.settled,
            line.took.count,
            line.took.median,
            line.took.longest,
            line.planned,
            line.standing,
            line.waits.median,
            line.waits.longest,
            line.slowest,
            line.waits_for,
        )
        for line in _pace(request).stages
    ]


def _pace_departments(request: Request) -> list[tuple]:
    check_can_see_departments(request.user, request.campaign)
    return [
        (
            line.name,
            "是" if line.required else "否",
            line.open.count,
            line.open.median,
            line.open.longest,
            line.overdue,
            line.answered.count,
            line.answered.median,
            line.answered.longest,
        )
        for line in _pace(request).departments
    ]


def _teams(request: Request) -> teams.Teams:
    return teams.teams(
        request.user,
        request.campaign,
        request.townships,
        today=request.today,
        township_id=request.township_id,
    )


def _team(kind: Kind) -> Callable:
    def lines(request: Request) -> list[tuple]:
        team = next(team for team in _teams(request).teams if team.kind is kind)
        averages = [
            ("平均年龄（岁）", team.age, None, None, team.age_before, None, None, None, None),
            ("平均党龄（年）", team.tenure, None, None, team.tenure_before, None, None, None, None),
        ]
        return averages + [
            (
                figure.item.label,
                figure.part,
                figure.whole,
                _percent(figure.part, figure.whole),
                figure.before,
                None if figure.before is None else figure.whole_before,
                None if figure.percent_before is None else float(figure.percent_before),
                figure.target,
                {True: "达到", False: f"差{figure.missing}名", None: ""}[figure.is_met],
            )
            for figure in team.figures
        ]

    return lines


def _team_townships(request: Request) -> list[tuple]:
    found = _teams(request).townships
    return [
        (
            kind.label,
            row.name,
            row.people,
            row.age,
            figure.item.label,
            figure.part,
            _percent(figure.part, figure.whole),
            figure.target,
        )
        for kind in KINDS
        for row in found[kind.code]
        for figure in row.figures
    ]


_TEAM_COLUMNS = (
    ("项目", 26),
    ("本届", 10),
    ("本届总数", 10),
    ("本届占比（%）", 13),
    ("上届", 10),
    ("上届总数", 10),
    ("上届占比（%）", 13),
    ("目标不低于（%）", 14),
    ("是否达到目标", 13),
)

TABLE_EXPORTS = (
    _table(
        "board_stages",
        "各环节办结村数",
        "dashboard",
        (("序号", 6), ("环节", 30), ("办结村数", 10), ("应换届", 10), ("占比（%）", 10)),
        _stages,
    ),
    _table(
        "board_days",
        "选举、完成累计和预测",
        "dashboard",
        (
            ("日期", 12),
            ("累计完成党员大会选举", 20),
            ("累计完成换届", 13),
            ("计划累计完成换届", 16),
            ("预测累计完成选举", 16),
            ("预测累计完成换届", 16),
        ),
        _days,
    ),
    _table(
        "board_townships",
        "乡镇进度",
        "dashboard",
        (
            ("乡镇", 16),
            ("应换届", 10),
            ("完成换届", 10),
            ("完成占比（%）", 13),
            ("逾期村", 10),
            *((head.spec.label, 14) for head in progress.HEADS),
        ),
        _townships,
    ),
    _table(
        "funnel",
        "人选去向",
        "people_funnel",
        (("乡镇、村（社区）", 22), *((step.label, 12) for step in STEPS.values())),
        _funnel,
    ),
    _table(
        "pace_stages",
        "各环节办理用时（工作日）",
        "pace",
        (
            ("序号", 6),
            ("环节", 30),
            ("已办结村数", 11),
            ("计时村数", 10),
            ("用时中位数", 11),
            ("用时最长", 10),
            ("计划用时", 10),
            ("现在停在村数", 13),
            ("已等中位数", 11),
            ("已等最长", 10),
            ("等得最久的村", 22),
            ("等谁（村数）", 34),
        ),
        _pace_stages,
    ),
    _table(
        "pace_departments",
        "联审单位办理用时（工作日）",
        "pace",
        (
            ("联审单位", 24),
            ("必须答复", 10),
            ("未答复（件）", 12),
            ("已等中位数", 11),
            ("已等最长", 10),
            ("超期（件）", 11),
            ("已答复（件）", 12),
            ("答复用时中位数", 15),
            ("答复用时最长", 13),
        ),
        _pace_departments,
    ),
    _table("team_members", "班子成员结构", "teams", _TEAM_COLUMNS, _team(MEMBERS)),
    _table("team_secretaries", "书记结构", "teams", _TEAM_COLUMNS, _team(SECRETARIES)),
    _table(
        "team_townships",
        "各乡镇班子结构",
        "teams",
        (
            ("类别", 12),
            ("乡镇", 16),
            ("人数", 8),
            ("平均年龄", 10),
            ("项目", 22),
            ("其中", 8),
            ("占比（%）", 10),
            ("目标不低于（%）", 14),
        ),
        _team_townships,
    ),
)
