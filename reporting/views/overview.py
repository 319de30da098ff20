"""上级总览: a city, a province or the nation, answered with 304 while nothing in its area changed."""

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response, patch_cache_control

from accounts.errors import Forbidden
from villages.models import Jurisdiction

from ..context import current_campaign
from ..selectors import overview
from ..selectors.progress import HEADS
from .base import Page


class OverviewHome(Page):
    """To the overview of the user's widest area."""

    def get(self, request: HttpRequest) -> HttpResponse:
        area = overview.highest_area(request.user)
        if area is None:
            raise Forbidden("本页供市级以上单位查看所辖各县；请从驾驶舱查看本县情况。")
        return redirect("overview_area", pk=area.pk)


class OverviewArea(Page):
    """The units below one area. An area outside the user's own does not exist for the user."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        area = get_object_or_404(Jurisdiction.objects.select_related("parent"), pk=pk)
        if not overview.may_see(request.user, area):
            raise Http404
        fresh = overview.freshness(now=self.at)
        etag = _etag(request, area, fresh, overview.last_change(request.user, area))
        response = get_conditional_response(request, etag=etag)
        if response is None:
            context = {
                "area": area,
                "above": area.parent if _may_go_up(request.user, area) else None,
                "rows": overview.area_rows(request.user, area),
                "heads": HEADS,
                "fresh": fresh,
                "campaign": current_campaign(request),
            }
            response = render(request, "reporting/overview.html", context)
            response["ETag"] = etag
        patch_cache_control(response, private=True, no_cache=True)
        return response


def _may_go_up(user, area: Jurisdiction) -> bool:
    return area.parent is not None and overview.may_see(user, area.parent)


def _etag(request: HttpRequest, area: Jurisdiction, fresh: overview.Freshness, changed_at) -> str:
    """Of everything the page shows: the person, the area, its last change, and the minute of the time shown."""
    minute = fresh.at.replace(second=0, microsecond=0) if fresh.at else None
    parts = (
        request.user.pk,
        request.session.session_key,
        request.META.get("CSRF_COOKIE"),
        area.pk,
        changed_at,
        minute,
        fresh.is_stale,
        fresh.checked and fresh.checked.at,
    )
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'
