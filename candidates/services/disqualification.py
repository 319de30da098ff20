"""取消候选资格: what a proven complaint may lead to, up to the end of the notice."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.enums import Role
from accounts.errors import Forbidden
from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.services.facts import future_problems, refuse
from elections.services.stages import lock, recorded
from villages.scoping import has_role

from .. import selectors
from ..enums import OUT, CandidacyStatus
from ..models import Candidacy, Review
from . import asks
from .reviews import lock_candidacy
from .withdrawal import WITHDRAWING


@transaction.atomic
def disqualify(*, candidacy: Candidacy, decided_on: date, by: User, at: datetime) -> Candidacy:
    """Take a person out of an election for what discipline staff found. The place is filled by a replacement where too few
    are left. The row and the audit trail say that it was done, never what was found or who reported it.

    Raises Forbidden (not discipline staff over the village), Refused (no longer standing, after the notice, in the future).
    """
    if not has_role(by, Role.DISCIPLINE, covering=candidacy.election):
        raise Forbidden("只有本辖区的纪检信访专员可以取消候选资格。")
    election = lock(candidacy.election)
    candidacy = lock_candidacy(candidacy, election)
    name = candidacy.member.name
    problems = future_problems(timezone.localdate(at), 取消日期=decided_on)
    if candidacy.status in OUT:
        words = f"{name}已是“{candidacy.get_status_display()}”，不必再取消。"
        problems.append(Problem("disqualified_out", words, rules.MANUAL))
    elif selectors.open_stage(election, WITHDRAWING) is None:
        words = (
            f"公示环节已办结，不能再取消{name}的候选资格：已投票的按“重新选举”登记，报上级决定。"
        )
        problems.append(Problem("disqualified_late", words, rules.MANUAL))
    refuse(problems)
    before = candidacy.status
    candidacy.status = CandidacyStatus.DISQUALIFIED
    candidacy.save(update_fields=["status"])
    Review.objects.filter(candidacy=candidacy).pending().update(
        returned_at=at, return_reason="候选资格已取消，不再复核"
    )
    asks.close([candidacy.pk], why="候选资格已取消", at=at)
    recorded(
        election=election,
        action="candidacy.disqualified",
        by=by,
        at=at,
        target=candidacy,
        changes={
            "before": {"status": before},
            "after": {"status": candidacy.status, "on": str(decided_on)},
        },
    )
    return candidacy
