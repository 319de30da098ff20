"""Pledge and talk of one person: the days, the scans."""

from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.enums import Stage
from elections.services.evidence import add_evidence
from elections.services.facts import future_problems, refuse
from elections.services.stages import open_for_recording, recorded

from .. import selectors
from ..enums import CandidacyStatus, PaperKind
from ..models import Candidacy, CandidacyPaper
from .reviews import lock_candidacy

#: Until the ballot somebody who came late may still pledge and be talked to.
PROMISING = (Stage.NOMINATION, Stage.NOTICE, Stage.COMMITTEE_BALLOT)


@transaction.atomic
def record_promise(
    *,
    candidacy: Candidacy,
    pledged_on: date,
    talked_on: date,
    talker: str,
    by: User,
    at: datetime,
) -> Candidacy:
    """Record on which days a prepared nominee pledged and was talked to, and by whom. Raises Forbidden, Refused."""
    stage = selectors.open_stage(candidacy.election, PROMISING) or Stage.COMMITTEE_BALLOT
    election, _ = open_for_recording(election=candidacy.election, stage=stage, by=by)
    candidacy = lock_candidacy(candidacy, election)
    name = candidacy.member.name
    problems = future_problems(timezone.localdate(at), 承诺书日期=pledged_on, 谈话日期=talked_on)
    if candidacy.status != CandidacyStatus.PREPARED:
        problems.append(
            Problem("promise_status", f"{name}不是候选人预备人选，不能登记。", rules.MANUAL)
        )
    if not talker.strip():
        problems.append(Problem("talker", f"请填写{name}的谈话人。", rules.MANUAL))
    refuse(problems)
    candidacy.pledged_on, candidacy.talked_on = pledged_on, talked_on
    candidacy.talker = talker.strip()
    candidacy.save(update_fields=["pledged_on", "talked_on", "talker"])
    recorded(
        election=election,
        action="promise.recorded",
        by=by,
        at=at,
        target=candidacy,
        changes={"after": {"pledged_on": str(pledged_on), "talked_on": str(talked_on)}},
    )
    return candidacy


@transaction.atomic
def add_paper(
    *, candidacy: Candidacy, kind: PaperKind, upload: UploadedFile, by: User, at: datetime
) -> CandidacyPaper:
    """File one person's scan among the evidence of the nomination. Raises Forbidden, Refused."""
    evidence = add_evidence(
        election=candidacy.election,
        stage=Stage.NOMINATION,
        requirement="pledges",
        upload=upload,
        by=by,
        at=at,
    )
    return CandidacyPaper.objects.create(
        election_id=candidacy.election_id, candidacy=candidacy, kind=kind, evidence=evidence
    )
