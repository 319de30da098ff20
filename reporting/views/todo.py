"""待办."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..context import current_campaign
from ..models import DailyDigest
from ..selectors.todo import todo
from .base import Page


class TodoPage(Page):
    """What the signed-in person must do now; empty means done."""

    def get(self, request: HttpRequest) -> HttpResponse:
        campaign = current_campaign(request)
        tasks = todo(request.user, campaign, at=self.at) if campaign else None
        own = DailyDigest.objects.visible_to(request.user).filter(campaign=campaign)
        context = {
            "campaign": campaign,
            "todo": tasks,
            "today": self.today,
            "digests": list(own.filter(day=self.today).order_by("produced_at")) if campaign else [],
        }
        return render(request, "reporting/todo.html", context)
