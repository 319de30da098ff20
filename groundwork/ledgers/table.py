"""The ledgers, in the order of their index page. A new one: a model, a declaration here, its workbook in
groundwork/workbooks.py and config/workbook_kinds.py (docs/ledgers.md)."""

from datetime import date

from django.db.models import Q, QuerySet

from accounts.enums import Role

from .. import rules
from ..enums import DisputeStatus
from ..models import (
    ContingencyPlan,
    DepartureAudit,
    DifficultVillage,
    Dispute,
    GuidanceDocument,
    LeaderLink,
    MeetingDecision,
    PublicityItem,
    SecretaryAdjustment,
    VillageCadre,
    WeakOrganisation,
    WorkGroup,
    WorkMeeting,
    WorkSchedule,
)
from .declarations import Ledger, State


def overdue_disputes(rows: QuerySet, today: date) -> QuerySet:
    return rows.filter(status=DisputeStatus.OPEN, due_on__lt=today)


def overdue_decisions(rows: QuerySet, today: date) -> QuerySet:
    return rows.filter(done_on__isnull=True, due_on__lt=today)


def overdue_rectifications(rows: QuerySet, today: date) -> QuerySet:
    return rows.filter(converted_on__isnull=True, due_on__lt=today)


def unpublished_audits(rows: QuerySet, today: date) -> QuerySet:
    return rows.filter(published_on__isnull=True)


def unapproved(rows: QuerySet, today: date) -> QuerySet:
    return rows.filter(approved_at__isnull=True)


def unconfirmed_schedules(rows: QuerySet, today: date) -> QuerySet:
    return rows.filter(confirmed_on__isnull=True)


def in_force(rows: QuerySet, today: date) -> QuerySet:
    return rows.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=today))


IN_FORCE = State("in_force", "现任", in_force)

WORK_GROUPS = Ledger(
    code="groups",
    title="工作机构",
    model=WorkGroup,
    fields=("kind", "name", "lead_unit", "leader", "members", "scope", "duties", "formed_on", "ended_on"),
    key=("kind", "name"),
    listed=("kind", "name", "lead_unit", "leader", "scope", "formed_on"),
    unit="个",
    help="县、乡两级的领导小组、调研组、指导组、监督组、宣传组。",
    filters=("kind",),
    past=("formed_on", "ended_on"),
    order=(("formed_on", "ended_on"),),
)  # fmt: skip

LEADER_LINKS = Ledger(
    code="leader_links",
    is_personal=True,
    title="领导联系乡镇",
    model=LeaderLink,
    fields=("name", "post", "phone", "started_on", "ended_on"),
    key=("name",),
    listed=("name", "post", "phone", "started_on", "ended_on"),
    unit="名",
    help="县领导联系到乡镇，每个乡镇至少一名。",
    states=(IN_FORCE,),
    past=("started_on",),
    order=(("started_on", "ended_on"),),
    at_county=False,
)

VILLAGE_CADRES = Ledger(
    code="village_cadres",
    is_personal=True,
    title="包村干部、驻村督导",
    model=VillageCadre,
    fields=("kind", "name", "post", "phone", "started_on", "ended_on"),
    key=("kind", "name"),
    listed=("kind", "name", "post", "phone", "started_on", "ended_on"),
    unit="名",
    help="每个村都有包村干部；难点村、重点村、后进村另派驻村督导。",
    filters=("kind",),
    states=(IN_FORCE,),
    past=("started_on",),
    order=(("started_on", "ended_on"),),
)

WORK_MEETINGS = Ledger(
    code="meetings",
    title="工作会议、培训",
    model=WorkMeeting,
    fields=("kind", "held_on", "subject", "present", "venue", "host", "minutes"),
    key=("kind", "held_on", "subject"),
    listed=("kind", "held_on", "subject", "present", "host"),
    unit="场",
    help="县、乡两级的动员会、业务培训、工作调度会、学习。各村的会议在第4环节登记，不在这里重复。",
    filters=("kind",),
    past=("held_on",),
    rule=rules.meeting_problems,
)

MEETING_DECISIONS = Ledger(
    code="decisions",
    title="会议议定事项",
    model=MeetingDecision,
    fields=("decided_on", "meeting", "matter", "responsible", "due_on", "done_on", "outcome"),
    key=("decided_on", "matter"),
    listed=("decided_on", "matter", "responsible", "due_on", "done_on"),
    unit="项",
    help="会议议定的事项：谁办、何时办完、办得怎样。过了期限没有办完的列入待办。",
    states=(State("overdue", "已超期未完成", overdue_decisions),),
    past=("decided_on", "done_on"),
    order=(("decided_on", "due_on"), ("decided_on", "done_on")),
    rule=rules.decision_problems,
)

DIFFICULT_VILLAGES = Ledger(
    code="difficult",
    title="难点村、重点村、后进村",
    model=DifficultVillage,
    fields=("kind", "grounds", "designated_on", "lifted_on"),
    key=("kind",),
    listed=("kind", "grounds", "designated_on", "lifted_on"),
    unit="个",
    help="一个村可以同时属于几类；转化后填写日期，不必撤销。",
    filters=("kind",),
    past=("designated_on", "lifted_on"),
    order=(("designated_on", "lifted_on"),),
)

