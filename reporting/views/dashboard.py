"""驾驶舱."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..selectors.dashboard import dashboard
from ..selectors.progress import HEADS
from .base import CampaignPage


class DashboardPage(CampaignPage):
    """One campaign at a glance, limited to the user's area."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        board = dashboard(request.user, self.campaign, at=self.at)
        context = {"campaign": self.campaign, "board": board, "heads": HEADS}
        response = render(request, "reporting/dashboard.html", context)
        if board.complaints:
            response["Cache-Control"] = "no-store"
        return response
