"""Stage 10: 组织考察 of each nominee."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.enums import Stage
from elections.services.facts import future_problems, refuse
from elections.services.stages import open_for_recording, recorded

from ..enums import (
    CandidacyStatus,
    InspectionResult,
)
from ..models import Candidacy, Inspection
from .reviews import lock_candidacy


@dataclass(frozen=True)
class Assessment:
    """Talks (人次) and assessment votes (票) of an inspection."""

    talks: int
    excellent: int
    competent: int
    basic: int
    incompetent: int


@transaction.atomic
def record_inspection(
    *,
    candidacy: Candidacy,
    inspected_on: date,
    team: str,
    assessment: Assessment,
    result: InspectionResult,
    by: User,
    at: datetime,
    reason: str = "",
) -> Inspection:
    """Record the inspection of one cleared nominee. A veto carries its reason. Raises Forbidden, Refused."""
    election, _ = open_for_recording(election=candidacy.election, stage=Stage.INSPECTION, by=by)
    candidacy = lock_candidacy(candidacy, election)
    name = candidacy.member.name
    problems = future_problems(timezone.localdate(at), 考察日期=inspected_on)
    if candidacy.status not in (
        CandidacyStatus.CLEARED,
        CandidacyStatus.INSPECTED,
        CandidacyStatus.VETOED,
    ):
        problems.append(
            Problem("inspection_order", f"{name}未经资格审查合格，不能考察。", rules.MANUAL)
        )
    if result == InspectionResult.VETOED and not reason.strip():
        problems.append(Problem("veto_reason", f"否决{name}须写明理由。", rules.MANUAL))
    if assessment.talks < 1:
        problems.append(Problem("talks", f"{name}：谈话人数应大于0。", rules.MANUAL))
    refuse(problems)
    vetoed = result == InspectionResult.VETOED
    inspection, _ = Inspection.objects.update_or_create(
        candidacy=candidacy,
        defaults={
            "inspected_on": inspected_on,
            "team": team,
            "talks": assessment.talks,
            "excellent": assessment.excellent,
            "competent": assessment.competent,
            "basic": assessment.basic,
            "incompetent": assessment.incompetent,
            "result": result,
            "reason": reason.strip() if vetoed else "",
            "recorded_by": by,
        },
    )
    candidacy.status = CandidacyStatus.VETOED if vetoed else CandidacyStatus.INSPECTED
    candidacy.save(update_fields=["status"])
    recorded(
        election=election,
        action="inspection.recorded",
        by=by,
        at=at,
        target=candidacy,
        changes={"after": {"result": result.value, "on": str(inspected_on)}},
    )
    return inspection
