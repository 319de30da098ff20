"""Evidence and exceptions of a stage."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem

from .. import pictures, rules, selectors, uploads
from ..enums import Stage, StageStatus
from ..models import Evidence, ExceptionRequest, VillageElection
from ..permissions import check_can_confirm, check_can_record
from ..stages import STAGES
from .stages import lock, open_for_recording, recorded


@dataclass(frozen=True)
class Checked:
    """An uploaded file that may be kept: what is stored, and its small picture if it is a picture."""

    name: str
    content_type: str
    content: bytes
    thumbnail: bytes = b""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def _check(upload: UploadedFile) -> Checked | Problem:
    """The file as it will be stored, or why it is refused."""
    kind = uploads.content_type(name=upload.name, size=upload.size, file=upload)
    if isinstance(kind, Problem):
        return kind
    upload.seek(0)
    content = upload.read()
    if kind not in uploads.PICTURES:
        return Checked(upload.name, kind, content)
    picture = pictures.cleaned(name=upload.name, content=content, kind=kind)
    if isinstance(picture, Problem):
        return picture
    return Checked(upload.name, kind, picture.content, picture.thumbnail)


def _check_all(files: list[UploadedFile]) -> list[Checked]:
    """All files ready to be stored. Raises Refused with every refusal at once. Takes long: call without a lock."""
    checked = [_check(file) for file in files]
    if refused := [found for found in checked if isinstance(found, Problem)]:
        raise Refused(*refused)
    return checked


def _keep(file: Checked, evidence: Evidence) -> Evidence:
    """Write a checked file to the storage and its row to the database. Raises Refused when the storage fails."""
    evidence.name = file.name[-200:]
    evidence.content_type = file.content_type
    evidence.size = len(file.content)
    evidence.sha256 = file.sha256
    try:
        evidence.file.save(file.name, ContentFile(file.content), save=False)
        if file.thumbnail:
            evidence.thumbnail.save(file.name, ContentFile(file.thumbnail), save=False)
    except OSError as error:
        raise Refused(
            Problem(
                "storage",
                f"“{file.name}”没有存上，服务器的存储空间已满或不可用：请稍后再传，仍不行的请联系系统管理员。",
                rules.MANUAL,
            )
        ) from error
    evidence.save(force_insert=True)
    return evidence


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
    return add_files(
        election=election, stage=stage, requirement=requirement, files=[upload], by=by, at=at
    )[0]


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
    check_can_record(by, election)
    checked = _check_all(files)
    with transaction.atomic():
        election, record = open_for_recording(election=election, stage=stage, by=by)
        if requirement not in {need.code for need in STAGES[stage].evidence}:
            raise Refused(
                Problem("requirement", "本环节没有这项佐证材料：请刷新页面再上传。", rules.MANUAL)
            )
        added = [
            _keep(
                file,
                Evidence(
                    election=election,
                    stage=stage,
                    attempt=record.attempt,
                    requirement=requirement,
                    uploaded_by=by,
                    uploaded_at=at,
                ),
            )
            for file in checked
        ]
        for evidence in added:
            after = {"name": evidence.name, "sha256": evidence.sha256, "stage": stage.value}
            recorded(
                election=election,
                action="evidence.added",
                by=by,
                at=at,
                target=evidence,
                changes={"after": after},
            )
    return added


def replace_evidence(
    *, evidence: Evidence, upload: UploadedFile, by: User, at: datetime
) -> Evidence:
    """Put a new version in the place of a file in force; the old one stays readable. Returns the new version.

    Raises Forbidden, Refused (stage not open, the file no longer in force, the new one not acceptable or the same).
    """
    check_can_record(by, evidence.election)
    (checked,) = _check_all([upload])
    with transaction.atomic():
        election, record = open_for_recording(
            election=evidence.election, stage=Stage(evidence.stage), by=by
        )
        old = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
        if old.replaced_at is not None:
            words = f"“{old.name}”已被撤下或替换：请刷新页面，在现用的文件上替换。"
            raise Refused(Problem("not_in_force", words, rules.MANUAL))
        if checked.sha256 == old.sha256:
            words = f"“{checked.name}”与现用的文件内容相同，不必替换。"
            raise Refused(Problem("same_file", words, rules.MANUAL))
        old.replaced_at = at
        old.save(update_fields=["replaced_at"])
        new = _keep(
            checked,
            Evidence(
                election=election,
                stage=old.stage,
                attempt=record.attempt,
                requirement=old.requirement,
                version=old.version + 1,
                replaces=old,
                uploaded_by=by,
                uploaded_at=at,
            ),
        )
        recorded(
            election=election,
            action="evidence.replaced",
            by=by,
            at=at,
            target=new,
            changes={
                "before": {"name": old.name, "sha256": old.sha256},
                "after": {"name": new.name, "sha256": new.sha256, "version": new.version},
            },
        )
    return new


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
