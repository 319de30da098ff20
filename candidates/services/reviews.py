"""资格审查: the township's review of each nominee, then the county's; what the county sends back for more.

A rejection waits for a second person (countersign.py); the departments' answers before the county's are in opinions.py.
"""

from collections.abc import Collection
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
from villages.scoping import post_of

from .. import selectors
from ..enums import AskState, CandidacyStatus, Countersign, ReviewLevel, ReviewResult
from ..models import Candidacy, NegativeRule, Review, ReviewAsk
from . import asks


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


def _enter(level: ReviewLevel):
    return open_for_recording if level == ReviewLevel.TOWNSHIP else open_for_deciding


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
    cited: int | None = None,
    reason: str = "",
    set_aside: str = "",
    supplement: str = "",
) -> Review:
    """Record one level's review: the township's by its coordinator, then the county's by organisation staff, once every
    required department's answer is in.

    A rejection names the rule (`cited`: of the campaign's negative list, `rule` where it has none) and the reason, and
    waits for a second person; so does a pass against an objection, which says why it is set aside. `supplement`: what the
    township added for departments that asked for more; they alone are asked again. Raises Forbidden, Refused.
    """
    election, _ = _enter(level)(election=candidacy.election, stage=stage, by=by)
    candidacy = lock_candidacy(candidacy, election)
    failed, at_county = result == ReviewResult.FAILED, level == ReviewLevel.COUNTY
    reviews = {r.level: r for r in candidacy.reviews.all()}
    asked = asks.lock([candidacy.pk])
    departments = selectors.departments(election.campaign_id)
    joint = selectors.joint_states([candidacy.pk], departments)[candidacy.pk]
    listed = list(NegativeRule.objects.filter(campaign=election.campaign_id).current())
    chosen = next((r for r in listed if r.pk == cited), None)
    today = timezone.localdate(at)
    problems = future_problems(today, 审查日期=decided_on)
    problems += _order_problems(candidacy, reviews, level, decided_on)
    if failed:
        problems += _rejection_problems(candidacy, listed, chosen, rule, reason)
    if at_county:
        problems += _joint_problems(candidacy, joint, failed, set_aside, today)
    elif not failed and joint.supplements and not supplement.strip():
        problems.append(_supplement_problem(candidacy, joint))
    refuse(problems)
    if level in reviews:
        _supersede(reviews[level], "更正：重新登记了结论", at)
    if failed:
        words = {
            "rule": str(chosen)[:200] if chosen else rule.strip(),
            "cited": chosen,
            "reason": reason.strip(),
        }
    elif at_county:
        words = {"set_aside": set_aside.strip() if joint.objections else ""}
    else:
        words = {"supplement": supplement.strip()}
    review = _add(candidacy, level, result, decided_on, words, by)
    _move_on(candidacy, review, asked, at)
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


def _add(candidacy, level, result, decided_on: date, words: dict, by: User) -> Review:
    """Write a review; a rejection and an objection set aside wait for a second person."""
    second = result == ReviewResult.FAILED or bool(words.get("set_aside"))
    return Review.objects.create(
        candidacy=candidacy,
        level=level,
        result=result,
        decided_on=decided_on,
        decided_by=by,
        by_name=by.name,
        by_post=post_of(by)[:100],
        countersign=Countersign.PENDING if second else "",
        **words,
    )


def _move_on(candidacy: Candidacy, review: Review, asked: list[ReviewAsk], at: datetime) -> None:
    """Where the person stands after a review, and what that means for the departments' questions (`asked`)."""
    through = review.level == ReviewLevel.COUNTY and not review.is_pending
    candidacy.status = CandidacyStatus.CLEARED if through else CandidacyStatus.PRELIMINARY
    candidacy.save(update_fields=["status"])
    if through:
        asks.close([candidacy.pk], why="已有审查结论", at=at)
    elif review.level == ReviewLevel.TOWNSHIP and review.result == ReviewResult.PASSED:
        incomplete = [ask for ask in asked if ask.state == AskState.SUPPLEMENT]
        asks.again(incomplete, why="乡镇已补充", at=at)


def _supplement_problem(candidacy: Candidacy, joint) -> Problem:
    who = "、".join(ask.department.name for ask in joint.supplements)
    return Problem(
        "supplement",
        f"{who}要求补充{candidacy.member.name}的材料：请填写补充情况，再登记合格。",
        rules.MANUAL,
    )


def _order_problems(
    candidacy: Candidacy, reviews: dict[str, Review], level: ReviewLevel, decided_on: date
) -> list[Problem]:
    """The township before the county, each while the person has not gone on, a rejection in force not talked away."""
    name, problems = candidacy.member.name, []
    first = reviews.get(ReviewLevel.TOWNSHIP)
    standing = reviews.get(level)
    if candidacy.status not in (
        CandidacyStatus.PRELIMINARY,
        CandidacyStatus.CLEARED,
        CandidacyStatus.REJECTED,
    ):
        problems.append(
            Problem("review_late", f"{name}已进入后面的程序，不能再改审查结论。", rules.MANUAL)
        )
    elif standing and standing.result == ReviewResult.FAILED and standing.is_in_force:
        problems.append(
            Problem(
                "review_rejected",
                f"{name}审查不合格已经复核：须由县委组织部退回后重新审查。",
                rules.MANUAL,
            )
        )
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
    return problems


