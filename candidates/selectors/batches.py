"""Lists of the joint review: batches with their counts, one department's tasks and the people of one."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, Min, OuterRef, Prefetch, Q, QuerySet

from elections.holidays import CALENDAR
from elections.models import Campaign
from elections.rules import last_working_day, lateness, working_days_late
from villages.models import PostHeld

from ..enums import AskState, ReviewLevel
from ..models import (
    Candidacy,
    NegativeRule,
    Review,
    ReviewAsk,
    ReviewBatch,
    ReviewOpinion,
    ReviewTask,
    VettingDepartment,
)
from ..querysets import departments_q


@dataclass(frozen=True)
class Counts:
    """Questions of a task that count (without those closed), by state; how late the first open one is."""

    asked: int = 0
    answered: int = 0
    objections: int = 0
    supplements: int = 0
    overdue: int = 0
    days_late: int = 0
    due_on: date | None = None

    @property
    def open(self) -> int:
        return self.asked - self.answered

    def tone(self, red_after: int) -> str:
        return lateness(self.days_late, red_after=red_after)


def _numbers(today: date, prefix: str) -> dict:
    """Aggregates over questions: `prefix` leads to them."""
    current = Q(**{f"{prefix}is_current": True})
    state = f"{prefix}state"
    pk = f"{prefix}pk"
    waiting = current & Q(**{state: AskState.OPEN})
    late = waiting & Q(**{f"{prefix}due_on__lt": last_working_day(today, CALENDAR)})
    return {
        "asked": Count(pk, filter=current & ~Q(**{state: AskState.VOID})),
        "open_asks": Count(pk, filter=waiting),
        "objections": Count(pk, filter=current & Q(**{state: AskState.OBJECTION})),
        "supplements": Count(pk, filter=current & Q(**{state: AskState.SUPPLEMENT})),
        "overdue": Count(pk, filter=late),
        "due_first": Min(f"{prefix}due_on", filter=waiting),
    }


def _counts(row: dict, today: date) -> Counts:
    return Counts(
        asked=row["asked"],
        answered=row["asked"] - row["open_asks"],
        objections=row["objections"],
        supplements=row["supplements"],
        overdue=row["overdue"],
        days_late=working_days_late(row["due_first"], today, CALENDAR),
        due_on=row["due_first"],
    )


def task_counts(tasks: list[ReviewTask], *, today: date) -> dict[int, Counts]:
    """Task → its counts (one query)."""
    rows = (
        ReviewAsk.objects.filter(task__in=[t.pk for t in tasks])
        .order_by()
        .values("task")
        .annotate(**_numbers(today, ""))
    )
    found = {row["task"]: _counts(row, today) for row in rows}
    return {task.pk: found.get(task.pk, Counts()) for task in tasks}


def batch_lines(campaign: Campaign, *, today: date) -> list[ReviewBatch]:
    """The campaign's batches, the newest first, each with `counts` and the number of its people (one query)."""
    rows = list(
        ReviewBatch.objects.filter(campaign=campaign)
        .annotate(
            people=Count("tasks__asks__candidacy", distinct=True),
            **_numbers(today, "tasks__asks__"),
        )
        .order_by("-number")
    )
    for batch in rows:
        batch.counts = _counts(vars(batch), today)
    return rows


def people_of(batch: ReviewBatch) -> QuerySet[Candidacy]:
    return (
        Candidacy.objects.filter(
            pk__in=ReviewAsk.objects.filter(task__batch=batch).values("candidacy")
        )
        .select_related("member", "election__village", "election__township")
        .order_by("election__village__code", "rank", "pk")
    )


def tasks_of(user, *, today: date) -> list[ReviewTask]:
    """The tasks of the user's departments, those with something open first, each with `counts` (one query)."""
    own = departments_q(user, name="department__name", prefix="asks__candidacy__election__")
    rows = list(
        ReviewTask.objects.filter(own)
        .select_related("department", "batch__campaign")
        .annotate(**_numbers(today, "asks__"))
        .order_by("-batch__created_at", "pk")
    )
    for task in rows:
        task.counts = _counts(vars(task), today)
    return sorted(rows, key=lambda t: (not t.counts.open, t.counts.due_on or today))


def open_tasks(user, campaign: Campaign) -> QuerySet[ReviewTask]:
    """Tasks of the user's departments in which somebody has still to be answered about."""
    asks = ReviewAsk.objects.visible_to(user).open().filter(task=OuterRef("pk"))
    return ReviewTask.objects.filter(Exists(asks), batch__campaign=campaign)


def overdue_tasks(*, campaign: Campaign, today: date) -> QuerySet[ReviewTask]:
    """Tasks of a campaign with a question whose deadline has passed."""
    asks = ReviewAsk.objects.open().filter(
        task=OuterRef("pk"), due_on__lt=last_working_day(today, CALENDAR)
    )
    return ReviewTask.objects.filter(Exists(asks), batch__campaign=campaign)


def asks_of(task: ReviewTask, user) -> QuerySet[ReviewAsk]:
    """A task's current questions with what a department needs to know of each person, and no more."""
    posts = PostHeld.objects.filter(ended_on__isnull=True).order_by("pk")
    supplement = Review.objects.filter(
        candidacy=OuterRef("candidacy"), level=ReviewLevel.TOWNSHIP
    ).values("supplement")[:1]
    return (
        ReviewAsk.objects.visible_to(user)
        .filter(task=task, is_current=True)
        .select_related(
            "candidacy__member", "candidacy__election__village", "candidacy__election__township"
        )
        .prefetch_related(Prefetch("candidacy__member__posts", posts, to_attr="held"))
        .annotate(supplement=supplement)
        .order_by("candidacy__election__village__code", "candidacy__rank", "pk")
    )


def with_own_history(asks, department: VettingDepartment) -> None:
    """Give every question `history`: what this department answered about the person, all attempts and versions (one
    query)."""
    rows = ReviewOpinion.objects.filter(
        ask__department=department, ask__candidacy__in=[a.candidacy_id for a in asks]
    ).select_related("ask", "rule")
    history: dict[int, list] = {}
    for opinion in rows.order_by("ask__attempt", "version"):
        history.setdefault(opinion.ask.candidacy_id, []).append(opinion)
    for ask in asks:
        ask.history = history.get(ask.candidacy_id, [])


def rules_of_campaign(task: ReviewTask) -> list[NegativeRule]:
    """The whole list, for a department that no rule names."""
    return list(NegativeRule.objects.filter(campaign=task.batch.campaign_id).current())


def never_asked(campaign: Campaign) -> Q:
    """People about whom some department of the campaign has no question that counts: they may be sent."""
    asked = ReviewAsk.objects.filter(
        candidacy=OuterRef(OuterRef("pk")), department=OuterRef("pk"), is_current=True
    ).exclude(state=AskState.VOID)
    return Q(Exists(VettingDepartment.objects.filter(~Exists(asked), campaign=campaign).current()))


def fully_answered(campaign: Campaign) -> Q:
    """People about whom every required department answered and none wants more: the county may decide."""
    answered = ReviewAsk.objects.filter(
        candidacy=OuterRef(OuterRef("pk")),
        department=OuterRef("pk"),
        is_current=True,
        state__in=(AskState.CLEAR, AskState.OBJECTION),
    )
    missing = VettingDepartment.objects.filter(
        ~Exists(answered), campaign=campaign, required=True
    ).current()
    wants_more = ReviewAsk.objects.filter(
        candidacy=OuterRef("pk"), is_current=True, state=AskState.SUPPLEMENT
    )
    return Q(~Exists(missing)) & Q(~Exists(wants_more))
