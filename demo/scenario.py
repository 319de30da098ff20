"""The whole demonstration: accounts, rosters, a campaign, and its days in order up to today."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from random import Random

from django.db import connection, transaction
from django.db.models import Q

from accounts.enums import Role
from accounts.models import User
from accounts.services import create_user
from elections import rollups
from elections.enums import Stage
from elections.models import Campaign, VillageElection
from elections.services.campaigns import create_campaign
from elections.stages import STAGES
from reporting.enums import TeamMeasure
from reporting.services.targets import set_team_targets
from villages.imports import load, read
from villages.models import Jurisdiction, PartyOrganisation, Village
from villages.services import add_members, add_posting, add_representatives

from . import joint, people, plan, reserve
from .daily import report_day
from .ground import Keeper
from .letters import Letters
from .opinion import tell_opinion
from .play import Cast
from .play import Village as Player

DATA = Path(__file__).resolve().parent.parent / "villages" / "data"
PASSWORD = "Shifan-2026"


@dataclass(frozen=True)
class Account:
    """One demonstration account."""

    username: str
    name: str
    role: Role
    place: str  # code of the jurisdiction
    title: str
    department: str = ""


#: 班子结构目标 of the demonstration, in percent.
TEAM_TARGETS = {
    TeamMeasure.MEMBER_WOMEN: 30,
    TeamMeasure.MEMBER_YOUNG: 20,
    TeamMeasure.MEMBER_COLLEGE: 40,
    TeamMeasure.SECRETARY_WOMEN: 15,
    TeamMeasure.SECRETARY_COLLEGE: 50,
    TeamMeasure.SECRETARY_DUAL: 60,
}

#: The county's accounts: username, name, role, title, and the department of those who are asked in the joint review.
AT_COUNTY = (
    ("zuzhibu", "示范组织员", Role.ORG_STAFF, "组织部组织科（示范）"),
    ("zuzhibu2", "示范复核员", Role.ORG_STAFF, "组织部干部科（示范）"),
    ("lingdao", "示范领导", Role.LEADER, "县委领导（示范）"),
    ("jijian", "示范纪检员", Role.DISCIPLINE, "纪检信访（示范）"),
    ("jijian2", "示范纪检复核员", Role.DISCIPLINE, "纪检信访（示范）"),
    ("lianshen", "示范公安联审员", Role.VETTING, "公安联审（示范）", "公安局"),
    ("lianshen2", "示范纪委联审员", Role.VETTING, "纪委联审（示范）", "纪委监委"),
    ("lianshen3", "示范法院联审员", Role.VETTING, "法院联审（示范）", "法院"),
    ("lianshen4", "示范信访联审员", Role.VETTING, "信访联审（示范）", "信访局"),
    ("xitong", "示范系统员", Role.SYSTEM_ADMIN, "系统管理员（示范）"),
    ("anquan", "示范安全员", Role.SECURITY_ADMIN, "安全管理员（示范）"),
    ("shenji", "示范审计员", Role.AUDIT_ADMIN, "审计管理员（示范）"),
)


#: Discipline staff above and below the county: complaints about the county's own leaders go to the first, calls come in at
#: the second.
CITY_DISCIPLINE, TOWNSHIP_DISCIPLINE = "shijijian", "xiangjijian"


def accounts(county: Jurisdiction, townships: list[Jurisdiction]) -> list[Account]:
    """One account per role at the county, one coordinator per township."""
    fixed = [
        Account(username, name, role, county.code, *more)
        for username, name, role, *more in AT_COUNTY
    ]
    fixed.append(
        Account(
            TOWNSHIP_DISCIPLINE,
            f"示范{townships[0].name}纪检员",
            Role.DISCIPLINE,
            townships[0].code,
            "乡镇纪检（示范）",
        )
    )
    if county.city:
        title = "市级纪检信访（示范）"
        fixed.append(
            Account(CITY_DISCIPLINE, "示范市纪检员", Role.DISCIPLINE, county.city.code, title)
        )
    return fixed + [
        Account(
            f"xiangzhen{n:02d}",
            f"示范{township.name}联络员",
            Role.COORDINATOR,
            township.code,
            "组织委员（示范）",
        )
        for n, township in enumerate(townships, start=1)
    ]


def ensure_divisions(area: str, on: date) -> Jurisdiction | None:
    """The county, its divisions loaded from the files that come with the product where they are missing."""
    found = Jurisdiction.objects.open().filter(code=area.ljust(12, "0"), level="county").first()
    file = DATA / area / "villages.csv"
    if found is None and file.exists():
        load(read(file, area=area), on=on, area=area)
        found = Jurisdiction.objects.open().filter(code=area.ljust(12, "0"), level="county").first()
    return found


def holds_real_data() -> bool:
    """Whether somebody works with this database: a campaign, or an account that is not the demonstration's."""
    names = [username for username, *_ in AT_COUNTY]
    own = Q(username__in=[*names, CITY_DISCIPLINE, TOWNSHIP_DISCIPLINE]) | Q(
        username__regex=r"^xiangzhen\d\d$"
    )
    return Campaign.objects.exists() or User.objects.exclude(own).exists()


