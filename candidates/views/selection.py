"""The stage pages from recommendation to nomination."""

from django.shortcuts import get_object_or_404

from elections.enums import MergeRule, Stage
from elections.forms.facts import PapersForm
from elections.models import Meeting, Roll
from elections.selectors import representatives_due
from elections.services import facts as fact_services
from elections.views.facts import PapersMixin
from elections.views.stage import StagePage
from villages.models import PartyMember

from .. import forms, selectors
from ..enums import CandidacyStatus, InspectionResult, ReviewLevel, ReviewResult
from ..models import Candidacy, RecommendationTally
from ..services import recommendation, reviews, selection


class Recommendation(StagePage):
    """Stages 6 and 7 differ only in who is due."""

    template_name = "candidates/stage_recommendation.html"
    fact_forms = {"facts": forms.RecommendationForm}

    def load(self, pk: int) -> None:
        super().load(pk)
        kind = selectors.RECOMMENDATION_MEETING[self.stage]
        self.meeting = Meeting.objects.filter(election=self.election, kind=kind).first()
        self.roll = Roll.objects.current().filter(election=self.election).first()

    def form_kwargs(self, action: str) -> dict:
        if action != "facts":
            return {}
        kwargs: dict = {"members": selectors.eligible_members(self.election, on=self.today)}
        if self.meeting:
            names = forms.RecommendationForm.head
            kwargs["initial"] = {name: getattr(self.meeting, name) for name in names}
            kwargs["votes"] = selectors.tallies(self.election, self.meeting.kind)
        return kwargs

    def facts_context(self) -> dict:
        due = None
        if self.roll:
            is_members = self.stage == Stage.MEMBER_RECOMMENDATION
            due = self.roll.due
            if not is_members:
                due = representatives_due(self.election, self.roll)
        rows = []
        if self.meeting:
            rows = list(
                RecommendationTally.objects.filter(meeting=self.meeting)
                .select_related("member")
                .order_by("-votes", "pk")
            )
        return {
            "meeting": self.meeting,
            "due": due,
            "tallies": rows,
            "rule_set": self.election.rule_set,
            "most_names": self.election.ballot_seats,
        }

    def save_facts(self, form) -> str:
        data = form.cleaned_data
        recommendation.record_recommendation(
            **self._acting(),
            stage=self.stage,
            votes=form.votes(),
            **{name: data[name] for name in form.head},
        )
        return "已保存到会和得票。"


class MemberRecommendation(Recommendation):
    stage = Stage.MEMBER_RECOMMENDATION


class VillagerRecommendation(Recommendation):
    stage = Stage.VILLAGER_RECOMMENDATION


class Preliminary(StagePage):
    stage = Stage.PRELIMINARY
    template_name = "candidates/stage_preliminary.html"
    fact_forms = {"facts": forms.PreliminaryForm}

    def load(self, pk: int) -> None:
        super().load(pk)
        self.order = selectors.merged(self.election)
        self.people = {c.member_id: c for c in selectors.candidacies(self.election)}

    def form_kwargs(self, action: str) -> dict:
        if action != "facts":
            return {}
        out = CandidacyStatus.WITHDRAWN
        declined = {pk: c.withdrawal_reason for pk, c in self.people.items() if c.status == out}
        chosen = len(selectors.standing(list(self.people.values())))
        needed = selectors.candidates_needed(self.election)
        return {
            "people": [m.person for m in self.order],
            "declined": declined,
            "initial": {"wanted": max(chosen, needed)},
        }

    def facts_context(self) -> dict:
        members = PartyMember.objects.in_bulk([m.person for m in self.order])
        form = self.bound.get("facts") or self.build("facts")
        fields = form.decline_fields()
        standing = selectors.standing(list(self.people.values()))
        return {
            "ranking": [
                {
                    "place": place,
                    "merged": row,
                    "member": members[row.person],
                    "candidacy": self.people.get(row.person),
                    "field": fields[row.person],
                }
                for place, row in enumerate(self.order, start=1)
            ],
            "needed": selectors.candidates_needed(self.election),
            "merge_words": selectors.merge_words(self.election),
            "is_weighted": self.election.rule_set.merge_rule == MergeRule.WEIGHTED,
            "women": selectors.women(standing),
            "standing": len(standing),
        }

    def save_facts(self, form) -> str:
        made = selection.fix_preliminary(
            **self._acting(), wanted=form.cleaned_data["wanted"], withdrawn=form.withdrawn()
        )
        chosen = sum(c.status == CandidacyStatus.PRELIMINARY for c in made)
        return f"已确定初步人选{chosen}名。"


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
        made = selection.add_replacement(**self._acting(), stage=self.stage)
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
        selection.record_inspection(
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
        made = selection.fix_nomination(
            **self._acting(), nominations=form.nominations(), talker=form.cleaned_data["talker"]
        )
        return f"已确定候选人预备人选{len(made)}名。"

    def save_papers(self, form) -> str:
        fact_services.save_documents(**self._acting(), stage=self.stage, papers=form.papers())
        return "已保存请示、批复。"
