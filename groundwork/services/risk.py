"""Every write about a village's risk: the county's rule sheet, gradings, and the clearing of a red village."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from elections.enums import SETTLED, Stage
from elections.models import Campaign, VillageElection
from elections.permissions import (
    can_confirm,
    can_record,
    check_can_confirm,
    check_can_manage_campaign,
    check_can_record,
)
from elections.rules import MANUAL
from elections.selectors import current_records
from elections.services.facts import future_problems, refuse
from elections.services.stages import lock, open_for_recording, recorded
from villages.scoping import post_of

from .. import rules
from ..enums import Aspect, Grade
from ..models import ClearRequest, ContingencyPlan, RiskGrade, RiskScore, RiskSheet
from ..selectors.risk import sheet_of


@transaction.atomic
def save_sheet(*, campaign: Campaign, sheet: rules.Sheet, by: User, at: datetime) -> RiskSheet:
    """A new version of the county's rule sheet; gradings made so far stay. Raises Forbidden, Refused."""
    check_can_manage_campaign(by, campaign.area)
    Campaign.objects.select_for_update(of=("self",), no_key=True).get(pk=campaign.pk)
    refuse(rules.sheet_problems(sheet))
    made = RiskSheet.objects.create(
        campaign=campaign,
        version=RiskSheet.objects.filter(campaign=campaign).count() + 1,
        green_from=sheet.green_from,
        yellow_from=sheet.yellow_from,
        created_by=by,
        created_at=at,
        **{f"most_{name}": points for name, points in sheet.most.items()},
    )
    after = {**sheet.most, "green_from": sheet.green_from, "yellow_from": sheet.yellow_from}
    audit.record(
        action="risk.sheet_changed",
        by=by,
        at=at,
        target=made,
        post=post_of(by),
        campaign_id=campaign.pk,
        changes={"after": after},
    )
    return made


@transaction.atomic
def grade_by_scores(
    *,
    election: VillageElection,
    scores: Mapping[str, int],
    grounds: str,
    graded_on: date,
    by: User,
    at: datetime,
    **red_facts: str,
) -> RiskGrade:
    """Grade a village by the sheet that holds; earlier gradings stay on record. `red_facts`: leader, work_group, plan.
    Raises Forbidden, Refused (points beyond the sheet, and as save_risk_grade)."""
    version, sheet = sheet_of(election.campaign)
    refuse(rules.score_problems(scores, sheet))
    total = sum(scores[aspect] for aspect in Aspect)
    grade = rules.grade_of(total, sheet)
    risk = save_risk_grade(
        election=election,
        grade=grade,
        grounds=grounds,
        graded_on=graded_on,
        by=by,
        at=at,
        **red_facts,
    )
    RiskScore.objects.create(
        election=election,
        sheet_version=version,
        total=total,
        grade=grade,
        graded_on=graded_on,
        grounds=grounds.strip(),
        recorded_by=by,
        recorded_at=at,
        **{aspect.value: scores[aspect] for aspect in Aspect},
    )
    return risk


@transaction.atomic
def save_risk_grade(
    *,
    election: VillageElection,
    grade: Grade,
    grounds: str,
    graded_on: date,
    by: User,
    at: datetime,
    leader: str = "",
    work_group: str = "",
    plan: str = "",
) -> RiskGrade:
    """Grade a village. A red one needs a leader, a work group and a plan. Raises Forbidden, Refused."""
    election, _ = open_for_recording(election=election, stage=Stage.SURVEY, by=by)
    problems = future_problems(timezone.localdate(at), 研判日期=graded_on)
    needed = {"包保领导": leader, "工作组": work_group, "“一村一策”预案": plan}
    if grade == Grade.RED:
        problems += [
            Problem("red_village", f"红色村须填写{label}。", MANUAL)
            for label, value in needed.items()
            if not value.strip()
        ]
    refuse(problems)
    risk, _ = RiskGrade.objects.update_or_create(
        election=election,
        defaults={
            "grade": grade,
            "grounds": grounds.strip(),
            "graded_on": graded_on,
            "leader": leader.strip(),
            "work_group": work_group.strip(),
            "plan": plan.strip(),
            "cleared_on": None,
        },
    )
    recorded(
        election=election,
        action="risk.graded",
        by=by,
        at=at,
        target=risk,
        changes={"after": {"grade": grade.value, "on": str(graded_on)}},
    )
    return risk


