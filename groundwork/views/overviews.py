"""调研摸底 and 选情研判 of all villages: lists to look through; the facts themselves are entered on each village's page."""

from django.core.paginator import Paginator
from django.shortcuts import render

from elections.permissions import can_record
from elections.views.base import CampaignPage

from ..enums import Aspect
from ..filters import RiskFilter, SurveyFilter
from ..selectors import overviews as selectors
from ..selectors.ledgers import townships_of

PAGE = 30


class Overview(CampaignPage):
    """`filter_class` over `rows`; a template of its own."""

    filter_class = None
    rows = None
    template = ""

    def get(self, request, pk: int):
        found = self.filter_class(
            request.GET,
            queryset=type(self).rows(request.user, self.campaign),
            townships=townships_of(request.user, self.campaign),
        )
        page = Paginator(found.qs, PAGE).get_page(request.GET.get("page"))
        context = {
            "campaign": self.campaign,
            "filter": found,
            "page": page,
            "may_import": any(can_record(request.user, election) for election in page),
            **self.more(page),
        }
        return render(request, f"groundwork/{self.template}.html", context)

    def more(self, page) -> dict:
        return {}


class SurveyList(Overview):
    filter_class = SurveyFilter
    rows = selectors.survey_rows
    template = "survey_list"

    def more(self, page) -> dict:
        return {"total": len(self.campaign.survey_items)}


class RiskList(Overview):
    filter_class = RiskFilter
    rows = selectors.risk_rows
    template = "risk_list"

    def more(self, page) -> dict:
        lines = []
        for election in page:
            points = election.points or {}
            cells = [(aspect.label, points.get(aspect.value)) for aspect in Aspect]
            risk = getattr(election, "risk_grade", None)
            lines.append((election, risk, points.get("total"), cells))
        return {"lines": lines, "heads": Aspect.labels}
