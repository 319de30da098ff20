"""How the rows behind a figure are listed: columns by kind of record, each line with a link where there is one."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from candidates.models import (
    Candidacy,
    ElectedPost,
    Inspection,
    NegativeRule,
    ReserveCadre,
    Review,
)
from complaints.models import Complaint, LastTermFigure, OpinionIncident
from elections.models import (
    ExceptionRequest,
    Meeting,
    StageOverride,
    StageRecord,
    VillageElection,
)
from groundwork.ledgers import LEDGERS, Ledger
from groundwork.models import RiskGrade
from groundwork.selectors.ledgers import line_of
from villages.models import Jurisdiction, PartyMember, PostHeld

from ..models import DailyReport


@dataclass(frozen=True)
class Cell:
    text: str
    url: str = ""


def _day(value) -> str:
    return f"{value:%Y-%m-%d}" if value else "—"


def _place(election: VillageElection) -> list[Cell]:
    url = reverse("election_detail", kwargs={"pk": election.pk})
    return [Cell(election.township.name), Cell(election.village.name, url)]


def _person(candidacy: Candidacy) -> Cell:
    return Cell(candidacy.member.name, reverse("candidacy_detail", kwargs={"pk": candidacy.pk}))


VILLAGE = ["乡镇", "村（社区）"]

#: model → (select_related, ordering, heads, cells of a row).
_LISTS: dict[type, tuple[tuple[str, ...], tuple[str, ...], list[str], Callable]] = {
    VillageElection: (
        ("township", "village"),
        ("village__code",),
        [*VILLAGE, "当前环节", "完成日期"],
        lambda e: [*_place(e), Cell(e.get_stage_display()), Cell(_day(e.completed_on))],
    ),
    Jurisdiction: (
        (),
        ("code",),
        ["代码", "名称"],
        lambda j: [Cell(j.code[:9]), Cell(j.name)],
    ),
    ElectedPost: (
        ("election__township", "election__village", "member"),
        ("election__village__code", "post", "pk"),
        [*VILLAGE, "姓名", "性别", "职务", "新任或连任", "来源", "当选日期"],
        lambda p: [
            *_place(p.election),
            Cell(p.member.name),
            Cell(p.member.get_sex_display()),
            Cell(p.get_post_display()),
            Cell("连任" if p.reelected else "新当选"),
            Cell(p.member.origins_display or "—"),
            Cell(_day(p.elected_on)),
        ],
    ),
    Candidacy: (
        ("election__township", "election__village", "member"),
        ("election__village__code", "rank", "pk"),
        [*VILLAGE, "姓名", "性别", "状态"],
        lambda c: [
            *_place(c.election),
            _person(c),
            Cell(c.member.get_sex_display()),
            Cell(c.get_status_display()),
        ],
    ),
    Review: (
        (
            "candidacy__election__township",
            "candidacy__election__village",
            "candidacy__member",
        ),
        ("candidacy__election__village__code", "pk"),
        [*VILLAGE, "姓名", "层级", "不合格情形", "日期"],
        lambda r: [
            *_place(r.candidacy.election),
            _person(r.candidacy),
            Cell(r.get_level_display()),
            Cell(r.rule),
            Cell(_day(r.decided_on)),
        ],
    ),
    NegativeRule: (
        (),
        ("order", "code", "version"),
        ["编号", "类别", "性质", "内容"],
        lambda r: [
            Cell(r.code),
            Cell(r.get_category_display()),
            Cell(r.get_weight_display()),
            Cell(r.text),
        ],
    ),
    Inspection: (
        (
            "candidacy__election__township",
            "candidacy__election__village",
            "candidacy__member",
        ),
        ("candidacy__election__village__code", "pk"),
        [*VILLAGE, "姓名", "理由", "日期"],
        lambda i: [
            *_place(i.candidacy.election),
            _person(i.candidacy),
            Cell(i.reason),
            Cell(_day(i.inspected_on)),
        ],
    ),
    ReserveCadre: (
        ("member", "village__township"),
        ("village__code", "entered_on", "pk"),
        [*VILLAGE, "姓名", "推荐方式", "入库日期", "后备书记"],
        lambda c: [
            Cell(c.village.township.name),
            Cell(c.village.name),
            Cell(c.member.name, reverse("reserve_detail", kwargs={"pk": c.pk})),
            Cell(c.get_way_display()),
            Cell(_day(c.entered_on)),
            Cell("是" if c.is_reserve_secretary else "否"),
        ],
    ),
    RiskGrade: (
        ("election__township", "election__village"),
        ("election__village__code",),
        [*VILLAGE, "等级", "包保领导", "销号日期"],
        lambda g: [
            *_place(g.election),
            Cell(g.get_grade_display()),
            Cell(g.leader),
            Cell(_day(g.cleared_on)),
        ],
    ),
    Meeting: (
        ("election__township", "election__village"),
        ("election__village__code", "held_on"),
        [*VILLAGE, "会议", "日期", "人数"],
        lambda m: [
            *_place(m.election),
            Cell(m.get_kind_display()),
            Cell(_day(m.held_on)),
            Cell(str(m.present)),
        ],
    ),
    StageRecord: (
        ("election__township", "election__village"),
        ("election__village__code", "actual_on", "pk"),
        [*VILLAGE, "环节", "办理日期"],
        lambda s: [*_place(s.election), Cell(s.get_stage_display()), Cell(_day(s.actual_on))],
    ),
    ExceptionRequest: (
        ("election__township", "election__village"),
        ("election__village__code", "pk"),
        [*VILLAGE, "环节", "理由"],
        lambda x: [*_place(x.election), Cell(x.get_stage_display()), Cell(x.reason)],
    ),
    StageOverride: (
        ("election__township", "election__village"),
        ("election__village__code", "pk"),
        [*VILLAGE, "环节", "放行的事项", "批准文号", "理由", "特批人", "日期"],
        lambda o: [
            *_place(o.election),
            Cell(o.get_stage_display()),
            Cell("；".join(item["message"] for item in o.lifted)),
            Cell(o.document_number),
            Cell(o.reason),
            Cell(o.by_name),
            Cell(_day(timezone.localtime(o.at))),
        ],
    ),
    DailyReport: (
        ("township",),
        ("day", "township__code"),
        ["日期", "乡镇", "编号", "上报人", "是否迟报"],
        lambda r: [
            Cell(_day(r.day)),
            Cell(r.township.name),
            Cell(r.number),
            Cell(r.confirmed_name),
            Cell("迟报" if r.is_late else "按时"),
        ],
    ),
    PartyMember: (
        ("village__township",),
        ("village__code", "name", "pk"),
        [*VILLAGE, "姓名", "性别", "出生年月", "学历"],
        lambda m: [
            Cell(m.village.township.name),
            Cell(m.village.name),
            Cell(m.name, reverse("member_detail", kwargs={"pk": m.pk})),
            Cell(m.get_sex_display()),
            Cell(f"{m.born_on:%Y-%m}" if m.born_on else "—"),
            Cell(m.get_education_display() or "—"),
        ],
    ),
    PostHeld: (
        ("member__village__township",),
        ("member__village__code", "pk"),
        [*VILLAGE, "姓名", "职务"],
        lambda p: [
            Cell(p.member.village.township.name),
            Cell(p.member.village.name),
            Cell(p.member.name),
            Cell(p.get_post_display()),
        ],
    ),
    Complaint: (
        ("township", "village"),
        ("received_at", "pk"),
        ["编号", *VILLAGE, "渠道", "反映问题"],
        lambda c: [
            Cell(c.number, reverse("complaint_detail", kwargs={"pk": c.pk})),
            Cell(c.township.name if c.township else ""),
            Cell(c.village.name if c.village else ""),
            Cell(c.get_channel_display()),
            Cell(c.get_cause_display()),
        ],
    ),
    LastTermFigure: (
        ("recorded_by",),
        ("pk",),
        ["件数", "登记人", "登记时间"],
        lambda f: [
            Cell(str(f.count)),
            Cell(f.recorded_by.name),
            Cell(_day(timezone.localtime(f.recorded_at))),
        ],
    ),
    OpinionIncident: (
        ("township", "village"),
        ("seen_at", "pk"),
        ["编号", *VILLAGE, "标题", "级别", "状态"],
        lambda o: [
            Cell(o.number, reverse("opinion_detail", kwargs={"pk": o.pk})),
            Cell(o.township.name if o.township else "全域"),
            Cell(o.village.name if o.village else ""),
            Cell(o.title),
            Cell(o.get_level_display()),
            Cell("已办结" if o.closed_at else "处置中"),
        ],
    ),
}


#: model → its ledger: rows of ledgers are listed by its columns.
_LEDGERS: dict[type, Ledger] = {ledger.model: ledger for ledger in LEDGERS.values()}


def _ledger_cells(ledger: Ledger, row) -> list[Cell]:
    kwargs = {"pk": row.campaign_pk, "code": ledger.code, "row": row.pk}
    line = line_of(ledger, row)
    *outer, inner = [name for _, name in line.place]
    place = [*map(Cell, outer), Cell(inner, reverse("ledger_row", kwargs=kwargs))]
    return [*place, *(Cell(words or "—") for _, words in line.cells)]


def columns_of(rows: QuerySet | list):
    """Heads, the function that gives a row's cells, and the rows in order, ready to be paged."""
    if isinstance(rows, list):  # townships × days
        return (
            ["日期", "乡镇"],
            lambda row: [Cell(_day(row["day"])), Cell(row["township"])],
            rows,
        )
    if ledger := _LEDGERS.get(rows.model):
        heads = [*ledger.place_heads, *(ledger.labels[name] for name in ledger.listed)]
        return heads, partial(_ledger_cells, ledger), rows.in_order(*ledger.key)
    related, order, heads, cells = _LISTS[rows.model]
    ordered = rows.order_by(*order)
    return heads, cells, ordered.select_related(*related) if related else ordered
