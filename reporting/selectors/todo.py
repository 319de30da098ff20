"""待办: what a person must do now. The badge in the shell counts exactly the items the page lists."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from accounts.enums import Role
from candidates.enums import CandidacyStatus
from candidates.models import BallotCorrection, Candidacy, Review, ReviewTask
from candidates.selectors import WOMEN
from complaints.selectors.duties import letter_duties
from elections.enums import CampaignStatus, Stage, StageStatus
from elections.holidays import CALENDAR
from elections.models import (
    BallotRound,
    Campaign,
    ExceptionRequest,
    StageRecord,
    VillageElection,
)
from elections.querysets import counted
from elections.rules import lateness, working_days_late
from elections.selectors import eligible_women, whose
from elections.stages import BATCH_STAGES, STAGES, StageSpec
from groundwork.selectors.duties import Duty, DutyKind, DutyLines, lines_of, open_duties
from villages.scoping import area_q, has_role

from .. import rules
from ..models import TownshipProgress
from . import todo_reports, todo_reviews

#: A page shows at most this many items of one kind and says how many there are.
LIMIT = 100


@dataclass(frozen=True)
class StageTask:
    """One stage of one village that waits for this user."""

    record: StageRecord
    days_late: int
    note: str

    @property
    def election(self):
        return self.record.election

    @property
    def lateness(self) -> str:
        """yellow, red or nothing."""
        return lateness(self.days_late, red_after=self.election.rule_set.overdue_red_days)

    @property
    def spec(self):
        return self.record.spec


@dataclass(frozen=True)
class DutyGroup:
    """Open duties of the ledgers of one kind; `total` may be more than are shown."""

    title: str
    duties: list[Duty]
    total: int


@dataclass(frozen=True)
class Todo:
    """The page's groups, each empty when there is nothing to do."""

    overdue: list[StageTask]
    returned: list[StageTask]
    due: list[StageTask]
    to_confirm: list[StageTask]
    exceptions: list[ExceptionRequest]
    counts: list[BallotRound]
    corrections: list[BallotCorrection]
    vetoes: list[Candidacy]
    women_early: list[VillageElection]
    signs: list[Review]
    tasks: list[ReviewTask]
    joint: todo_reviews.JointWork
    reports_owed: list[TownshipProgress]
    report_note: str
    daily: todo_reports.ReportWork
    unreported: list[TownshipProgress]
    duties: list[DutyGroup]
    total: int

    @property
    def batches(self) -> list[tuple[StageSpec, int]]:
        """Stages that can be recorded on one page and wait in several villages, with their number."""
        waiting = Counter(Stage(t.record.stage) for t in self.overdue + self.returned + self.due)
        return [(STAGES[stage], waiting[stage]) for stage in BATCH_STAGES if waiting[stage] > 1]

    @property
    def shown(self) -> int:
        return (
            self.joint.total
            + self.daily.total
            + sum(
                len(group)
                for group in (
                    self.overdue,
                    self.returned,
                    self.due,
                    self.to_confirm,
                    self.exceptions,
                    self.counts,
                    self.corrections,
                    self.vetoes,
                    self.women_early,
                    self.signs,
                    self.tasks,
                    self.reports_owed,
                    self.unreported,
                    *(group.duties for group in self.duties),
                )
            )
        )


def reports_today(campaign: Campaign, *, today: date) -> bool:
    """Whether the townships owe a daily report for `today`."""
    return campaign.status == CampaignStatus.ACTIVE and campaign.starts_on <= today


def _stages(user, campaign: Campaign) -> QuerySet:
    """Open stages of the user's own villages (coordinator), submitted ones of the user's county (staff)."""
    own = Q(status=StageStatus.OPEN) & area_q(user, roles=(Role.COORDINATOR,), prefix="election__")
    county = Q(status=StageStatus.SUBMITTED) & area_q(
        user, roles=(Role.ORG_STAFF,), prefix="election__"
    )
    return StageRecord.objects.filter(own | county, election__campaign=campaign, is_current=True)


