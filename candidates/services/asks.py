"""What happens to departments' questions when something happens to the person. Inside the caller's transaction, with
the candidacy locked by the caller. No answer is ever changed here: a question is closed, or asked anew."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Max, QuerySet
from django.utils import timezone

from accounts import audit
from accounts.models import User
from elections.holidays import CALENDAR
from elections.rules import working_days_after
from villages.scoping import post_of

from ..enums import AskState
from ..models import Candidacy, ReviewAsk


def answer_by(at: datetime, working_days: int) -> date:
    """The last day for an answer: so many working days after today."""
    return working_days_after(timezone.localdate(at) + timedelta(days=1), working_days, CALENDAR)


def lock(people: Iterable[int]) -> list[ReviewAsk]:
    """The current questions about these people, locked, with department and batch."""
    return list(
        ReviewAsk.objects.select_for_update(of=("self",))
        .filter(candidacy__in=list(people), is_current=True)
        .select_related("department", "task__batch")
        .order_by("pk")
    )


def lock_people(people: QuerySet[Candidacy]) -> list[int]:
    """Lock candidacies and the questions about them, in the order in which everybody does: people, then questions, each
    by number. Whoever needs elections, too, locks them before."""
    found = list(people.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    lock(found)
    return found


def close(people: Iterable[int], *, why: str, at: datetime) -> int:
    """Questions about these people that nobody has answered are no longer needed: kept, and closed with the reason."""
    open_ones = [ask.pk for ask in lock(people) if ask.state == AskState.OPEN]
    if not open_ones:
        return 0
    return ReviewAsk.objects.filter(pk__in=open_ones).update(
        state=AskState.VOID, closed_at=at, why=why
    )


def again(found: list[ReviewAsk], *, why: str, at: datetime) -> list[ReviewAsk]:
    """Ask the departments of these locked questions once more: a new attempt each, with the batch's number of working
    days; the old one stays with its answer."""
    if not found:
        return []
    ReviewAsk.objects.filter(pk__in=[ask.pk for ask in found]).update(is_current=False)
    return ReviewAsk.objects.bulk_create(
        ReviewAsk(
            task=ask.task,
            department=ask.department,
            candidacy_id=ask.candidacy_id,
            attempt=ask.attempt + 1,
            asked_at=at,
            due_on=answer_by(at, ask.task.batch.working_days),
            why=why[:500],
        )
        for ask in found
    )


def last_attempts(people: Iterable[int]) -> dict[tuple[int, int], int]:
    """(candidacy, department) → the number of its last attempt (one query)."""
    rows = ReviewAsk.objects.filter(candidacy__in=list(people)).order_by()
    numbers = rows.values_list("candidacy", "department").annotate(last=Max("attempt"))
    return {(person, department): last for person, department, last in numbers}


def audited(
    *,
    action: str,
    target,
    people: list[Candidacy],
    campaign_id: int,
    by: User,
    at: datetime,
    changes: dict | None = None,
) -> None:
    """One audit row in the chain of every township concerned, in one statement: who and about whom, never what was
    answered. `people` are read with their elections."""
    where = defaultdict(list)
    for person in people:
        where[person.election.township_id].append(person.pk)
    audit.record_many(
        [
            audit.entry(
                action=action,
                by=by,
                at=at,
                target=target,
                post=post_of(by),
                changes={"after": {"people": where[township], **(changes or {})}},
                township_id=township,
                campaign_id=campaign_id,
            )
            for township in sorted(where)
        ]
    )
