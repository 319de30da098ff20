"""A small world for access tests: two townships of one county, one user per role, everything there is in each."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.enums import Role
from accounts.models import User
from candidates.enums import ReserveWay
from candidates.models import Candidacy, TallySheet, VoteTally
from candidates.services.ballots import Count
from candidates.services.corrections import propose_correction
from candidates.services.reserve import Entry, enter_reserve
from complaints.services.handling import accept_complaint, transfer_complaint
from complaints.services.intake import About, receive_complaint
from complaints.services.opinion import Post, record_incident
from elections.enums import Stage
from elections.models import (
    BallotRound,
    Campaign,
    Meeting,
    RepresentativeChallenge,
    RepresentativeEntry,
    RepresentativeList,
    VillageElection,
)
from elections.services.campaigns import create_campaign
from elections.services.evidence import add_evidence
from groundwork.models import Dispute
from reporting.enums import ImportStatus, JobKind
from reporting.models import Job, WorkbookExport, WorkbookImport
from reporting.services.bulletins import produce_bulletin
from reporting.services.closing import produce_closing_report
from reporting.services.daily import confirm_daily_report
from reporting.services.jobs import request_closing_report, take_job
from tests.factories.files import picture
from villages.enums import Level, Sex, VillageKind
from villages.models import (
    Jurisdiction,
    MemberMerge,
    PartyMember,
    PostHeld,
    Posting,
    Representative,
    Restriction,
    Village,
)

from . import joint

OPENED = date(2020, 1, 1)
#: Account → its department, in the joint review.
DEPARTMENTS = {"vetting": "公安局", "other_department": "法院"}
#: What nobody but those it is meant for may ever read.
OPINION, FACT, COMPLAINT = "法院意见里的一句话", "法院登记的一件事", "的信访内容"


@dataclass
class World:
    """`own` and `other` are the two townships; `users` by role code, with "other_coordinator" beside them.

    `made`: ids of what was made, by name and township. `day`: of its daily reports and bulletin.
    """

    county: Jurisdiction
    own: Jurisdiction
    other: Jurisdiction
    campaign: Campaign
    day: date
    users: dict[str, User] = field(default_factory=dict)
    made: dict[tuple[str, int], object] = field(default_factory=dict)

    def election(self, township: Jurisdiction) -> VillageElection:
        return self.campaign.elections.filter(township=township).order_by("pk").first()

    def member(self, township: Jurisdiction) -> PartyMember:
        return PartyMember.objects.filter(village__township=township).order_by("pk").first()


def _place(code: str, name: str, level: Level, *above: Jurisdiction) -> Jurisdiction:
    columns = ("province", "city", "county")
    return Jurisdiction.objects.create(
        code=code,
        name=name,
        level=level,
        opened_on=OPENED,
        parent=above[-1] if above else None,
        **dict(zip(columns, above[1:], strict=False)),
    )


def _user(username: str, role: Role, place: Jurisdiction) -> User:
    user = User.objects.create_user(
        username, "Access-2026-test", name=f"测试{username}", must_change_password=False
    )
    Posting.objects.create(user=user, jurisdiction=place, role=role, starts_on=OPENED)
    return user


def build() -> World:
    """Create everything anew inside the test's transaction, in a campaign that began 30 days ago."""
    at = timezone.now()
    today = timezone.localdate(at)
    nation = _place("000000000000", "全国", Level.NATION)
    province = _place("320000000000", "江苏省", Level.PROVINCE, nation)
    city = _place("320700000000", "连云港市", Level.CITY, nation, province)
    county = _place("320724000000", "灌南县", Level.COUNTY, nation, province, city)
    own = _place("320724100000", "甲镇", Level.TOWNSHIP, nation, province, city, county)
    other = _place("320724101000", "乙镇", Level.TOWNSHIP, nation, province, city, county)
    for township in (own, other):
        for number in (200, 201):
            village = Village.objects.create(
                code=f"{township.code[:9]}{number}",
                name=f"{township.name[0]}{number}村",
                kind=VillageKind.VILLAGE,
                township=township,
                county=county,
                city=city,
                province=province,
                opened_on=OPENED,
            )
            for person in range(8):
                PartyMember.objects.create(
                    village=village,
                    name=f"{township.name[0]}某{person}",
                    sex=Sex.FEMALE if person % 3 == 0 else Sex.MALE,
                    born_on=date(1970 + person, 3, 1),
                    joined_on=date(2000, 7, 1),
                    education="senior",
                )
    world = World(county, own, other, campaign=None, day=today)
    for role in Role:
        place = own if role == Role.COORDINATOR else county
        world.users[role.value] = _user(role.value, role, place)
    world.users["other_coordinator"] = _user("other", Role.COORDINATOR, other)
    world.users["other_department"] = _user("department", Role.VETTING, county)
    for name, department in DEPARTMENTS.items():
        Posting.objects.filter(user=world.users[name]).update(department=department)
    world.campaign = create_campaign(
        name="测试换届",
        area=county,
        starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=30),
        by=world.users[Role.ORG_STAFF],
        at=at,
    )
    for township, name in ((own, Role.COORDINATOR.value), (other, "other_coordinator")):
        _fill(world, township, world.users[name], at)
    joint.fill(world, at, names=DEPARTMENTS, opinion=OPINION, fact=FACT)
    _produce(world, at)
    return world