def _exceptions(user, campaign: Campaign) -> QuerySet:
    return ExceptionRequest.objects.filter(
        area_q(user, roles=(Role.ORG_STAFF,), prefix="election__"),
        election__campaign=campaign,
        approved__isnull=True,
    )


def unreported_townships(user, campaign: Campaign, *, roles, today: date) -> QuerySet:
    """Rollup rows of the townships in the user's area without a daily report for `today`."""
    return todo_reports.townships_without_report(campaign, today=today).filter(
        area_q(user, roles=roles)
    )


def _reports(user, campaign: Campaign, *, at: datetime) -> tuple[QuerySet, QuerySet]:
    """Reports the user owes (coordinator), and townships the user must chase after the cut-off (staff)."""
    local = timezone.localtime(at)
    today = local.date()
    if not reports_today(campaign, today=today):
        return TownshipProgress.objects.none(), TownshipProgress.objects.none()
    owed = unreported_townships(user, campaign, roles=(Role.COORDINATOR,), today=today)
    late = TownshipProgress.objects.none()
    if rules.is_after_cutoff(local, cutoff=campaign.daily_cutoff):
        late = unreported_townships(user, campaign, roles=(Role.ORG_STAFF,), today=today)
    return owed, late


def _counts(user, campaign: Campaign) -> QuerySet:
    """Counts of open stages that somebody else entered and this user may check."""
    where = "meeting__election__"
    open_stage = StageRecord.objects.filter(
        election=OuterRef("meeting__election"),
        stage=OuterRef("meeting__kind"),
        is_current=True,
        status=StageStatus.OPEN,
    )
    return (
        BallotRound.objects.uncertified()
        .filter(
            area_q(user, roles=(Role.COORDINATOR, Role.ORG_STAFF), prefix=where),
            Exists(open_stage),
            meeting__election__campaign=campaign,
        )
        .exclude(recorded_by=user)
    )


def _corrections(user, campaign: Campaign) -> QuerySet:
    """Corrections of counts that somebody else put forward and this user may approve."""
    return (
        BallotCorrection.objects.pending()
        .filter(
            area_q(user, roles=(Role.ORG_STAFF,), prefix="election__"), election__campaign=campaign
        )
        .exclude(proposed_by=user)
    )


def _vetoes(user, campaign: Campaign) -> QuerySet:
    """People whose inspection somebody else vetoed and this user may countersign."""
    open_stage = StageRecord.objects.filter(
        election=OuterRef("election"),
        stage=Stage.INSPECTION,
        is_current=True,
        status=StageStatus.OPEN,
    )
    return Candidacy.objects.filter(
        area_q(user, roles=(Role.COORDINATOR, Role.ORG_STAFF), prefix="election__"),
        Exists(open_stage),
        election__campaign=campaign,
        status=CandidacyStatus.VETO_PENDING,
    ).exclude(inspection__recorded_by=user)


#: From the roll to the nominees, a township can still do something about it.
EARLY = (
    Stage.ROSTER,
    Stage.MEMBER_RECOMMENDATION,
    Stage.VILLAGER_RECOMMENDATION,
    Stage.PRELIMINARY,
)


def _women_early(user, campaign: Campaign, *, at: datetime) -> QuerySet:
    """Villages of the coordinator with fewer women who may be elected than the gates ask for, without an exception
    asked for or given."""
    women = (
        eligible_women(on=timezone.localdate(at))
        .filter(village=OuterRef("village"))
        .order_by()
        .values("village")
        .annotate(n=Count("pk"))
        .values("n")
    )
    settled = ExceptionRequest.objects.filter(
        election=OuterRef("pk"), stage=Stage.PRELIMINARY, code=WOMEN
    ).exclude(approved=False)
    needed = Greatest(
        "rule_set__women_minimum",
        "rule_set__women_minimum_prepared",
        "rule_set__women_minimum_elected",
    )
    return (
        VillageElection.objects.filter(
            area_q(user, roles=(Role.COORDINATOR,)),
            ~Exists(settled),
            campaign=campaign,
            stage__in=EARLY,
        )
        .annotate(eligible=Coalesce(Subquery(women, output_field=IntegerField()), 0), needed=needed)
        .filter(eligible__lt=F("needed"))
    )


