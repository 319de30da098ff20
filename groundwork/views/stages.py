"""The first two stages: survey with risk grade, rectification with departure audits."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from accounts.errors import Refused
from elections.enums import Stage
from elections.permissions import can_manage_campaign, check_can_manage_campaign
from elections.views.base import CampaignPage
from elections.views.stage import StagePage

from ..enums import Aspect, DisputeStatus, Grade
from ..forms import stages as forms
from ..models import DepartureAudit, Dispute, RiskGrade, SurveyItem
from ..selectors import risk as risk_selectors
from ..services import risk
from ..services import stages as services


class Survey(StagePage):
    stage = Stage.SURVEY
    template_name = "groundwork/stage_survey.html"
    fact_forms = {
        "survey": forms.SurveyForm,
        "risk": forms.RiskForm,
        "clear": forms.ClearForm,
        "decide_clear": forms.DecideClearForm,
    }
    county_fact_actions = ("decide_clear",)

    def load(self, pk: int) -> None:
        super().load(pk)
        self.items = {i.number: i for i in SurveyItem.objects.filter(election=self.election)}
        self.risk = RiskGrade.objects.filter(election=self.election).first()
        self.sheet_version, self.sheet = risk_selectors.sheet_of(self.election.campaign)
        self.scores = risk_selectors.scores_of(self.request.user, self.election)

    def form_kwargs(self, action: str) -> dict:
        if action == "survey":
            initial = {}
            for number, item in self.items.items():
                initial[f"clear_{number}"] = item.is_clear
                initial[f"finding_{number}"] = item.finding
                initial |= {"research_group": item.research_group, "surveyed_on": item.surveyed_on}
            return {"names": self.election.campaign.survey_items, "initial": initial}
        if action == "risk":
            initial = {}
            if self.risk:
                fields = ("graded_on", "grounds", "leader", "work_group", "plan")
                initial = {name: getattr(self.risk, name) for name in fields}
            if self.scores:
                initial |= {a.value: getattr(self.scores[0], a.value) for a in Aspect}
            return {"sheet": self.sheet, "initial": initial}
        return {}

    def facts_context(self) -> dict:
        names = self.election.campaign.survey_items
        is_red = self.risk is not None and self.risk.grade == Grade.RED
        waits = is_red and self.risk.cleared_on is None
        requests = risk_selectors.clear_requests_of(self.request.user, self.election)
        is_asked = any(r.approved is None for r in requests)
        user = self.request.user
        return {
            "findings": [(name, self.items.get(n)) for n, name in enumerate(names, start=1)],
            "risk": self.risk,
            "scores": self.scores,
            "sheet": self.sheet,
            "is_red": is_red,
            "clear_requests": requests,
            "may_clear": waits and not is_asked and risk.can_request_clearing(user, self.election),
            "may_decide_clearing": waits
            and is_asked
            and risk.can_decide_clearing(user, self.election),
        }

    def save_survey(self, form) -> str:
        services.save_survey(
            **self._acting(),
            items=form.items(),
            research_group=form.cleaned_data["research_group"],
            surveyed_on=form.cleaned_data["surveyed_on"],
        )
        return "已保存调研情况。"

    def save_risk(self, form) -> str:
        graded = risk.grade_by_scores(**self._acting(), scores=form.scores(), **form.others())
        return f"已保存选情研判：{graded.get_grade_display()}。"

    def save_clear(self, form) -> str:
        risk.request_clearing(**self._acting(), note=form.cleaned_data["note"])
        return "销号申请已提交，等县委组织部批准。"

    def save_decide_clear(self, form) -> str:
        risk.decide_clearing(**self._acting(), **form.cleaned_data)
        return "已批准销号，可以启动换届。" if form.cleaned_data["approved"] else "已退回销号申请。"


class SheetPage(CampaignPage):
    """选情研判评分表: most points per aspect and where the colours begin; the county's staff change it."""

    def get(self, request, pk: int):
        return self.page(self.form())

    def post(self, request, pk: int):
        check_can_manage_campaign(request.user, self.campaign.area)
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            made = risk.save_sheet(
                campaign=self.campaign, sheet=form.sheet(), by=request.user, at=self.at
            )
        except Refused as refusal:
            for problem in refusal.problems:
                field = problem.code if problem.code in form.fields else None
                form.add_error(field, problem.message)
            return self.page(form, status=422)
        messages.success(request, f"评分表第{made.version}版已启用；已作的研判不变。")
        return redirect(request.path)

    def form(self, data=None):
        self.version, self.sheet = risk_selectors.sheet_of(self.campaign)
        return forms.SheetForm(data, sheet=self.sheet)

    def page(self, form, *, status: int = 200):
        context = {
            "campaign": self.campaign,
            "form": form,
            "version": self.version,
            "sheet": self.sheet,
            "points": [(a.label, self.sheet.most[a]) for a in Aspect],
            "red_to": self.sheet.yellow_from - 1,
            "yellow_to": self.sheet.green_from - 1,
            "may_change": can_manage_campaign(self.request.user, self.campaign.area),
        }
        return render(self.request, "groundwork/risk_sheet.html", context, status=status)


class Rectification(StagePage):
    stage = Stage.RECTIFICATION
    template_name = "groundwork/stage_rectification.html"
    fact_forms = {
        "dispute": forms.DisputeForm,
        "close": forms.CloseDisputeForm,
        "audit": forms.AuditForm,
        "publish": forms.PublishAuditForm,
    }

    def facts_context(self) -> dict:
        disputes = list(
            Dispute.objects.live().filter(election=self.election).order_by("found_on", "pk")
        )
        for dispute in disputes:
            dispute.close_form = self.row_form("close", "dispute", dispute.pk)
        audits = list(
            DepartureAudit.objects.live()
            .filter(election=self.election)
            .order_by("reported_on", "pk")
        )
        for audit in audits:
            audit.publish_form = self.row_form("publish", "audit", audit.pk)
        return {
            "disputes": disputes,
            "audits": audits,
            "may_follow_up": services.can_follow_up(self.request.user, self.election),
        }

    def save_dispute(self, form) -> str:
        services.add_dispute(**self._acting(), **form.cleaned_data)
        return "已登记隐患矛盾。"

    def save_close(self, form) -> str:
        data = form.cleaned_data
        dispute = get_object_or_404(
            Dispute.objects.visible_to(self.request.user),
            pk=data["dispute"],
            election=self.election,
        )
        services.close_dispute(
            dispute=dispute,
            status=DisputeStatus(data["status"]),
            measures=data["measures"],
            closed_on=data["closed_on"],
            by=self.request.user,
            at=self.at,
        )
        return "已登记结果。"

    def save_audit(self, form) -> str:
        services.add_audit(**self._acting(), **form.cleaned_data)
        return "已登记离任审计。"

    def save_publish(self, form) -> str:
        audit = get_object_or_404(
            DepartureAudit.objects.visible_to(self.request.user),
            pk=form.cleaned_data["audit"],
            election=self.election,
        )
        services.publish_audit(
            audit=audit,
            published_on=form.cleaned_data["published_on"],
            by=self.request.user,
            at=self.at,
        )
        return "已登记公布日期。"
