"""A small world for access tests: two townships of one county, one user per role, one election in each township."""

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from accounts.enums import Role
from accounts.models import User
from elections.models import Campaign, VillageElection
from elections.services.campaigns import create_campaign
from villages.enums import Level, Sex, VillageKind
from villages.models import Jurisdiction, PartyMember, Posting, Village

SHANGHAI = ZoneInfo("Asia/Shanghai")
OPENED = date(2020, 1, 1)
AT = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)


@dataclass
class World:
    """`own` and `other` are the two townships; `users` by role code, with "other_coordinator" beside them."""

    county: Jurisdiction
    own: Jurisdiction
    other: Jurisdiction
    campaign: Campaign
    users: dict[str, User] = field(default_factory=dict)

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
    """Create everything anew inside the test's transaction."""
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
    world = World(county, own, other, campaign=None)
    for role in Role:
        place = own if role == Role.COORDINATOR else county
        world.users[role.value] = _user(role.value, role, place)
    world.users["other_coordinator"] = _user("other", Role.COORDINATOR, other)
    world.campaign = create_campaign(
        name="测试换届",
        area=county,
        starts_on=date(2026, 10, 12),
        ends_on=date(2026, 12, 12),
        by=world.users[Role.ORG_STAFF],
        at=AT,
    )
    return world
