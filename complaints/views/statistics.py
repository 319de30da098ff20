"""信访统计, and the figures of last term that it is compared with."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from accounts.errors import Refused
from elections.selectors import campaign_of
from elections.views.base import Page

from ..forms.statistics import LastTermForm
from ..permissions import (
    can_record_last_term,
    check_can_read_statistics,
    check_can_record_last_term,
)
from ..rules import FEWEST_SHOWN
from ..selectors import statistics as selectors
from ..services.statistics import record_last_term


class FiguresPage(Page):
    check = staticmethod(check_can_read_statistics)

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        campaign = campaign_of(request.user, kwargs["pk"])
        if campaign is None:
            raise Http404
        self.campaign = campaign
        self.check(request.user, self.campaign)
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


class Statistics(FiguresPage):
    def get(self, request, pk: int):
        figures = selectors.statistics(request.user, self.campaign, as_of=self.today)
        tables = [
            ("按渠道", figures.channels, True),
            ("按反映问题", figures.causes, True),
            ("按环节", figures.stages, False),
        ]
        context = {
            "campaign": self.campaign,
            "figures": figures,
            "tables": tables,
            "as_of": self.today,
            "fewest": FEWEST_SHOWN,
            "may_record": can_record_last_term(request.user, self.campaign),
        }
        return render(request, "complaints/statistics.html", context)


class LastTerm(FiguresPage):
    check = staticmethod(check_can_record_last_term)

    def get(self, request, pk: int):
        known = selectors.last_term(self.campaign) or selectors.counted_before(
            self.campaign, request.user
        )
        initial = {f"{kind}-{code}": count for (kind, code), count in known.items()}
        return self.page(LastTermForm(initial=initial))

    def post(self, request, pk: int):
        form = LastTermForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            record_last_term(
                campaign=self.campaign, figures=form.figures(), by=request.user, at=self.at
            )
        except Refused as refusal:
            for problem in refusal.problems:
                form.add_error(None, problem.message)
            return self.page(form, status=422)
        messages.success(request, "上届数据已保存。")
        return redirect("complaint_statistics", pk=pk)

    def page(self, form, *, status: int = 200):
        context = {"campaign": self.campaign, "form": form}
        return render(self.request, "complaints/last_term.html", context, status=status)
