"""日报: a township's day, and the campaign's day over all townships."""

import uuid
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from accounts.errors import Conflict, Refused
from villages.models import Jurisdiction

from ..enums import DigestKind, ReportApproval
from ..forms import DailyCorrectionForm, DailyForm, ReasonForm
from ..models import DailyDigest, DailyReport, TownshipProgress
from ..permissions import (
    can_approve_report,
    can_confirm_report,
    can_produce,
    check_can_approve_report,
    check_can_confirm_report,
    check_can_produce,
)
from ..selectors.corrected import corrections_after, shown
from ..selectors.daily import day_view, lock_of, versions_of
from ..services.daily import confirm_daily_report, correct_daily_report
from ..services.daily_review import decide_report, unlock_report
from .base import CampaignPage


def parse_day(text: str | None, default: date) -> date:
    """A day of the address; 404 for what is none."""
    if not text:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


#: The township of a rollup row, without the row's sixty figures.
TOWNSHIP = tuple(f"township__{field.name}" for field in Jurisdiction._meta.concrete_fields)


class DailyReportPage(CampaignPage):
    def load(self, township_pk: int, day: str | None) -> None:
        row = get_object_or_404(
            TownshipProgress.objects.visible_to(self.request.user)
            .select_related("township")
            .only("campaign", *TOWNSHIP),
            campaign=self.campaign,
            township=township_pk,
        )
        self.township = row.township
        self.day = parse_day(day, self.today)
        if not self.campaign.starts_on <= self.day <= self.today:
            raise Http404

    def get(self, request, pk: int, township_pk: int, day: str | None = None):
        self.load(township_pk, day)
        return self.page()

    def post(self, request, pk: int, township_pk: int, day: str | None = None):
        self.load(township_pk, day)
        action = request.POST.get("action", "confirm")
        handler = {
            "confirm": self.confirm,
            "correct": self.correct,
            "approve": self.decide,
            "return": self.decide,
            "unlock": self.unlock,
        }.get(action)
        if handler is None:
            raise Http404
        return handler(action)

    def confirm(self, action: str):
        check_can_confirm_report(self.request.user, self.township)
        form = DailyForm(self.request.POST)
        if not form.is_valid():
            return self.page(form=form, status=422)
        return self.send(
            "form", form, confirm_daily_report, "日报已上报，编号{}。", **form.cleaned_data
        )

    def correct(self, action: str):
        check_can_confirm_report(self.request.user, self.township)
        form = DailyCorrectionForm(self.request.POST)
        if not form.is_valid():
            return self.page(correction=form, status=422)
        return self.send(
            "correction", form, correct_daily_report, "已更正，编号{}。", **form.cleaned_data
        )

    def send(self, name: str, form, service, words: str, **typed):
        """Ask the service; what it refuses stands in the form, with everything that was typed."""
        try:
            report = service(
                campaign=self.campaign,
                township=self.township,
                day=self.day,
                **typed,
                by=self.request.user,
                at=self.at,
            )
        except Refused as refusal:
            for problem in refusal.problems:
                form.add_error(None, problem.message)
            status = 409 if isinstance(refusal, Conflict) else 422
            return self.page(**{name: form}, status=status)
        messages.success(self.request, words.format(report.number))
        return redirect(self.request.path)

    def decide(self, action: str):
        check_can_approve_report(self.request.user, self.township)
        done = "日报已审定。" if action == "approve" else "日报已退回联络员更正。"
        return self.act(
            done,
            lambda facts, reason: decide_report(approve=action == "approve", note=reason, **facts),
        )

    def unlock(self, action: str):
        check_can_produce(self.request.user, self.campaign)
        return self.act(
            "已开锁，联络员可以更正一次。",
            lambda facts, reason: unlock_report(reason=reason, **facts),
        )

    def act(self, done: str, service):
        """Decide about the day's report with a short text; what is refused is shown above the page."""
        form = ReasonForm(self.request.POST)
        report = DailyReport.objects.current().filter(
            campaign=self.campaign, township=self.township, day=self.day
        )
        facts = {
            "report": get_object_or_404(report),
            "by": self.request.user,
            "at": self.at,
        }
        if not form.is_valid():
            messages.error(self.request, "文字不超过500个字。")
            return self.page(status=422)
        try:
            service(facts, form.cleaned_data["reason"])
        except Refused as refusal:
            messages.error(self.request, str(refusal))
            return self.page(status=409 if isinstance(refusal, Conflict) else 422)
        messages.success(self.request, done)
        return redirect(self.request.path)

    def page(self, *, form=None, correction=None, status: int = 200):
        user = self.request.user
        view = day_view(self.campaign, self.township, self.day)
        may_confirm = can_confirm_report(user, self.township)
        report = view.report
        context = {
            "view": view,
            "form": form or DailyForm(initial={"request_key": uuid.uuid4()}),
            "may_confirm": may_confirm,
            "corrected": [],
            "versions": [],
            "lock": None,
            "correction": None,
            "recounted": [],
            "may_decide": False,
            "may_unlock": False,
            "before_changed": bool(
                report
                and view.before
                and view.before.version > 1
                and view.before.confirmed_at > report.confirmed_at
            ),
            "previous_day": self.day - timedelta(days=1)
            if self.day > self.campaign.starts_on
            else None,
            "next_day": self.day + timedelta(days=1) if self.day < self.today else None,
        }
        if report:
            context |= self.of_report(view, correction, may_confirm)
        return render(self.request, "reporting/daily_report.html", context, status=status)

    def of_report(self, view, correction, may_confirm: bool) -> dict:
        """What the page shows of a report that is there: its corrections, its lock, who may do what."""
        user, report = self.request.user, view.report
        rows = corrections_after(
            self.campaign, moment=report.confirmed_at, day=self.day, township_id=self.township.pk
        )
        lock = lock_of(report, self.campaign, today=self.today)
        initial = {
            "request_key": uuid.uuid4(),
            "based_on": report.version,
            "problems": report.problems,
            "practices": report.practices,
        }
        live = day_view(self.campaign, self.township, self.day, is_live=True)
        return {
            "corrected": shown(rows.visible_to(user)),
            "versions": versions_of(report),
            "lock": lock,
            "correction": correction or DailyCorrectionForm(initial=initial),
            "recounted": [
                (now.label, then.total, now.total)
                for then, now in zip(view.lines, live.lines, strict=True)
                if then.total != now.total
            ]
            if may_confirm and not lock.is_shut
            else [],
            "may_decide": report.approval == ReportApproval.PENDING
            and can_approve_report(user, self.township),
            "may_unlock": lock.is_shut and can_produce(user, self.campaign),
        }


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
        reminders = DailyDigest.objects.visible_to(request.user).filter(
            campaign=self.campaign, day=day, kind=DigestKind.CUTOFF
        )
        context = {
            "campaign": self.campaign,
            "day": day,
            "today": self.today,
            "lines": lines,
            "reported": len(reports),
            "due": len(rows),
            "missing": [township.name for township, report in lines if report is None],
            "reminder": reminders.first(),
            "previous_day": day - timedelta(days=1) if day > self.campaign.starts_on else None,
            "next_day": day + timedelta(days=1) if day < self.today else None,
        }
        return render(request, "reporting/daily_list.html", context)
