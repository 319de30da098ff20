"""网络舆情: recording an incident, reporting it upwards, checking it, answering, closing; linking it to complaints."""

from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import Conflict, Refused
from accounts.models import User
from accounts.problems import Problem
from elections import pictures, uploads
from elections.models import Campaign
from villages.models import Jurisdiction, Village
from villages.scoping import covers, post_of

from .. import rules
from ..models import Complaint, Matter, OpinionIncident, OpinionScreenshot
from ..permissions import (
    check_can_edit_opinion,
    check_can_follow_opinion,
    check_can_record_opinion,
)

MAX_SCREENSHOTS = 9


@dataclass(frozen=True)
class Post:
    """What was found: `source` is the platform, never the person who wrote it."""

    source: str
    title: str
    kind: str
    level: str
    seen_at: datetime
    unit: str
    link: str = ""


def recorded(incident, action: str, *, by: User, at: datetime, changes=None) -> None:
    audit.record(
        action=action,
        by=by,
        at=at,
        target=incident,
        changes=changes,
        post=post_of(by),
        campaign_id=incident.campaign_id,
        township_id=incident.township_id,
    )


@transaction.atomic
def record_incident(
    *,
    campaign: Campaign,
    post: Post,
    by: User,
    at: datetime,
    township: Jurisdiction | None = None,
    village: Village | None = None,
    withheld: bool = False,
    screenshots: list[UploadedFile] | None = None,
) -> OpinionIncident:
    """Enter an incident found on the net; numbers run per campaign. Raises Forbidden, Refused."""
    township = village.township if village else township
    check_can_record_opinion(by, township or campaign.area)
    problems = [
        Problem(name, f"请填写{label}。")
        for name, label in (("source", "来源平台"), ("title", "标题或摘要"), ("unit", "责任单位"))
        if not getattr(post, name).strip()
    ]
    if post.seen_at > at:
        problems.append(Problem("seen_at", "发现时间在现在之后：请核对。"))
    if township and not covers(campaign.area, township):
        problems.append(Problem("township", "所选的乡镇不在这次换届范围内：请重选。"))
    if withheld and township is None:
        problems.append(Problem("withheld", "“乡镇不可见”须先选择所涉及的乡镇。"))
    checked = _pictures(screenshots or [], problems)
    if problems:
        raise Refused(*problems)
    # The campaign's row serializes the numbering; incidents are never deleted.
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    count = OpinionIncident.objects.filter(campaign=campaign).count()
    incident = OpinionIncident.objects.create(
        number=f"YQ{timezone.localdate(at):%Y}-{campaign.pk:02d}-{count + 1:04d}",
        campaign=campaign,
        township=township,
        village=village,
        withheld=withheld,
        source=post.source.strip(),
        link=post.link.strip(),
        title=post.title.strip(),
        kind=post.kind,
        level=post.level,
        seen_at=post.seen_at,
        unit=post.unit.strip(),
        recorded_by=by,
        recorded_at=at,
    )
    _keep(incident, checked, by=by, at=at)
    recorded(incident, "opinion.recorded", by=by, at=at, changes={"after": {"level": post.level}})
    return incident


def _pictures(files, problems: list[Problem]) -> list[tuple[str, str, bytes]]:
    """Name, type and content of each screenshot, written anew; what is refused goes to `problems`."""
    if len(files) > MAX_SCREENSHOTS:
        problems.append(Problem("screenshots", f"截图一次最多{MAX_SCREENSHOTS}张。"))
    found = []
    for file in files[:MAX_SCREENSHOTS]:
        kind = uploads.content_type(name=file.name, size=file.size, file=file)
        if isinstance(kind, Problem):
            problems.append(Problem("screenshots", kind.message))
            continue
        if kind not in uploads.PICTURES:
            problems.append(Problem("screenshots", f"“{file.name}”不是图片：截图请传 jpg 或 png。"))
            continue
        file.seek(0)
        picture = pictures.cleaned(name=file.name, content=file.read(), kind=kind)
        if isinstance(picture, Problem):
            problems.append(Problem("screenshots", picture.message))
        else:
            found.append((file.name[-200:], kind, picture.content))
    return found


def _keep(incident, checked, *, by: User, at: datetime) -> None:
    for name, kind, content in checked:
        row = OpinionScreenshot(
            incident=incident,
            name=name,
            content_type=kind,
            size=len(content),
            added_by=by,
            added_at=at,
        )
        try:
            row.file.save(name, ContentFile(content), save=False)
        except OSError as error:
            words = "截图没有存上，服务器的存储空间已满或不可用：请稍后再传。"
            raise Refused(Problem("storage", words)) from error
        row.save(force_insert=True)


def _locked(incident: OpinionIncident) -> OpinionIncident:
    incident = (
        OpinionIncident.objects.select_for_update(of=("self",))
        .select_related("campaign__area", "township")
        .get(pk=incident.pk)
    )
    if incident.closed_at:
        raise Conflict(Problem("closed", "这起舆情已经办结：如有新情况，请另行登记。"))
    return incident


