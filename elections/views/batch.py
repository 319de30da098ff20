"""批量登记: one stage of many villages on one page, each row through the service of the village's own page."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.forms import Form
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from accounts.enums import Role
from accounts.errors import Forbidden, Refused
from villages.scoping import area_q

from .. import rollups, selectors
from ..enums import Stage, StageStatus
from ..forms.batch import as_grid_row, with_days
from ..models import Campaign, StageRecord, VillageElection
from ..querysets import READERS
from ..services import stages as stage_services
from ..stages import STAGES
from . import facts
from .stage import StagePage

#: Stage of stages.BATCH_STAGES → the page of one village, whose form and service are used.
PAGES: dict[Stage, type[StagePage]] = {
    Stage.PETITION: facts.Petition,
    Stage.MOBILISATION: facts.Mobilisation,
    Stage.NOTICE: facts.NoticePage,
    Stage.APPROVAL: facts.Approval,
    Stage.ANNOUNCEMENT: facts.Announcement,
}


@dataclass
class Row:
    """One village of the grid. `outcome`: what became of it when the grid was sent."""

    election: VillageElection
    form: Form
    submit: bool = False
    outcome: str = ""
    problems: list[str] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        return f"v{self.election.pk}"

    @property
    def cells(self):
        return list(self.form)


class BatchEntry(LoginRequiredMixin, View):
    """The grid of one stage: villages where it is open; below it the others, and why not."""

    def dispatch(self, request, *args, pk: int, stage: str, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if stage not in PAGES:
            raise Http404
        self.stage = Stage(stage)
        self.page_class = PAGES[self.stage]
        self.form_class = self.page_class.fact_forms["facts"]
        self.campaign = get_object_or_404(
            Campaign.objects.visible_to(request.user, roles=READERS), pk=pk
        )
        own = VillageElection.objects.filter(
            area_q(request.user, roles=(Role.COORDINATOR,)), campaign=self.campaign
        )
        if not own.exists():
            raise Forbidden("批量登记由乡镇联络员办理。")
        self.elections = list(
            own.select_related(
                "campaign", "rule_set", "village__organisation", "township", "county"
            ).order_by("village__code")
        )
        self.at = timezone.now()
        self.today = timezone.localdate(self.at)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request):
        return self.page([self.row(e) for e in self.open_elections()])

    def post(self, request):
        rows = [self.row(e, request.POST) for e in self.open_elections()]
        for row in rows:
            self.save(row)
        saved = sum(bool(r.outcome) and not r.problems for r in rows)
        refused = sum(bool(r.problems) for r in rows)
        if not refused:
            messages.success(request, f"已登记{saved}个村（社区）。" if saved else "没有改动。")
            return redirect(request.path)
        return self.page(rows, saved=saved, refused=refused, status=422)

    # --- rows ------------------------------------------------------------------------------------

    def records(self) -> dict[int, dict[Stage, StageRecord]]:
        """Election → its current records, in one query."""
        found: dict[int, dict[Stage, StageRecord]] = {e.pk: {} for e in self.elections}
        for record in StageRecord.objects.filter(election__in=found, is_current=True):
            found[record.election_id][Stage(record.stage)] = record
        return found

    def open_elections(self) -> list[VillageElection]:
        records = self.records()
        return [e for e in self.elections if records[e.pk][self.stage].status == StageStatus.OPEN]

    def stage_page(self, election: VillageElection) -> StagePage:
        """The village's own page, which knows what is stored and which service saves it."""
        page = self.page_class()
        page.setup(self.request, pk=election.pk)
        page.election, page.at, page.today = election, self.at, self.today
        return page

    def row(self, election: VillageElection, data=None) -> Row:
        prefix = f"v{election.pk}"
        kwargs = {"prefix": prefix, "auto_id": f"{prefix}_%s", "use_required_attribute": False}
        kwargs |= self.stage_page(election).form_kwargs("facts")
        if data is None:
            return Row(election, as_grid_row(self.form_class(**kwargs)))
        sent = with_days(data, self.form_class, prefix, today=self.today)
        # A village that opened its stage after the page was shown has no cells yet: left alone.
        form = self.form_class(sent or None, **kwargs)
        return Row(election, as_grid_row(form), submit=f"{prefix}-submit" in sent)

    def save(self, row: Row) -> None:
        """Save and submit one row as asked; what a rule refuses stands at the row, and its cells keep what was typed."""
        if not row.form.is_bound or not (row.form.has_changed() or row.submit):
            return
        if not row.form.is_valid():
            row.problems = [
                message if name == "__all__" else f"{row.form.fields[name].label}：{message}"
                for name, errors in row.form.errors.items()
                for message in errors
            ]
            return
        # Both writes of a row in one transaction: the township's figures are recomputed once. What was saved stays
        # when only the submission is refused.
        with transaction.atomic(), rollups.deferred(at=self.at):
            try:
                if row.form.has_changed():
                    self.stage_page(row.election).save_facts(row.form)
                    row.outcome = "已保存"
                if row.submit:
                    stage_services.submit_stage(
                        election=row.election,
                        stage=self.stage,
                        by=self.request.user,
                        at=self.at,
                        expected_version=row.election.version,
                    )
                    row.outcome = "已提交"
            except Refused as refusal:
                row.problems = [p.message for p in refusal.problems]

    # --- page ------------------------------------------------------------------------------------

    def page(self, rows: list[Row], *, saved: int = 0, refused: int = 0, status: int = 200):
        shown = {row.election.pk for row in rows}
        records = self.records()
        others = [
            (e, records[e.pk][self.stage], self.sentence(e, records[e.pk]))
            for e in self.elections
            if e.pk not in shown
        ]
        context = {
            "campaign": self.campaign,
            "spec": STAGES[self.stage],
            "tabs": [
                (STAGES[s], reverse("batch_entry", args=[self.campaign.pk, s.value])) for s in PAGES
            ],
            "heads": [f.label for f in as_grid_row(self.form_class()).fields.values()],
            "rows": rows,
            "others": others,
            "saved": saved,
            "refused": refused,
            "confirmer": STAGES[self.stage].confirmer,
        }
        return render(self.request, "elections/batch.html", context, status=status)

    def sentence(self, election: VillageElection, records: dict[Stage, StageRecord]) -> str:
        return selectors.waiting_sentence(election, records[self.stage], [], records)
