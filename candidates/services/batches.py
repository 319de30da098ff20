"""联审批次: people sent to the departments, departments reminded, single ones asked again."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from elections import rollups, rules
from elections.enums import Stage
from elections.models import Campaign, VillageElection
from elections.permissions import check_can_manage_campaign
from elections.services.facts import refuse
from elections.services.stages import open_for_deciding, recorded
from villages.scoping import post_of

from .. import selectors
from ..enums import AskState, CandidacyStatus, ReviewLevel
from ..models import Candidacy, ReviewAsk, ReviewBatch, ReviewTask
from . import asks, reviews
from .preliminary import REPLACING
from .reviews import lock_candidacy

MOST_DAYS = 60


@transaction.atomic
def send_batch(
    *, campaign: Campaign, people: list[int], working_days: int, by: User, at: datetime
) -> ReviewBatch:
    """Send people of any villages to every department of the campaign that was not asked about them yet: one task per
    department. `people`: candidacies whose township review passed. Every problem is named; all or none.
    Raises Forbidden, Refused."""
    check_can_manage_campaign(by, campaign.area)
    Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    departments = selectors.departments(campaign.pk)
    locked = list(
        Candidacy.objects.select_for_update(of=("self",))
        .filter(pk__in=people, election__campaign=campaign)
        .select_related("member", "election")
        .order_by("pk")
    )
    joint = selectors.joint_states([p.pk for p in locked], departments)
    problems = _batch_problems(departments, people, locked, working_days)
    allowed = set(
        selectors.awaiting_county(campaign).filter(pk__in=people).values_list("pk", flat=True)
    )
    for person in locked:
        name = person.member.name
        if person.pk not in allowed:
            problems.append(
                Problem("not_ready", f"{name}没有等待县级联审：请刷新页面。", rules.MANUAL)
            )
        elif departments and not joint[person.pk].unasked:
            problems.append(Problem("asked", f"{name}已送各单位联审，不重复送审。", rules.MANUAL))
    refuse(problems)
    number = (campaign.review_batches.aggregate(last=Max("number"))["last"] or 0) + 1
    batch = ReviewBatch.objects.create(
        campaign=campaign,
        number=number,
        working_days=working_days,
        due_on=asks.answer_by(at, working_days),
        created_by=by,
        created_name=by.name,
        created_post=post_of(by)[:100],
        created_at=at,
    )
    _ask(batch, locked, joint, at)
    asks.audited(
        action="joint_review.sent",
        target=batch,
        people=locked,
        campaign_id=campaign.pk,
        by=by,
        at=at,
        changes={"due_on": str(batch.due_on)},
    )
    return batch


def _batch_problems(departments, people, locked, working_days: int) -> list[Problem]:
    problems = []
    if not departments:
        problems.append(
            Problem("departments", "还没有联审单位：请先在“联审单位”中设置。", rules.MANUAL)
        )
    if not people:
        problems.append(Problem("nobody", "请勾选要送联审的人选。", rules.MANUAL))
    if len(locked) != len(set(people)):
        problems.append(Problem("people", "有人不是本次换届的人选：请刷新页面。", rules.MANUAL))
    if not 1 <= working_days <= MOST_DAYS:
        problems.append(
            Problem("working_days", f"答复期限应为1至{MOST_DAYS}个工作日。", rules.MANUAL)
        )
    return problems


def _ask(batch: ReviewBatch, people: list[Candidacy], joint: dict, at: datetime) -> None:
    """Tasks and questions of a batch, in five statements at most."""
    wanted = [(person, d) for person in people for d in joint[person.pk].unasked]
    tasks = {
        task.department_id: task
        for task in ReviewTask.objects.bulk_create(
            ReviewTask(batch=batch, department=d)
            for d in sorted({d for _, d in wanted}, key=lambda d: (d.order, d.pk))
        )
    }
    before = asks.last_attempts(p.pk for p in people)
    closed = [
        joint[person.pk].asks[d.pk].pk for person, d in wanted if d.pk in joint[person.pk].asks
    ]
    ReviewAsk.objects.filter(pk__in=closed).update(is_current=False)
    ReviewAsk.objects.bulk_create(
        ReviewAsk(
            task=tasks[d.pk],
            department=d,
            candidacy=person,
            attempt=before.get((person.pk, d.pk), 0) + 1,
            asked_at=at,
            due_on=batch.due_on,
        )
        for person, d in wanted
    )


@transaction.atomic
def remind(*, task: ReviewTask, by: User, at: datetime) -> ReviewTask:
    """催办: the department sees that it was reminded, and when. Raises Forbidden, Refused (nothing is open)."""
    check_can_manage_campaign(by, task.batch.campaign.area)
    task = ReviewTask.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if not task.asks.open().exists():
        raise Refused(Problem("answered", "该单位已全部答复，不需催办。", rules.MANUAL))
    task.reminded_at = at
    task.save(update_fields=["reminded_at"])
    audit.record(
        action="joint_review.reminded",
        by=by,
        at=at,
        target=task,
        post=post_of(by),
        campaign_id=task.batch.campaign_id,
    )
    return task


@transaction.atomic
def ask_again(
    *,
    candidacy: Candidacy,
    stage: Stage,
    departments: list[int],
    why: str,
    by: User,
    at: datetime,
) -> list[ReviewAsk]:
    """Ask these departments once more about one person whose papers were supplemented, with the reason; the answers of
    all others stay. Raises Forbidden, Refused."""
    election, _ = open_for_deciding(election=candidacy.election, stage=stage, by=by)
    candidacy = lock_candidacy(candidacy, election)
    chosen = [a for a in asks.lock([candidacy.pk]) if a.department_id in departments]
    name = candidacy.member.name
    problems = []
    if not why.strip():
        problems.append(Problem("reason", f"请填写再次征求意见的理由（{name}）。", rules.MANUAL))
    if not chosen:
        problems.append(Problem("departments", "请勾选要再次征求意见的单位。", rules.MANUAL))
    problems += [
        Problem("ask_open", f"{a.department.name}对{name}还没有答复，不需再次征求。", rules.MANUAL)
        for a in chosen
        if a.state not in (AskState.CLEAR, AskState.OBJECTION)
    ]
    if candidacy.status != CandidacyStatus.PRELIMINARY or selectors.has_county_word(candidacy.pk):
        problems.append(
            Problem("decided", f"{name}已有县级联审结论，不能再征求意见。", rules.MANUAL)
        )
    refuse(problems)
    made = asks.again(chosen, why=why.strip(), at=at)
    recorded(
        election=election,
        action="joint_review.asked_again",
        by=by,
        at=at,
        target=candidacy,
        changes={"after": {"departments": [a.department.name for a in chosen]}},
    )
    return made


@transaction.atomic
def pass_batch(*, batch: ReviewBatch, decided_on: date, by: User, at: datetime) -> int:
    """Everybody of a batch whom all departments cleared passes, village by village, on one day: all or none. Returns how
    many. Raises Forbidden, Refused (nobody is ready, a village where the stage is not open)."""
    check_can_manage_campaign(by, batch.campaign.area)
    own = ReviewAsk.objects.filter(task__batch=batch).values("candidacy")
    villages = VillageElection.objects.filter(candidacies__in=own).values("pk")
    # All locks before the first village, or another's answer could wait in between.
    list(
        VillageElection.objects.select_for_update(of=("self",))
        .filter(pk__in=villages)
        .order_by("pk")
    )
    asks.lock_people(Candidacy.objects.filter(election__in=villages))
    people = list(selectors.awaiting_county(batch.campaign).filter(pk__in=own))
    joint = selectors.joint_states([p.pk for p in people], selectors.departments(batch.campaign_id))
    elections = {p.election_id: p.election for p in people if joint[p.pk].is_clear}
    if not elections:
        raise Refused(
            Problem("nobody", "本批没有各单位均已答复无异议、等待结论的人选。", rules.MANUAL)
        )
    with rollups.deferred(at=at):
        return sum(
            len(
                reviews.pass_reviews(
                    election=election,
                    stage=_open_stage(election),
                    level=ReviewLevel.COUNTY,
                    decided_on=decided_on,
                    by=by,
                    at=at,
                    among={p.pk for p in people},
                )
            )
            for election in sorted(elections.values(), key=lambda e: e.pk)
        )


def _open_stage(election) -> Stage:
    """Where the village reviews now: stage 9, or a later one for somebody who replaced another there."""
    return selectors.open_stage(election, REPLACING) or Stage.REVIEW