def _is_open(election: VillageElection) -> bool:
    """Whether clearing still means something: the petition is not settled."""
    return current_records(election)[Stage.PETITION].status not in SETTLED


def can_request_clearing(user, election: VillageElection) -> bool:
    return can_record(user, election) and _is_open(election)


def can_decide_clearing(user, election: VillageElection) -> bool:
    return can_confirm(user, election) and _is_open(election)


def _red(election: VillageElection) -> RiskGrade:
    """The locked grading of a red village that is not cleared. Raises Refused."""
    risk = RiskGrade.objects.select_for_update(of=("self",)).filter(election=election).first()
    if risk is None or risk.grade != Grade.RED:
        raise Refused(Problem("not_red", "本村不是红色村，不需要销号。", MANUAL))
    if risk.cleared_on:
        raise Refused(Problem("cleared", "本村已经销号。", MANUAL))
    if not _is_open(election):
        raise Refused(Problem("cleared_late", "请示与批复已办结，不能再办理销号。", MANUAL))
    return risk


def _plan_of(election: VillageElection) -> ContingencyPlan | None:
    return ContingencyPlan.objects.live().filter(election=election).first()


@transaction.atomic
def request_clearing(
    *, election: VillageElection, note: str, by: User, at: datetime
) -> ClearRequest:
    """Ask the county to clear a red village. Raises Forbidden, Refused (not red, no plan, asked already)."""
    election = lock(election)
    check_can_record(by, election)
    _red(election)
    problems = []
    if not note.strip():
        problems.append(Problem("note", "请写明风险化解的情况。", MANUAL))
    if _plan_of(election) is None:
        problems.append(Problem("plan", "还没有“一村一策”预案：请先在台账中登记预案。", MANUAL))
    if ClearRequest.objects.filter(election=election, approved__isnull=True).exists():
        problems.append(Problem("pending", "销号申请已提交，等县委组织部批准。", MANUAL))
    refuse(problems)
    made = ClearRequest.objects.create(
        election=election, note=note.strip(), requested_by=by, requested_at=at
    )
    recorded(
        election=election,
        action="risk.clearing_requested",
        by=by,
        at=at,
        target=made,
        reason=made.note,
    )
    return made


@transaction.atomic
def decide_clearing(
    *, election: VillageElection, approved: bool, note: str, by: User, at: datetime
) -> ClearRequest:
    """The county clears the village as of today, or returns the request with a reason.

    Raises Forbidden, Refused (nothing asked, plan not approved, no reason for a return).
    """
    election = lock(election)
    check_can_confirm(by, election)
    risk = _red(election)
    request = (
        ClearRequest.objects.select_for_update(of=("self",))
        .filter(election=election, approved__isnull=True)
        .first()
    )
    if request is None:
        raise Refused(Problem("request", "没有待批的销号申请。", MANUAL))
    plan = _plan_of(election)
    problems = []
    if approved and (plan is None or plan.approved_at is None):
        problems.append(Problem("plan", "“一村一策”预案还没有批准：请先批准预案。", MANUAL))
    if not approved and not note.strip():
        problems.append(Problem("note", "退回销号申请请写明理由。", MANUAL))
    refuse(problems)
    request.approved, request.decision_note = approved, note.strip()
    request.decided_by, request.decided_at = by, at
    request.save()
    if approved:
        risk.cleared_on = timezone.localdate(at)
        risk.save(update_fields=["cleared_on"])
    recorded(
        election=election,
        action="risk.cleared" if approved else "risk.clearing_returned",
        by=by,
        at=at,
        target=request,
        reason=request.decision_note,
        changes={"after": {"approved": approved}},
    )
    return request
