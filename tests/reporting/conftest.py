"""A small world for the reporting tests: a county of two townships, a campaign, one user per role."""

from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from accounts.enums import Role
from accounts.models import User
from elections.enums import SETTLED, Stage, StageStatus
from elections.models import StageRecord, VillageElection
from elections.services.campaigns import create_campaign
from elections.stages import STAGES
from villages.enums import Level, VillageKind
from villages.models import Jurisdiction, Posting, Village

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = date(2026, 9, 1)
END = date(2026, 10, 31)
#: Noon of a day well inside the campaign.
NOON = datetime(2026, 10, 1, 12, 0, tzinfo=SHANGHAI)


def make_village(township: Jurisdiction, number: int, kind=VillageKind.VILLAGE) -> Village:
    return Village.objects.create(
        code=f"{township.code[:9]}{number:03d}",
        name=f"{township.name}{number}村",
        kind=kind,
        township=township,
        county_id=township.county_id,
        city_id=township.city_id,
        province_id=township.province_id,
        opened_on=date(2000, 1, 1),
    )


def make_user(username: str, role: Role | None = None, where: Jurisdiction | None = None) -> User:
    user = User.objects.create_user(
        username, "demo-password-1", name=f"{username}甲", must_change_password=False
    )
    if role:
        Posting.objects.create(user=user, jurisdiction=where, role=role, starts_on=date(2026, 1, 1))
    return user


def settle_up_to(election: VillageElection, stage: Stage, *, on: date, status=StageStatus.OPEN):
    """Store an election as standing at `stage`, everything before it done on `on`."""
    order = list(STAGES)
    for code in order[: order.index(stage)]:
        StageRecord.objects.filter(election=election, stage=code, is_current=True).update(
            status=StageStatus.DONE, actual_on=on
        )
    StageRecord.objects.filter(election=election, stage=stage, is_current=True).update(
        status=status
    )
    restore(election)


def restore(election: VillageElection) -> None:
    """Set what the election stores from its current records."""
    records = {r.stage: r for r in StageRecord.objects.filter(election=election, is_current=True)}
    pending = [code for code in STAGES if records[code].status not in SETTLED]
    election.done_count = len(STAGES) - len(pending)
    election.stage = pending[0] if pending else Stage.HANDOVER
    election.due_on = records[pending[0]].planned_on if pending else None
    election.completed_on = None if pending else records[Stage.HANDOVER].actual_on
    election.save()


def finish(election: VillageElection, *, on: date) -> None:
    """Store an election as completed on a day."""
    StageRecord.objects.filter(election=election, is_current=True).update(
        status=StageStatus.DONE, actual_on=on
    )
    restore(election)


@pytest.fixture
def world(db):
    """county, east and west townships (3 + 2 villages), campaign, elections by village name, users by role."""
    opened = {"opened_on": date(2000, 1, 1)}
    province = Jurisdiction.objects.create(
        code="320000000000", name="示例省", level=Level.PROVINCE, **opened
    )
    city = Jurisdiction.objects.create(
        code="320700000000",
        name="示例市",
        level=Level.CITY,
        parent=province,
        province=province,
        **opened,
    )
    county = Jurisdiction.objects.create(
        code="320724000000",
        name="示例县",
        level=Level.COUNTY,
        parent=city,
        province=province,
        city=city,
        **opened,
    )
    east, west = (
        Jurisdiction.objects.create(
            code=f"3207241{n}0000",
            name=name,
            level=Level.TOWNSHIP,
            parent=county,
            province=province,
            city=city,
            county=county,
            **opened,
        )
        for n, name in enumerate(("东乡镇", "西乡镇"), start=1)
    )
    for number in (1, 2):
        make_village(east, number + 200)
        make_village(west, number + 200)
    make_village(east, 1, VillageKind.COMMUNITY)
    users = SimpleNamespace(
        staff=make_user("staff", Role.ORG_STAFF, county),
        leader=make_user("leader", Role.LEADER, county),
        east=make_user("east", Role.COORDINATOR, east),
        west=make_user("west", Role.COORDINATOR, west),
        vetting=make_user("vetting", Role.VETTING, county),
        discipline=make_user("discipline", Role.DISCIPLINE, county),
        system=make_user("system", Role.SYSTEM_ADMIN, county),
        security=make_user("security", Role.SECURITY_ADMIN, county),
        auditor=make_user("auditor", Role.AUDIT_ADMIN, county),
        nobody=make_user("nobody"),
    )
    campaign = create_campaign(
        name="示例县2026年村（社区）党组织换届",
        area=county,
        starts_on=START,
        ends_on=END,
        by=users.staff,
        at=datetime(2026, 9, 1, 8, 0, tzinfo=SHANGHAI),
    )
    elections = {
        e.village.name: e
        for e in VillageElection.objects.select_related("village", "township", "campaign")
    }
    return SimpleNamespace(
        province=province,
        city=city,
        county=county,
        east=east,
        west=west,
        users=users,
        campaign=campaign,
        elections=elections,
    )
