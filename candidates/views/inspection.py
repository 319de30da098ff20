"""The stage page of the inspection."""

from elections import permissions
from elections.enums import Stage

from .. import forms
from ..enums import CandidacyStatus, InspectionResult
from ..services import inspection
from .review import CandidacyActions


class InspectionPage(CandidacyActions):
    stage = Stage.INSPECTION
    template_name = "candidates/stage_inspection.html"
    fact_forms = {
        **CandidacyActions.fact_forms,
        "inspect": forms.InspectionForm,
        "sign_veto": forms.SignVetoForm,
    }
    shared_fact_actions = (*CandidacyActions.shared_fact_actions, "sign_veto")

    def facts_context(self) -> dict:
        context = super().facts_context()
        user = self.request.user
        may_sign = self.record_is_open() and permissions.can_certify(user, self.election)
        for person in context["people"]:
            person.inspect_form = self.row_form("inspect", "candidacy", person.pk)
            person.veto_form = self.row_form("sign_veto", "candidacy", person.pk)
            person.may_be_inspected = person.status in inspection.OPEN
            found = person.inspection_or_none
            person.may_sign_veto = (
                may_sign
                and person.status == CandidacyStatus.VETO_PENDING
                and found.recorded_by_id != user.pk
            )
        return context

    def save_inspect(self, form) -> str:
        data = form.cleaned_data
        candidacy = self.candidacy(form)
        found = inspection.record_inspection(
            candidacy=candidacy,
            stage=self.stage,
            inspected_on=data["inspected_on"],
            team=form.team_of(),
            talks=form.talks(),
            assessment=form.assessment(),
            result=InspectionResult(data["result"]),
            reason=data["reason"],
            report=data["report"],
            by=self.request.user,
            at=self.at,
        )
        name = candidacy.member.name
        if found.result == InspectionResult.VETOED:
            return f"已登记{name}的考察否决，等另一人复核。"
        return f"已登记{name}的考察结论。"

    def save_sign_veto(self, form) -> str:
        candidacy = self.candidacy(form)
        signed = inspection.countersign_veto(
            candidacy=candidacy,
            stage=self.stage,
            approved=form.cleaned_data["approved"] == "1",
            note=form.cleaned_data["note"],
            by=self.request.user,
            at=self.at,
        )
        name = candidacy.member.name
        return f"已复核：{name}考察否决。" if signed.approved else f"{name}已退回重新考察。"
