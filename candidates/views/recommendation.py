"""The stage pages of both recommendations and of the preliminary nominees."""

from elections.enums import MergeRule, Stage
from elections.models import Meeting, Roll
from elections.views.stage import StagePage
from villages.models import PartyMember

from .. import forms, selectors
from ..enums import CandidacyStatus
from ..models import RecommendationTally
from ..services import preliminary, recommendation


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
        kwargs: dict = {"members": selectors.eligible_members(self.election)}
        if self.meeting:
            names = forms.RecommendationForm.head
            kwargs["initial"] = {name: getattr(self.meeting, name) for name in names}
            kwargs["votes"] = selectors.tallies(self.election, self.meeting.kind)
        return kwargs

    def facts_context(self) -> dict:
        due = None
        if self.roll:
            is_members = self.stage == Stage.MEMBER_RECOMMENDATION
            due = self.roll.due if is_members else self.roll.representatives
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
        made = preliminary.fix_preliminary(
            **self._acting(), wanted=form.cleaned_data["wanted"], withdrawn=form.withdrawn()
        )
        chosen = sum(c.status == CandidacyStatus.PRELIMINARY for c in made)
        return f"已确定初步人选{chosen}名。"