@transaction.atomic
def add_screenshots(
    *, incident: OpinionIncident, files: list[UploadedFile], by: User, at: datetime
) -> OpinionIncident:
    """Raises Forbidden, Refused."""
    check_can_follow_opinion(by, incident)
    problems: list[Problem] = []
    checked = _pictures(files, problems)
    if problems:
        raise Refused(*problems)
    incident = _locked(incident)
    _keep(incident, checked, by=by, at=at)
    recorded(incident, "opinion.screenshots", by=by, at=at)
    return incident


@transaction.atomic
def report_incident(
    *, incident: OpinionIncident, reported_at: datetime, by: User, at: datetime
) -> OpinionIncident:
    """Note when the incident was reported upwards, once. Late is shown, never refused. Raises Forbidden, Refused."""
    check_can_follow_opinion(by, incident)
    incident = _locked(incident)
    if incident.reported_at:
        raise Conflict(Problem("reported", "这起舆情已经登记过报送时间。"))
    if not incident.seen_at <= reported_at <= at:
        raise Refused(Problem("reported_at", "报送时间应在发现之后、现在之前：请核对。"))
    incident.reported_at, incident.reported_by = reported_at, by
    incident.save(update_fields=["reported_at", "reported_by"])
    recorded(incident, "opinion.reported", by=by, at=at)
    return incident


@transaction.atomic
def check_incident(
    *, incident: OpinionIncident, finding: str, by: User, at: datetime
) -> OpinionIncident:
    """核查: what was found out; may be completed until the incident is closed. Raises Forbidden, Refused."""
    return _note(incident, "finding", "checked", finding, "核查情况", by=by, at=at)


@transaction.atomic
def respond_to_incident(
    *, incident: OpinionIncident, response: str, by: User, at: datetime
) -> OpinionIncident:
    """回应: what was said in public. After the check only. Raises Forbidden, Refused."""
    return _note(incident, "response", "responded", response, "回应内容", by=by, at=at)


def _note(incident, text_field: str, step: str, text: str, label: str, *, by, at):
    check_can_follow_opinion(by, incident)
    incident = _locked(incident)
    if not text.strip():
        raise Refused(Problem(text_field, f"请填写{label}。"))
    if step == "responded" and not incident.checked_at:
        raise Refused(Problem(text_field, "先核查、后回应：请先登记核查情况。", rules.OPINION_RULE))
    setattr(incident, text_field, text.strip())
    fields = [text_field]
    if getattr(incident, f"{step}_at") is None:
        setattr(incident, f"{step}_at", at)
        setattr(incident, f"{step}_by", by)
        fields += [f"{step}_at", f"{step}_by"]
    incident.save(update_fields=fields)
    recorded(incident, f"opinion.{step}", by=by, at=at)
    return incident


@transaction.atomic
def grade_incident(
    *, incident: OpinionIncident, level: str, kind: str, unit: str, by: User, at: datetime
) -> OpinionIncident:
    """Change level, kind or the responsible unit. Raises Forbidden, Refused."""
    check_can_edit_opinion(by, incident)
    incident = _locked(incident)
    if not unit.strip():
        raise Refused(Problem("unit", "请填写责任单位。"))
    before = {"level": incident.level, "kind": incident.kind, "unit": incident.unit}
    incident.level, incident.kind, incident.unit = level, kind, unit.strip()
    incident.save(update_fields=["level", "kind", "unit"])
    after = {"level": incident.level, "kind": incident.kind, "unit": incident.unit}
    recorded(incident, "opinion.graded", by=by, at=at, changes={"before": before, "after": after})
    return incident


@transaction.atomic
def close_incident(
    *, incident: OpinionIncident, outcome: str, by: User, at: datetime
) -> OpinionIncident:
    """办结: reported and checked before. Raises Forbidden, Refused."""
    check_can_edit_opinion(by, incident)
    incident = _locked(incident)
    problems = []
    if not outcome.strip():
        problems.append(Problem("outcome", "请填写处置结果。"))
    if not incident.reported_at:
        problems.append(Problem("outcome", "还没有登记报送时间，不能办结。", rules.OPINION_RULE))
    if not incident.checked_at:
        problems.append(Problem("outcome", "还没有登记核查情况，不能办结。", rules.OPINION_RULE))
    if problems:
        raise Refused(*problems)
    incident.outcome, incident.closed_at, incident.closed_by = outcome.strip(), at, by
    incident.save(update_fields=["outcome", "closed_at", "closed_by"])
    recorded(incident, "opinion.closed", by=by, at=at)
    return incident


@transaction.atomic
def link_matter(*, incident: OpinionIncident, number: str, by: User, at: datetime) -> Matter:
    """Link the matter of a complaint, by the number of either. Raises Forbidden, Refused: the same sentence whether
    there is no such number or it is not for this user's eyes."""
    check_can_edit_opinion(by, incident)
    incident = _locked(incident)
    seen = Complaint.objects.visible_to(by).filter(campaign=incident.campaign)
    complaint = (
        seen.filter(number=number.strip()).select_related("matter").first()
        or seen.filter(matter__number=number.strip()).select_related("matter").first()
    )
    if complaint is None:
        words = "没有找到这个编号的信访件：请核对编号。"
        raise Refused(Problem("number", words))
    incident.matters.add(complaint.matter)
    # The trail says that something was linked, not what: whoever reads it need not see complaints.
    recorded(incident, "opinion.linked", by=by, at=at)
    return complaint.matter
