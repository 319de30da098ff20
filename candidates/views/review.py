"""The stage pages of the review and of the inspection."""

from django.shortcuts import get_object_or_404

from elections.enums import Stage
from elections.views.stage import StagePage

from .. import forms, selectors
from ..enums import CandidacyStatus, InspectionResult, ReviewLevel, ReviewResult
from ..models import Candidacy
from ..services import inspection, preliminary, reviews


class CandidacyActions(StagePage):
    """What the review and inspection pages share: finding a person of this election, reviews, replacement."""

    county_fact_actions = ("county", "county_all", "return_person")
    fact_forms = {
        "township": forms.ReviewForm,
        "county": forms.ReviewForm,
        "township_all": forms.ReviewAllForm,
        "county_all": forms.ReviewAllForm,
        "return_person": forms.ReturnPersonForm,
        "replace": forms.ReplacementForm,
    }

    def candidacy(self, form) -> Candidacy:
        return get_object_or_404(
            Candidacy.objects.visible_to(self.request.user).select_related("member", "election"),
            pk=form.cleaned_data["candidacy"],
            election=self.election,
        )

    def facts_context(self) -> dict:
        people = selectors.candidacies(self.election)
        returned = selectors.returned_reviews(self.election)
        for person in people:
            found = {r.level: r for r in person.reviews.all()}
            person.township_review = found.get(ReviewLevel.TOWNSHIP)
            person.county_review = found.get(ReviewLevel.COUNTY)
            person.returned = returned.get(person.pk)
            person.return_form = self.row_form("return_person", "candidacy", person.pk)
            person.township_form = self.row_form("township", "candidacy", person.pk)
            person.county_form = self.row_form("county", "candidacy", person.pk)
        standing = selectors.standing(people)
        waiting = [p for p in standing if p.status == CandidacyStatus.PRELIMINARY]
        return {
            "people": people,
            "needed": selectors.candidates_needed(self.election),
            "standing": len(standing),
            "women": selectors.women(standing),
            "waiting_township": [p for p in waiting if p.township_review is None],
            "waiting_county": [p for p in waiting if p.township_review and p.county_review is None],
        }

    def _review(self, form, level: ReviewLevel) -> str:
        data = form.cleaned_data
        candidacy = self.candidacy(form)
        reviews.record_review(
            candidacy=candidacy,
            stage=self.stage,
            level=level,
            result=ReviewResult(data["result"]),
            decided_on=data["decided_on"],
            rule=data["rule"],
            reason=data["reason"],
            by=self.request.user,
            at=self.at,
        )
        return f"已登记{candidacy.member.name}的{level.label}结论。"

    def _review_all(self, form, level: ReviewLevel) -> str:
        passed = reviews.pass_reviews(
            **self._acting(),
            stage=self.stage,
            level=level,
            decided_on=form.cleaned_data["decided_on"],
        )
        return f"已登记{len(passed)}人{level.label}合格。"

    def save_township(self, form) -> str:
        return self._review(form, ReviewLevel.TOWNSHIP)

    def save_county(self, form) -> str:
        return self._review(form, ReviewLevel.COUNTY)

    def save_township_all(self, form) -> str:
        return self._review_all(form, ReviewLevel.TOWNSHIP)

    def save_county_all(self, form) -> str:
        return self._review_all(form, ReviewLevel.COUNTY)

    def save_return_person(self, form) -> str:
        candidacy = self.candidacy(form)
        reviews.return_review(
            candidacy=candidacy,
            stage=self.stage,
            reason=form.cleaned_data["reason"],
            by=self.request.user,
            at=self.at,
        )
        return f"已把{candidacy.member.name}的材料退回乡镇，其他人的审查结论不变。"

    def save_replace(self, form) -> str:
        made = preliminary.add_replacement(**self._acting(), stage=self.stage)
        return f"{made.member.name}递补为初步人选，须作资格审查。"


class ReviewPage(CandidacyActions):
    stage = Stage.REVIEW
    template_name = "candidates/stage_review.html"


class InspectionPage(CandidacyActions):
    stage = Stage.INSPECTION
    template_name = "candidates/stage_inspection.html"
    fact_forms = {**CandidacyActions.fact_forms, "inspect": forms.InspectionForm}

    def facts_context(self) -> dict:
        context = super().facts_context()
        for person in context["people"]:
            person.inspect_form = self.row_form("inspect", "candidacy", person.pk)
        return context

    def save_inspect(self, form) -> str:
        data = form.cleaned_data
        candidacy = self.candidacy(form)
        inspection.record_inspection(
            candidacy=candidacy,
            inspected_on=data["inspected_on"],
            team=data["team"],
            assessment=form.assessment(),
            result=InspectionResult(data["result"]),
            reason=data["reason"],
            by=self.request.user,
            at=self.at,
        )
        return f"已登记{candidacy.member.name}的考察结论。"
