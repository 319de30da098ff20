"""Where `/` leads, the choice of campaign, and the first page of a vetting department."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.errors import Forbidden
from candidates.permissions import department_of
from candidates.selectors import tasks_of
from elections.selectors import campaign_of
from villages.scoping import has_role

from ..context import SESSION_KEY, current_campaign
from ..forms import CampaignChoiceForm
from ..selectors.shell import home_of
from .base import Page


class Home(Page):
    """To the first page of the user's role; without a posting or a campaign, a page that says so."""

    def get(self, request: HttpRequest) -> HttpResponse:
        target = home_of(request.user, current_campaign(request))
        if target:
            return redirect(target)
        return render(request, "reporting/home_empty.html")


class CampaignChoose(Page):
    """Keep the chosen campaign in the session."""

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CampaignChoiceForm(request.POST)
        if not form.is_valid():
            raise Http404
        wanted = form.cleaned_data["campaign"]
        if campaign_of(request.user, wanted) is None:
            raise Http404
        request.session[SESSION_KEY] = wanted
        return HttpResponseRedirect(reverse("home"))


class VettingHome(Page):
    """联审: a vetting department's own page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not has_role(request.user, Role.VETTING):
            raise Forbidden("本页只供联审单位使用。")
        tasks = tasks_of(request.user, today=timezone.localdate())
        context = {"tasks": tasks, "department": department_of(request.user)}
        return render(request, "reporting/vetting_home.html", context)
