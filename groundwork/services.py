"""Every write about a village's survey, risk, disputes and departure audits."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.enums import SETTLED, Stage, StageStatus
from elections.models import VillageElection
from elections.permissions import can_record, check_can_record
from elections.selectors import current_records
from elections.services.facts import future_problems, refuse
from elections.services.stages import lock, open_for_recording, recorded

from .enums import DisputeStatus, Grade
from .models import DepartureAudit, Dispute, RiskGrade, SurveyItem


@transaction.atomic
def save_survey(
    *,
    election: VillageElection,
    items: dict[int, tuple[bool, str]],
    by: User,
    at: datetime,
) -> None:
    """Record the seven findings: number (1 to 7) → (is clear, finding). Raises Forbidden, Refused."""
    election, _ = open_for_recording(election=election, stage=Stage.SURVEY, by=by)
    names = election.campaign.survey_items
    refuse(
        [
            Problem("survey_finding", f"“{names[n - 1]}”标为已清楚，请写明情况。", rules.MANUAL)
            for n, (clear, finding) in items.items()
            if clear and not finding.strip()
        ]
    )
    SurveyItem.objects.bulk_create(
        [
            SurveyItem(election=election, number=n, is_clear=clear, finding=finding.strip())
            for n, (clear, finding) in items.items()
        ],
        update_conflicts=True,
        unique_fields=["election", "number"],
        update_fields=["is_clear", "finding"],
    )
    recorded(
        election=election,
        action="survey.saved",
        by=by,
        at=at,
        target=election,
        changes={"after": {"clear": sorted(n for n, (clear, _) in items.items() if clear)}},
    )


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
            Problem("red_village", f"红色村须填写{label}。", rules.MANUAL)
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


def can_clear(user: User, election: VillageElection) -> bool:
    """Whether this user may clear the village now (its petition is not settled)."""
    return can_record(user, election) and (
        current_records(election)[Stage.PETITION].status not in SETTLED
    )


@transaction.atomic
def clear_risk(*, election: VillageElection, cleared_on: date, by: User, at: datetime) -> RiskGrade:
    """销号 of a red village, at any time before its petition is settled. Raises Forbidden, Refused."""
    election = lock(election)
    check_can_record(by, election)
    risk = RiskGrade.objects.select_for_update(of=("self",)).filter(election=election).first()
    if risk is None or risk.grade != Grade.RED:
        raise Refused(Problem("not_red", "本村不是红色村，不需要销号。", rules.MANUAL))
    problems = future_problems(timezone.localdate(at), 销号日期=cleared_on)
    if cleared_on < risk.graded_on:
        problems.append(Problem("cleared_on", "销号日期早于研判日期：请核对。", rules.MANUAL))
    if current_records(election)[Stage.PETITION].status in SETTLED:
        problems.append(
            Problem("cleared_late", "请示与批复已办结，不能再改销号日期。", rules.MANUAL)
        )
    refuse(problems)
    risk.cleared_on = cleared_on
    risk.save(update_fields=["cleared_on"])
    recorded(
        election=election,
        action="risk.cleared",
        by=by,
        at=at,
        target=risk,
        changes={"after": {"cleared_on": str(cleared_on)}},
    )
    return risk


@transaction.atomic
def add_dispute(
    *,
    election: VillageElection,
    category: str,
    summary: str,
    responsible: str,
    found_on: date,
    by: User,
    at: datetime,
) -> Dispute:
    """Open a dispute's file. Raises Forbidden, Refused."""
    election, _ = open_for_recording(election=election, stage=Stage.RECTIFICATION, by=by)
    refuse(future_problems(timezone.localdate(at), 排查日期=found_on))
    dispute = Dispute.objects.create(
        election=election,
        category=category,
        summary=summary.strip(),
        responsible=responsible.strip(),
        found_on=found_on,
    )
    recorded(
        election=election,
        action="dispute.found",
        by=by,
        at=at,
        target=dispute,
        changes={"after": {"category": category, "found_on": str(found_on)}},
    )
    return dispute


def can_follow_up(user: User, election: VillageElection) -> bool:
    """Whether this user may record what a dispute or an audit came to: also after the stage was closed with something
    left undone on the county's order."""
    return can_record(user, election) and (
        current_records(election)[Stage.RECTIFICATION].status != StageStatus.WAITING
    )


