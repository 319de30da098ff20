"""Receiving a complaint: one door for letters, visits, calls and the online form. Contents never enter the audit trail."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts import audit, sealing
from accounts.enums import Role
from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from candidates.models import Candidacy
from elections import pictures, uploads
from elections.holidays import CALENDAR
from elections.models import Campaign, RepresentativeChallenge, VillageElection
from villages.models import Jurisdiction, PartyMember, Posting, Village
from villages.scoping import covers, post_of

from .. import rules
from ..enums import Accused, Category, Step
from ..models import (
    CONTENT,
    Attachment,
    Clock,
    Complaint,
    Event,
    Matter,
    ReporterIdentity,
    Series,
)
from ..permissions import check_can_receive, unit

IDENTITY = "reporter_identity"
#: What is sealed of an identity always has this many bytes, so that its length tells nothing.
IDENTITY_BYTES = 1024
MAX_FILES = 5


@dataclass(frozen=True)
class Reporter:
    """Who complains; all empty when nobody said. `address`: where an answer goes, or how else to be reached."""

    name: str = ""
    phone: str = ""
    address: str = ""


@dataclass(frozen=True)
class About:
    """What and whom a complaint is about. The smallest place that is known: an election, else a village, else a township,
    else only the campaign's area. `accused` other than the village's own affairs names `unit` or `user`, whose post there
    decides the rest."""

    election: VillageElection | None = None
    village: Village | None = None
    township: Jurisdiction | None = None
    stage: str = ""
    candidacy: Candidacy | None = None
    member: PartyMember | None = None
    challenge: RepresentativeChallenge | None = None
    accused: str = Accused.VILLAGE
    accused_unit: Jurisdiction | None = None
    accused_user: User | None = None


@dataclass(frozen=True)
class Placed:
    """Where a complaint lies and who handles it: columns of its row."""

    place: Village | Jurisdiction
    columns: dict = field(default_factory=dict)


def recorded(complaint: Complaint, action: str, *, by: User | None, at: datetime) -> None:
    """The audit row of a write: who, when, which number. Nothing of what was said, nor of who said it."""
    audit.record(
        action=action,
        by=by,
        at=at,
        target=complaint,
        post=post_of(by) if by else "",
        campaign_id=complaint.campaign_id,
        chain=f"complaints:{complaint.campaign.area_id}",
    )


def noted(complaint: Complaint, step: Step, *, by: User | None, at: datetime, note="") -> Event:
    """A line of the complaint's own history."""
    return Event.objects.create(
        complaint=complaint, step=step, note_sealed=complaint.sealed(note.strip()), by=by, at=at
    )


def placed(campaign: Campaign, about: About) -> Placed:
    """Where it lies and who holds it, by rules.held_by(). Raises Refused (parts that do not fit together)."""
    election = about.election
    village = election.village if election else about.village
    township = village.township if village else about.township
    place = village or township or campaign.area
    problems = _misfits(campaign, about, village, township)
    accused, accused_unit = about.accused, about.accused_unit
    if about.accused_user and not problems:
        accused, accused_unit = _post_of_accused(about.accused_user, accused, accused_unit)
    if accused != Accused.VILLAGE and accused_unit is None:
        problems.append(Problem("accused_unit", "请选择被反映的单位（或其所在的乡镇、县区）。"))
    if problems:
        raise Refused(*problems)
    holder = _holder(accused, accused_unit or township or campaign.area)
    columns = {
        "election": election,
        "village": village,
        "township": township,
        "stage": about.stage,
        "candidacy": about.candidacy,
        "member": about.candidacy.member if about.candidacy else about.member,
        "challenge": about.challenge,
        "accused": accused,
        "accused_unit": accused_unit if accused != Accused.VILLAGE else None,
        "accused_user": about.accused_user,
        "held_by": holder,
    }
    return Placed(place, columns)


def _misfits(campaign, about: About, village, township) -> list[Problem]:
    problems = []
    if about.election and about.election.campaign_id != campaign.pk:
        problems.append(Problem("election", "所选的村不在这次换届范围内：请重选。"))
    if township and not covers(campaign.area, township) and not covers(township, campaign.area):
        problems.append(Problem("township", "所选的乡镇不在这次换届范围内：请重选。"))
    if about.challenge and (not about.election or about.challenge.election_id != about.election.pk):
        problems.append(Problem("challenge", "所选的资格异议不是这个村的：请重选。"))
    if about.candidacy and (not about.election or about.candidacy.election_id != about.election.pk):
        problems.append(Problem("candidacy", "所选的人选不是这个村的：请重选。"))
    if about.member and (not village or about.member.village_id != village.pk):
        problems.append(Problem("member", "所选的党员不是这个村的：请重选。"))
    return problems


