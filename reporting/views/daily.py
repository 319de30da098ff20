"""日报: a township's day, and the campaign's day over all townships."""

import uuid
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from accounts.errors import Conflict, Refused

from ..forms import DailyForm
from ..models import DailyReport, TownshipProgress
from ..permissions import can_confirm_report, can_produce, check_can_confirm_report
from ..selectors.corrected import corrections_after, shown
from ..selectors.daily import day_view
from ..services.daily import confirm_daily_report
from .base import CampaignPage


def parse_day(text: str | None, default: date) -> date:
    """A day of the address; 404 for what is none."""
    if not text:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


class DailyReportPage(CampaignPage):
    def load(self, township_pk: int, day: str | None) -> None:
        row = get_object_or_404(
            TownshipProgress.objects.visible_to(self.request.user).select_related("township"),
            campaign=self.campaign,
            township=township_pk,
        )
        self.township = row.township
        self.day = parse_day(day, self.today)
        if not self.campaign.starts_on <= self.day <= self.today:
            raise Http404

    def get(self, request, pk: int, township_pk: int, day: str | None = None):
        self.load(township_pk, day)
        return self.page(DailyForm(initial={"request_key": uuid.uuid4()}))

    def post(self, request, pk: int, township_pk: int, day: str | None = None):
        self.load(township_pk, day)
        check_can_confirm_report(request.user, self.township)
        form = DailyForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            report = confirm_daily_report(
                campaign=self.campaign,
                township=self.township,
                day=self.day,
                **form.cleaned_data,
                by=request.user,
                at=self.at,
            )
        except Refused as refusal:
            for problem in refusal.problems:
                form.add_error(None, problem.message)
            return self.page(form, status=409 if isinstance(refusal, Conflict) else 422)
        messages.success(request, f"日报已上报，编号{report.number}。")
        return redirect(request.path)

    def page(self, form, *, status: int = 200):
        view = day_view(self.campaign, self.township, self.day)
        corrected = []
        if view.report:
            rows = corrections_after(
                self.campaign,
                moment=view.report.confirmed_at,
                day=self.day,
                township_id=self.township.pk,
            )
            corrected = shown(rows.visible_to(self.request.user))
        context = {
            "view": view,
            "corrected": corrected,
            "form": form,
            "may_confirm": can_confirm_report(self.request.user, self.township),
            "is_today": self.day == self.today,
            "previous_day": self.day - timedelta(days=1)
            if self.day > self.campaign.starts_on
            else None,
            "next_day": self.day + timedelta(days=1) if self.day < self.today else None,
        }
        return render(self.request, "reporting/daily_report.html", context, status=status)


class DailyList(CampaignPage):
    """Who has reported, who has not, on one day."""

    def get(self, request, pk: int):
        day = parse_day(request.GET.get("day"), self.today)
        day = max(self.campaign.starts_on, min(day, self.today))
        rows = list(
            TownshipProgress.objects.visible_to(request.user)
            .filter(campaign=self.campaign, elections__gt=0)
            .select_related("township")
            .order_by("township__code")
        )
        reports = {
            r.township_id: r
            for r in DailyReport.objects.current()
            .visible_to(request.user)
            .filter(campaign=self.campaign, day=day)
        }
        if len(rows) == 1:
            return redirect("daily_report", pk=pk, township_pk=rows[0].township_id, day=str(day))
        lines = [(row.township, reports.get(row.township_id)) for row in rows]
        context = {
            "campaign": self.campaign,
            "day": day,
            "today": self.today,
            "lines": lines,
            "reported": len(reports),
            "due": len(rows),
            "may_produce": can_produce(request.user, self.campaign),
            "previous_day": day - timedelta(days=1) if day > self.campaign.starts_on else None,
            "next_day": day + timedelta(days=1) if day < self.today else None,
        }
        return render(request, "reporting/daily_list.html", context)
