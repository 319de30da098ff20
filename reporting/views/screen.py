"""大屏: a campaign, or all campaigns of an area, for the screen on a wall."""

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control

from ..selectors import overview
from ..selectors.screen import Screen, area_screen, campaign_screen
from .base import CampaignPage, Page


class Wall:
    """A page that asks for itself again and again while nobody is there.

    Its requests do not keep a session in use, nor end one that is not: see accounts.middleware.SessionTimeout. It shows
    figures, and nothing can be done on it.
    """

    is_unattended = True

    def answer(self, request: HttpRequest, screen: Screen, leave: str) -> HttpResponse:
        """The page, or with `part` in the address its panels alone: 304 while nothing on them changed."""
        context = {"screen": screen}
        if "part" not in request.GET:
            context |= {"leave": leave, "now": self.at}
            return render(request, "reporting/screen.html", context)
        panels = render(request, "reporting/_screen_panels.html", context)
        panels["ETag"] = f'"{hashlib.sha256(panels.content).hexdigest()[:32]}"'
        response = get_conditional_response(request, etag=panels["ETag"], response=panels)
        patch_cache_control(response, private=True, no_cache=True)
        return response


class CampaignScreen(Wall, CampaignPage):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        screen = campaign_screen(request.user, self.campaign, at=self.at)
        return self.answer(request, screen, reverse("dashboard", kwargs={"pk": pk}))


class OverviewScreen(Wall, Page):
    """An area outside the user's own does not exist for the user."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        area = overview.area_of(request.user, pk)
        if area is None:
            raise Http404
        screen = area_screen(area, at=self.at)
        return self.answer(request, screen, reverse("overview_area", kwargs={"pk": pk}))
