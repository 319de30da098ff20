"""Taking a list out: logged before it is written; at once when it is short, as a job when it is long."""

import tempfile
from collections.abc import Callable
from datetime import datetime

from django.core.files.base import File
from django.db import transaction
from django.db.models import Model
from django.http import QueryDict
from django.utils import timezone

from accounts import audit
from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from elections.models import Campaign
from villages.scoping import post_of

from ..enums import JobKind
from ..models import Job, WorkbookExport
from ..permissions import check_can_export
from ..selectors.exports import EXPORTS, Export, Selection, write_export
from ..selectors.shell import place_of
from .jobs import queue_job


@transaction.atomic
def record_export(
    *,
    export: Export,
    campaign: Campaign,
    selection: Selection,
    count: int,
    reason: str,
    by: User,
    at: datetime,
) -> None:
    """Log who takes which list out and why. Raises Forbidden, Refused (people without a reason)."""
    check_can_export(by)
    if export.is_personal and not reason.strip():
        raise Refused(Problem("reason", f"“{export.title}”含有个人信息，请先填写用途。"))
    audit.record(
        action="export.made",
        by=by,
        at=at,
        target=campaign,
        post=post_of(by),
        campaign_id=campaign.pk,
        reason=reason.strip(),
        changes={
            "after": {
                "what": export.code,
                "rows": count,
                "filters": [list(pair) for pair in selection.filters],
                "area": selection.area or place_of(by),
            }
        },
    )


@transaction.atomic
def record_bulletin_file(
    *, target: Model, name: str, ending: str, campaign: Campaign | None, by: User, at: datetime
) -> None:
    """Log who takes a bulletin out as a file. `target`: the version, or the area whose bulletins are added up;
    `campaign`: None for an area. Whoever may read it may take it: it names no villager."""
    audit.record(
        action="export.made",
        by=by,
        at=at,
        target=target,
        post=post_of(by),
        campaign_id=campaign.pk if campaign else None,
        changes={"after": {"what": "bulletin", "name": name, "file": ending}},
    )


@transaction.atomic
def request_export(
    *,
    export: Export,
    campaign: Campaign,
    query: QueryDict,
    selection: Selection,
    count: int,
    reason: str,
    by: User,
    at: datetime,
) -> WorkbookExport:
    """Log a long list and ask for it to be written in the background. Raises as record_export."""
    record_export(
        export=export,
        campaign=campaign,
        selection=selection,
        count=count,
        reason=reason,
        by=by,
        at=at,
    )
    job = queue_job(
        kind=JobKind.EXPORT, campaign=campaign, as_of=timezone.localdate(at), by=by, at=at
    )
    return WorkbookExport.objects.create(
        what=export.code,
        campaign=campaign,
        query=query.urlencode(),
        reason=reason.strip(),
        by=by,
        requested_at=at,
        job=job,
        rows=count,
    )


def produce_export(*, job: Job, at: datetime, step: Callable[[int, str], None]) -> None:
    """Write a long list as it is now; a job that has its file already keeps it."""
    wanted = WorkbookExport.objects.select_related("campaign__area", "by").get(job=job)
    if wanted.file:
        return
    export = EXPORTS[wanted.what]
    check_can_export(wanted.by)
    moment = timezone.localtime(at)
    selection = export.select(wanted.by, wanted.campaign, QueryDict(wanted.query), moment.date())
    count = selection.count
    step(10, f"正在写出{count}行")
    with tempfile.TemporaryFile() as out:
        wanted.rows = write_export(
            out,
            export=export,
            campaign=wanted.campaign,
            selection=selection,
            count=count,
            place=place_of(wanted.by),
            by=wanted.by,
            at=at,
            reason=wanted.reason,
        )
        step(95, "正在保存")
        out.seek(0)
        wanted.file.save("export.xlsx", File(out), save=False)
    wanted.save(update_fields=["file", "rows"])
