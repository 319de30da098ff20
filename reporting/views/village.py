"""村档案: one village's election, tab by tab."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from candidates.models import ReserveCadre
from candidates.permissions import can_keep_reserve
from candidates.selectors import reserve_line, women_gates
from elections.models import VillageElection
from groundwork.selectors.ledgers import village_sections

from ..selectors import progress, village
from ..selectors.terms import terms
from .base import Page

#: tab → its name and the template of its content.
TABS = {
    "stages": "环节",
    "people": "人员",
    "meetings": "会议",
    "materials": "材料",
    "papers": "公文",
    "ledgers": "台账",
    "history": "历史",
}


class ElectionDetail(Page):
    """Only the chosen tab is read from the database."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        election = get_object_or_404(
            progress.with_current_stage(
                VillageElection.objects.visible_to(request.user)
            ).select_related(
                "campaign", "rule_set", "village__organisation", "township", "county", "risk_grade"
            ),
            pk=pk,
        )
        tab = request.GET.get("tab", "")
        tab = tab if tab in TABS else "stages"
        context = {
            "election": election,
            "line": progress.village_line(election, today=self.today),
            "heading": village.heading(request.user, election, today=self.today),
            "tab": tab,
            "tabs": TABS.items(),
            "tab_template": f"reporting/_village_{tab}.html",
            **getattr(self, f"{tab}_context")(election),
        }
        return render(request, "reporting/election_detail.html", context)

    def stages_context(self, election) -> dict:
        phases = village.timeline(election, at=self.at)
        return {"phases": phases, "live": village.live_items(phases)}

    def people_context(self, election) -> dict:
        user = self.request.user
        return {
            "people": village.people(user, election, today=self.today),
            "women_gates": women_gates(election),
            "reserve": [
                reserve_line(cadre)
                for cadre in ReserveCadre.objects.visible_to(user)
                .with_use()
                .filter(village=election.village_id)
                .select_related("member")
                .order_by("entered_on", "pk")
            ],
            "may_keep_reserve": can_keep_reserve(user, election),
            "terms": terms(user, election),
        }

    def meetings_context(self, election) -> dict:
        user = self.request.user
        return {
            "meetings": village.meetings(user, election),
            "roll": village.roll_of(user, election),
        }

    def materials_context(self, election) -> dict:
        return {"materials": village.materials(self.request.user, election)}

    def papers_context(self, election) -> dict:
        return {"papers": village.papers(self.request.user, election)}

    def ledgers_context(self, election) -> dict:
        return {"sections": village_sections(self.request.user, election)}

    def history_context(self, election) -> dict:
        return {"changes": village.history(self.request.user, election)}