#: Role of the accused's post → who the complaint is about.
_ACCUSED = {
    Role.COORDINATOR: Accused.COORDINATOR,
    Role.LEADER: Accused.LEADER,
    Role.DISCIPLINE: Accused.DISCIPLINE,
    Role.ORG_STAFF: Accused.ORG_STAFF,
    Role.VETTING: Accused.VETTING,
}
_HEIGHT = {"township": 1, "county": 2, "city": 3, "province": 4, "nation": 5}


def _post_of_accused(user: User, accused: str, accused_unit):
    """The kind and unit of a person with an account: by the highest post, one that goes a level up before others."""
    found = [
        (_ACCUSED.get(posting.role, Accused.UNIT), posting.jurisdiction)
        for posting in Posting.objects.filter(user=user, ends_on__isnull=True)
        .select_related("jurisdiction")
        .order_by("pk")
    ]
    if accused_unit is not None and accused != Accused.VILLAGE:
        found.append((accused, accused_unit))
    if not found:
        return accused, accused_unit
    return max(found, key=lambda f: _HEIGHT[f[1].level] + rules.ROUTES[f[0]].up)


def _holder(accused: str, about: Jurisdiction) -> Jurisdiction:
    chain = unit(about)
    staffed = set(
        Posting.objects.filter(
            role=Role.DISCIPLINE,
            ends_on__isnull=True,
            jurisdiction__in=chain.chain,
            user__is_active=True,
        ).values_list("jurisdiction", flat=True)
    )
    holder = rules.held_by(about=chain, accused=accused, staffed=staffed)
    if holder is None:
        raise Refused(
            Problem(
                "above",
                f"{about.name}以上没有可以办理的单位：请直接报送上级纪检监察机关，不在本系统登记。",
                rules.REPORTS_RULE,
            )
        )
    return Jurisdiction.objects.get(pk=holder)


def clock_of(campaign: Campaign, category: str) -> rules.ClockRule:
    """The days of a category in a campaign: the county's own, or the rule's."""
    usual = rules.CLOCKS[category]
    own = Clock.objects.filter(campaign=campaign, category=category).first()
    if own is None:
        return usual
    return rules.ClockRule(
        own.unit, own.accept_days, own.settle_days, own.extend_days, "本次换届设定的期限"
    )


@transaction.atomic
def receive_complaint(
    *,
    campaign: Campaign,
    channel: str,
    cause: str,
    summary: str,
    received_at: datetime,
    by: User | None,
    at: datetime,
    about: About | None = None,
    category: str = Category.REPORT,
    is_named: bool = False,
    reporter: Reporter | None = None,
    people: int = 1,
    blocks_notice: bool = False,
    joins: Matter | None = None,
    receipt_hash: str | None = None,
    attachments: Sequence = (),
) -> Complaint:
    """Receive one complaint; `by` None: the public, online. Who handles it follows from rules.ROUTES; numbers run per
    campaign; it opens a matter of its own or joins one. Identity, contents and files are sealed.

    `attachments`: (uploaded) files with name, size and content. Whoever receives it may not see it afterwards.
    Raises Forbidden, Refused.
    """
    about = about or About()
    where = placed(campaign, about)
    if by is not None:
        check_can_receive(by, where.place)
    reporter = reporter or Reporter()
    problems, files = _problems(
        received_at=received_at,
        at=at,
        summary=summary,
        people=people,
        is_named=is_named,
        reporter=reporter,
        joins=joins,
        campaign=campaign,
        attachments=attachments,
    )
    if blocks_notice and about.election is None:
        problems.append(Problem("blocks_notice", "公示异议须选择所反映的村。"))
    if problems:
        raise Refused(*problems)
    # The series' row serializes the numbering.
    Series.objects.get_or_create(campaign=campaign)
    series = Series.objects.select_for_update().get(campaign=campaign)
    day = timezone.localdate(received_at)
    series.complaints += 1
    if joins is None:
        series.matters += 1
        joins = Matter.objects.create(
            number=f"XQ{day:%Y}-{campaign.pk:02d}-{series.matters:04d}",
            campaign=campaign,
            opened_at=received_at,
        )
    series.save()
    clock = clock_of(campaign, category)
    complaint = Complaint(
        number=f"XF{day:%Y}-{campaign.pk:02d}-{series.complaints:04d}",
        matter=joins,
        campaign=campaign,
        **where.columns,
        channel=channel,
        category=category,
        cause=cause,
        is_named=is_named,
        people=people,
        received_at=received_at,
        blocks_notice=blocks_notice,
        receipt_hash=receipt_hash,
        key_sealed=sealing.new_key(),
        accept_days=clock.accept,
        settle_days=clock.settle,
        days_unit=clock.unit,
        accept_by=rules.reckon(day, clock.accept, clock.unit, CALENDAR).day,
        settle_by=rules.reckon(day, clock.settle, clock.unit, CALENDAR).day,
        registered_by=by,
    )
    complaint.summary_sealed = complaint.sealed(summary.strip())
    complaint.save(force_insert=True)
    keep_identity(complaint, reporter)
    for kind, name, content in files:
        attach(complaint, kind=kind, name=name, content=content, at=at)
    noted(complaint, Step.RECEIVED, by=by, at=at)
    recorded(complaint, "complaint.registered", by=by, at=at)
    return complaint


