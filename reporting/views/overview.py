"""上级总览: a city, a province or the nation, answered with 304 while nothing in its area changed."""

import hashlib
from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.safestring import SafeString

from accounts.errors import Forbidden
from villages.models import Jurisdiction

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
        area = overview.area_of(request.user, pk)
        if area is None:
            raise Http404
        fresh, stamp = overview.head(area, now=self.at)
        etag = _etag(request, area, fresh, stamp)
        response = get_conditional_response(request, etag=etag)
        if response is None:
            context = {
                "area": area,
                "above": overview.parent_of(request.user, area),
                "rows": overview.area_rows(area, stamp),
                "table": _table(area, stamp),
                "fresh": fresh,
            }
            response = render(request, "reporting/overview.html", context)
            response["ETag"] = etag
        patch_cache_control(response, private=True, no_cache=True)
        return response


@lru_cache(maxsize=overview.KEPT)
def _table(area: Jurisdiction, stamp: overview.Stamp) -> SafeString:
    """The rows of an area as a table, drawn once for each stamp."""
    rows = overview.area_rows(area, stamp)
    return render_to_string("reporting/_overview_table.html", {"rows": rows, "heads": HEADS})


def _etag(
    request: HttpRequest, area: Jurisdiction, fresh: overview.Freshness, stamp: overview.Stamp
) -> str:
    """Of everything the page shows: the person, the area, its last change, and the minute of the time shown."""
    parts = (
        request.user.pk,
        request.session.session_key,
        request.META.get("CSRF_COOKIE"),
        area.pk,
        stamp,
        fresh.is_stale,
        fresh.checked and fresh.checked.at,
    )
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'
