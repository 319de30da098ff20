"""The first two stages: survey with risk grade, rectification with departure audits."""

from django.shortcuts import get_object_or_404

from elections.enums import Stage
from elections.views.stage import StagePage

from . import forms, services
from .enums import DisputeStatus, Grade
from .models import DepartureAudit, Dispute, RiskGrade, SurveyItem


class Survey(StagePage):
    stage = Stage.SURVEY
    template_name = "groundwork/stage_survey.html"
    fact_forms = {"survey": forms.SurveyForm, "risk": forms.RiskForm, "clear": forms.ClearForm}

    def load(self, pk: int) -> None:
        super().load(pk)
        self.items = {i.number: i for i in SurveyItem.objects.filter(election=self.election)}
        self.risk = RiskGrade.objects.filter(election=self.election).first()

    def form_kwargs(self, action: str) -> dict:
        if action == "survey":
            initial = {}
            for number, item in self.items.items():
                initial[f"clear_{number}"] = item.is_clear
                initial[f"finding_{number}"] = item.finding
            return {"names": self.election.campaign.survey_items, "initial": initial}
        if action == "risk" and self.risk:
            fields = ("grade", "graded_on", "grounds", "leader", "work_group", "plan")
            return {"initial": {name: getattr(self.risk, name) for name in fields}}
        return {}

    def facts_context(self) -> dict:
        names = self.election.campaign.survey_items
        is_red = self.risk is not None and self.risk.grade == Grade.RED
        return {
            "findings": [(name, self.items.get(n)) for n, name in enumerate(names, start=1)],
            "risk": self.risk,
            "is_red": is_red,
            "may_clear": is_red and self.risk.cleared_on is None and self.may_still_clear(),
        }

    def may_still_clear(self) -> bool:
        """A red village is cleared by its coordinator, also after this stage is closed."""
        return services.can_clear(self.request.user, self.election)

    def save_survey(self, form) -> str:
        services.save_survey(**self._acting(), items=form.items())
        return "已保存调研情况。"

    def save_risk(self, form) -> str:
        services.save_risk_grade(
            **self._acting(),
            **{**form.cleaned_data, "grade": Grade(form.cleaned_data["grade"])},
        )
        return "已保存选情研判。"

    def save_clear(self, form) -> str:
        services.clear_risk(**self._acting(), cleared_on=form.cleaned_data["cleared_on"])
        return "已销号，可以启动换届。"


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
        disputes = list(Dispute.objects.filter(election=self.election).order_by("found_on", "pk"))
        for dispute in disputes:
            dispute.close_form = self.row_form("close", "dispute", dispute.pk)
        audits = list(
            DepartureAudit.objects.filter(election=self.election).order_by("reported_on", "pk")
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

    def save_audit(self, form) -> str:
        services.add_audit(**self._acting(), **form.cleaned_data)
        return "已登记离任审计。"