#: In these roles people are asked to do something on the page; leaders are told by the daily digest.
WORKING = (Role.COORDINATOR, Role.ORG_STAFF)


def _kinds(user, campaign: Campaign, *, today: date) -> list[tuple[DutyKind | DutyLines, QuerySet]]:
    """Duties of the ledgers, and of letters for whoever may see them."""
    duties = open_duties(user, campaign, today=today, roles=WORKING)
    return [*duties, *letter_duties(user, campaign)]


def duty_groups(user, campaign: Campaign, *, today: date, roles: Iterable[Role]) -> list[DutyGroup]:
    """The open duties of the ledgers that have come to these roles (one query, and one for each kind that has any)."""
    return _groups(campaign, open_duties(user, campaign, today=today, roles=roles), today=today)


def _groups(campaign: Campaign, kinds: list, *, today: date) -> list[DutyGroup]:
    counts = Campaign.objects.filter(pk=campaign.pk).values_list(
        *(counted(rows) for _, rows in kinds)
    )
    return [
        DutyGroup(kind.title, lines_of(kind, rows, today=today, most=LIMIT), number)
        for (kind, rows), number in zip(kinds, counts.get(), strict=True)
        if number
    ]


def has_tasks(user) -> bool:
    """Whether this user's roles are ever asked to do something here."""
    working = (Role.COORDINATOR, Role.ORG_STAFF, Role.VETTING, Role.DISCIPLINE)
    return any(has_role(user, role) for role in working) or bool(todo_reports.own_townships(user))


def todo_count(user, campaign: Campaign | None, *, at: datetime) -> int:
    """How many items `todo` would list."""
    return sum(todo_counts(user, campaign, at=at).values())


def todo_counts(user, campaign: Campaign | None, *, at: datetime) -> dict[str, int]:
    """How many items of each kind `todo` would list (one query; none for roles that have no tasks)."""
    if campaign is None or not has_tasks(user):
        return {}
    owed, late = _reports(user, campaign, at=at)
    today = timezone.localdate(at)
    groups = {
        "stages": _stages(user, campaign),
        "exceptions_open": _exceptions(user, campaign),
        "counts": _counts(user, campaign),
        "corrections": _corrections(user, campaign),
        "vetoes": _vetoes(user, campaign),
        "women_early": _women_early(user, campaign, at=at),
        "signs": todo_reviews.to_sign(user, campaign),
        "tasks": todo_reviews.own_tasks(user, campaign),
        "to_send": todo_reviews.to_send(user, campaign),
        "ready": todo_reviews.ready(user, campaign),
        "late_tasks": todo_reviews.late_tasks(user, campaign, today=today),
        "owed": owed,
        "late": late,
        "approvals": todo_reports.to_approve(user, campaign),
        "bulletins": todo_reports.to_produce_anew(user, campaign),
    }
    duties = _kinds(user, campaign, today=today)
    counts = (
        Campaign.objects.filter(pk=campaign.pk)
        .annotate(
            **{name: counted(rows) for name, rows in groups.items()},
            duties=sum((counted(rows) for _, rows in duties), Value(0)),
        )
        .values(*groups, "duties")
        .first()
    )
    return counts or {}


def _report_note(campaign: Campaign, *, at: datetime) -> str:
    cutoff = f"{campaign.daily_cutoff:%H:%M}"
    if rules.is_after_cutoff(timezone.localtime(at), cutoff=campaign.daily_cutoff):
        return f"已过{cutoff}截止时间，请尽快核对上报"
    return f"{cutoff}截止，核对后上报"


