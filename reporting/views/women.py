"""女性三道关口 of a campaign: the villages, and the counts on top."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..filters import WomenFilter
from ..selectors import progress, women
from .base import CampaignPage

PER_PAGE = 25


class WomenGates(CampaignPage):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = women.women_rows(request.user, self.campaign)
        found = WomenFilter(
            request.GET,
            queryset=rows,
            townships=progress.townships(request.user, self.campaign),
        )
        page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "campaign": self.campaign,
            "totals": women.gate_totals(rows),
            "filter": found,
            "page": page,
            "lines": [women.women_line(row) for row in page],
        }
        return render(request, "reporting/women_gates.html", context)
