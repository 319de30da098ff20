"""常用筛选: which lists have them, and what one person kept of the list on the page."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.db.models import Q
from django.urls import reverse
from django_filters import FilterSet

from candidates.filters import CandidacyFilter
from groundwork.filters import RiskFilter, SurveyFilter
from villages.identity import is_whole

from .. import rules
from ..filters import ElectedFilter, VillageFilter
from ..models import SavedView


@dataclass(frozen=True)
class ListPage:
    """A list whose filters can be kept; its address carries the campaign's number."""

    label: str
    filters: type[FilterSet]


#: URL name → list. 信访 is not among them: what one looks for there is nothing to keep outside the complaint itself.
PAGES: dict[str, ListPage] = {
    "village_list": ListPage("村（社区）", VillageFilter),
    "people_list": ListPage("人选库", CandidacyFilter),
    "elected_list": ListPage("当选人员", ElectedFilter),
    "survey_list": ListPage("调研摸底", SurveyFilter),
    "risk_list": ListPage("选情研判", RiskFilter),
}
#: Filters that name something of one campaign's area.
OF_A_CAMPAIGN = {"township", "election"}


def filters_of(page: str, query: str) -> str | None:
    """The list's own filters out of an address, in order; without a whole identity number, which is kept nowhere in
    plain text. None: too long."""
    found = rules.filters_only(query, PAGES[page].filters.base_filters)
    if not found:
        return found
    return urlencode([(name, value) for name, value in parse_qsl(found) if not is_whole(value)])


def names_campaign(query: str) -> bool:
    return any(name in OF_A_CAMPAIGN for name, _ in parse_qsl(query))


@dataclass(frozen=True)
class Link:
    """One kept view. `url`: the list with its filters, None without a campaign to show it in."""

    view: SavedView
    url: str | None
    is_active: bool = False

    @property
    def page_label(self) -> str:
        return PAGES[self.view.page].label


@dataclass(frozen=True)
class Bar:
    """What stands above a list's filters. `query`: the present filters, empty if none; `may_save`: they are not kept yet."""

    page: str
    campaign_id: int
    links: list[Link]
    query: str

    @property
    def may_save(self) -> bool:
        return bool(self.query) and not any(link.is_active for link in self.links)


def bar_of(user, page: str | None, campaign_id: int | None, query: str) -> Bar | None:
    """The person's views of this list in this campaign (one query); None for a list that has none."""
    if page not in PAGES or campaign_id is None:
        return None
    chosen = filters_of(page, query) or ""
    views = (
        SavedView.objects.visible_to(user)
        .filter(Q(campaign=campaign_id) | Q(campaign=None), page=page)
        .order_by("created_at", "pk")
    )
    links = [Link(view, url_of(view, campaign_id), view.query == chosen) for view in views]
    return Bar(page, campaign_id, links, chosen)


def url_of(view: SavedView, campaign_id: int) -> str:
    return f"{reverse(view.page, kwargs={'pk': view.campaign_id or campaign_id})}?{view.query}"


def own_links(user, campaign_id: int | None) -> list[Link]:
    """All views of one person, list by list. `campaign_id`: in which those open that belong to no campaign."""
    order = list(PAGES)
    views = [
        view
        for view in SavedView.objects.visible_to(user).order_by("created_at", "pk")
        if view.page in PAGES
    ]
    views.sort(key=lambda view: order.index(view.page))
    return [
        Link(view, url_of(view, campaign_id) if view.campaign_id or campaign_id else None)
        for view in views
    ]