@transaction.atomic
def make_accounts(county: Jurisdiction, townships: list, on: date) -> dict[str, User]:
    """Users by username, each with its posting."""
    at = plan.moment(on, 8)
    places = {j.code: j for j in [county, *townships, county.city] if j}
    users = {}
    for account in accounts(county, townships):
        user = create_user(
            username=account.username,
            name=account.name,
            password=PASSWORD,
            must_change_password=False,
            by=None,
            at=at,
        )
        add_posting(
            user=user,
            jurisdiction=places[account.place],
            role=account.role,
            title=account.title,
            department=account.department,
            by=None,
            at=at,
        )
        users[account.username] = user
    return users


def quirks(number: int) -> frozenset[str]:
    """Which villages have something to show, spread evenly over the county."""
    found = set()
    if number % 24 == 5:
        found.add("red")
    if number % 9 == 2:
        found.add("rejected")
    for quirk, every, first in (
        ("objection", 31, 7),
        ("override", 53, 20),
        ("vetoed", 23, 3),
        ("proposed", 13, 4),
        ("withdrawn", 17, 6),
        ("related", 11, 8),
        ("named", 13, 5),
        ("challenge", 29, 3),
        ("supplement", 13, 4),
        ("waiting", 5, 3),
    ):
        if number % every == first:
            found.add(quirk)
    return frozenset(found)


