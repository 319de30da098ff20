"""The lists behind the figures: villages of a campaign, and people elected in it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..filters import ElectedFilter, VillageFilter
from ..selectors import progress, village
from .base import CampaignPage

PER_PAGE = 25


class VillageList(CampaignPage):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = VillageFilter(
            request.GET,
            queryset=progress.village_rows(request.user, self.campaign),
            today=self.today,
            townships=progress.townships(request.user, self.campaign),
        )
        page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "campaign": self.campaign,
            "filter": found,
            "page": page,
            "lines": [progress.village_line(row, today=self.today) for row in page],
        }
        return render(request, "reporting/village_list.html", context)


class ElectedList(CampaignPage):
    """当选人员: each person once."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = ElectedFilter(
            request.GET,
            queryset=village.elected_rows(request.user, self.campaign),
            today=self.today,
            townships=progress.townships(request.user, self.campaign),
        )
        page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "campaign": self.campaign,
            "filter": found,
            "page": page,
            "people": village.elected_people(list(page), today=self.today),
        }
        return render(request, "reporting/elected_list.html", context)
