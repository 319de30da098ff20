"""递补 after the inspection: while the nomination or the notice is open, one more person is asked everything, nobody else
anything again."""

from elections.enums import Stage

from .. import forms, selectors
from ..enums import CandidacyStatus, ElectedPostKind
from ..services import nomination
from ..services.nomination import Nomination
from .inspection import InspectionPage

LATE = (Stage.NOMINATION, Stage.NOTICE)


#: Gone late: their place is what a replacement fills.
LEFT = (CandidacyStatus.WITHDRAWN, CandidacyStatus.DISQUALIFIED)


class ReplacementPage(InspectionPage):
    """Reviews, inspection and nomination of whoever came late, at the stage that is open."""

    template_name = "candidates/replacement.html"
    fact_forms = {**InspectionPage.fact_forms, "nominate": forms.NominateReplacementForm}

    def load(self, pk: int) -> None:
        super().load(pk)
        self.stage = selectors.open_stage(self.election, LATE) or Stage.NOTICE

    def facts_context(self) -> dict:
        context = super().facts_context()
        people = [p for p in context["people"] if p.is_replacement or p.status in LEFT]
        for person in people:
            person.nominate_form = self.row_form("nominate", "candidacy", person.pk)
            person.may_be_nominated = (
                self.stage == Stage.NOTICE and person.status == CandidacyStatus.INSPECTED
            )
        prepared = selectors.prepared(self.election)
        problems = selectors.surplus_problems(self.election, len(prepared))
        return context | {"late": people, "prepared": prepared, "short": bool(problems)}

    def save_nominate(self, form) -> str:
        data = form.cleaned_data
        made = nomination.nominate_replacement(
            **self._acting(),
            nomination=Nomination(
                data["candidacy"],
                ElectedPostKind(data["post"]),
                data["pledged_on"],
                data["talked_on"],
            ),
        )
        return f"{made.member.name}已列为候选人预备人选，须重新公示。"