def _open_for_follow_up(election: VillageElection, by: User) -> VillageElection:
    """Lock an election whose rectification has begun. Raises Forbidden, Refused."""
    election = lock(election)
    check_can_record(by, election)
    if not can_follow_up(by, election):
        words = f"“{Stage.RECTIFICATION.label}”还没有开始，不能登记结果。"
        raise Refused(Problem("out_of_order", words, rules.MANUAL))
    return election


@transaction.atomic
def close_dispute(
    *,
    dispute: Dispute,
    status: DisputeStatus,
    measures: str,
    closed_on: date,
    by: User,
    at: datetime,
) -> Dispute:
    """A dispute is settled or held stable, with the measures taken. Raises Forbidden, Refused."""
    election = _open_for_follow_up(dispute.election, by)
    dispute = Dispute.objects.select_for_update(of=("self",)).get(pk=dispute.pk)
    problems = future_problems(timezone.localdate(at), 化解日期=closed_on)
    if dispute.status != DisputeStatus.OPEN:
        problems.append(Problem("dispute_closed", "这件矛盾已有结果，不必重复登记。", rules.MANUAL))
    if status == DisputeStatus.OPEN:
        problems.append(Problem("dispute_status", "请选择已化解或已稳控。", rules.MANUAL))
    if closed_on < dispute.found_on:
        problems.append(Problem("dispute_date", "化解日期早于排查日期：请核对。", rules.MANUAL))
    if not measures.strip():
        problems.append(Problem("dispute_measures", "请填写化解（稳控）措施。", rules.MANUAL))
    refuse(problems)
    dispute.status, dispute.measures, dispute.closed_on = status, measures.strip(), closed_on
    dispute.save(update_fields=["status", "measures", "closed_on"])
    recorded(
        election=election,
        action="dispute.closed",
        by=by,
        at=at,
        target=dispute,
        changes={"after": {"status": str(status), "on": str(closed_on)}},
    )
    return dispute


@transaction.atomic
def add_audit(
    *,
    election: VillageElection,
    subject: str,
    post: str,
    auditor: str,
    report_number: str,
    reported_on: date,
    published_on: date | None,
    by: User,
    at: datetime,
) -> DepartureAudit:
    """Record one departure audit (correcting it when the report number is known). Raises Forbidden, Refused."""
    election, _ = open_for_recording(election=election, stage=Stage.RECTIFICATION, by=by)
    problems = future_problems(timezone.localdate(at), 报告日期=reported_on, 公布日期=published_on)
    if published_on and published_on < reported_on:
        problems.append(Problem("published_on", "公布日期早于报告日期：请核对。", rules.MANUAL))
    refuse(problems)
    done, _ = DepartureAudit.objects.update_or_create(
        election=election,
        report_number=report_number.strip(),
        defaults={
            "subject": subject.strip(),
            "post": post.strip(),
            "auditor": auditor.strip(),
            "reported_on": reported_on,
            "published_on": published_on,
        },
    )
    recorded(
        election=election,
        action="audit.recorded",
        by=by,
        at=at,
        target=done,
        changes={"after": {"report": done.report_number, "published_on": str(published_on)}},
    )
    return done


@transaction.atomic
def publish_audit(
    *, audit: DepartureAudit, published_on: date, by: User, at: datetime
) -> DepartureAudit:
    """The day on which an audit's result was published, where it was not yet known. Raises Forbidden, Refused."""
    election = _open_for_follow_up(audit.election, by)
    audit = DepartureAudit.objects.select_for_update(of=("self",)).get(pk=audit.pk)
    problems = future_problems(timezone.localdate(at), 公布日期=published_on)
    if audit.published_on is not None:
        problems.append(Problem("audit_published", "公布日期已登记，不必重复登记。", rules.MANUAL))
    if published_on < audit.reported_on:
        problems.append(Problem("published_on", "公布日期早于报告日期：请核对。", rules.MANUAL))
    refuse(problems)
    audit.published_on = published_on
    audit.save(update_fields=["published_on"])
    recorded(
        election=election,
        action="audit.published",
        by=by,
        at=at,
        target=audit,
        changes={"after": {"report": audit.report_number, "published_on": str(published_on)}},
    )
    return audit
