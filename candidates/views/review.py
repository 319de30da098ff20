"""The stage page of the review, and what it shares with the inspection's."""

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from elections.enums import Stage
from elections.permissions import can_confirm
from elections.views.stage import StagePage

from .. import forms, selectors
from ..enums import CandidacyStatus, ReviewLevel, ReviewResult
from ..models import Candidacy, NegativeRule, Review
from ..permissions import can_keep_facts
from ..services import batches, countersign, preliminary, reviews, withdrawal


class CandidacyActions(StagePage):
    """What the review and inspection pages share: finding a person of this election, reviews, replacement."""

    county_fact_actions = ("county", "county_all", "return_person", "ask_again")
    shared_fact_actions = ("countersign",)
    fact_forms = {
        "township": forms.TownshipReviewForm,
        "county": forms.CountyReviewForm,
        "township_all": forms.ReviewAllForm,
        "county_all": forms.ReviewAllForm,
        "return_person": forms.ReturnPersonForm,
        "replace": forms.ReplacementForm,
        "countersign": forms.CountersignForm,
        "ask_again": forms.AskAgainForm,
        "withdraw": forms.WithdrawPersonForm,
    }

    def candidacy(self, form) -> Candidacy:
        return get_object_or_404(
            Candidacy.objects.visible_to(self.request.user).select_related("member", "election"),
            pk=form.cleaned_data["candidacy"],
            election=self.election,
        )

    @cached_property
    def joint(self) -> dict[int, selectors.JointState]:
        """Where every nominee stands in the joint review."""
        people = Candidacy.objects.filter(election=self.election).values_list("pk", flat=True)
        return selectors.joint_states(people, selectors.departments(self.election.campaign_id))

    @cached_property
    def listed(self) -> list[NegativeRule]:
        campaign = self.election.campaign_id
        return list(NegativeRule.objects.filter(campaign=campaign).current())

    def form_kwargs(self, action: str) -> dict:
        """What a form of a list's row needs to know of its person (`self.row`, else the one that was sent)."""
        pk = getattr(self, "row", None) or _number(self.request.POST.get("candidacy"))
        joint = self.joint.get(pk)
        if joint is None or action not in ("township", "county", "ask_again"):
            return {}
        match action:
            case "township":
                return {"listed": self.listed, "supplements": joint.supplements}
            case "county":
                return {"listed": self.listed, "objections": joint.objections}
        return {"departments": [a.department for a in joint.asks.values() if a.version]}

    def person_form(self, action: str, pk: int):
        """The form of one person: the one just refused, else an empty one."""
        sent = self.bound.get(action)
        if sent is not None and sent.data.get("candidacy") == str(pk):
            return sent
        self.row = pk
        form = self.all_forms()[action](
            auto_id=f"{action}_{pk}_%s", initial={"candidacy": pk}, **self.form_kwargs(action)
        )
        self.row = None
        return form

    def facts_context(self) -> dict:
        user = self.request.user
        people = selectors.candidacies(self.election)
        returned = selectors.returned_reviews(self.election)
        is_staff = can_confirm(user, self.election)
        knows = can_keep_facts(user, self.election)
        asks = [ask for joint in self.joint.values() for ask in joint.asks.values()]
        last = selectors.last_opinions(asks) if knows else {}
        found = {}
        if knows:
            found = selectors.matches(people, self.election.campaign_id, user=user, on=self.today)
        for person in people:
            self._describe(person, returned, last, is_staff)
            person.matches = found.get(person.pk, [])
        standing = selectors.standing(people)
        waiting = [p for p in standing if p.status == CandidacyStatus.PRELIMINARY]
        passed = [p for p in waiting if p.first_passed and p.county_review is None]
        return {
            "people": people,
            "needed": selectors.candidates_needed(self.election),
            "standing": len(standing),
            "women": selectors.women(standing),
            "knows": knows,
            "waiting_township": [
                p for p in waiting if p.township_review is None and not p.joint.supplements
            ],
            "waiting_county": [p for p in passed if p.joint.is_clear],
        }

    def _describe(self, person: Candidacy, returned: dict, last: dict, is_staff: bool) -> None:
        """Give a person the reviews, the row of departments and the forms that the page shows."""
        found = {r.level: r for r in person.reviews.all()}
        first, second = found.get(ReviewLevel.TOWNSHIP), found.get(ReviewLevel.COUNTY)
        person.township_review, person.county_review = first, second
        person.first_passed = first is not None and first.result == ReviewResult.PASSED
        person.pending = next((r for r in (second, first) if r and r.is_pending), None)
        person.may_sign = (
            person.pending is not None
            and person.pending.decided_by_id != self.request.user.pk
            and (person.pending.level == ReviewLevel.TOWNSHIP or is_staff)
        )
        person.returned = returned.get(person.pk)
        person.joint = self.joint[person.pk]
        person.cells = selectors.matrix(
            person.joint,
            last,
            is_open=is_staff,
            today=self.today,
            red_after=self.election.rule_set.overdue_red_days,
        )
        person.return_form = self.row_form("return_person", "candidacy", person.pk)
        person.withdraw_form = self.row_form("withdraw", "candidacy", person.pk)
        if person.pending:
            person.sign_form = self.row_form("countersign", "review", person.pending.pk)
        for action in ("township", "county", "ask_again"):
            setattr(person, f"{action}_form", self.person_form(action, person.pk))

    def _review(self, form, level: ReviewLevel) -> str:
        data = form.cleaned_data
        candidacy = self.candidacy(form)
        review = reviews.record_review(
            candidacy=candidacy,
            stage=self.stage,
            level=level,
            result=ReviewResult(data["result"]),
            decided_on=data["decided_on"],
            rule=data.get("rule", ""),
            cited=data.get("cited"),
            reason=data["reason"],
            set_aside=data.get("set_aside", ""),
            supplement=data.get("supplement", ""),
            by=self.request.user,
            at=self.at,
        )
        saved = f"已登记{candidacy.member.name}的{level.label}结论"
        return f"{saved}，待另一人复核后生效。" if review.is_pending else f"{saved}。"

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

    def save_countersign(self, form) -> str:
        review = get_object_or_404(
            Review.objects.filter(candidacy__election=self.election).select_related(
                "candidacy__member", "candidacy__election"
            ),
            pk=form.cleaned_data["review"],
        )
        agreed = form.cleaned_data["agreed"]
        countersign.countersign_review(
            review=review,
            stage=self.stage,
            agreed=agreed,
            note=form.cleaned_data["note"],
            by=self.request.user,
            at=self.at,
        )
        name = review.candidacy.member.name
        return f"{name}：复核同意，结论生效。" if agreed else f"{name}：复核不同意，须重新审查。"

    def save_ask_again(self, form) -> str:
        candidacy = self.candidacy(form)
        made = batches.ask_again(
            candidacy=candidacy,
            stage=self.stage,
            departments=form.cleaned_data["departments"],
            why=form.cleaned_data["why"],
            by=self.request.user,
            at=self.at,
        )
        return f"已就{candidacy.member.name}再次征求{len(made)}个单位的意见，其他单位的答复不变。"

    def save_withdraw(self, form) -> str:
        candidacy = self.candidacy(form)
        withdrawal.withdraw(
            candidacy=candidacy,
            reason=form.cleaned_data["reason"],
            withdrawn_on=form.cleaned_data["withdrawn_on"],
            by=self.request.user,
            at=self.at,
        )
        return f"已登记{candidacy.member.name}本人放弃。"

    def save_replace(self, form) -> str:
        made = preliminary.add_replacement(**self._acting(), stage=self.stage)
        return f"{made.member.name}递补为初步人选，须作资格审查。"


class ReviewPage(CandidacyActions):
    stage = Stage.REVIEW
    template_name = "candidates/stage_review.html"


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None
