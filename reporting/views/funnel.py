"""人选去向, of a campaign by township, of a township by village."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from candidates.selectors import STEPS

from ..selectors import funnel, progress
from .base import CampaignPage


class PeopleFunnel(CampaignPage):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        townships = progress.township_progress(request.user, self.campaign, today=self.today)
        chosen = None
        if wanted := request.GET.get("township"):
            chosen = next((t for t in townships if str(t.township_id) == wanted), None)
            if chosen is None:
                raise Http404
            rows = funnel.by_village(request.user, self.campaign, chosen.township_id)
        else:
            rows = funnel.by_township(self.campaign, townships)
        context = {
            "campaign": self.campaign,
            "township": chosen.township if chosen else None,
            "steps": STEPS.values(),
            "rows": rows,
            "chart": funnel.chart_of(rows[0] if rows else None),
        }
        return render(request, "reporting/people_funnel.html", context)
