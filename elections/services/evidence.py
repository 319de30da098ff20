"""Evidence and exceptions of a stage."""

import hashlib
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem

from .. import rules, selectors, uploads
from ..enums import Stage, StageStatus
from ..models import Evidence, ExceptionRequest, VillageElection
from ..permissions import check_can_confirm
from ..stages import STAGES
from .stages import lock, open_for_recording, recorded


@transaction.atomic
def add_evidence(
    *,
    election: VillageElection,
    stage: Stage,
    requirement: str,
    upload: UploadedFile,
    by: User,
    at: datetime,
) -> Evidence:
    """Store one file for a requirement of an open stage. Several files may serve one requirement.

    Raises Forbidden, Refused (stage not open, unknown requirement, type, size or content not acceptable).
    """
    election, record = open_for_recording(election=election, stage=stage, by=by)
    if requirement not in {need.code for need in STAGES[stage].evidence}:
        raise Refused(
            Problem("requirement", "本环节没有这项佐证材料：请刷新页面再上传。", rules.MANUAL)
        )
    head = upload.read(16)
    upload.seek(0)
    kind = uploads.content_type(name=upload.name, head=head, size=upload.size)
    if isinstance(kind, Problem):
        raise Refused(kind)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    evidence = Evidence(
        election=election,
        stage=stage,
        attempt=record.attempt,
        requirement=requirement,
        name=upload.name[-200:],
        content_type=kind,
        size=upload.size,
        sha256=digest.hexdigest(),
        uploaded_by=by,
        uploaded_at=at,
    )
    evidence.file.save(upload.name, upload, save=False)
    evidence.save(force_insert=True)
    recorded(
        election=election,
        action="evidence.added",
        by=by,
        at=at,
        target=evidence,
        changes={"after": {"name": evidence.name, "sha256": evidence.sha256, "stage": stage.value}},
    )
    return evidence


@transaction.atomic
def add_files(
    *,
    election: VillageElection,
    stage: Stage,
    requirement: str,
    files: list[UploadedFile],
    by: User,
    at: datetime,
) -> list[Evidence]:
    """Store several files for one requirement: all, or none if one is refused. Raises as add_evidence."""
    return [
        add_evidence(
            election=election, stage=stage, requirement=requirement, upload=file, by=by, at=at
        )
        for file in files
    ]


@transaction.atomic
def withdraw_evidence(*, evidence: Evidence, by: User, at: datetime) -> Evidence:
    """Take a file out of an open stage; it is marked, never deleted. Raises Forbidden, Refused."""
    election, _ = open_for_recording(election=evidence.election, stage=Stage(evidence.stage), by=by)
    evidence = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    if evidence.replaced_at is None:
        evidence.replaced_at = at
        evidence.save(update_fields=["replaced_at"])
        recorded(
            election=election,
            action="evidence.withdrawn",
            by=by,
            at=at,
            target=evidence,
            changes={"after": {"name": evidence.name}},
        )
    return evidence


@transaction.atomic
def request_exception(
    *, election: VillageElection, stage: Stage, code: str, reason: str, by: User, at: datetime
) -> ExceptionRequest:
    """Ask the county to lift one blocker that may be excepted. Raises Forbidden, Refused."""
    election, record = open_for_recording(election=election, stage=stage, by=by)
    liftable = {
        b.code for b in selectors.stage_blockers(election, record, at=at) if b.may_be_excepted
    }
    problems = []
    if code not in liftable:
        problems.append(Problem("exception", "这一项不能申请例外，须按规定补齐。", rules.MANUAL))
    if not reason.strip():
        problems.append(Problem("exception_reason", "请填写申请例外的理由。", rules.MANUAL))
    if election.exceptions.filter(stage=stage, code=code, approved__isnull=True).exists():
        problems.append(
            Problem(
                "exception_pending", "已申请例外，等县委组织部批准，不必重复申请。", rules.MANUAL
            )
        )
    if problems:
        raise Refused(*problems)
    asked = ExceptionRequest.objects.create(
        election=election,
        stage=stage,
        code=code,
        reason=reason.strip(),
        requested_by=by,
        requested_at=at,
    )
    recorded(
        election=election,
        action="exception.requested",
        by=by,
        at=at,
        target=asked,
        reason=asked.reason,
        changes={"after": {"stage": stage.value, "code": code}},
    )
    return asked


@transaction.atomic
def decide_exception(
    *, exception: ExceptionRequest, approved: bool, note: str, by: User, at: datetime
) -> ExceptionRequest:
    """The county approves or refuses an exception, once. Raises Forbidden, Refused."""
    election = lock(exception.election)
    check_can_confirm(by, election)
    exception = ExceptionRequest.objects.select_for_update(of=("self",)).get(pk=exception.pk)
    if exception.approved is not None:
        raise Refused(
            Problem("exception_decided", "这项例外申请已有结论，不能再次批准。", rules.MANUAL)
        )
    record = selectors.current_records(election)[Stage(exception.stage)]
    if record.status != StageStatus.OPEN:
        raise Refused(
            Problem("exception_late", "该环节已不在办理中，例外申请不再需要批准。", rules.MANUAL)
        )
    if not approved and not note.strip():
        raise Refused(Problem("exception_note", "不同意时请写明意见。", rules.MANUAL))
    exception.approved, exception.decision_note = approved, note.strip()
    exception.decided_by, exception.decided_at = by, at
    exception.save()
    recorded(
        election=election,
        action="exception.decided",
        by=by,
        at=at,
        target=exception,
        reason=exception.decision_note,
        changes={"after": {"approved": approved, "code": exception.code}},
    )
    return exception
