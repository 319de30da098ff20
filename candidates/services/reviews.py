"""资格审查: the township's review of each nominee, then the county's; what the county sends back for more."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.enums import Stage
from elections.models import VillageElection
from elections.services.facts import future_problems, refuse
from elections.services.stages import open_for_deciding, open_for_recording, recorded

from .. import selectors
from ..enums import CandidacyStatus, ReviewLevel, ReviewResult
from ..models import Candidacy, Review


def lock_candidacy(candidacy: Candidacy, election: VillageElection) -> Candidacy:
    """The candidacy's row, locked; it must belong to the election. Raises Refused otherwise."""
    found = (
        Candidacy.objects.select_for_update(of=("self",))
        .select_related("member")
        .filter(pk=candidacy.pk, election=election)
        .first()
    )
    if found is None:
        raise Refused(Problem("candidacy", "此人不是本村的人选：请刷新页面。", rules.MANUAL))
    return found


@transaction.atomic
def record_review(
    *,
    candidacy: Candidacy,
    stage: Stage,
    level: ReviewLevel,
    result: ReviewResult,
    decided_on: date,
    by: User,
    at: datetime,
    rule: str = "",
    reason: str = "",
) -> Review:
    """Record one level's review: the township's by its coordinator, then the county's by organisation staff.

    A rejection names the rule and the reason. Raises Forbidden, Refused.
    """
    enter = open_for_recording if level == ReviewLevel.TOWNSHIP else open_for_deciding
    election, _ = enter(election=candidacy.election, stage=stage, by=by)
    candidacy = lock_candidacy(candidacy, election)
    name = candidacy.member.name
    reviews = {r.level: r for r in candidacy.reviews.all()}
    problems = future_problems(timezone.localdate(at), 审查日期=decided_on)
    if result == ReviewResult.FAILED and not (rule.strip() and reason.strip()):
        problems.append(
            Problem("review_reason", f"{name}审查不合格，须写明不合格情形和理由。", rules.MANUAL)
        )
    if candidacy.status not in (
        CandidacyStatus.PRELIMINARY,
        CandidacyStatus.CLEARED,
        CandidacyStatus.REJECTED,
    ):
        problems.append(
            Problem("review_late", f"{name}已进入后面的程序，不能再改审查结论。", rules.MANUAL)
        )
    first = reviews.get(ReviewLevel.TOWNSHIP)
    if level == ReviewLevel.COUNTY and (first is None or first.result == ReviewResult.FAILED):
        problems.append(
            Problem("review_order", f"{name}须先经乡镇初审合格，再由县级联审。", rules.MANUAL)
        )
    if level == ReviewLevel.TOWNSHIP and ReviewLevel.COUNTY in reviews:
        problems.append(
            Problem("review_closed", f"{name}已有县级联审结论，乡镇初审不能再改。", rules.MANUAL)
        )
    if level == ReviewLevel.COUNTY and first and decided_on < first.decided_on:
        problems.append(Problem("review_date", f"{name}县级联审日期早于乡镇初审。", rules.MANUAL))
    refuse(problems)
    failed = result == ReviewResult.FAILED
    review, _ = Review.objects.update_or_create(
        candidacy=candidacy,
        level=level,
        defaults={
            "result": result,
            "rule": rule.strip() if failed else "",
            "reason": reason.strip() if failed else "",
            "decided_on": decided_on,
            "decided_by": by,
        },
    )
    if failed:
        candidacy.status = CandidacyStatus.REJECTED
    elif level == ReviewLevel.COUNTY:
        candidacy.status = CandidacyStatus.CLEARED
    else:
        candidacy.status = CandidacyStatus.PRELIMINARY
    candidacy.save(update_fields=["status"])
    # The reason stays in the review: the audit trail is read by people who may not see it.
    recorded(
        election=election,
        action=f"review.{level.value}",
        by=by,
        at=at,
        target=candidacy,
        changes={"after": {"result": result.value, "on": str(decided_on)}},
    )
    return review


@transaction.atomic
def pass_reviews(
    *,
    election: VillageElection,
    stage: Stage,
    level: ReviewLevel,
    decided_on: date,
    by: User,
    at: datetime,
) -> list[Review]:
    """Record that everybody still waiting at this level passes, on one day. All or none; raises as record_review."""
    enter = open_for_recording if level == ReviewLevel.TOWNSHIP else open_for_deciding
    election, _ = enter(election=election, stage=stage, by=by)
    people = selectors.standing(selectors.candidacies(election))
    waiting = []
    for person in people:
        levels = {r.level for r in person.reviews.all()}
        is_next = level == ReviewLevel.TOWNSHIP or ReviewLevel.TOWNSHIP in levels
        if person.status == CandidacyStatus.PRELIMINARY and level not in levels and is_next:
            waiting.append(person)
    if not waiting:
        raise Refused(Problem("nobody", f"没有等待{level.label}的人选。", rules.MANUAL))
    problems = future_problems(timezone.localdate(at), 审查日期=decided_on)
    if level == ReviewLevel.COUNTY:
        first = max(r.decided_on for person in waiting for r in person.reviews.all())
        if decided_on < first:
            problems.append(Problem("review_date", "县级联审日期早于乡镇初审。", rules.MANUAL))
    refuse(problems)
    made = Review.objects.bulk_create(
        Review(
            candidacy=person,
            level=level,
            result=ReviewResult.PASSED,
            decided_on=decided_on,
            decided_by=by,
        )
        for person in waiting
    )
    if level == ReviewLevel.COUNTY:
        Candidacy.objects.filter(pk__in=[p.pk for p in waiting]).update(
            status=CandidacyStatus.CLEARED
        )
    recorded(
        election=election,
        action=f"review.{level.value}",
        by=by,
        at=at,
        target=election,
        changes={
            "after": {
                "result": ReviewResult.PASSED.value,
                "on": str(decided_on),
                "people": [p.pk for p in waiting],
            }
        },
    )
    return made


@transaction.atomic
def return_review(
    *, candidacy: Candidacy, stage: Stage, reason: str, by: User, at: datetime
) -> Review:
    """The county sends one person's papers back: the township reviews this person again, the answers about everybody
    else stay as they are. The returned review stays readable. Raises Forbidden, Refused (no reason, nothing to return).
    """
    election, _ = open_for_deciding(election=candidacy.election, stage=stage, by=by)
    candidacy = lock_candidacy(candidacy, election)
    name = candidacy.member.name
    reviews = {r.level: r for r in candidacy.reviews.all()}
    review = reviews.get(ReviewLevel.TOWNSHIP)
    problems = []
    if review is None or ReviewLevel.COUNTY in reviews or review.result == ReviewResult.FAILED:
        problems.append(
            Problem(
                "review_return",
                f"{name}现在不能退回：只有乡镇初审合格、还没有县级联审结论的可以退回。",
                rules.MANUAL,
            )
        )
    if not reason.strip():
        problems.append(
            Problem("reason", f"请填写退回{name}的理由，说明要补充什么。", rules.MANUAL)
        )
    refuse(problems)
    review.returned_at, review.return_reason = at, reason.strip()
    review.save(update_fields=["returned_at", "return_reason"])
    recorded(
        election=election,
        action="review.returned",
        by=by,
        at=at,
        target=candidacy,
        changes={"after": {"returned": str(review.decided_on)}},
    )
    return review