def _problems(
    *, received_at, at, summary, people, is_named, reporter, joins, campaign, attachments
) -> tuple[list[Problem], list[tuple[str, str, bytes]]]:
    problems, files = [], []
    if received_at > at:
        problems.append(Problem("received_at", "收到时间在现在之后：请核对。"))
    if not summary.strip():
        problems.append(Problem("summary", "请填写主要内容。"))
    if people < 1:
        problems.append(Problem("people", "反映人数至少1人。"))
    if is_named and not reporter.name.strip():
        problems.append(Problem("name", "实名反映请填写反映人姓名；不愿留名的选匿名。"))
    if len(json.dumps(asdict(reporter), ensure_ascii=False).encode()) > IDENTITY_BYTES:
        problems.append(Problem("reporter", "姓名、电话、地址太长：请只填能联系到本人的内容。"))
    if joins and joins.campaign_id != campaign.pk:
        problems.append(Problem("joins", "只能并入同一次换届的信访事项。"))
    if len(attachments) > MAX_FILES:
        problems.append(Problem("attachments", f"附件最多{MAX_FILES}个。"))
    for file in attachments[:MAX_FILES]:
        found = checked(file)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            kind, content = found
            files.append((kind, file.name, content))
    return problems, files


def checked(file) -> tuple[str, bytes] | Problem:
    """Type and content of an uploaded file; pictures are written anew, without place, time and device."""
    kind = uploads.content_type(name=file.name, size=file.size, file=file)
    if isinstance(kind, Problem):
        return kind
    file.seek(0)
    content = file.read()
    if kind not in uploads.PICTURES:
        return kind, content
    picture = pictures.cleaned(name=file.name, content=content, kind=kind)
    return picture if isinstance(picture, Problem) else (kind, picture.content)


def keep_identity(complaint: Complaint, reporter: Reporter) -> None:
    """Seal who complained under a key of its own; written for everybody, so that a row says nothing."""
    text = json.dumps(asdict(reporter), ensure_ascii=False).encode()
    key = sealing.new_key()
    sealed = sealing.seal_text_under(key, text.ljust(IDENTITY_BYTES).decode(), purpose=IDENTITY)
    ReporterIdentity.objects.create(complaint=complaint, key_sealed=key, sealed=sealed)


def attach(complaint: Complaint, *, kind: str, name: str, content: bytes, at: datetime):
    """Store one checked file of a complaint, sealed. Raises Refused when the storage fails."""
    row = Attachment(
        complaint=complaint,
        name_sealed=complaint.sealed(name[-200:]),
        content_type=kind,
        size=len(content),
        added_at=at,
    )
    sealed = sealing.seal_under(complaint.key_sealed, content, purpose=CONTENT)
    try:
        row.file.save("sealed", ContentFile(sealed), save=False)
    except OSError as error:
        words = "附件没有存上，服务器的存储空间已满或不可用：请稍后再试。"
        raise Refused(Problem("storage", words)) from error
    row.save(force_insert=True)
    return row
