"""What every page shows around its content: where one can go, in which campaign, and who one is."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from accounts.enums import Role
from elections.models import Campaign
from elections.querysets import READERS
from villages.scoping import postings_of, roles_of

CAMPAIGN = "campaign"  # the address needs the campaign's number


@dataclass(frozen=True)
class Place:
    """One entry of the sidebar, before it is known for which campaign."""

    label: str
    icon: str
    url_name: str
    roles: tuple[Role, ...]
    needs: str = ""
    #: URL names of pages that belong to this entry besides its own.
    also: tuple[str, ...] = ()


STAFF, COORDINATOR, LEADER = Role.ORG_STAFF, Role.COORDINATOR, Role.LEADER

#: The sidebar, from top to bottom.
PLACES = (
    Place("待办", "check2-square", "todo", (STAFF, COORDINATOR)),
    Place("驾驶舱", "speedometer2", "dashboard", READERS, CAMPAIGN),
    Place("进度一览", "grid-3x3", "campaign_grid", READERS, CAMPAIGN, ("township_grid",)),
    Place("村（社区）", "houses", "village_list", READERS, CAMPAIGN, ("election_detail",)),
)


@dataclass(frozen=True)
class NavItem:
    label: str
    icon: str
    url: str
    active: bool
    badge: int = 0


def campaigns_of(user) -> list[Campaign]:
    """The campaigns the user knows of, the newest first (one query)."""
    return list(
        Campaign.objects.visible_to(user).select_related("area").order_by("-starts_on", "-pk")
    )


def navigation(user, campaign: Campaign | None, *, current: str, todo_count: int) -> list[NavItem]:
    """The entries this user's roles give, in order; those that need a campaign only when there is one."""
    roles = roles_of(user)
    items = []
    for place in PLACES:
        if not roles.intersection(place.roles) or (place.needs and campaign is None):
            continue
        kwargs = {"pk": campaign.pk} if place.needs else {}
        try:
            url = reverse(place.url_name, kwargs=kwargs)
        except NoReverseMatch:
            continue
        items.append(
            NavItem(
                label=place.label,
                icon=place.icon,
                url=url,
                active=current in (place.url_name, *place.also),
                badge=todo_count if place.url_name == "todo" else 0,
            )
        )
    return items


def home_of(user, campaign: Campaign | None) -> str | None:
    """Where `/` leads this user: the first page of the roles; None when there is nothing to open yet."""
    items = navigation(user, campaign, current="", todo_count=0)
    roles = roles_of(user)
    if roles.intersection((STAFF, LEADER)):
        items = [i for i in items if i.label != "待办"]
    return items[0].url if items else None


def place_of(user) -> str:
    """The user's own jurisdictions in words: 灌南县；新安镇、堆沟港镇."""
    return "、".join(dict.fromkeys(p.jurisdiction.name for p in postings_of(user)))
