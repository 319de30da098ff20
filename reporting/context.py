"""The context processor of the shell, and the campaign that a request is about."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from elections.models import Campaign, VillageElection
from elections.selectors import campaigns_of
from villages.scoping import post_of

from .permissions import can_use_workbooks
from .selectors import shell as selectors
from .selectors.saved import Bar, bar_of
from .selectors.todo import todo_counts
from .selectors.todo_reports import banner

SESSION_KEY = "campaign_id"


def campaigns(request: HttpRequest) -> list[Campaign]:
    """The campaigns the user knows of: read once per request."""
    return campaigns_of(request.user)


def current_campaign(request: HttpRequest) -> Campaign | None:
    """The campaign of this page's address, else the one chosen before, else the newest; None without any."""
    known = campaigns(request)
    wanted = _campaign_of_address(request) or request.session.get(SESSION_KEY)
    return next((c for c in known if c.pk == wanted), known[0] if known else None)


def _campaign_of_address(request: HttpRequest) -> int | None:
    """Pages of a campaign name it; pages of a village's election belong to the election's."""
    match = request.resolver_match
    if match is None or "pk" not in match.kwargs:
        return None
    if match.route.startswith("campaigns/<int:pk>/"):
        return match.kwargs["pk"]
    if match.route.startswith("elections/<int:pk>/") and len(campaigns(request)) > 1:
        seen = VillageElection.objects.visible_to(request.user).filter(pk=match.kwargs["pk"])
        return seen.values_list("campaign_id", flat=True).first()
    return None


def build(request: HttpRequest) -> dict:
    """The shell of one request: five queries in all, with session and user."""
    user = request.user
    now = timezone.now()
    campaign = current_campaign(request)
    counts = todo_counts(user, campaign, at=now)
    count = sum(counts.values())
    match = request.resolver_match
    return {
        "nav": selectors.navigation(
            user, campaign, current=match.url_name if match else "", todo_count=count
        ),
        "campaign": campaign,
        "campaigns": campaigns(request),
        "place": selectors.place_of(user),
        "today": timezone.localdate(now),
        "todo_count": count,
        "banner": banner(campaign, counts.get("owed", 0), at=now) if campaign else "",
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