def _fill(world: World, township: Jurisdiction, coordinator: User, at: datetime) -> None:
    """What a township has: a file, a candidacy, a complaint, a dispute, a daily report, a posting."""
    election = world.election(township)
    file = add_evidence(
        election=election,
        stage=Stage.SURVEY,
        requirement="survey_report",
        upload=SimpleUploadedFile("报告.jpg", picture()),
        by=coordinator,
        at=at,
    )
    candidacy = Candidacy.objects.create(election=election, member=world.member(township), rank=1)
    incident = record_incident(
        campaign=world.campaign,
        post=Post("示例论坛", f"{township.name}的舆情", "fact", "normal", at, township.name),
        village=election.village,
        screenshots=[SimpleUploadedFile("截图.jpg", picture())],
        by=coordinator,
        at=at,
    )
    complaint, transfer = _complaint(world, election, at)
    dispute = Dispute.objects.create(
        election=election,
        category="land",
        summary=f"{township.name}的隐患矛盾",
        responsible=township.name,
        found_on=world.day,
    )
    confirm_daily_report(
        campaign=world.campaign,
        township=township,
        day=world.day,
        problems=f"{township.name}的问题",
        practices="",
        request_key=uuid.uuid4(),
        by=coordinator,
        at=at,
    )
    reserve = enter_reserve(
        member=world.member(township),
        entry=Entry(ReserveWay.SELF, "本人", world.day),
        by=coordinator,
        at=at,
    )
    ids = {
        "evidence": file,
        "candidacy": candidacy,
        "complaint": complaint,
        "incident": incident,
        "screenshot": incident.screenshots.get(),
        "transfer": transfer,
        "complaint_file": complaint.attachments.get(),
        "reserve": reserve,
        "dispute": dispute,
    }
    ids |= _correction(world, election, candidacy, coordinator, at)
    ids |= _workbooks(world, township, coordinator, at)
    ids |= _people(world, township, coordinator, at)
    ids["posting"] = Posting.objects.get(user=coordinator)
    world.made |= {(name, township.pk): row.pk for name, row in ids.items()}


def _complaint(world: World, election: VillageElection, at: datetime):
    """A complaint with a file, accepted by the county's discipline staff and passed on."""
    discipline = world.users[Role.DISCIPLINE]
    complaint = receive_complaint(
        campaign=world.campaign,
        about=About(election=election),
        channel="call",
        cause="qualification",
        summary=f"{election.township.name}{COMPLAINT}",
        received_at=at,
        blocks_notice=True,
        attachments=[SimpleUploadedFile("照片.jpg", picture())],
        by=discipline,
        at=at,
    )
    acting = {"complaint": complaint, "by": discipline, "at": at}
    accept_complaint(handler=discipline, **acting)
    transfer = transfer_complaint(
        unit="县民政局",
        request=f"{election.township.name}{COMPLAINT}",
        answer_by=world.day,
        **acting,
    )
    return complaint, transfer


