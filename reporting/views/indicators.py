"""The figures of a day, and the records behind one of them."""

from datetime import date

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render

from accounts.enums import Role
from complaints.models import Complaint, LastTermFigure, OpinionIncident
from villages.scoping import has_role

from ..forms import PastDayForm
from ..indicators.registry import INDICATORS, UNDATED
from ..models import KeptFigures
from ..permissions import can_read_closing, check_can_read_closing
from ..selectors.corrected import corrections_after, shown
from ..selectors.kept import by_part, past_figures
from ..selectors.lists import columns_of
from ..selectors.scope import scope_of_user
from .base import CampaignPage

PAGE = 50


class DayPage(CampaignPage):
    """A page about the end of one day of the campaign, `on` in its address; without it, of today."""

    def read_day(self) -> tuple[date, PastDayForm]:
        """The day, today where the address has none that can be shown, and the form that says why."""
        sent = self.request.GET.get("on") or str(self.today)
        form = PastDayForm({"on": sent}, first=self.campaign.starts_on, last=self.today)
        return (form.cleaned_data["on"] if form.is_valid() else self.today), form


class IndicatorList(DayPage):
    """All figures at the end of a day: as they were kept that night, and as the records give them now."""

    def get(self, request, pk: int):
        check_can_read_closing(request.user, self.campaign)
        day, form = self.read_day()
        days = KeptFigures.objects.visible_to(request.user).filter(campaign=self.campaign)
        kept = days.filter(day=day).first()
        lines = past_figures(self.campaign, day=day, kept=kept)
        only = request.GET.get("only") == "restated"
        corrected = []
        if kept:
            later = corrections_after(self.campaign, moment=kept.kept_at, day=day)
            corrected = shown(later.visible_to(request.user))
        context = {
            "campaign": self.campaign,
            "day": day,
            "form": form,
            "kept": kept,
            "only": only,
            "parts": by_part([line for line in lines if line.is_restated] if only else lines),
            "restated": sum(line.is_restated for line in lines),
            "corrected": corrected,
            "before": days.filter(day__lt=day)
            .order_by("-day")
            .values_list("day", flat=True)
            .first(),
            "after": days.filter(day__gt=day).order_by("day").values_list("day", flat=True).first(),
            "today": self.today,
        }
        return render(request, "reporting/indicator_list.html", context, status=form.status)


class IndicatorRows(DayPage):
    """The records behind one figure, as far as the user sees them."""

    def get(self, request, pk: int, key: str):
        indicator = INDICATORS.get(key)
        if indicator is None:
            raise Http404
        day, form = self.read_day()
        scope = scope_of_user(request.user, self.campaign, as_of=day)
        rows = indicator.rows(scope)
        of_complaints = getattr(rows, "model", None) is Complaint
        if of_complaints or getattr(rows, "model", None) is LastTermFigure:
            check_can_read_closing(request.user, self.campaign)
        hidden = of_complaints and not has_role(
            request.user, Role.DISCIPLINE, covering=self.campaign.area
        )
        context = {
            "campaign": self.campaign,
            "indicator": indicator,
            "text": indicator.text(indicator.value(scope)),
            "as_of": day,
            "today": self.today,
            "form": form,
            "as_now": UNDATED.get(key, ""),
            "hidden": hidden,
            "may_read_closing": can_read_closing(request.user, self.campaign),
        }
        if of_complaints:
            # A figure counts more than its reader may see: never what is about themselves or their unit.
            rows = rows.filter(pk__in=Complaint.objects.visible_to(request.user))
        if getattr(rows, "model", None) is OpinionIncident:
            rows = rows.filter(pk__in=OpinionIncident.objects.visible_to(request.user))
        if not hidden:
            heads, cells, ordered = columns_of(rows)
            page = Paginator(ordered, PAGE).get_page(request.GET.get("page"))
            context |= {"heads": heads, "page": page, "lines": [cells(row) for row in page]}
        return render(request, "reporting/indicator_rows.html", context, status=form.status)
