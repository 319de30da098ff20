"""A department's answers about the people sent to it: one, or many at once, all or nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.errors import Conflict
from accounts.models import User
from accounts.problems import Problem
from elections import rules, uploads
from elections.services.facts import refuse
from villages.scoping import post_of

from .. import selectors
from ..enums import ANSWERS, AskState, CandidacyStatus, ReviewLevel, ReviewResult
from ..models import Candidacy, NegativeRule, Review, ReviewAsk, ReviewOpinion, ReviewTask
from ..permissions import check_is_department
from . import asks


@dataclass(frozen=True)
class Answer:
    """`answer`: 无异议, 有异议 (`rule` of the negative list, reason), 需补充 (reason: what). `version`: how many answers
    the page showed about this person; None: whoever answers takes no note of earlier ones (a workbook)."""

    answer: AskState
    rule: int | None = None
    reason: str = ""
    file: UploadedFile | None = None
    version: int | None = None


@transaction.atomic
def answer_many(
    *, task: ReviewTask, answers: dict[int, Answer], by: User, at: datetime
) -> list[ReviewOpinion]:
    """Record a department's answers about people of one of its tasks: candidacy → answer. A later answer is a new
    version; the old one stays. Whoever needs a supplement goes back to the township, alone.

    Raises Forbidden, Conflict (somebody of the department answered first), Refused with every problem by name.
    """
    check_is_department(by)
    needs = [pk for pk, given in answers.items() if given.answer == AskState.SUPPLEMENT]
    if needs:  # before the questions, in the order in which everybody locks
        list(Candidacy.objects.select_for_update(of=("self",)).filter(pk__in=needs).order_by("pk"))
    found = {ask.candidacy_id: ask for ask in _locked(task, answers, by)}
    listed = {
        rule.pk: rule
        for rule in NegativeRule.objects.filter(campaign=task.batch.campaign_id).current()
    }
    decided = selectors.decided(found)
    problems, stale = [], []
    for pk, given in answers.items():
        ask = found.get(pk)
        if ask is None:
            problems.append(
                Problem("ask", "有人不在本部门的这项任务中：请刷新页面。", rules.MANUAL)
            )
        elif given.version is not None and given.version != ask.version:
            stale.append(
                Problem(
                    "stale",
                    f"{ask.candidacy.member.name}刚由本部门他人答复：请刷新页面核对。",
                    rules.MANUAL,
                )
            )
        else:
            problems += _answer_problems(ask, given, listed, pk in decided)
    if stale:
        raise Conflict(*stale)
    refuse(problems)
    made = _write(found, answers, by, at)
    _send_back([found[pk] for pk in needs], answers, at)
    asks.audited(
        action="joint_review.answered",
        target=task,
        people=[found[pk].candidacy for pk in answers],
        campaign_id=task.batch.campaign_id,
        by=by,
        at=at,
    )
    return made


def _locked(task: ReviewTask, answers: dict[int, Answer], by: User) -> list[ReviewAsk]:
    """The task's questions about these people, locked, as far as they are the user's department's."""
    own = ReviewAsk.objects.visible_to(by).filter(task=task, candidacy__in=answers, is_current=True)
    return list(
        ReviewAsk.objects.select_for_update(of=("self",))
        .filter(pk__in=own.values("pk"))
        .select_related("department", "candidacy__member", "candidacy__election")
        .order_by("pk")
    )


def _answer_problems(
    ask: ReviewAsk, given: Answer, listed: dict, is_decided: bool
) -> list[Problem]:
    """What is wrong with one answer, named by person."""
    name, problems = ask.candidacy.member.name, []
    if ask.state == AskState.VOID or ask.candidacy.status != CandidacyStatus.PRELIMINARY:
        return [Problem("closed", f"{name}已不需要答复：{ask.why or '已有结论'}。", rules.MANUAL)]
    if is_decided:
        return [Problem("decided", f"{name}已有县级联审结论，答复不能再改。", rules.MANUAL)]
    if given.answer not in ANSWERS:
        return [Problem("answer", f"{name}：请选择无异议、有异议或需补充。", rules.MANUAL)]
    if given.answer == AskState.OBJECTION:
        if listed and given.rule not in listed:
            problems.append(Problem("rule", f"{name}有异议，须选定负面清单的条目。", rules.MANUAL))
        if not given.reason.strip():
            problems.append(Problem("reason", f"{name}有异议，须写明理由。", rules.MANUAL))
    if given.answer == AskState.SUPPLEMENT and not given.reason.strip():
        problems.append(Problem("reason", f"{name}需补充，须写明补充什么。", rules.MANUAL))
    if len(given.reason) > 500:
        problems.append(Problem("long", f"{name}：理由超过500字，请精简。", rules.MANUAL))
    if given.file is not None:
        kind = _content_type(given.file)
        if isinstance(kind, Problem):
            problems.append(Problem(kind.code, f"{name}：{kind.message}", kind.citation))
    return problems


def _content_type(file: UploadedFile) -> str | Problem:
    kind = uploads.content_type(name=file.name, size=file.size, file=file)
    file.seek(0)
    return kind


def _write(found: dict, answers: dict[int, Answer], by: User, at: datetime) -> list[ReviewOpinion]:
    """The opinions in one statement, the states of their questions in another."""
    made, changed = [], []
    for pk, given in answers.items():
        ask = found[pk]
        ask.version, ask.state = ask.version + 1, given.answer
        changed.append(ask)
        objects = given.answer == AskState.OBJECTION
        opinion = ReviewOpinion(
            ask=ask,
            version=ask.version,
            answer=given.answer,
            rule_id=given.rule if objects else None,
            reason="" if given.answer == AskState.CLEAR else given.reason.strip(),
            by=by,
            by_name=by.name,
            by_post=post_of(by)[:100],
            at=at,
        )
        if given.file is not None and objects:
            opinion.content_type = _content_type(given.file)
            opinion.file_name = given.file.name[-200:]
            opinion.file.save(given.file.name, given.file, save=False)
        made.append(opinion)
    ReviewAsk.objects.bulk_update(changed, ["version", "state"])
    return ReviewOpinion.objects.bulk_create(made)


def _send_back(found: list[ReviewAsk], answers: dict[int, Answer], at: datetime) -> None:
    """Whoever needs a supplement is reviewed by the township again; that review stays readable with the reason."""
    if not found:
        return
    people = {ask.candidacy_id: ask for ask in found}
    passed = list(
        Review.objects.filter(
            candidacy__in=people, level=ReviewLevel.TOWNSHIP, result=ReviewResult.PASSED
        )
    )
    for review in passed:
        ask = people[review.candidacy_id]
        what = answers[review.candidacy_id].reason.strip()
        review.returned_at = at
        review.return_reason = f"{ask.department.name}要求补充：{what}"[:500]
    Review.objects.bulk_update(passed, ["returned_at", "return_reason"])
