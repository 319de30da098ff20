"""Open duties of the ledgers: what is past its day or waits for somebody, and whose turn it is.

A duty falls to the township first; when it stays undone it rises to the county's staff, then to the leaders.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.urls import reverse

from accounts.enums import Role
from elections.models import Campaign, VillageElection
from elections.querysets import counted
from villages.models import Jurisdiction
from villages.scoping import area_q

from ..enums import CadreKind, Grade
from ..ledgers.table import (
    overdue_decisions,
    overdue_disputes,
    overdue_rectifications,
    unpublished_audits,
)
from ..models import (
    ClearRequest,
    ContingencyPlan,
    DepartureAudit,
    DifficultVillage,
    Dispute,
    DocumentReceipt,
    GuidanceDocument,
    MeetingDecision,
    RiskGrade,
    VillageCadre,
    WeakOrganisation,
)

#: So many days late a duty shows to each level.
RISES = {Role.COORDINATOR: 0, Role.ORG_STAFF: 3, Role.LEADER: 7}
#: What waits for the county's decision concerns its staff at once, and its leaders when it is kept waiting.
COUNTY = {Role.ORG_STAFF: 0, Role.LEADER: 7}
#: So many days after its report an audit is to be published.
AUDIT_DAYS = 7
VILLAGE = ("election__village", "election__township", "election__campaign")


@dataclass(frozen=True)
class DutyKind:
    """`rows(campaign, today)`: what is open, whoever asks; `due`: the day (lookup) after which a row is late by
    `free` days; `prefix` and `own` lead to the ancestors of a row (villages.scoping.area_q); `line(row)`: its words and
    its address."""

    code: str
    title: str
    rows: Callable[[Campaign, date], QuerySet]
    line: Callable[[object], tuple[str, str]]
    due: str
    rises: dict[Role, int]
    related: tuple[str, ...] = VILLAGE
    prefix: str = "election__"
    own: str | None = None
    free: int = 0


@dataclass(frozen=True, kw_only=True)
class DutyLines:
    """How duties are told that do not rise from level to level by area: the fields as those of DutyKind."""

    title: str
    line: Callable[[object], tuple[str, str]]
    due: str
    related: tuple[str, ...]
    free: int = 0


@dataclass(frozen=True)
class Duty:
    """One open duty in words. `days`: how late it is."""

    words: str
    url: str
    days: int


def _stage_page(row) -> str:
    return reverse("stage_survey", kwargs={"pk": row.election_id})


def _row_page(code: str, row) -> str:
    return reverse("ledger_row", kwargs={"pk": row.campaign_pk, "code": code, "row": row.pk})


def _place(row) -> str:
    return f"{row.election.township.name}{row.election.village.name}"


def _without_plan(campaign: Campaign, today: date) -> QuerySet:
    """Designations (one per village) of villages without a plan."""
    plan = ContingencyPlan.objects.live().filter(election=OuterRef("election"))
    rows = DifficultVillage.objects.live().filter(
        election__campaign=campaign, lifted_on__isnull=True
    )
    first = rows.filter(election=OuterRef("election"), pk__lt=OuterRef("pk"))
    return rows.filter(~Exists(plan), ~Exists(first))


def _red_without_plan(campaign: Campaign, today: date) -> QuerySet:
    """Red villages that are neither cleared nor designated otherwise, without a plan."""
    plan = ContingencyPlan.objects.live().filter(election=OuterRef("election"))
    designated = DifficultVillage.objects.live().filter(
        election=OuterRef("election"), lifted_on__isnull=True
    )
    return RiskGrade.objects.filter(
        ~Exists(plan),
        ~Exists(designated),
        election__campaign=campaign,
        grade=Grade.RED,
        cleared_on__isnull=True,
    )


def _without_cadre(campaign: Campaign, today: date) -> QuerySet:
    """Villages without a cadre, once the ledger of cadres is kept at all."""
    cadres = VillageCadre.objects.live().filter(kind=CadreKind.VILLAGE)
    there = cadres.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=today), election=OuterRef("pk")
    )
    kept = cadres.filter(election__campaign=campaign)
    return VillageElection.objects.filter(Exists(kept), ~Exists(there), campaign=campaign)


def _unread(campaign: Campaign, today: date) -> QuerySet:
    """Townships with documents of the county that they have not read: how many, since when."""
    read = DocumentReceipt.objects.filter(
        document=OuterRef("pk"), township=OuterRef(OuterRef("pk"))
    )
    unread = GuidanceDocument.objects.live().filter(~Exists(read), campaign=campaign)
    return (
        Jurisdiction.objects.filter(pk__in=campaign.elections.values("township"))
        .annotate(
            unread=counted(unread),
            unread_since=Subquery(unread.order_by("issued_on").values("issued_on")[:1]),
            of_campaign=Value(campaign.pk),
        )
        .filter(unread__gt=0)
    )


def _of(model, narrow) -> Callable[[Campaign, date], QuerySet]:
    """The live rows of a ledger that its own narrowing finds."""
    return lambda campaign, today: narrow(model.objects.live().of_campaign(campaign), today)


KINDS: tuple[DutyKind, ...] = (
    DutyKind(
        "clearing", "待批的销号申请",
        lambda campaign, today: ClearRequest.objects.filter(
            election__campaign=campaign, approved__isnull=True
        ),
        lambda row: (f"{_place(row)}：{row.note}", f"{_stage_page(row)}#clearing"),
        "requested_at__date", COUNTY,
    ),
    DutyKind(
        "plan_approval", "待批的“一村一策”预案",
        lambda campaign, today: ContingencyPlan.objects.live().filter(
            election__campaign=campaign, approved_at__isnull=True
        ),
        lambda row: (f"{_place(row)}：第{row.version}版", _row_page("plans", row)),
        "made_on", {Role.ORG_STAFF: 0},
    ),
    DutyKind(
        "plan_missing", "没有“一村一策”预案的难点村、重点村、后进村", _without_plan,
        lambda row: (f"{_place(row)}（{row.get_kind_display()}）",
                     reverse("ledger_add", kwargs={"pk": row.campaign_pk, "code": "plans"})
                     + f"?place={row.election_id}"),
        "designated_on", RISES,
    ),
    DutyKind(
        "red_plan_missing", "没有“一村一策”预案的红色村", _red_without_plan,
        lambda row: (_place(row),
                     reverse("ledger_add", kwargs={"pk": row.election.campaign_id, "code": "plans"})
                     + f"?place={row.election_id}"),
        "graded_on", RISES,
    ),
    DutyKind(
        "dispute", "超期未化解的隐患矛盾", _of(Dispute, overdue_disputes),
        lambda row: (f"{_place(row)}：{row.summary}（{row.responsible}）", _row_page("disputes", row)),
        "due_on", RISES,
    ),
    DutyKind(
        "audit", "未公布的离任审计", _of(DepartureAudit, unpublished_audits),
        lambda row: (f"{_place(row)}：{row.subject}，报告{row.report_number}", _row_page("audits", row)),
        "reported_on", RISES, free=AUDIT_DAYS,
    ),
    DutyKind(
        "rectification", "超期未转化的软弱涣散村党组织", _of(WeakOrganisation, overdue_rectifications),
        lambda row: (f"{_place(row)}：{row.responsible}", _row_page("rectifications", row)),
        "due_on", RISES,
    ),
    DutyKind(
        "decision", "超期未完成的会议议定事项", _of(MeetingDecision, overdue_decisions),
        lambda row: (f"{row.area.name}：{row.matter}（{row.responsible}）", _row_page("decisions", row)),
        "due_on", RISES, ("area",), "area__", "area",
    ),
    DutyKind(
        "unread", "未签阅的指导文件", _unread,
        lambda row: (f"{row.name}：{row.unread}份",
                     reverse("ledger_list", kwargs={"pk": row.of_campaign, "code": "guidance"})),
        "unread_since", RISES, ("parent",), "", "pk",
    ),
    DutyKind(
        "cadre", "没有包村干部的村（社区）", _without_cadre,
        lambda row: (f"{row.township.name}{row.village.name}",
                     reverse("ledger_add", kwargs={"pk": row.campaign_id, "code": "village_cadres"})
                     + f"?place={row.pk}"),
        "campaign__starts_on", RISES, ("village", "township"), "",
    ),
)  # fmt: skip


def open_duties(
    user, campaign: Campaign, *, today: date, roles: Iterable[Role]
) -> list[tuple[DutyKind, QuerySet]]:
    """What has come to this user in these roles, kind by kind, the most late first. Costs nothing until it is read."""
    found = []
    for kind in KINDS:
        mine = Q(pk__in=[])
        for role in roles:
            if role in kind.rises:
                grace = kind.free + kind.rises[role]
                late = Q(**{f"{kind.due}__lt": today - timedelta(days=grace)}) if grace else Q()
                area = area_q(user, roles=(role,), prefix=kind.prefix, own=kind.own)
                mine |= area & late
        rows = kind.rows(campaign, today).filter(mine).order_by(kind.due, "pk")
        found.append((kind, rows))
    return found


def lines_of(kind: DutyKind | DutyLines, rows: QuerySet, *, today: date, most: int) -> list[Duty]:
    """The duties of one kind in words (one query)."""
    found = rows.select_related(*kind.related).annotate(due_day=F(kind.due))
    duties = []
    for row in found[:most]:
        words, url = kind.line(row)
        duties.append(Duty(words, url, max(0, (today - row.due_day).days - kind.free)))
    return duties