@dataclass
class Scenario:
    """What one run of the demonstration needs."""

    area: str
    progress: int
    seed: int
    today: date

    def run(self, say: Callable[[str], None]) -> Campaign | None:
        """Accounts first, so that one can sign in at once; then everything else, or nothing if it is interrupted:
        nobody meets a campaign half played. None when the area is unknown.
        """
        starts_on, ends_on = plan.campaign_days(self.today, self.progress)
        before = starts_on - timedelta(days=7)
        county = ensure_divisions(self.area, before)
        if county is None:
            return None
        townships = list(
            Jurisdiction.objects.open().filter(county=county, level="township").order_by("code")
        )
        users = {user.username: user for user in User.objects.all()}
        if not users:
            users = make_accounts(county, townships, before)
        coordinators = {t.pk: users[f"xiangzhen{n:02d}"] for n, t in enumerate(townships, start=1)}
        with transaction.atomic():
            villages = list(
                Village.objects.open()
                .filter(county=county)
                .select_related("township")
                .order_by("code")
            )
            self.fill_rosters(villages, coordinators, before)
            self.fill_reserve(villages, coordinators, before)
            campaign = create_campaign(
                name=f"{county.name}{starts_on.year}年村（社区）党组织换届",
                area=county,
                starts_on=starts_on,
                ends_on=ends_on,
                parameters={
                    "source": "示范县村（社区）党组织换届工作方案（示范）",
                    "shift_approval": f"示范组〔{starts_on.year}〕9号",
                },
                by=users["zuzhibu"],
                at=plan.moment(starts_on, 9),
            )
            PartyOrganisation.objects.filter(village__in=villages).update(term_ends_on=ends_on)
            joint.prepare(campaign, users, starts_on)
            set_team_targets(
                campaign=campaign,
                percents=TEAM_TARGETS,
                by=users["zuzhibu"],
                at=plan.moment(starts_on, 10),
            )
            say(f"{county.name}：{len(townships)}个乡镇，{len(villages)}个村（社区），名册已建立")
            self.play(campaign, coordinators, users, say)
            self.keep_ledgers(campaign, townships, users["zuzhibu"])
            Letters(campaign, users, self.today).run()
            tell_opinion(campaign, users, self.today)
        return campaign

    def fill_rosters(self, villages, coordinators, on: date) -> None:
        for number, village in enumerate(villages):
            random = Random(f"{self.seed}-people-{number}")
            acting = {"by": coordinators[village.township_id], "at": plan.moment(on, 10)}
            add_members(
                village=village,
                members=people.members(random, today=on, place=number),
                **acting,
            )
            add_representatives(
                village=village,
                people=people.representatives(random, today=on, place=number),
                **acting,
            )

    def fill_reserve(self, villages, coordinators, on: date) -> None:
        """One reserve cadre in most villages, some of them guided, trained and assessed."""
        for number, village in enumerate(villages):
            random = Random(f"{self.seed}-reserve-{number}")
            reserve.fill(random, village, by=coordinators[village.township_id], on=on)

    def play(self, campaign: Campaign, coordinators, users, say) -> None:
        """Every village does its stages on its days; days run in order."""
        agenda: dict[date, list[tuple[int, Stage, Player]]] = {}
        elections = VillageElection.objects.filter(campaign=campaign).order_by("village__code")
        paces = self.paces(coordinators)
        for number, election in enumerate(elections.select_related("village")):
            random = Random(f"{self.seed}-village-{number}")
            days = plan.timetable(
                random, starts_on=campaign.starts_on, pace=paces[election.township_id]
            )
            player = Player(
                election=election,
                random=random,
                days=days,
                cast=Cast(coordinators[election.township_id], users["zuzhibu"], users["jijian"]),
                quirks=quirks(number),
            )
            for stage, spec in STAGES.items():
                if days[stage] <= self.today:
                    agenda.setdefault(days[stage], []).append((spec.number, stage, player))
        reviewing = joint.JointReview(campaign, users, self.today)
        day = campaign.starts_on
        while day <= self.today:
            if (day - campaign.starts_on).days % 7 == 0:
                # Autovacuum cannot see an open transaction: the planner would take the tables for empty.
                with connection.cursor() as cursor:
                    cursor.execute("ANALYZE")
            with rollups.deferred(at=plan.moment(day, 17)):
                self.play_day(agenda.get(day, []), day, reviewing)
            report_day(campaign, day, self.today, self.seed, coordinators)
            day += timedelta(days=1)
        say(f"“{campaign.name}”已办理到{self.today:%Y年%m月%d日}")

    def play_day(self, due: list, day: date, reviewing: joint.JointReview) -> None:
        """The stages of one day in the procedure's order; those of stage 9 all together."""
        due = sorted(due, key=lambda item: (item[0], item[2].election.pk))
        for (_, stage), group in groupby(due, key=itemgetter(0, 1)):
            players = [player for *_, player in group if not player.is_held]
            if stage == Stage.REVIEW:
                players = reviewing.play(players, day)
            for player in players:
                if stage == Stage.REVIEW:
                    player.finish(stage, day)
                else:
                    player.play(stage, day)

    def keep_ledgers(self, campaign: Campaign, townships: list, staff: User) -> None:
        elections = list(
            VillageElection.objects.filter(campaign=campaign)
            .select_related("village")
            .order_by("village__code")
        )
        red = {number for number in range(len(elections)) if "red" in quirks(number)}
        Keeper(campaign, townships, elections, red, staff, self.today, self.seed).run()

    def paces(self, coordinators: dict[int, User]) -> dict[int, float]:
        """A pace per township, dealt by the seed."""
        paces = list(plan.TOWNSHIP_PACE)
        Random(f"{self.seed}-paces").shuffle(paces)
        return {pk: paces[n % len(paces)] for n, pk in enumerate(sorted(coordinators))}
