"""Stage 10: 组织考察 of each nominee, and the second hand under a veto."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.enums import Stage
from elections.services.facts import future_problems, refuse
from elections.services.stages import open_for_certifying, open_for_recording, recorded
from villages.scoping import post_of

from ..enums import (
    CandidacyStatus,
    InspectionResult,
)
from ..models import Candidacy, Inspection, VetoSignature
from ..rules import Assessment, assessment_problems, team_problems
from .reviews import lock_candidacy


@dataclass(frozen=True)
class Member:
    """One member of an inspection team."""

    name: str
    unit: str


@dataclass(frozen=True)
class Team:
    """考察组: its name, its leader, the others."""

    name: str
    leader: Member
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Talks:
    """People talked to (人次), by who they are."""

    members: int
    cadres: int
    villagers: int

    @property
    def total(self) -> int:
        return self.members + self.cadres + self.villagers


#: Statuses of a person whose inspection may be recorded or corrected; a signed veto stands.
OPEN = (CandidacyStatus.CLEARED, CandidacyStatus.INSPECTED, CandidacyStatus.VETO_PENDING)


@transaction.atomic
def record_inspection(
    *,
    candidacy: Candidacy,
    inspected_on: date,
    team: Team,
    talks: Talks,
    assessment: Assessment,
    result: InspectionResult,
    by: User,
    at: datetime,
    reason: str = "",
    report: str = "",
    stage: Stage = Stage.INSPECTION,
) -> Inspection:
    """Record the inspection of one cleared nominee. A veto carries its reason and waits for a second person (待复核).

    Raises Forbidden, Refused.
    """
    election, _ = open_for_recording(election=candidacy.election, stage=stage, by=by)
    candidacy = lock_candidacy(candidacy, election)
    name = candidacy.member.name
    vetoed = result == InspectionResult.VETOED
    problems = future_problems(timezone.localdate(at), 考察日期=inspected_on)
    if candidacy.status == CandidacyStatus.VETOED:
        problems.append(
            Problem("veto_signed", f"{name}的考察否决已经复核，不能再改。", rules.MANUAL)
        )
    elif candidacy.status not in OPEN:
        problems.append(
            Problem("inspection_order", f"{name}未经资格审查合格，不能考察。", rules.MANUAL)
        )
    if vetoed and not reason.strip():
        problems.append(Problem("veto_reason", f"否决{name}须写明理由。", rules.MANUAL))
    if talks.total < 1:
        problems.append(Problem("talks", f"{name}：谈话人数应大于0。", rules.MANUAL))
    problems += team_problems(leader=team.leader.name, members=[m.name for m in team.members])
    problems += assessment_problems(assessment, name=name)
    refuse(problems)
    inspection, _ = Inspection.objects.update_or_create(
        candidacy=candidacy,
        defaults={
            "inspected_on": inspected_on,
            "team": team.name,
            "leader": team.leader.name,
            "leader_unit": team.leader.unit,
            "members": [{"name": m.name, "unit": m.unit} for m in team.members],
            "talks_members": talks.members,
            "talks_cadres": talks.cadres,
            "talks_villagers": talks.villagers,
            "voters": assessment.voters,
            "excellent": assessment.excellent,
            "competent": assessment.competent,
            "basic": assessment.basic,
            "incompetent": assessment.incompetent,
            "result": result,
            "reason": reason.strip() if vetoed else "",
            "report": report.strip(),
            "recorded_by": by,
            "recorded_at": at,
        },
    )
    candidacy.status = CandidacyStatus.VETO_PENDING if vetoed else CandidacyStatus.INSPECTED
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


@transaction.atomic
def countersign_veto(
    *,
    candidacy: Candidacy,
    approved: bool,
    by: User,
    at: datetime,
    note: str = "",
    stage: Stage = Stage.INSPECTION,
) -> VetoSignature:
    """A second person signs a veto, or refuses with a reason: then the person is inspected again.

    Raises Forbidden, Refused (no veto waits, one's own veto, no reason).
    """
    election, _ = open_for_certifying(election=candidacy.election, stage=stage, by=by)
    candidacy = lock_candidacy(candidacy, election)
    name = candidacy.member.name
    if candidacy.status != CandidacyStatus.VETO_PENDING:
        raise Refused(Problem("veto", f"{name}没有等待复核的考察否决：请刷新页面。", rules.MANUAL))
    inspection = candidacy.inspection
    problems = []
    if inspection.recorded_by_id == by.pk:
        problems.append(
            Problem("veto_own", f"{name}的考察否决由您登记，须由另一人复核。", rules.MANUAL)
        )
    if not approved and not note.strip():
        problems.append(Problem("veto_note", f"不同意否决{name}须写明理由。", rules.MANUAL))
    refuse(problems)
    signature = VetoSignature.objects.create(
        election=election,
        inspection=inspection,
        vetoed_by=inspection.recorded_by,
        veto_reason=inspection.reason,
        approved=approved,
        note=note.strip(),
        by=by,
        by_name=by.name,
        by_post=post_of(by),
        at=at,
    )
    candidacy.status = CandidacyStatus.VETOED if approved else CandidacyStatus.CLEARED
    candidacy.save(update_fields=["status"])
    recorded(
        election=election,
        action="inspection.countersigned",
        by=by,
        at=at,
        target=candidacy,
        changes={"after": {"approved": approved}},
    )
    return signature
