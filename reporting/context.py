"""The context processor of the shell, and the campaign that a request is about."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from elections.models import Campaign, VillageElection
from elections.selectors import (
    KnownCampaign,
    campaign_names_of,
    campaign_of,
    campaigns_of,
)
from villages.scoping import post_of

from .permissions import can_use_workbooks
from .selectors import shell as selectors
from .selectors.saved import Bar, bar_of
from .selectors.todo import has_tasks, todo_counts
from .selectors.todo_reports import banner

SESSION_KEY = "campaign_id"
_CAMPAIGN, _ELECTION = "campaigns/<int:pk>/", "elections/<int:pk>/"
#: Pages whose address says which campaign they are about.
_OF_ONE_CAMPAIGN = (_CAMPAIGN, _ELECTION)


def current_campaign(request: HttpRequest) -> Campaign | None:
    """The campaign of this page's address, else the one chosen before, else the newest; None without any."""
    known = campaigns_of(request.user)
    wanted = _campaign_of_address(request) or request.session.get(SESSION_KEY)
    return campaign_of(request.user, wanted) or (known[0] if known else None)


def _campaign_of_address(request: HttpRequest) -> int | None:
    """Pages of a campaign name it; pages of a village's election belong to the election's."""
    match = request.resolver_match
    if match is None or "pk" not in match.kwargs:
        return None
    if match.route.startswith(_CAMPAIGN):
        return match.kwargs["pk"]
    if match.route.startswith(_ELECTION) and len(campaigns_of(request.user)) > 1:
        seen = VillageElection.objects.visible_to(request.user).filter(pk=match.kwargs["pk"])
        return seen.values_list("campaign_id", flat=True).first()
    return None


def menu(request: HttpRequest) -> tuple[Campaign | KnownCampaign | None, list]:
    """The campaign of this page and those to choose from: the newest the user knows of, and that of this page.

    Whoever is never asked to do anything gets no more of them than their names, unless the page has read them.
    """
    user, wanted = request.user, request.session.get(SESSION_KEY)
    match = request.resolver_match
    is_of_one = match is not None and match.route.startswith(_OF_ONE_CAMPAIGN)
    if not is_of_one and not has_tasks(user) and not hasattr(user, "_campaigns"):
        known = campaign_names_of(user)
        current = next((c for c in known if c.pk == wanted), None)
        if current or (known and wanted is None):
            return current or known[0], known
    current, known = current_campaign(request), campaigns_of(user)
    return current, known if current is None or current in known else [current, *known]


def build(request: HttpRequest) -> dict:
    """The shell of one request: five queries in all, with session and user."""
    user = request.user
    now = timezone.now()
    campaign, campaigns = menu(request)
    counts = todo_counts(user, campaign, at=now)
    count = sum(counts.values())
    match = request.resolver_match
    return {
        "nav": selectors.navigation(
            user, campaign, current=match.url_name if match else "", todo_count=count
        ),
        "campaign": campaign,
        "campaigns": campaigns,
        "place": selectors.place_of(user),
        "today": timezone.localdate(now),
        "todo_count": count,
        "banner": banner(campaign, counts.get("owed", 0), at=now),
        "may_export": can_use_workbooks(user),
        "user_name": user.name,
        "user_title": post_of(user),
    }


def shell(request: HttpRequest) -> dict:
    """`shell` for layouts/app.html; built only when a template asks for it."""
    return {"shell": SimpleLazyObject(lambda: build(request))}


def _bar(request: HttpRequest) -> Bar | None:
    match = request.resolver_match
    if match is None:
        return None
    return bar_of(request.user, match.url_name, match.kwargs.get("pk"), request.GET.urlencode())


def saved_views(request: HttpRequest) -> dict:
    """`saved_views` for components/saved_views.html: read only on lists that show it (one query)."""
    return {"saved_views": SimpleLazyObject(lambda: _bar(request))}
