"""What every page shows around its content: where one can go, in which campaign, and who one is."""

from dataclasses import dataclass, replace
from functools import lru_cache

from django.urls import NoReverseMatch, reverse

from accounts.enums import Role
from elections.models import Campaign
from elections.querysets import READERS
from elections.stages import STAGES
from villages.enums import Level
from villages.scoping import postings_of, roles_of


@dataclass(frozen=True)
class Place:
    """One entry of the sidebar. `takes_pk`: its address carries the campaign's number; `needs_campaign`: it is left
    out while there is none; `also`: names of pages below it, on which the entry is marked as the present one.
    """

    label: str
    icon: str
    url_name: str
    takes_pk: bool = True
    needs_campaign: bool = True
    also: tuple[str, ...] = ()


_ROSTER_PAGES = ("member_list", "member_create", "member_update", "member_leave")
_STAGE_PAGES = tuple(spec.url_name for spec in STAGES.values())

_ACCOUNT_PAGES = ("user_create", "user_reset_password", "user_set_active", "posting_grant")
_CAMPAIGN_PAGES = (
    "campaign_detail",
    "campaign_edit",
    "campaign_create",
    "negative_list",
    "negative_rule",
)
_COMPLAINT_PAGES = (
    "complaint_create",
    "complaint_detail",
    "complaint_reporter",
    "complaint_transfer",
    "complaint_clocks",
)

TODO = Place("待办", "check2-square", "todo", takes_pk=False)
DASHBOARD = Place("驾驶舱", "speedometer2", "dashboard")
OVERVIEW = Place(
    "上级总览",
    "globe-asia-australia",
    "overview",
    False,
    False,
    ("overview_area", "area_bulletins"),
)
GRID = Place("进度一览", "grid-3x3-gap", "campaign_grid", also=("township_grid",))
VILLAGES = Place(
    "村（社区）",
    "houses",
    "village_list",
    also=("election_detail", "work_schedule", *_STAGE_PAGES, *_ROSTER_PAGES),
)
MY_VILLAGES = replace(VILLAGES, label="我的村")
PEOPLE = Place(
    "人选库",
    "people",
    "people_list",
    also=(
        "candidacy_detail",
        "elected_list",
        "secretary_comparison",
        "relation_list",
        "replacement",
    ),
)
RESERVE = Place(
    "后备干部库", "person-badge", "reserve_list", also=("reserve_detail", "reserve_create")
)
WOMEN = Place("女性三道关口", "person-standing-dress", "women_gates")
FUNNEL = Place("人选去向", "funnel", "people_funnel")
PACE = Place("办理用时", "hourglass-split", "pace")
TEAMS = Place("班子结构", "pie-chart", "teams", also=("team_targets",))
DAILY = Place("日报", "journal-check", "daily_list", also=("daily_report", "daily_today"))
BULLETINS = Place(
    "简报", "newspaper", "bulletin_list", also=("bulletin_detail", "bulletin_version")
)
CLOSING = Place("总结报告", "file-earmark-text", "closing_report", also=("indicator_rows",))
LEDGERS = Place(
    "台账",
    "journals",
    "ledger_index",
    also=("ledger_list", "ledger_add", "ledger_row", "risk_sheet"),
)
CHECKUP = Place("程序体检", "clipboard2-pulse", "checkup")
IMPORTS = Place("导入", "file-earmark-arrow-up", "import_list", also=("import_detail",))
JOBS = Place("任务", "list-check", "job_list", also=("job_detail", "export_detail"))
SETTINGS = Place("换届设置", "sliders", "campaign_list", False, False, _CAMPAIGN_PAGES)
VETTING = Place(
    "联审", "clipboard-check", "vetting_home", False, False, ("review_task", "candidacy_facts")
)
REVIEWS = Place(
    "联审", "clipboard-check", "review_batches", also=("review_batch", "vetting_departments")
)
COMPLAINTS = Place("信访", "envelope-paper", "complaint_list", False, False, _COMPLAINT_PAGES)
STATISTICS = Place("信访统计", "bar-chart", "complaint_statistics", also=("complaint_last_term",))
RETENTION = Place("保管与销毁", "archive", "complaint_retention")
OPINION = Place("舆情", "broadcast", "opinion_list", also=("opinion_create", "opinion_detail"))
USERS = Place("用户", "person-gear", "user_list", False, False, _ACCOUNT_PAGES)
POSTINGS = replace(USERS, label="岗位", icon="diagram-3")
AUDIT = Place("审计", "shield-check", "audit_list", False, False)

