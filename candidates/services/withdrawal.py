"""本人放弃: a person who stands gives up, from the list of nominees to the end of the notice."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.enums import Stage
from elections.services.facts import future_problems, refuse
from elections.services.stages import open_for_recording, recorded

from .. import selectors
from ..enums import OUT, CandidacyStatus
from ..models import Candidacy, Review
from . import asks
from .reviews import lock_candidacy

#: The stages at which somebody may still give up.
WITHDRAWING = (
    Stage.PRELIMINARY,
    Stage.REVIEW,
    Stage.INSPECTION,
    Stage.NOMINATION,
    Stage.NOTICE,
)


@transaction.atomic
def withdraw(
    *, candidacy: Candidacy, reason: str, withdrawn_on: date, by: User, at: datetime
) -> Candidacy:
    """Record that a person gave up. The place is filled by a replacement where too few are left. Departments are asked no
    more, and a decision that waits for a second person is no longer needed.

    Raises Forbidden, Refused (no longer standing, no reason, too late).
    """
    stage = selectors.open_stage(candidacy.election, WITHDRAWING) or Stage.NOTICE
    election, _ = open_for_recording(election=candidacy.election, stage=stage, by=by)
    candidacy = lock_candidacy(candidacy, election)
    name = candidacy.member.name
    problems = future_problems(timezone.localdate(at), 放弃日期=withdrawn_on)
    if candidacy.status in OUT:
        problems.append(
            Problem(
                "withdrawal_out", f"{name}已是“{candidacy.get_status_display()}”。", rules.MANUAL
            )
        )
    if not reason.strip():
        problems.append(Problem("withdrawal", f"请填写{name}放弃的理由。", rules.MANUAL))
    refuse(problems)
    before = candidacy.status
    # Before the list of nominees stands for good, whoever gives up was never on it.
    declines = stage == Stage.PRELIMINARY
    candidacy.status = CandidacyStatus.DECLINED if declines else CandidacyStatus.WITHDRAWN
    candidacy.withdrawal_reason, candidacy.withdrawn_on = reason.strip(), withdrawn_on
    candidacy.save(update_fields=["status", "withdrawal_reason", "withdrawn_on"])
    Review.objects.filter(candidacy=candidacy).pending().update(
        returned_at=at, return_reason="本人放弃，不再复核"
    )
    asks.close([candidacy.pk], why="本人放弃", at=at)
    # The reason stays with the person: the audit trail is read by people who may not see it.
    recorded(
        election=election,
        action="candidacy.withdrawn",
        by=by,
        at=at,
        target=candidacy,
        changes={
            "before": {"status": before},
            "after": {"status": candidacy.status, "on": str(withdrawn_on)},
        },
    )
    return candidacy
