"""Stage 8: who is put forward besides the two recommendations, and why."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.enums import Stage
from elections.models import VillageElection
from elections.services.facts import refuse
from elections.services.stages import open_for_recording, recorded
from villages.models import PartyMember

from .. import selectors
from ..enums import Source
from ..models import Proposal, ReserveCadre


@transaction.atomic
def propose(
    *,
    election: VillageElection,
    member: PartyMember,
    source: Source,
    proposed_by: str,
    reason: str,
    by: User,
    at: datetime,
) -> Proposal:
    """Put somebody forward to be considered. They become a nominee when the list is fixed, if the rules let them.

    Raises Forbidden, Refused (no right to be elected, put forward already, not in the reserve pool, nothing said).
    """
    election, _ = open_for_recording(election=election, stage=Stage.PRELIMINARY, by=by)
    problems = []
    if (
        not selectors.eligible_members(election, on=timezone.localdate(at))
        .filter(pk=member.pk)
        .exists()
    ):
        problems.append(
            Problem(
                "proposal_right",
                f"{member.name}不是本村有被选举权的正式党员，不能提名。",
                f"{rules.ELECTION_REGULATION}第五条",
            )
        )
    if Proposal.objects.filter(election=election, member=member).exists():
        problems.append(
            Problem("proposal_twice", f"{member.name}已经提名，一人只提名一次。", rules.MANUAL)
        )
    in_pool = ReserveCadre.objects.live().filter(member=member).exists()
    if source == Source.RESERVE and not in_pool:
        problems.append(
            Problem(
                "proposal_pool",
                f"{member.name}不在后备干部库：请先入库，或改选其他来源。",
                rules.MANUAL,
            )
        )
    if not (proposed_by.strip() and reason.strip()):
        problems.append(
            Problem("proposal_reason", "请填写推荐人（单位）和推荐理由。", rules.MANUAL)
        )
    refuse(problems)
    made = Proposal.objects.create(
        election=election,
        member=member,
        source=source,
        proposed_by=proposed_by.strip(),
        reason=reason.strip(),
        recorded_by=by,
        recorded_at=at,
    )
    recorded(
        election=election,
        action="proposal.added",
        by=by,
        at=at,
        target=made,
        changes={"after": {"source": source.value, "by": made.proposed_by}},
    )
    return made


@transaction.atomic
def remove_proposal(*, proposal: Proposal, by: User, at: datetime) -> None:
    """Take a proposal back while the nominees are not fixed for good. Raises Forbidden, Refused."""
    election, _ = open_for_recording(election=proposal.election, stage=Stage.PRELIMINARY, by=by)
    found = Proposal.objects.filter(pk=proposal.pk).first()
    if found is None:
        raise Refused(Problem("proposal", "这项提名已经撤销：请刷新页面。", rules.MANUAL))
    recorded(
        election=election,
        action="proposal.removed",
        by=by,
        at=at,
        target=found,
        changes={"before": {"source": found.source, "by": found.proposed_by}},
    )
    found.delete()