#: role → its sidebar from top to bottom; the first entry is where `/` leads, the first four are a phone's tab bar.
MENUS: dict[Role, tuple[Place, ...]] = {
    Role.ORG_STAFF: (
        DASHBOARD,
        TODO,
        GRID,
        VILLAGES,
        PEOPLE,
        REVIEWS,
        RESERVE,
        WOMEN,
        FUNNEL,
        PACE,
        TEAMS,
        DAILY,
        BULLETINS,
        CLOSING,
        LEDGERS,
        OPINION,
        STATISTICS,
        CHECKUP,
        IMPORTS,
        JOBS,
        SETTINGS,
    ),
    Role.COORDINATOR: (
        TODO,
        MY_VILLAGES,
        PEOPLE,
        DAILY,
        BULLETINS,
        RESERVE,
        WOMEN,
        FUNNEL,
        DASHBOARD,
        PACE,
        TEAMS,
        GRID,
        LEDGERS,
        OPINION,
        CHECKUP,
        IMPORTS,
        JOBS,
    ),
    Role.LEADER: (
        DASHBOARD,
        GRID,
        VILLAGES,
        DAILY,
        BULLETINS,
        PACE,
        TEAMS,
        WOMEN,
        FUNNEL,
        RESERVE,
        CLOSING,
        LEDGERS,
        OPINION,
        STATISTICS,
        CHECKUP,
    ),
    Role.VETTING: (VETTING, TODO),
    Role.DISCIPLINE: (COMPLAINTS, TODO, OPINION, STATISTICS, RETENTION),
    Role.SYSTEM_ADMIN: (USERS,),
    Role.SECURITY_ADMIN: (POSTINGS,),
    Role.AUDIT_ADMIN: (AUDIT,),
}


@dataclass(frozen=True)
class NavItem:
    label: str
    icon: str
    url: str
    active: bool
    badge: int = 0


def places_of(user, campaign: Campaign | None) -> list[Place]:
    """The entries this user's roles give, in the order of the roles; without a campaign only those that need none."""
    held = roles_of(user)
    places: dict[str, Place] = {}
    for role, menu in MENUS.items():
        if role in held:
            for place in menu:
                places.setdefault(place.url_name, place)
    if above_county(user):
        places = {OVERVIEW.url_name: OVERVIEW} | places
    return [
        p
        for p in places.values()
        if (campaign is not None or not p.needs_campaign) and url_of(p, campaign)
    ]


def above_county(user) -> bool:
    """Whether the user reads a city, a province or the nation."""
    return any(
        p.role in READERS and p.jurisdiction.level in (Level.NATION, Level.PROVINCE, Level.CITY)
        for p in postings_of(user)
    )


@lru_cache(maxsize=4096)
def _address(url_name: str, pk: int | None) -> str | None:
    """A page's address, None where there is no such page: worked out once, every page asks for all of them."""
    try:
        return reverse(url_name, kwargs={} if pk is None else {"pk": pk})
    except NoReverseMatch:
        return None


def url_of(place: Place, campaign: Campaign | None) -> str | None:
    return _address(place.url_name, campaign.pk if place.takes_pk and campaign else None)


def navigation(
    user, campaign: Campaign | None, *, current: str, todo_count: int
) -> tuple[NavItem, ...]:
    """The sidebar; `current` is the URL name of the page that is shown."""
    return tuple(
        NavItem(
            label=place.label,
            icon=place.icon,
            url=url_of(place, campaign),
            active=current in (place.url_name, *place.also),
            badge=todo_count if place is TODO else 0,
        )
        for place in places_of(user, campaign)
    )


def home_of(user, campaign: Campaign | None) -> str | None:
    """Where `/` leads this user: the first entry of the sidebar; None when there is nothing to open."""
    places = places_of(user, campaign)
    return url_of(places[0], campaign) if places else None


def place_of(user) -> str:
    """The user's own jurisdictions in words: 灌南县；新安镇、堆沟港镇."""
    return "、".join(dict.fromkeys(p.jurisdiction.name for p in postings_of(user)))