CONTINGENCY_PLANS = Ledger(
    code="plans",
    title="一村一策预案",
    model=ContingencyPlan,
    fields=("facts", "risks", "conclusion", "measures", "people", "on_site", "emergency", "contacts", "trigger",
            "escalation", "made_on"),
    key=(),
    listed=("conclusion", "risks", "made_on", "version", "approved_at"),
    past=("made_on",),
    unit="份",
    help="红色村和难点村、重点村、后进村每村一份，由县委组织部批准；批准后再改即为新的一版，原版保留。",
    states=(State("unapproved", "未批准", unapproved),),
    is_personal=True,
    needs_approval=True,
)  # fmt: skip

DISPUTES = Ledger(
    code="disputes",
    is_personal=True,
    title="隐患矛盾",
    model=Dispute,
    fields=("category", "found_on", "summary", "source", "people", "responsible", "due_on", "status", "closed_on",
            "measures", "file_number"),
    key=("category", "found_on", "summary"),
    listed=("category", "summary", "responsible", "due_on", "status", "closed_on"),
    unit="起",
    help="逐件登记来源、责任单位、时限和结果；与第2环节是同一本台账。",
    filters=("category", "status"),
    states=(State("overdue", "已超期未化解", overdue_disputes),),
    past=("found_on", "closed_on"),
    order=(("found_on", "due_on"), ("found_on", "closed_on")),
    rule=rules.dispute_problems,
)  # fmt: skip

SECRETARY_ADJUSTMENTS = Ledger(
    code="adjustments",
    is_personal=True,
    title="书记调整",
    model=SecretaryAdjustment,
    fields=("way", "name", "origin", "replaced", "adjusted_on", "reason"),
    key=("name",),
    listed=("way", "name", "origin", "replaced", "adjusted_on"),
    unit="名",
    help="集中整顿中调整的村（社区）书记，按方式登记。",
    filters=("way",),
    past=("adjusted_on",),
)

WEAK_ORGANISATIONS = Ledger(
    code="rectifications",
    title="软弱涣散整顿",
    model=WeakOrganisation,
    fields=("designated_on", "signs", "measures", "responsible", "due_on", "converted_on"),
    key=("designated_on",),
    listed=("signs", "responsible", "designated_on", "due_on", "converted_on"),
    unit="个",
    help="软弱涣散村党组织的表现、措施、责任人、时限和转化日期。",
    states=(State("overdue", "已超期未转化", overdue_rectifications),),
    past=("designated_on", "converted_on"),
    order=(("designated_on", "due_on"), ("designated_on", "converted_on")),
)

DEPARTURE_AUDITS = Ledger(
    code="audits",
    is_personal=True,
    title="离任经济责任审计",
    model=DepartureAudit,
    fields=("subject", "post", "term_from", "term_to", "auditor", "report_number", "reported_on", "findings", "amount",
            "put_right", "published_on"),
    key=("report_number",),
    listed=("subject", "post", "auditor", "report_number", "reported_on", "amount", "published_on"),
    unit="人",
    help="审计结果在推荐会议之前公布；与第2环节是同一本台账。",
    states=(State("unpublished", "未公布", unpublished_audits),),
    past=("reported_on", "published_on", "term_from"),
    order=(("term_from", "term_to"), ("reported_on", "published_on")),
)  # fmt: skip

PUBLICITY_ITEMS = Ledger(
    code="publicity",
    title="宣传资料",
    model=PublicityItem,
    fields=("kind", "title", "copies", "places", "issued_on"),
    key=("kind", "title", "issued_on"),
    listed=("kind", "title", "copies", "places", "issued_on"),
    unit="份",
    help="操作手册、通告、漫画、宣教片、标语等：印了多少、发到哪里。",
    filters=("kind",),
    past=("issued_on",),
)

GUIDANCE_DOCUMENTS = Ledger(
    code="guidance",
    title="指导文件",
    model=GuidanceDocument,
    fields=("title", "number", "issuer", "issued_on", "summary"),
    key=("title",),
    listed=("title", "number", "issuer", "issued_on"),
    unit="份",
    help="县里下发、各乡镇都要阅读的文件；打开文件点“已阅”即有回执。",
    past=("issued_on",),
    editors=(Role.ORG_STAFF,),
    at_townships=False,
    needs_receipts=True,
)

WORK_SCHEDULES = Ledger(
    code="schedules",
    title="村工作计划进度表",
    model=WorkSchedule,
    fields=("signer", "signed_on", "confirmer", "confirmed_on"),
    key=(),
    listed=("signer", "signed_on", "confirmer", "confirmed_on"),
    unit="份",
    help="进度表由计划进度生成，在村档案的台账中打印；村里签订、乡镇确认后在这里登记。",
    states=(State("unconfirmed", "未经乡镇确认", unconfirmed_schedules),),
    past=("signed_on", "confirmed_on"),
    order=(("signed_on", "confirmed_on"),),
    rule=rules.schedule_problems,
)

#: code → ledger.
LEDGERS: dict[str, Ledger] = {
    ledger.code: ledger
    for ledger in (
        WORK_GROUPS,
        LEADER_LINKS,
        VILLAGE_CADRES,
        WORK_MEETINGS,
        MEETING_DECISIONS,
        DIFFICULT_VILLAGES,
        CONTINGENCY_PLANS,
        DISPUTES,
        SECRETARY_ADJUSTMENTS,
        WEAK_ORGANISATIONS,
        DEPARTURE_AUDITS,
        PUBLICITY_ITEMS,
        GUIDANCE_DOCUMENTS,
        WORK_SCHEDULES,
    )
}
