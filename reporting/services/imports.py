"""An uploaded workbook's way: stored, checked in the background, shown, written as a whole or not at all."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import Conflict, Forbidden, Refused
from accounts.models import User
from accounts.problems import Problem
from elections.models import Campaign
from villages.enums import Level
from villages.models import Jurisdiction
from villages.scoping import covers, post_of
from workbooks import painting, reading, scan
from workbooks.declarations import Kind
from workbooks.plans import CellProblem, Change, Entry, Plan, differing_rows
from workbooks.store import copy_in

from ..enums import ImportStatus, JobKind, JobStatus, LineGroup
from ..models import ImportLine, Job, WorkbookImport
from ..permissions import check_can_import
from ..selectors.imports import kinds
from .jobs import finish_job, hold_job, queue_job

Step = Callable[[int, str], None]
#: How many rows a sentence names before it says "and so on".
NAMED = 5


def _audit(workbook: WorkbookImport, action: str, *, by: User, at: datetime, **more) -> None:
    """A township's import goes into the township's chain, where no other township waits for it."""
    area = workbook.area
    audit.record(
        township_id=area.pk if area.level == Level.TOWNSHIP else None,
        action=action,
        by=by,
        at=at,
        target=workbook,
        post=post_of(by),
        campaign_id=workbook.campaign_id,
        **more,
    )


@transaction.atomic
def upload_import(
    *,
    kind: Kind,
    campaign: Campaign,
    area: Jurisdiction,
    upload: UploadedFile,
    reason: str,
    by: User,
    at: datetime,
) -> WorkbookImport:
    """Store a workbook and ask for its check.

    Raises Forbidden (not the user's area, or outside the campaign), Refused (no workbook at all, no reason).
    """
    workbook = _store(
        kind=kind, campaign=campaign, area=area, upload=upload, reason=reason, by=by, at=at
    )
    workbook.job = _queue(workbook, JobKind.IMPORT_CHECK, by=by, at=at)
    workbook.save(update_fields=["job"])
    return workbook


def _store(*, kind, campaign, area, upload, reason, by, at) -> WorkbookImport:
    check_can_import(by, area)
    if not covers(campaign.area, area):
        raise Forbidden(f"{area.name}不在“{campaign.name}”的范围内。")
    start = upload.read(4096)
    upload.seek(0)
    problems = []
    if sentence := scan.refuse_by_start(start, upload.size):
        problems.append(Problem("file", f"“{upload.name}”不能导入：{sentence}"))
    if kind.needs_reason and not reason.strip():
        problems.append(Problem("reason", f"导入“{kind.title}”请填写理由。"))
    if problems:
        raise Refused(*problems)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    workbook = WorkbookImport(
        kind=kind.code,
        campaign=campaign,
        area=area,
        name=upload.name[-200:],
        size=upload.size,
        sha256=digest.hexdigest(),
        reason=reason.strip(),
        by=by,
        uploaded_at=at,
    )
    workbook.file.save(upload.name, upload, save=False)
    workbook.save(force_insert=True)
    after = {"kind": kind.code, "area": area.name, "name": workbook.name, "sha256": workbook.sha256}
    _audit(workbook, "import.uploaded", by=by, at=at, changes={"after": after})
    return workbook


def _queue(workbook: WorkbookImport, kind: JobKind, *, by: User, at: datetime) -> Job:
    return queue_job(
        kind=kind, campaign=workbook.campaign, as_of=timezone.localdate(at), by=by, at=at
    )


def check_import(*, job: Job, at: datetime, step: Step) -> None:
    """Read the workbook, compare it with what is stored, and keep the result for the preview; writes nothing else."""
    workbook = WorkbookImport.objects.select_related("campaign__area", "area", "by").get(job=job)
    if workbook.status != ImportStatus.UPLOADED:
        return
    kind = kinds()[workbook.kind]
    step(10, "正在读取工作簿")
    try:
        sheet = _read(workbook, kind)
    except reading.FileRefused as refused:
        _fail(workbook, str(refused))
        return
    step(40, f"正在核对{len(sheet.rows)}行")
    plan = kind.plan(
        sheet.rows, campaign=workbook.campaign, area=workbook.area, by=workbook.by, at=at
    )
    sheet.add(plan.problems)
    if sheet.problems:
        step(70, f"正在标出{len(sheet.problems)}处错误")
        _paint(workbook, sheet.problems)
    step(90, "正在保存预览")
    _keep(workbook, sheet, plan)


def _read(workbook: WorkbookImport, kind: Kind) -> reading.Sheet:
    return reading.read(Path(workbook.file.path), kind, others=kinds().values())


def _fail(workbook: WorkbookImport, message: str) -> None:
    WorkbookImport.objects.filter(pk=workbook.pk).update(
        status=ImportStatus.FAILED, message=message
    )


def _paint(workbook: WorkbookImport, problems: list[CellProblem]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "errors.xlsx"
        if painting.paint(Path(workbook.file.path), target, problems):
            with target.open("rb") as file:
                workbook.painted.save("errors.xlsx", File(file), save=False)


@transaction.atomic
def _keep(workbook: WorkbookImport, sheet: reading.Sheet, plan: Plan) -> None:
    """Counts and lines of a check. With errors nothing can be written, and only they are listed."""
    if _lock(workbook).status != ImportStatus.UPLOADED:
        return  # another worker, which took this one for dead, was faster
    _count(workbook, plan)
    workbook.problems, workbook.digest = len(sheet.problems), plan.digest()
    workbook.status = ImportStatus.CHECKED
    unread = "、".join(f"“{head}”" for head in sheet.ignored[:NAMED])
    workbook.message = f"没有用到的列：{unread}。" if unread else ""
    workbook.save()
    workbook.lines.all().delete()
    copy_in(
        ImportLine,
        ("workbook_id", "group", "row", "label", "detail", "facts"),
        _lines(workbook, sheet, plan),
    )


def _lines(workbook: WorkbookImport, sheet: reading.Sheet, plan: Plan) -> Iterable[tuple]:
    pk = workbook.pk
    for p in sheet.problems:
        place = [p.sheet, p.letter, p.head, p.value]
        yield pk, LineGroup.PROBLEM.value, p.row, p.head, p.message, json.dumps(place)
    if sheet.problems:
        return
    for group, entries in ((LineGroup.NEW, plan.new), (LineGroup.CHANGED, plan.changed)):
        for e in entries:
            changes = json.dumps([[c.head, c.before, c.after] for c in e.changes])
            yield pk, group.value, e.row, e.label, e.detail, changes
    for label in plan.missing:
        yield pk, LineGroup.MISSING.value, None, label, "", "[]"


def _lock(workbook: WorkbookImport) -> WorkbookImport:
    return (
        WorkbookImport.objects.select_for_update(of=("self",))
        .select_related("campaign__area", "area", "by", "job")
        .get(pk=workbook.pk)
    )


def _is_working(workbook: WorkbookImport) -> bool:
    return bool(workbook.job and workbook.job.status in (JobStatus.QUEUED, JobStatus.RUNNING))


@transaction.atomic
def request_apply(*, workbook: WorkbookImport, by: User, at: datetime) -> WorkbookImport:
    """Ask for a checked workbook to be written; asking again while that is under way changes nothing.

    Raises Forbidden, Refused (errors, nothing to write, not checked).
    """
    workbook = _lock(workbook)
    check_can_import(by, workbook.area)
    if _is_working(workbook) or workbook.status == ImportStatus.APPLIED:
        return workbook
    if workbook.status != ImportStatus.CHECKED:
        raise Refused(Problem("status", "只有检查过的工作簿才能导入：请重新上传。"))
    if workbook.problems:
        raise Refused(
            Problem("problems", f"有{workbook.problems}处错误：请在原表中改正后重新上传。")
        )
    if not workbook.new and not workbook.changed:
        raise Refused(Problem("nothing", "与系统中的内容完全相同，不必导入。"))
    workbook.job = _queue(workbook, JobKind.IMPORT_APPLY, by=by, at=at)
    workbook.save(update_fields=["job"])
    return workbook


def apply_import(*, job: Job, at: datetime, step: Step) -> None:
    """Write a checked workbook through its app's service: everything, once, or nothing with a sentence why."""
    workbook = WorkbookImport.objects.select_related("campaign__area", "area").get(job=job)
    if workbook.status != ImportStatus.CHECKED:
        return
    kind = kinds()[workbook.kind]
    step(10, "正在读取工作簿")
    try:
        sheet = _read(workbook, kind)
        step(40, f"正在写入{workbook.new + workbook.changed}条")
        _apply(workbook, kind, sheet, job=job, at=at)
    except Refused as refused:
        sentences = "；".join(p.message for p in refused.problems[:NAMED])
        _fail(workbook, f"没有写入任何内容：{sentences}")
    except (Forbidden, reading.FileRefused) as refused:
        _fail(workbook, f"没有写入任何内容：{refused}")


@transaction.atomic
def _apply(workbook: WorkbookImport, kind: Kind, sheet, *, job: Job, at: datetime) -> None:
    """The data, the state of the import and its audit row in one transaction. A second worker waits and finds it done."""
    workbook = _lock(workbook)
    if workbook.status != ImportStatus.CHECKED:
        return
    hold_job(job)
    plan = kind.apply(
        sheet.rows,
        campaign=workbook.campaign,
        area=workbook.area,
        by=job.requested_by,
        at=at,
        reason=workbook.reason,
        confirm=lambda plan: _check_as_shown(workbook, plan),
    )
    _mark_applied(workbook, plan, by=job.requested_by, at=at)
    finish_job(job=job, at=at)


def _mark_applied(workbook: WorkbookImport, plan: Plan, *, by: User, at: datetime) -> None:
    workbook.status, workbook.applied_by, workbook.applied_at = ImportStatus.APPLIED, by, at
    _count(workbook, plan)
    workbook.save()
    _forget_files(workbook)
    counts = {"new": workbook.new, "changed": workbook.changed, "unchanged": workbook.unchanged}
    _audit(workbook, "import.applied", by=by, at=at, changes={"after": counts})


def _forget_files(workbook: WorkbookImport) -> None:
    """Remove the uploaded and the painted file once nobody needs them: they hold personal data in clear. What they said
    stays in the rows written, the lines of the check and the digest."""
    files = [file for file in (workbook.file, workbook.painted) if file]

    def remove() -> None:
        for file in files:
            file.storage.delete(file.name)

    transaction.on_commit(remove)


def _count(workbook: WorkbookImport, plan: Plan) -> None:
    workbook.new, workbook.changed = len(plan.new), len(plan.changed)
    workbook.unchanged, workbook.missing = plan.unchanged, len(plan.missing)


def _check_as_shown(workbook: WorkbookImport, plan: Plan) -> None:
    """Raise Conflict if the plan is not the one that was shown, naming the rows that differ."""
    if plan.digest() == workbook.digest:
        return
    shown = [
        Entry(line.row, line.label, line.detail, tuple(Change(*facts) for facts in line.facts))
        for line in workbook.lines.filter(group__in=(LineGroup.NEW, LineGroup.CHANGED))
    ]
    rows = differing_rows(shown, [*plan.new, *plan.changed])
    named = "、".join(str(row) for row in rows[:NAMED]) + ("等" if len(rows) > NAMED else "")
    raise Conflict(
        Problem(
            "moved",
            f"预览之后数据有了改动，第{named}行（共{len(rows)}行）的结果与预览不同。"
            "请点“重新检查”，看过新的预览再导入。",
        )
    )


@transaction.atomic
def recheck_import(*, workbook: WorkbookImport, by: User, at: datetime) -> WorkbookImport:
    """Check a workbook again against the present data: after a conflict, or when a job gave up. Raises Forbidden,
    Refused (written or discarded)."""
    workbook = _lock(workbook)
    check_can_import(by, workbook.area)
    if workbook.status in (ImportStatus.APPLIED, ImportStatus.DISCARDED):
        raise Refused(Problem("status", f"这份工作簿{workbook.get_status_display()}，不能再检查。"))
    if not _is_working(workbook):
        workbook.status, workbook.message = ImportStatus.UPLOADED, ""
        workbook.job = _queue(workbook, JobKind.IMPORT_CHECK, by=by, at=at)
        workbook.save(update_fields=["status", "message", "job"])
    return workbook


@transaction.atomic
def discard_import(*, workbook: WorkbookImport, by: User, at: datetime) -> WorkbookImport:
    """Give a workbook up; it stays on record. Raises Forbidden, Refused (written, or being worked on)."""
    workbook = _lock(workbook)
    check_can_import(by, workbook.area)
    if workbook.status == ImportStatus.APPLIED or _is_working(workbook):
        raise Refused(Problem("status", "已经导入或正在处理的工作簿不能放弃。"))
    if workbook.status != ImportStatus.DISCARDED:
        workbook.status = ImportStatus.DISCARDED
        workbook.save(update_fields=["status"])
        _forget_files(workbook)
        _audit(workbook, "import.discarded", by=by, at=at)
    return workbook


def import_now(
    *,
    kind: Kind,
    campaign: Campaign,
    area: Jurisdiction,
    path: Path,
    reason: str,
    by: User,
    at: datetime,
    dry_run: bool,
) -> tuple[Plan, list[CellProblem]]:
    """The same import at once and without a preview, for the command line: (what it changed, or would; the errors).
    With errors nothing is written. Raises FileRefused, Forbidden, Refused."""
    check_can_import(by, area)
    sheet = reading.read(path, kind, others=kinds().values())
    facts = {"campaign": campaign, "area": area, "by": by, "at": at}
    if not dry_run and not sheet.problems:
        try:
            with transaction.atomic():
                plan = kind.apply(sheet.rows, **facts, reason=reason)
                upload = ContentFile(path.read_bytes(), name=path.name)
                workbook = _store(kind=kind, upload=upload, reason=reason, **facts)
                _mark_applied(workbook, plan, by=by, at=at)
                return plan, []
        except Refused:
            # The service names rows; the errors of the plan also name cells.
            sheet.add(kind.plan(sheet.rows, **facts).problems)
            if not sheet.problems:
                raise
            return Plan(), sheet.problems
    plan = kind.plan(sheet.rows, **facts)
    sheet.add(plan.problems)
    return plan, sheet.problems
