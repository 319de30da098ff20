"""Near relatives, as the people standing declare them (stages 8 to 11)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.enums import Stage
from elections.models import VillageElection
from elections.services.facts import future_problems, refuse
from elections.services.stages import open_for_recording, recorded
from villages.models import PartyMember

from .. import selectors
from ..enums import RelationKind
from ..models import DeclaredRelation

#: The stages at which declarations are taken.
DECLARING = (Stage.PRELIMINARY, Stage.REVIEW, Stage.INSPECTION, Stage.NOMINATION)


@transaction.atomic
def declare_relation(
    *,
    election: VillageElection,
    member: PartyMember,
    relative: PartyMember,
    kind: RelationKind,
    declared_on: date,
    by: User,
    at: datetime,
) -> DeclaredRelation:
    """Record that two members of the village are near relatives. Raises Forbidden, Refused."""
    stage = selectors.open_stage(election, DECLARING) or Stage.NOMINATION
    election, _ = open_for_recording(election=election, stage=stage, by=by)
    problems = future_problems(timezone.localdate(at), 申报日期=declared_on)
    if {member.village_id, relative.village_id} != {election.village_id}:
        problems.append(
            Problem("relation_village", "近亲属双方应都是本村党员：请重新选择。", rules.MANUAL)
        )
    if member.pk == relative.pk:
        problems.append(Problem("relation_self", "请选择两名不同的党员。", rules.MANUAL))
    pair = Q(member=member, relative=relative) | Q(member=relative, relative=member)
    if DeclaredRelation.objects.filter(pair, election=election).exists():
        problems.append(
            Problem(
                "relation_twice",
                f"{member.name}与{relative.name}的关系已经申报，不必重复登记。",
                rules.MANUAL,
            )
        )
    refuse(problems)
    made = DeclaredRelation.objects.create(
        election=election,
        member=member,
        relative=relative,
        kind=kind,
        declared_on=declared_on,
        recorded_by=by,
        recorded_at=at,
    )
    recorded(
        election=election,
        action="relation.declared",
        by=by,
        at=at,
        target=made,
        changes={"after": {"kind": kind.value, "on": str(declared_on)}},
    )
    return made


@transaction.atomic
def remove_relation(*, relation: DeclaredRelation, by: User, at: datetime) -> None:
    """Take out a relation that was entered by mistake. Raises Forbidden, Refused."""
    stage = selectors.open_stage(relation.election, DECLARING) or Stage.NOMINATION
    election, _ = open_for_recording(election=relation.election, stage=stage, by=by)
    found = DeclaredRelation.objects.filter(pk=relation.pk).first()
    if found is None:
        raise Refused(Problem("relation", "这项申报已经撤销：请刷新页面。", rules.MANUAL))
    recorded(
        election=election,
        action="relation.removed",
        by=by,
        at=at,
        target=found,
        changes={"before": {"kind": found.kind, "on": str(found.declared_on)}},
    )
    found.delete()