def _task(record: StageRecord, *, today: date) -> StageTask:
    election = record.election
    if record.status == StageStatus.SUBMITTED:
        day = timezone.localdate(record.submitted_at)
        note = f"{day.month}月{day.day}日由{election.township.name}提交，待您确认"
    elif record.attempt > 1:
        note = f"{whose(election, Role.ORG_STAFF)}退回：{record.returned_because}"
    else:
        note = f"计划{record.planned_on.month}月{record.planned_on.day}日前办结"
    return StageTask(record, working_days_late(record.planned_on, today, CALENDAR), note)


def todo(user, campaign: Campaign, *, at: datetime) -> Todo:
    """Everything that waits for this user in this campaign (ten queries, and one for each kind of ledger duty)."""
    today = timezone.localdate(at)
    before = StageRecord.objects.filter(
        election=OuterRef("election"), stage=OuterRef("stage"), status=StageStatus.RETURNED
    ).order_by("-attempt")
    rows = (
        _stages(user, campaign)
        .annotate(returned_because=Subquery(before.values("return_reason")[:1]))
        .select_related(
            "election__village", "election__township", "election__county", "election__rule_set"
        )
        .order_by("planned_on", "election__village__code", "pk")
    )
    tasks = [_task(record, today=today) for record in rows]
    to_confirm = [t for t in tasks if t.record.status == StageStatus.SUBMITTED]
    own = [t for t in tasks if t.record.status == StageStatus.OPEN]
    exceptions = list(
        _exceptions(user, campaign)
        .select_related("election__village", "election__township", "requested_by")
        .order_by("requested_at")
    )
    counts = list(
        _counts(user, campaign)
        .select_related("meeting__election__village", "meeting__election__township", "recorded_by")
        .order_by("recorded_at")
    )
    corrections = list(
        _corrections(user, campaign)
        .select_related("election__village", "election__township", "proposed_by")
        .order_by("proposed_at")
    )
    vetoes = list(
        _vetoes(user, campaign)
        .select_related(
            "member", "election__village", "election__township", "inspection__recorded_by"
        )
        .order_by("inspection__recorded_at", "pk")
    )
    women_early = list(
        _women_early(user, campaign, at=at)
        .select_related("village", "township")
        .order_by("village__code")
    )
    signs = list(
        todo_reviews.to_sign(user, campaign)
        .select_related(
            "candidacy__member", "candidacy__election__village", "candidacy__election__township"
        )
        .order_by("decided_on", "pk")
    )
    tasks_open = []
    if has_role(user, Role.VETTING):
        tasks_open = list(
            todo_reviews.own_tasks(user, campaign)
            .select_related("batch", "department")
            .order_by("batch__due_on", "pk")
        )
    joint = todo_reviews.joint_work(user, campaign, today=today)
    daily = todo_reports.report_work(user, campaign)
    owed, late = (
        list(group.select_related("township").order_by("township__code"))
        for group in _reports(user, campaign, at=at)
    )
    duties = _groups(campaign, _kinds(user, campaign, today=today), today=today)
    return Todo(
        overdue=[t for t in own if t.days_late][:LIMIT],
        returned=[t for t in own if not t.days_late and t.record.attempt > 1][:LIMIT],
        due=[t for t in own if not t.days_late and t.record.attempt == 1][:LIMIT],
        to_confirm=to_confirm[:LIMIT],
        exceptions=exceptions[:LIMIT],
        counts=counts[:LIMIT],
        corrections=corrections[:LIMIT],
        vetoes=vetoes[:LIMIT],
        women_early=women_early[:LIMIT],
        signs=signs[:LIMIT],
        tasks=tasks_open[:LIMIT],
        joint=joint,
        reports_owed=owed,
        report_note=_report_note(campaign, at=at),
        daily=daily,
        unreported=late,
        total=joint.total
        + daily.total
        + sum(
            len(group)
            for group in (
                tasks,
                exceptions,
                counts,
                corrections,
                vetoes,
                women_early,
                signs,
                tasks_open,
                owed,
                late,
            )
        )
        + sum(group.total for group in duties),
        duties=duties,
    )