def _people(world: World, township: Jurisdiction, coordinator: User, at: datetime) -> dict:
    """A post, a restriction, a representative, and a member merged into another, an objection to the representative."""
    election = world.election(township)
    village = election.village
    *_, double, member = PartyMember.objects.filter(village=village).order_by("pk")
    speaks = Representative.objects.create(
        village=village,
        name=f"{township.name[0]}某代表",
        sex="female",
        born_on=date(1980, 1, 1),
        group="一组",
        since=OPENED,
    )
    published = RepresentativeList.objects.create(
        election=election,
        published_on=world.day,
        count=1,
        frozen_by=coordinator,
        frozen_at=at,
        sha256="0" * 64,
    )
    entry = RepresentativeEntry.objects.create(
        list=published, representative=speaks, name=speaks.name, group="一组"
    )
    return {
        "challenge": RepresentativeChallenge.objects.create(
            election=election,
            entry=entry,
            raised_on=world.day,
            grounds="示例",
            recorded_by=coordinator,
            recorded_at=at,
        ),
        "representative": speaks,
        "post": PostHeld.objects.create(member=member, post="member", started_on=OPENED),
        "restriction": Restriction.objects.create(
            member=member, kind="suspended", starts_on=OPENED, ends_on=OPENED, document="示例1号"
        ),
        "merge": MemberMerge.objects.create(
            member=double, survivor=member, reason="示例", by=coordinator, at=at
        ),
    }


def _correction(world: World, election, candidacy, coordinator: User, at: datetime) -> dict:
    """A checked count, a correction of it that waits for the county, and a sheet of the next round."""
    figures = {"issued": 9, "returned": 9, "valid": 9, "invalid": 0}
    meeting = Meeting.objects.create(
        election=election, kind="committee_ballot", held_on=world.day, due=9, present=9
    )
    row = BallotRound.objects.create(
        meeting=meeting,
        post="committee",
        number=1,
        kind="main",
        held_on=world.day,
        seats=1,
        present=9,
        **figures,
        recorded_by=coordinator,
        recorded_at=at,
        certified_by=world.users[Role.ORG_STAFF],
        certified_at=at,
    )
    VoteTally.objects.create(round=row, candidacy=candidacy, in_favour=6, against=3, abstained=0)
    correction = propose_correction(
        election=election,
        round_id=row.pk,
        present=9,
        count=Count(**figures, tallies={candidacy.pk: (5, 4, 0)}),
        reason="示例：写错一行",
        by=coordinator,
        at=at,
    )
    sheet = TallySheet.objects.create(
        election=election,
        stage=Stage.COMMITTEE_BALLOT,
        post="committee",
        number=2,
        candidates=[candidacy.pk],
        teller=coordinator,
        opened_at=at,
    )
    return {"round": row, "correction": correction, "sheet": sheet}


def _produce(world: World, at: datetime) -> None:
    """The county's bulletin and closing report."""
    staff = world.users[Role.ORG_STAFF]
    produce_bulletin(campaign=world.campaign, day=world.day, at=at)
    job = request_closing_report(campaign=world.campaign, as_of=world.day, by=staff, at=at)
    report = produce_closing_report(
        job=take_job(job_id=job.pk, at=at), at=at, step=lambda percent, words: None
    )
    for township in (world.own, world.other):
        world.made |= {("job", township.pk): job.pk, ("report", township.pk): report.pk}


def _workbooks(world: World, township: Jurisdiction, coordinator: User, at: datetime) -> dict:
    """A workbook with an error that the township uploaded, and a list that its coordinator took out."""
    facts = {"campaign": world.campaign, "as_of": world.day, "requested_at": at, "status": "done"}
    workbook = WorkbookImport(
        kind="members",
        campaign=world.campaign,
        area=township,
        name=f"{township.name}党员.xlsx",
        size=2,
        sha256="0" * 64,
        by=coordinator,
        uploaded_at=at,
        status=ImportStatus.CHECKED,
        problems=1,
        job=Job.objects.create(kind=JobKind.IMPORT_CHECK, requested_by=coordinator, **facts),
    )
    for stored in (workbook.file, workbook.painted):
        stored.save("x.xlsx", ContentFile(b"PK"), save=False)
    workbook.save(force_insert=True)
    workbook.lines.create(
        group="problem", row=2, label="姓名", detail="必填", facts=["", "D", "", ""]
    )
    export = WorkbookExport(
        what="people",
        campaign=world.campaign,
        by=coordinator,
        requested_at=at,
        job=Job.objects.create(kind=JobKind.EXPORT, requested_by=coordinator, **facts),
    )
    export.file.save("x.xlsx", ContentFile(b"PK"), save=False)
    export.save(force_insert=True)
    return {"import": workbook, "export": export}
