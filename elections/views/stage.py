"""The page of one stage: its facts, its evidence, what blocks it, and the buttons that move it.

Every app's stage pages derive from StagePage; a subclass names its stage, its template and its fact forms.
"""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import cached_property
from django.views import View

from accounts.errors import Conflict, Refused

from .. import permissions, selectors
from ..enums import Stage, StageStatus
from ..forms import stage as forms
from ..models import Evidence, ExceptionRequest, StageChange, StageOverride, VillageElection
from ..services import evidence as evidence_services
from ..services import overrides as override_services
from ..services import stages as stage_services
from ..stages import STAGES


class StagePage(LoginRequiredMixin, View):
    """GET shows the stage; POST with `action` runs one form and redirects back, or shows the form again (422/409).

    A subclass sets `stage`, `template_name` (extends elections/stage_page.html and fills block `facts`) and
    `fact_forms`: action → form class. For each action it defines `save_<action>(form)` that calls one
    service, and may define `form_kwargs(action)` (initial values, choices) and `facts_context()`.
    """

    stage: Stage
    template_name = "elections/stage_page.html"
    fact_forms: dict[str, type] = {}

    #: Actions every stage has, by the permission they need.
    COORDINATOR_ACTIONS = (
        "submit",
        "evidence",
        "replace_evidence",
        "withdraw_evidence",
        "exception",
    )
    COUNTY_ACTIONS = (
        "confirm",
        "return",
        "decide_exception",
        "override",
        "withdraw_override",
    )
    #: Fact actions of a subclass that the county takes (a review's second level).
    county_fact_actions: tuple[str, ...] = ()
    #: Fact actions that township and county both may take (a second pair of eyes).
    shared_fact_actions: tuple[str, ...] = ()

    def setup(self, request: HttpRequest, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.at = timezone.now()
        self.today = timezone.localdate(self.at)
        self.bound: dict[str, object] = {}

    def load(self, pk: int) -> None:
        self.election = get_object_or_404(
            VillageElection.objects.visible_to(self.request.user).select_related(
                "campaign", "rule_set", "village__organisation", "township", "county"
            ),
            pk=pk,
        )

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.load(pk)
        return self.page()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.load(pk)
        action = request.POST.get("action", "")
        if action in self.COUNTY_ACTIONS or action in self.county_fact_actions:
            permissions.check_can_confirm(request.user, self.election)
        elif action in self.shared_fact_actions:
            permissions.check_can_certify(request.user, self.election)
        else:
            permissions.check_can_record(request.user, self.election)
        form = self.build(action, data=request.POST, files=request.FILES)
        if form is None:
            messages.error(request, "页面已更新，请核对后重新操作。")
            return redirect(request.path)
        self.bound[action] = form
        if not form.is_valid():
            return self.page(status=422)
        try:
            done = getattr(self, f"save_{action}")(form)
        except Refused as refusal:
            for problem in refusal.problems:
                form.add_error(None, problem.message)
            return self.page(status=409 if isinstance(refusal, Conflict) else 422)
        messages.success(request, done if isinstance(done, str) else "已保存。")
        return redirect(request.path)

    # --- forms ---------------------------------------------------------------------------------

    def all_forms(self) -> dict[str, type]:
        return {
            **self.fact_forms,
            "submit": forms.SubmitForm,
            "confirm": forms.ConfirmForm,
            "return": forms.ReturnForm,
            "evidence": forms.EvidenceForm,
            "replace_evidence": forms.ReplaceEvidenceForm,
            "withdraw_evidence": forms.WithdrawEvidenceForm,
            "exception": forms.ExceptionForm,
            "decide_exception": forms.DecideExceptionForm,
            "override": forms.OverrideForm,
            "withdraw_override": forms.WithdrawOverrideForm,
        }

    def build(self, action: str, *, data=None, files=None):
        """The form of an action, bound when data is given; None for an unknown action."""
        form_class = self.all_forms().get(action)
        if form_class is None:
            return None
        kwargs = {"auto_id": f"{action}_%s", **self.form_kwargs(action)}
        if action in ("submit", "confirm", "return"):
            kwargs.setdefault("initial", {})["version"] = self.election.version
        if action == "submit":
            kwargs["needs_date"] = self.stage in selectors.TYPED_DATE
        if action == "evidence":
            kwargs["requirements"] = STAGES[self.stage].evidence
            kwargs["initial"] = {"requirement": self.first_missing()}
        return form_class(data, files, **kwargs) if data is not None else form_class(**kwargs)

    def row_form(self, action: str, field: str, pk: int):
        """The form of one row of a list: the one just refused if it was this row's, else an empty one."""
        sent = self.bound.get(action)
        if sent is not None and sent.data.get(field) == str(pk):
            return sent
        form_class = self.all_forms()[action]
        return form_class(auto_id=f"{action}_{pk}_%s", initial={field: pk})

    def form_kwargs(self, action: str) -> dict:
        return {}

    def facts_context(self) -> dict:
        return {}

    def record_is_open(self) -> bool:
        return selectors.current_records(self.election)[self.stage].status == StageStatus.OPEN

    def refusals(self) -> list[str]:
        """What the form just sent was refused for: shown at the top, since its form may be far down or gone."""
        return [
            message if field == "__all__" else f"{form.fields[field].label or field}：{message}"
            for form in self.bound.values()
            for field, messages_ in form.errors.items()
            for message in messages_
        ]

    # --- actions every stage has -----------------------------------------------------------------

    def _acting(self) -> dict:
        return {"election": self.election, "by": self.request.user, "at": self.at}

    def save_submit(self, form) -> str:
        record = stage_services.submit_stage(
            **self._acting(),
            stage=self.stage,
            on=form.cleaned_data.get("on"),
            expected_version=form.cleaned_data["version"],
        )
        if record.status == StageStatus.SUBMITTED:
            return f"“{self.stage.label}”已提交，等县委组织部确认。"
        return f"“{self.stage.label}”已办结。"

    def save_confirm(self, form) -> str:
        stage_services.confirm_stage(
            **self._acting(), stage=self.stage, expected_version=form.cleaned_data["version"]
        )
        return f"“{self.stage.label}”已确认。"

    def save_return(self, form) -> str:
        stage_services.return_stage(
            **self._acting(),
            stage=self.stage,
            reason=form.cleaned_data["reason"],
            expected_version=form.cleaned_data["version"],
        )
        return f"“{self.stage.label}”已退回，乡镇可以改正后重新提交。"

    def save_evidence(self, form) -> str:
        files = evidence_services.add_files(
            **self._acting(),
            stage=self.stage,
            requirement=form.cleaned_data["requirement"],
            files=form.cleaned_data["file"],
        )
        return f"已上传“{'”“'.join(file.name for file in files)}”。"

    def own_evidence(self, form) -> Evidence:
        return get_object_or_404(
            Evidence.objects.visible_to(self.request.user),
            pk=form.cleaned_data["evidence"],
            election=self.election,
            stage=self.stage,
        )

    def save_replace_evidence(self, form) -> str:
        evidence = self.own_evidence(form)
        new = evidence_services.replace_evidence(
            evidence=evidence, upload=form.cleaned_data["file"], by=self.request.user, at=self.at
        )
        return f"已换成“{new.name}”（第{new.version}版），原来的一版仍可查看。"

    def save_withdraw_evidence(self, form) -> str:
        evidence = self.own_evidence(form)
        evidence_services.withdraw_evidence(evidence=evidence, by=self.request.user, at=self.at)
        return f"已撤下“{evidence.name}”，原件仍保留备查。"

    def save_exception(self, form) -> str:
        evidence_services.request_exception(
            **self._acting(),
            stage=self.stage,
            code=form.cleaned_data["code"],
            reason=form.cleaned_data["reason"],
        )
        return "例外申请已提交，等县委组织部批准。"

    def save_decide_exception(self, form) -> str:
        exception = get_object_or_404(
            ExceptionRequest.objects.visible_to(self.request.user),
            pk=form.cleaned_data["exception"],
            election=self.election,
            stage=self.stage,
        )
        evidence_services.decide_exception(
            exception=exception,
            approved=form.cleaned_data["approved"],
            note=form.cleaned_data["note"],
            by=self.request.user,
            at=self.at,
        )
        return "已批准例外。" if form.cleaned_data["approved"] else "已退回例外申请。"

    def save_override(self, form) -> str:
        override = override_services.grant_override(
            **self._acting(), stage=self.stage, **form.cleaned_data
        )
        return f"已特批放行{len(override.lifted)}项，乡镇可以继续办理；此事一直显示在驾驶舱。"

    def save_withdraw_override(self, form) -> str:
        override = get_object_or_404(
            StageOverride.objects.visible_to(self.request.user),
            pk=form.cleaned_data["override"],
            election=self.election,
            stage=self.stage,
        )
        override_services.withdraw_override(
            override=override,
            reason=form.cleaned_data["reason"],
            by=self.request.user,
            at=self.at,
        )
        return "已撤销特批，原放行的事项须补齐。"

    def first_missing(self) -> str | None:
        """The first required kind of evidence without a file: what the upload form offers."""
        return next((need["code"] for need in self.requirements if not need["count"]), None)

    @cached_property
    def requirements(self) -> list[dict]:
        """Each required kind of evidence with its files, the withdrawn ones last (one query)."""
        files = selectors.evidence_files(self.election, self.stage)
        return [
            {
                "code": need.code,
                "label": need.label,
                "files": own,
                "count": sum(file.is_in_force for file in own),
            }
            for need in STAGES[self.stage].evidence
            for own in [[f for f in files if f.latest.requirement == need.code]]
        ]

    # --- page --------------------------------------------------------------------------------------

    def page(self, *, status: int = 200) -> HttpResponse:
        return render(self.request, self.template_name, self.page_context(), status=status)

    def page_context(self) -> dict:
        views = selectors.stage_views(self.election, at=self.at)
        view = next(v for v in views if v.spec.code == self.stage)
        is_open = view.record.status == StageStatus.OPEN
        user = self.request.user
        may_record = is_open and permissions.can_record(user, self.election)
        may_confirm = permissions.can_confirm(user, self.election)
        return {
            "election": self.election,
            "stage_views": views,
            "view": view,
            "waiting": selectors.waiting_for(self.stage, views),
            "refusals": self.refusals(),
            "may_record": may_record,
            "may_confirm": may_confirm and view.record.status == StageStatus.SUBMITTED,
            "may_decide": may_confirm and is_open,
            "forms": {name: self.bound.get(name) or self.build(name) for name in self.all_forms()},
            "requirements": self.requirements,
            "previous_stage": _neighbour(self.stage, -1),
            "next_stage": _neighbour(self.stage, 1),
            "exceptions": list(
                self.election.exceptions.filter(stage=self.stage).select_related(
                    "requested_by", "decided_by"
                )
            ),
            "overrides": list(
                self.election.overrides.filter(stage=self.stage)
                .select_related("withdrawn_by")
                .order_by("at", "pk")
            ),
            "overridable": [b for b in view.blockers if b.may_be_overridden],
            "changes": list(
                StageChange.objects.filter(record__election=self.election, record__stage=self.stage)
                .select_related("record")
                .order_by("at", "pk")
            ),
            **self.facts_context(),
        }


def _neighbour(stage: Stage, step: int):
    """The stage before or after this one in the procedure's order, or None."""
    order = list(STAGES.values())
    index = STAGES[stage].number - 1 + step
    return order[index] if 0 <= index < len(order) else None
