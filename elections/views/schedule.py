"""计划进度: the campaign's days, and a township's villages × stages to adjust or to paste."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View

from accounts.errors import Forbidden, Refused
from villages.models import Jurisdiction

from .. import permissions
from ..enums import SETTLED, Stage
from ..forms.batch import parse_day
from ..forms.schedule import PlanRowForm, ReasonForm, ScheduleForm
from ..models import Campaign, StageRecord, VillageElection
from ..querysets import READERS
from ..services import schedule as services
from ..services.campaigns import plan_of
from ..stages import STAGES
from .batch import Row


class CampaignSchedule(LoginRequiredMixin, View):
    """The county's seventeen days."""

    def load(self, pk: int) -> None:
        self.campaign = get_object_or_404(
            Campaign.objects.visible_to(self.request.user).select_related("area"), pk=pk
        )
        permissions.check_can_manage_campaign(self.request.user, self.campaign.area)

    def get(self, request, pk: int):
        self.load(pk)
        return self.page(ScheduleForm(plan=plan_of(self.campaign)))

    def post(self, request, pk: int):
        self.load(pk)
        form = ScheduleForm(request.POST, plan=plan_of(self.campaign))
        if form.is_valid():
            try:
                services.set_schedule(
                    campaign=self.campaign, days=form.days(), by=request.user, at=timezone.now()
                )
            except Refused as refusal:
                for problem in refusal.problems:
                    form.add_error(None, problem.message)
            else:
                messages.success(request, "已保存计划进度，各村未办结的环节按此执行。")
                return redirect("campaign_detail", pk=pk)
        return self.page(form, status=422)

    def page(self, form, *, status: int = 200):
        rows = [(STAGES[Stage(field.name)], field) for field in form]
        context = {"campaign": self.campaign, "form": form, "rows": rows}
        return render(self.request, "elections/schedule_form.html", context, status=status)


class TownshipPlan(LoginRequiredMixin, View):
    """Villages of a township × stages: planned days to adjust by hand or by a pasted block, each row by itself."""

    def load(self, pk: int, township_pk: int) -> None:
        user = self.request.user
        self.campaign = get_object_or_404(
            Campaign.objects.visible_to(user, roles=READERS).select_related("area"), pk=pk
        )
        self.township = get_object_or_404(Jurisdiction, pk=township_pk)
        self.elections = list(
            VillageElection.objects.visible_to(user)
            .filter(campaign=self.campaign, township=township_pk)
            .select_related("campaign", "rule_set", "village", "township", "county")
            .order_by("village__code")
        )
        if not self.elections:
            raise Http404
        if not permissions.can_certify(user, self.elections[0]):
            raise Forbidden("计划进度由本乡镇联络员或县级组织部工作人员调整。")
        self.records: dict[int, dict[Stage, StageRecord]] = {e.pk: {} for e in self.elections}
        for record in StageRecord.objects.filter(election__in=self.records, is_current=True):
            self.records[record.election_id][Stage(record.stage)] = record

    def get(self, request, pk: int, township_pk: int):
        self.load(pk, township_pk)
        return self.page([self.row(e) for e in self.elections], ReasonForm())

    def post(self, request, pk: int, township_pk: int):
        self.load(pk, township_pk)
        reason = ReasonForm(request.POST)
        rows = [self.row(e, request.POST) for e in self.elections]
        if not reason.is_valid():
            return self.page(rows, reason, status=422)
        for row in rows:
            self.save(row, reason.cleaned_data["reason"])
        saved = sum(bool(row.outcome) for row in rows)
        if any(row.problems for row in rows):
            return self.page(rows, reason, saved=saved, status=422)
        messages.success(request, f"已调整{saved}个村的计划。" if saved else "没有改动。")
        return redirect(request.path)

    def row(self, election: VillageElection, data=None) -> Row:
        prefix = f"v{election.pk}"
        plan = {
            stage: record.planned_on
            for stage, record in self.ordered(election)
            if record.status not in SETTLED
        }
        sent = None
        if data is not None:
            today = timezone.localdate()
            sent = {key: value for key, value in data.items() if key.startswith(f"{prefix}-")}
            sent |= {
                key: day.isoformat()
                for key, v in sent.items()
                if (day := parse_day(v, today=today))
            }
        kwargs = {"prefix": prefix, "auto_id": f"{prefix}_%s", "use_required_attribute": False}
        return Row(election, PlanRowForm(sent or None, plan=plan, **kwargs))

    def ordered(self, election: VillageElection) -> list[tuple[Stage, StageRecord]]:
        return [(stage, self.records[election.pk][stage]) for stage in STAGES]

    def save(self, row: Row, reason: str) -> None:
        if not row.form.is_bound or not row.form.has_changed():
            return
        if not row.form.is_valid():
            row.problems = [
                f"{row.form.fields[name].label}：{message}"
                for name, errors in row.form.errors.items()
                for message in errors
            ]
            return
        try:
            changed = services.adjust_plan(
                election=row.election,
                days=row.form.days(),
                reason=reason,
                by=self.request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            row.problems = [p.message for p in refusal.problems]
        else:
            row.outcome = f"已调整{len(changed)}项" if changed else ""

    def page(self, rows, reason, *, saved: int = 0, status: int = 200):
        lines = [
            (
                row,
                [
                    (row.form[stage.value] if stage.value in row.form.fields else None, record)
                    for stage, record in self.ordered(row.election)
                ],
            )
            for row in rows
        ]
        context = {
            "campaign": self.campaign,
            "township": self.township,
            "specs": STAGES.values(),
            "lines": lines,
            "reason": reason,
            "saved": saved,
            "refused": sum(bool(row.problems) for row in rows),
        }
        return render(self.request, "elections/township_plan.html", context, status=status)
