"""进度一览: townships × stages, and villages × stages of one township."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.enums import Role
from villages.scoping import has_role

from ..enums import CellState
from ..selectors import progress
from .base import CampaignPage


class CampaignGrid(CampaignPage):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = progress.township_progress(request.user, self.campaign, today=self.today)
        context = {
            "campaign": self.campaign,
            "grid": progress.campaign_grid(self.campaign, rows),
            "heads": progress.HEADS,
            "refreshed_at": max((row.refreshed_at for row in rows), default=None),
        }
        return render(request, "reporting/campaign_grid.html", context)


class TownshipGrid(CampaignPage):
    """作战图. A township outside the user's area does not exist for the user."""

    def get(self, request: HttpRequest, pk: int, township_pk: int) -> HttpResponse:
        rows = progress.township_progress(request.user, self.campaign, today=self.today)
        row = next((r for r in rows if r.township_id == township_pk), None)
        if row is None:
            raise Http404
        context = {
            "campaign": self.campaign,
            "township": row.township,
            "progress": row,
            "grid": progress.township_grid(
                request.user, self.campaign, township_pk, today=self.today
            ),
            "heads": progress.HEADS,
            "states": list(CellState),
            "neighbours": rows,
            "may_plan": has_role(request.user, Role.ORG_STAFF, covering=row.township)
            or has_role(request.user, Role.COORDINATOR, covering=row.township),
            "may_batch": has_role(request.user, Role.COORDINATOR, covering=row.township),
        }
        return render(request, "reporting/township_grid.html", context)