def _rejection_problems(candidacy, listed, chosen, rule: str, reason: str) -> list[Problem]:
    """A rejection names a rule of the list, or what it is in words where the campaign has no list, and the reason."""
    name = candidacy.member.name
    if listed and chosen is None:
        return [Problem("review_rule", f"{name}审查不合格，须选定负面清单的条目。", rules.MANUAL)]
    if not ((chosen or rule.strip()) and reason.strip()):
        return [
            Problem("review_reason", f"{name}审查不合格，须写明不合格情形和理由。", rules.MANUAL)
        ]
    return []


def _joint_problems(candidacy, joint, failed: bool, set_aside: str, today: date) -> list[Problem]:
    """No answer is never taken as consent; an objection is followed or set aside with a reason."""
    name = candidacy.member.name
    problems = [
        Problem("joint_review", f"{name}：{words}，不能作县级联审结论。", rules.MANUAL)
        for words in joint.missing(today)
    ]
    if joint.is_ready and joint.objections and not failed and not set_aside.strip():
        who = "、".join(ask.department.name for ask in joint.objections)
        problems.append(
            Problem(
                "set_aside",
                f"{who}对{name}有异议：登记合格须写明不采纳异议的理由，并由另一人复核。",
                rules.MANUAL,
            )
        )
    return problems


def _supersede(review: Review, why: str, at: datetime) -> None:
    """A review that no longer counts stays readable with the reason."""
    review.returned_at, review.return_reason = at, why
    review.save(update_fields=["returned_at", "return_reason"])


@transaction.atomic
def pass_reviews(
    *,
    election: VillageElection,
    stage: Stage,
    level: ReviewLevel,
    decided_on: date,
    by: User,
    at: datetime,
    among: Collection[int] | None = None,
) -> list[Review]:
    """Record that everybody (`among`: of these candidacies) who is ready at this level passes, on one day. At the county:
    those about whom every department answered that it has no objection; at the township all but those who need a
    supplement. All or none; raises as record_review, and Refused with who is awaited when nobody is ready."""
    election, _ = _enter(level)(election=election, stage=stage, by=by)
    asks.lock_people(Candidacy.objects.filter(election=election))
    people = selectors.standing(selectors.candidacies(election))
    joint = selectors.joint_states(
        [p.pk for p in people], selectors.departments(election.campaign_id)
    )
    waiting = [
        person
        for person in people
        if person.status == CandidacyStatus.PRELIMINARY
        and _is_next(person, level)
        and (among is None or person.pk in among)
    ]
    at_county = level == ReviewLevel.COUNTY
    ready = [
        person
        for person in waiting
        if (joint[person.pk].is_clear if at_county else not joint[person.pk].supplements)
    ]
    if not ready:
        today = timezone.localdate(at)
        raise Refused(
            Problem("nobody", f"没有等待{level.label}的人选。", rules.MANUAL),
            *(
                problem
                for person in waiting
                if at_county
                for problem in _joint_problems(person, joint[person.pk], False, "", today)
            ),
        )
    problems = future_problems(timezone.localdate(at), 审查日期=decided_on)
    if at_county:
        first = max(r.decided_on for person in ready for r in person.reviews.all())
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
            by_name=by.name,
            by_post=post_of(by)[:100],
        )
        for person in ready
    )
    if at_county:
        passed = [p.pk for p in ready]
        Candidacy.objects.filter(pk__in=passed).update(status=CandidacyStatus.CLEARED)
        asks.close(passed, why="已有审查结论", at=at)
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
                "people": [p.pk for p in ready],
            }
        },
    )
    return made


def _is_next(person: Candidacy, level: ReviewLevel) -> bool:
    """Whether this level has still to say something about a person read with the reviews."""
    found = {r.level: r for r in person.reviews.all()}
    if level in found:
        return False
    first = found.get(ReviewLevel.TOWNSHIP)
    return level == ReviewLevel.TOWNSHIP or (
        first is not None and first.result == ReviewResult.PASSED
    )


@transaction.atomic
def return_review(
    *, candidacy: Candidacy, stage: Stage, reason: str, by: User, at: datetime
) -> Review:
    """The county sends one person's papers back: the township reviews this person again, the answers about everybody
    else stay as they are. A rejection in force is taken up again in the same way, at the level that gave it. The
    returned review stays readable. Raises Forbidden, Refused (no reason, nothing to return).
    """
    election, _ = open_for_deciding(election=candidacy.election, stage=stage, by=by)
    candidacy = lock_candidacy(candidacy, election)
    name = candidacy.member.name
    reviews = {r.level: r for r in candidacy.reviews.all()}
    last = reviews.get(ReviewLevel.COUNTY) or reviews.get(ReviewLevel.TOWNSHIP)
    problems = []
    rejected = last and last.result == ReviewResult.FAILED
    if (
        last is None
        or not last.is_in_force
        or not (rejected or last.level == ReviewLevel.TOWNSHIP)
        or candidacy.status not in (CandidacyStatus.PRELIMINARY, CandidacyStatus.REJECTED)
    ):
        problems.append(
            Problem(
                "review_return",
                f"{name}现在不能退回：只有乡镇初审合格、还没有县级联审结论的，以及审查不合格已经复核的可以退回。",
                rules.MANUAL,
            )
        )
    if not reason.strip():
        problems.append(
            Problem("reason", f"请填写退回{name}的理由，说明要补充什么。", rules.MANUAL)
        )
    refuse(problems)
    _supersede(last, reason.strip(), at)
    if candidacy.status != CandidacyStatus.PRELIMINARY:
        candidacy.status = CandidacyStatus.PRELIMINARY
        candidacy.save(update_fields=["status"])
    recorded(
        election=election,
        action="review.returned",
        by=by,
        at=at,
        target=candidacy,
        changes={"after": {"returned": str(last.decided_on)}},
    )
    return last
