"""The published list of villagers' representatives of one election, its versions, and objections to those on it."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View

from accounts.errors import Refused

from .. import permissions, selectors
from ..enums import SETTLED, Stage
from ..forms.representatives import AnswerForm, ChallengeForm
from ..models import RepresentativeChallenge, RepresentativeList, VillageElection
from ..services import representatives as services


class RepresentativesPage(LoginRequiredMixin, View):
    """GET shows list and objections; POST with `action` raise or answer runs one service."""

    def load(self, pk: int) -> None:
        self.election = get_object_or_404(
            VillageElection.objects.visible_to(self.request.user).select_related(
                "campaign", "village", "township", "county"
            ),
            pk=pk,
        )
        self.versions = list(
            RepresentativeList.objects.filter(election=self.election)
            .select_related("frozen_by")
            .prefetch_related("entries")
            .order_by("-version")
        )

    def get(self, request, pk: int):
        self.load(pk)
        return self.page()

    def post(self, request, pk: int):
        self.load(pk)
        permissions.check_can_record(request.user, self.election)
        answering = request.POST.get("action") == "answer"
        form = AnswerForm(request.POST) if answering else self.challenge_form(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        acting = {"by": request.user, "at": timezone.now()}
        try:
            done = self.answer(form, acting) if answering else self.challenge(form, acting)
        except Refused as refusal:
            for problem in refusal.problems:
                form.add_error(None, problem.message)
            return self.page(form, status=422)
        messages.success(request, done)
        return redirect(request.path)

    def challenge(self, form, acting: dict) -> str:
        data = form.cleaned_data
        made = services.raise_challenge(
            election=self.election,
            entry_id=data["entry"],
            **{name: data[name] for name in ("raised_on", "raised_by", "grounds")},
            **acting,
        )
        return f"已登记对{made.entry.name}的资格异议，答复以前不能办结群众推荐。"

    def answer(self, form, acting: dict) -> str:
        data = form.cleaned_data
        challenge = get_object_or_404(
            RepresentativeChallenge.objects.visible_to(self.request.user),
            pk=data["challenge"],
            election=self.election,
        )
        done = services.answer_challenge(
            challenge=challenge,
            **{name: data[name] for name in ("upheld", "answer", "answered_on")},
            **acting,
        )
        if done.upheld:
            return f"异议成立，{done.entry.name}已从村民代表名单除名。"
        return f"已答复：对{done.entry.name}的异议不成立。"

    def challenge_form(self, data=None) -> ChallengeForm:
        current = self.versions[:1]
        entries = current[0].entries.all() if current else ()
        return ChallengeForm(data, entries=entries, auto_id="raise_%s")

    def page(self, sent=None, *, status: int = 200):
        challenges = list(
            RepresentativeChallenge.objects.visible_to(self.request.user)
            .filter(election=self.election)
            .select_related("entry__list", "recorded_by", "answered_by")
            .order_by("-raised_on", "-pk")
        )
        for challenge in challenges:
            own = isinstance(sent, AnswerForm) and sent.data.get("challenge") == str(challenge.pk)
            empty = AnswerForm(
                auto_id=f"answer_{challenge.pk}_%s", initial={"challenge": challenge.pk}
            )
            challenge.form = sent if own else empty
        records = selectors.current_records(self.election)
        may_write = permissions.can_record(self.request.user, self.election)
        settled = records[Stage.VILLAGER_RECOMMENDATION].status in SETTLED
        context = {
            "election": self.election,
            "published": self.versions[0] if self.versions else None,
            "earlier": self.versions[1:],
            "challenges": challenges,
            "form": sent if isinstance(sent, ChallengeForm) else self.challenge_form(),
            "may_write": may_write and not settled,
        }
        return render(self.request, "elections/representatives.html", context, status=status)
