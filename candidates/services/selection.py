"""书记选配: the two qualities of whoever is compared for secretary."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.enums import Stage
from elections.services.facts import refuse
from elections.services.stages import open_for_recording, recorded

from .. import selectors
from ..enums import OUT, Strength
from ..models import Candidacy, SecretaryAssessment
from .reviews import lock_candidacy

#: The stages before the nominee for secretary is chosen.
COMPARING = (Stage.REVIEW, Stage.INSPECTION, Stage.NOMINATION)


@dataclass(frozen=True)
class Qualities:
    """双强, each with its grounds."""

    political: Strength
    political_grounds: str
    prosperity: Strength
    prosperity_grounds: str


@transaction.atomic
def assess_secretary(
    *, candidacy: Candidacy, qualities: Qualities, by: User, at: datetime
) -> SecretaryAssessment:
    """Put a person on the comparison sheet, or change what it says. Raises Forbidden, Refused."""
    stage = selectors.open_stage(candidacy.election, COMPARING) or Stage.NOMINATION
    election, _ = open_for_recording(election=candidacy.election, stage=stage, by=by)
    candidacy = lock_candidacy(candidacy, election)
    name = candidacy.member.name
    problems = []
    if candidacy.status in OUT:
        problems.append(
            Problem(
                "selection_out", f"{name}已是“{candidacy.get_status_display()}”。", rules.MANUAL
            )
        )
    if not (qualities.political_grounds.strip() and qualities.prosperity_grounds.strip()):
        problems.append(Problem("selection_grounds", f"{name}的双强评价须各写依据。", rules.MANUAL))
    refuse(problems)
    found, _ = SecretaryAssessment.objects.update_or_create(
        candidacy=candidacy,
        defaults={
            "election": election,
            "political": qualities.political,
            "political_grounds": qualities.political_grounds.strip(),
            "prosperity": qualities.prosperity,
            "prosperity_grounds": qualities.prosperity_grounds.strip(),
            "recorded_by": by,
            "recorded_at": at,
        },
    )
    recorded(
        election=election,
        action="secretary.assessed",
        by=by,
        at=at,
        target=candidacy,
        changes={
            "after": {
                "political": qualities.political.value,
                "prosperity": qualities.prosperity.value,
            }
        },
    )
    return found
