"""办理用时 and 班子结构: where a campaign's time goes, and what its new teams are made of."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.enums import Role
from accounts.errors import Refused
from villages.scoping import has_role

from ..forms import TargetsForm, TownshipForm
from ..models import TeamTarget
from ..permissions import can_set_targets, check_can_set_targets
from ..selectors import progress
from ..selectors.pace import departments_chart, pace, stages_chart
from ..selectors.table_exports import chosen_township
from ..selectors.team_items import KINDS
from ..selectors.teams import chart_of, teams
from ..services.targets import set_team_targets
from .base import CampaignPage


class AreaPage(CampaignPage):
    """A page of figures over the user's area, or over one township of it."""

    def load(self) -> dict:
        """The townships, the one chosen, and what the page needs to show them."""
        self.all_townships = progress.townships(self.request.user, self.campaign)
        wanted = self.request.GET.get("township", "")
        self.chosen = chosen_township(self.all_townships, wanted)
        if wanted and self.chosen is None:
            raise Http404
        self.townships = [self.chosen] if self.chosen else self.all_townships
        several = len(self.all_townships) > 1
        return {
            "campaign": self.campaign,
            "township": self.chosen.township if self.chosen else None,
            "form": TownshipForm(self.request.GET, townships=self.all_townships)
            if several
            else None,
            "has_villages": bool(self.all_townships),
            "query": f"?township={self.chosen.township_id}" if self.chosen else "",
        }


class PacePage(AreaPage):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        context = self.load()
        found = pace(request.user, self.campaign, self.townships, today=self.today)
        context |= {
            "pace": found,
            "stages_chart": stages_chart(found),
            "departments_chart": departments_chart(found),
            "may_open_batches": has_role(request.user, Role.ORG_STAFF),
            "narrowed": f"&township={self.chosen.township_id}" if self.chosen else "",
        }
        return render(request, "reporting/pace.html", context)


class TeamsPage(AreaPage):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        context = self.load()
        found = teams(
            request.user,
            self.campaign,
            self.townships,
            today=self.today,
            township_id=self.chosen.township_id if self.chosen else None,
        )
        context |= {
            "found": found,
            "charts": [(team, chart_of(team)) for team in found.teams],
            "by_township": [(kind, found.townships[kind.code]) for kind in KINDS],
            "may_set_targets": can_set_targets(request.user, self.campaign),
        }
        return render(request, "reporting/teams.html", context)


class TeamTargets(CampaignPage):
    """班子结构目标: the percentages that the campaign's plan asks for."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        check_can_set_targets(request.user, self.campaign)
        rows = TeamTarget.objects.filter(campaign=self.campaign)
        return self.page(TargetsForm(initial=dict(rows.values_list("measure", "percent"))))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        check_can_set_targets(request.user, self.campaign)
        form = TargetsForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            changed = set_team_targets(
                campaign=self.campaign, percents=form.percents(), by=request.user, at=self.at
            )
        except Refused as refusal:
            for problem in refusal.problems:
                form.add_error(None, problem.message)
            return self.page(form, status=422)
        messages.success(request, "已保存班子结构目标。" if changed else "目标没有变化。")
        return redirect("teams", pk=pk)

    def page(self, form: TargetsForm, *, status: int = 200) -> HttpResponse:
        context = {"campaign": self.campaign, "form": form}
        return render(self.request, "reporting/team_targets.html", context, status=status)
