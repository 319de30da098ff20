"""One person's way through one election, and what is recorded about this person alone."""

from django.shortcuts import get_object_or_404, render

from elections import permissions
from elections.enums import Stage

from .. import forms, selectors
from ..enums import OUT, CandidacyStatus, PaperKind
from ..models import Candidacy, CandidacyPaper, ElectedPost, Review, ReviewOpinion
from ..permissions import can_keep_facts
from ..services import promises, selection, withdrawal
from .actions import ActionPage


class CandidacyDetail(ActionPage):
    """Everything recorded about one person in one election."""

    FORMS = {
        "withdraw": forms.WithdrawForm,
        "assess": forms.AssessSecretaryForm,
        "promise": forms.PromiseForm,
        "paper": forms.PaperForm,
    }

    def load(self, pk: int) -> None:
        self.person = get_object_or_404(
            Candidacy.objects.visible_to(self.request.user)
            .select_related(
                "member",
                "election__village",
                "election__township",
                "election__rule_set",
                "inspection",
                "secretary_assessment",
            )
            .prefetch_related("inspection__signatures"),
            pk=pk,
        )

    def check(self) -> None:
        permissions.check_can_record(self.request.user, self.person.election)

    def _acting(self) -> dict:
        return {"candidacy": self.person, "by": self.request.user, "at": self.at}

    def save_withdraw(self, form) -> str:
        withdrawal.withdraw(**self._acting(), **form.cleaned_data)
        return f"已登记{self.person.member.name}本人放弃。"

    def save_assess(self, form) -> str:
        selection.assess_secretary(**self._acting(), qualities=form.qualities())
        return f"{self.person.member.name}已列入书记人选比选表。"

    def save_promise(self, form) -> str:
        promises.record_promise(**self._acting(), **form.cleaned_data)
        return "已登记承诺书和集体谈话。"

    def save_paper(self, form) -> str:
        made = promises.add_paper(
            **self._acting(),
            kind=PaperKind(form.cleaned_data["kind"]),
            upload=form.cleaned_data["file"],
        )
        return f"已上传{made.get_kind_display()}。"

    # --- page --------------------------------------------------------------------------------------

    def allowed(self) -> set[str]:
        """The forms that make sense now for this user."""
        person = self.person
        if not permissions.can_record(self.request.user, person.election):
            return set()
        stage = selectors.open_stage(person.election, withdrawal.WITHDRAWING)
        late = stage or selectors.open_stage(person.election, promises.PROMISING)
        standing, found = person.status not in OUT, set()
        if standing and stage:
            found.add("withdraw")
        if standing and stage in selection.COMPARING:
            found.add("assess")
        if person.status == CandidacyStatus.PREPARED and late in promises.PROMISING:
            found.add("promise")
        if stage == Stage.NOMINATION and standing:
            found.add("paper")
        return found

    def recorded(self, action: str) -> dict:
        """What a form starts with: what is recorded already."""
        person = self.person
        if action == "promise":
            return {n: getattr(person, n) for n in forms.PromiseForm.base_fields}
        if action == "assess" and (known := getattr(person, "secretary_assessment", None)):
            return {n: getattr(known, n) for n in forms.AssessSecretaryForm.base_fields}
        return {}

    def page(self, status: int = 200):
        person = self.person
        allowed = self.allowed()
        context = {
            "person": person,
            "assessment": getattr(person, "secretary_assessment", None),
            "forms": {
                action: self.shown_form(action, self.recorded(action))
                for action in self.FORMS
                if action in allowed or action in self.bound
            },
            "refusals": self.refusals(),
            "papers": list(
                CandidacyPaper.objects.visible_to(self.request.user)
                .filter(candidacy=person, evidence__replaced_at__isnull=True)
                .select_related("evidence")
                .order_by("evidence__uploaded_at")
            ),
            "knows": can_keep_facts(self.request.user, person.election),
            "opinions": list(
                ReviewOpinion.objects.visible_to(self.request.user)
                .filter(ask__candidacy=person)
                .select_related("ask__department", "rule")
                .order_by("ask__department__order", "ask__attempt", "version")
            ),
            "proposal": selectors.proposals(person.election).get(person.member_id),
            "reviews": list(
                Review.everything.filter(candidacy=person)
                .select_related("decided_by")
                .order_by("decided_on", "pk")
            ),
            "tallies": list(
                person.tallies.select_related("round__meeting").order_by("round__recorded_at")
            ),
            "posts": list(
                ElectedPost.objects.filter(election=person.election_id, member=person.member_id)
            ),
        }
        return render(self.request, "candidates/candidacy_detail.html", context, status=status)
