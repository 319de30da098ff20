"""本人放弃 while the review is going on: the person leaves, the departments are asked no more."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.enums import Stage
from elections.services.facts import refuse
from elections.services.stages import open_for_recording, recorded

from ..enums import CandidacyStatus
from ..models import Candidacy, Review
from . import asks
from .reviews import lock_candidacy


@transaction.atomic
def withdraw(
    *, candidacy: Candidacy, stage: Stage, reason: str, by: User, at: datetime
) -> Candidacy:
    """A nominee gives up, with a reason. A decision that still waits for a second person is no longer needed.
    Raises Forbidden, Refused (no reason, already out or gone on)."""
    election, _ = open_for_recording(election=candidacy.election, stage=stage, by=by)
    candidacy = lock_candidacy(candidacy, election)
    name = candidacy.member.name
    problems = []
    if candidacy.status not in (CandidacyStatus.PRELIMINARY, CandidacyStatus.CLEARED):
        problems.append(
            Problem(
                "withdrawal_late",
                f"{name}现为“{candidacy.get_status_display()}”，不能登记本人放弃。",
                rules.MANUAL,
            )
        )
    if not reason.strip():
        problems.append(Problem("withdrawal", f"请填写{name}放弃的理由。", rules.MANUAL))
    refuse(problems)
    candidacy.status = CandidacyStatus.WITHDRAWN
    candidacy.withdrawal_reason = reason.strip()
    candidacy.save(update_fields=["status", "withdrawal_reason"])
    Review.objects.filter(candidacy=candidacy).pending().update(
        returned_at=at, return_reason="本人放弃，不再复核"
    )
    asks.close([candidacy.pk], why="本人放弃", at=at)
    recorded(
        election=election,
        action="candidacy.withdrawn",
        by=by,
        at=at,
        target=candidacy,
        changes={"after": {"status": candidacy.status}},
    )
    return candidacy
