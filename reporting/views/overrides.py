"""特批放行: everything the county let go on in one campaign, withdrawn ones too."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..filters import OverrideFilter
from ..selectors import progress
from ..selectors.dashboard import overrides
from .base import CampaignPage

PER_PAGE = 25


class OverrideList(CampaignPage):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = OverrideFilter(
            request.GET,
            queryset=overrides(request.user, self.campaign),
            townships=progress.townships(request.user, self.campaign),
        )
        page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
        context = {"campaign": self.campaign, "filter": found, "page": page}
        return render(request, "reporting/override_list.html", context)
