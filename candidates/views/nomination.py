"""The stage page of the nomination."""

from elections.enums import Stage
from elections.forms.facts import PapersForm
from elections.services import facts as fact_services
from elections.views.facts import PapersMixin
from elections.views.stage import StagePage

from .. import forms, selectors
from ..enums import CandidacyStatus
from ..models import Candidacy
from ..services import nomination


class NominationPage(PapersMixin, StagePage):
    stage = Stage.NOMINATION
    template_name = "candidates/stage_nomination.html"
    fact_forms = {"people": forms.NominationForm, "papers": PapersForm}

    def pool(self) -> list[Candidacy]:
        statuses = (
            CandidacyStatus.INSPECTED,
            CandidacyStatus.PREPARED,
            CandidacyStatus.NOT_PREPARED,
        )
        return [c for c in selectors.candidacies(self.election) if c.status in statuses]

    def form_kwargs(self, action: str) -> dict:
        if action == "papers":
            return {"initial": self.papers_initial()}
        if action == "people":
            people = self.pool()
            talker = next((p.talker for p in people if p.talker), "")
            return {"people": people, "initial": {"talker": talker}}
        return {}

    def facts_context(self) -> dict:
        people = self.pool()
        prepared = [p for p in people if p.status == CandidacyStatus.PREPARED]
        return {
            "people": people,
            "prepared": prepared,
            "papers": self.papers(),
            "needed": selectors.candidates_needed(self.election),
            "women": selectors.women(prepared),
        }

    def save_people(self, form) -> str:
        made = nomination.fix_nomination(
            **self._acting(), nominations=form.nominations(), talker=form.cleaned_data["talker"]
        )
        return f"已确定候选人预备人选{len(made)}名。"

    def save_papers(self, form) -> str:
        fact_services.save_documents(**self._acting(), stage=self.stage, papers=form.papers())
        return "已保存请示、批复。"
