"""待办: what a person must do now. The badge in the shell counts exactly the items the page lists."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import (
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.utils import timezone

from accounts.enums import Role
from candidates.models import BallotCorrection
from elections.enums import CampaignStatus, Stage, StageStatus
from elections.holidays import CALENDAR
from elections.models import BallotRound, Campaign, ExceptionRequest, StageRecord
from elections.querysets import counted
from elections.rules import lateness, working_days_late
from elections.selectors import whose
from elections.stages import BATCH_STAGES, STAGES, StageSpec
from groundwork.selectors.duties import Duty, lines_of, open_duties
from villages.scoping import area_q, has_role

from .. import rules
from ..models import DailyReport, TownshipProgress

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
    reports_owed: list[TownshipProgress]
    report_note: str
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
        return sum(
            len(group)
            for group in (
                self.overdue,
                self.returned,
                self.due,
                self.to_confirm,
                self.exceptions,
                self.counts,
                self.corrections,
                self.reports_owed,
                self.unreported,
                *(group.duties for group in self.duties),
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
    report = DailyReport.objects.filter(campaign=campaign, township=OuterRef("township"), day=today)
    rows = TownshipProgress.objects.filter(
        area_q(user, roles=roles), campaign=campaign, elections__gt=0
    )
    return rows.filter(~Exists(report))


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


#: In these roles people are asked to do something on the page; leaders are told by the daily digest.
WORKING = (Role.COORDINATOR, Role.ORG_STAFF)


def duty_groups(user, campaign: Campaign, *, today: date, roles=WORKING) -> list[DutyGroup]:
    """The open duties of the ledgers (one query, and one for each kind that has any)."""
    kinds = open_duties(user, campaign, today=today, roles=roles)
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
    return has_role(user, Role.COORDINATOR) or has_role(user, Role.ORG_STAFF)


def todo_count(user, campaign: Campaign | None, *, at: datetime) -> int:
    """How many items `todo` would list (one query; none for roles that have no tasks)."""
    if campaign is None or not has_tasks(user):
        return 0
    owed, late = _reports(user, campaign, at=at)
    duties = open_duties(user, campaign, today=timezone.localdate(at), roles=WORKING)
    counts = (
        Campaign.objects.filter(pk=campaign.pk)
        .annotate(
            stages=counted(_stages(user, campaign)),
            exceptions_open=counted(_exceptions(user, campaign)),
            counts=counted(_counts(user, campaign)),
            corrections=counted(_corrections(user, campaign)),
            owed=counted(owed),
            late=counted(late),
            duties=sum((counted(rows) for _, rows in duties), Value(0)),
        )
        .values_list("stages", "exceptions_open", "counts", "corrections", "owed", "late", "duties")
        .first()
    )
    return sum(counts or ())


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
    """Everything that waits for this user in this campaign (nine queries, and one for each kind of ledger duty)."""
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
    owed, late = (
        list(group.select_related("township").order_by("township__code"))
        for group in _reports(user, campaign, at=at)
    )
    duties = duty_groups(user, campaign, today=today)
    return Todo(
        overdue=[t for t in own if t.days_late][:LIMIT],
        returned=[t for t in own if not t.days_late and t.record.attempt > 1][:LIMIT],
        due=[t for t in own if not t.days_late and t.record.attempt == 1][:LIMIT],
        to_confirm=to_confirm[:LIMIT],
        exceptions=exceptions[:LIMIT],
        counts=counts[:LIMIT],
        corrections=corrections[:LIMIT],
        reports_owed=owed,
        report_note=_report_note(campaign, at=at),
        unreported=late,
        duties=duties,
        total=sum(len(group) for group in (tasks, exceptions, counts, corrections, owed, late))
        + sum(group.total for group in duties),
    )
