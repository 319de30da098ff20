"""Every write about a village's survey, disputes and departure audits while their stages are open."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.enums import Stage, StageStatus
from elections.models import VillageElection
from elections.permissions import can_record, check_can_record
from elections.selectors import current_records
from elections.services.facts import future_problems, refuse
from elections.services.stages import lock, open_for_recording, recorded

from ..enums import DisputeStatus
from ..ledgers import Ledger
from ..ledgers.table import DEPARTURE_AUDITS, DISPUTES
from ..models import DepartureAudit, Dispute, SurveyItem
from .ledgers import save_row


@transaction.atomic
def save_survey(
    *,
    election: VillageElection,
    items: dict[int, tuple[bool, str]],
    by: User,
    at: datetime,
    research_group: str = "",
    surveyed_on: date | None = None,
) -> None:
    """Record the seven findings: number (1 to 7) → (is clear, finding), by which group and when. Raises Forbidden,
    Refused."""
    election, _ = open_for_recording(election=election, stage=Stage.SURVEY, by=by)
    names = election.campaign.survey_items
    refuse(
        [
            Problem("survey_finding", f"“{names[n - 1]}”标为已清楚，请写明情况。", rules.MANUAL)
            for n, (clear, finding) in items.items()
            if clear and not finding.strip()
        ]
        + future_problems(timezone.localdate(at), 调研日期=surveyed_on)
    )
    SurveyItem.objects.bulk_create(
        [
            SurveyItem(
                election=election,
                number=n,
                is_clear=clear,
                finding=finding.strip(),
                research_group=research_group.strip(),
                surveyed_on=surveyed_on,
            )
            for n, (clear, finding) in items.items()
        ],
        update_conflicts=True,
        unique_fields=["election", "number"],
        update_fields=["is_clear", "finding", "research_group", "surveyed_on"],
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
    values = DISPUTES.values_of(Dispute()) | {
        "category": category,
        "summary": summary,
        "responsible": responsible,
        "found_on": found_on,
    }
    return _save(DISPUTES, election, values, by=by, at=at)


def _save(
    ledger: Ledger, election: VillageElection, values: dict, *, row=None, by: User, at: datetime
):
    """The ledgers of this stage are written like all ledgers, by the same rules."""
    return save_row(
        ledger=ledger,
        campaign=election.campaign,
        place=election,
        values=values,
        row=row,
        by=by,
        at=at,
    )


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
    problems = []
    if dispute.status != DisputeStatus.OPEN:
        problems.append(Problem("dispute_closed", "这件矛盾已有结果，不必重复登记。", rules.MANUAL))
    if status == DisputeStatus.OPEN:
        problems.append(Problem("dispute_status", "请选择已化解或已稳控。", rules.MANUAL))
    refuse(problems)
    result = {"status": status, "measures": measures, "closed_on": closed_on}
    values = DISPUTES.values_of(dispute) | result
    return _save(DISPUTES, election, values, row=dispute, by=by, at=at)


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
    known = DepartureAudit.objects.live().filter(
        election=election, report_number=report_number.strip()
    )
    row = known.first()
    values = DEPARTURE_AUDITS.values_of(row or DepartureAudit()) | {
        "subject": subject,
        "post": post,
        "auditor": auditor,
        "report_number": report_number,
        "reported_on": reported_on,
        "published_on": published_on,
    }
    return _save(DEPARTURE_AUDITS, election, values, row=row, by=by, at=at)


@transaction.atomic
def publish_audit(
    *, audit: DepartureAudit, published_on: date, by: User, at: datetime
) -> DepartureAudit:
    """The day on which an audit's result was published, where it was not yet known. Raises Forbidden, Refused."""
    election = _open_for_follow_up(audit.election, by)
    audit = DepartureAudit.objects.select_for_update(of=("self",)).get(pk=audit.pk)
    if audit.published_on is not None:
        raise Refused(Problem("audit_published", "公布日期已登记，不必重复登记。", rules.MANUAL))
    values = DEPARTURE_AUDITS.values_of(audit) | {"published_on": published_on}
    return _save(DEPARTURE_AUDITS, election, values, row=audit, by=by, at=at)
