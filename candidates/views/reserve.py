"""后备干部库: the list of the user's area, one person's page, entry."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View

from accounts.errors import Refused
from elections.models import Campaign
from elections.querysets import READERS
from villages.models import Jurisdiction, PartyMember, Village
from villages.scoping import area_q

from .. import forms
from ..enums import ReserveState
from ..filters import ReserveFilter
from ..models import Candidacy, ElectedPost, ReserveCadre
from ..permissions import can_keep_reserve, check_can_keep_reserve
from ..selectors import reserve_line
from ..services import reserve
from .actions import ActionPage

PAGE = 30


class ReserveList(LoginRequiredMixin, View):
    def get(self, request, pk: int):
        campaign = get_object_or_404(
            Campaign.objects.visible_to(request.user, roles=READERS), pk=pk
        )
        visible = ReserveCadre.objects.visible_to(request.user).filter(
            village__in=campaign.elections.values("village")
        )
        townships = Jurisdiction.objects.filter(pk__in=visible.values("village__township"))
        found = ReserveFilter(
            request.GET,
            queryset=visible.with_use()
            .select_related("member", "village__township")
            .order_by("village__code", "entered_on", "pk"),
            townships=townships.order_by("code"),
        )
        page = Paginator(found.qs, PAGE).get_page(request.GET.get("page"))
        context = {
            "campaign": campaign,
            "filter": found,
            "page": page,
            "lines": [reserve_line(cadre) for cadre in page],
        }
        return render(request, "candidates/reserve_list.html", context)


class ReserveCreate(LoginRequiredMixin, View):
    """Somebody of one village is taken into the pool."""

    def dispatch(self, request, *args, pk: int, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.village = get_object_or_404(
            Village.objects.filter(area_q(request.user, roles=READERS)).select_related("township"),
            pk=pk,
        )
        check_can_keep_reserve(request.user, self.village)
        return super().dispatch(request, *args, **kwargs)

    def members(self):
        return (
            PartyMember.objects.filter(village=self.village)
            .current()
            .exclude(pk__in=ReserveCadre.objects.live().values("member"))
            .order_by("pk")
        )

    def get(self, request):
        return self.page(forms.EntryForm(members=self.members()))

    def post(self, request):
        form = forms.EntryForm(request.POST, members=self.members())
        if not form.is_valid():
            return self.page(form, 422)
        try:
            made = reserve.enter_reserve(
                member=form.cleaned_data["member"],
                entry=form.entry(),
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            for problem in refusal.problems:
                form.add_error(None, problem.message)
            return self.page(form, 422)
        messages.success(request, f"{made.member.name}已入后备干部库。")
        return redirect("reserve_detail", pk=made.pk)

    def page(self, form, status: int = 200):
        context = {"village": self.village, "form": form}
        return render(self.request, "candidates/reserve_form.html", context, status=status)


class ReserveDetail(ActionPage):
    """One person of the pool."""

    FORMS = {
        "entry": forms.EntryForm,
        "scores": forms.ScoresForm,
        "training": forms.TrainingForm,
        "exercise": forms.ExerciseForm,
        "state": forms.StateForm,
    }

    def load(self, pk: int) -> None:
        self.cadre = get_object_or_404(
            ReserveCadre.objects.visible_to(self.request.user)
            .with_use()
            .select_related("member", "village__township"),
            pk=pk,
        )

    def check(self) -> None:
        check_can_keep_reserve(self.request.user, self.cadre.village)

    def _acting(self) -> dict:
        return {"cadre": self.cadre, "by": self.request.user, "at": self.at}

    def save_entry(self, form) -> str:
        reserve.update_reserve(**self._acting(), entry=form.entry())
        return "已保存。"

    def save_scores(self, form) -> str:
        reserve.assess_reserve(
            **self._acting(),
            own=form.score("self"),
            public=form.score("public"),
            committee=form.score("committee"),
        )
        return "已保存。"

    def save_training(self, form) -> str:
        reserve.add_training(**self._acting(), **form.cleaned_data)
        return "已保存。"

    def save_exercise(self, form) -> str:
        reserve.add_exercise(**self._acting(), **form.cleaned_data)
        return "已保存。"

    def save_state(self, form) -> str:
        data = form.cleaned_data | {"state": ReserveState(form.cleaned_data["state"])}
        reserve.change_state(**self._acting(), **data)
        return "已保存。"

    def recorded(self, action: str) -> dict:
        """What a form starts with: what is recorded already."""
        if action not in ("entry", "scores"):
            return {}
        names = self.FORMS[action].base_fields
        return {name: getattr(self.cadre, name) for name in names if name != "member"}

    def page(self, status: int = 200):
        cadre, user = self.cadre, self.request.user
        context = {
            "cadre": cadre,
            "line": reserve_line(cadre),
            "may_keep": can_keep_reserve(user, cadre.village),
            "forms": {name: self.shown_form(name, self.recorded(name)) for name in self.FORMS},
            "refusals": self.refusals(),
            "trainings": list(cadre.trainings.order_by("held_on", "pk")),
            "exercises": list(cadre.exercises.order_by("since", "pk")),
            "candidacies": list(
                Candidacy.objects.visible_to(user)
                .filter(member=cadre.member_id)
                .select_related("election__campaign")
                .order_by("election__campaign__starts_on")
            ),
            "posts": list(
                ElectedPost.objects.visible_to(user)
                .filter(member=cadre.member_id)
                .order_by("elected_on", "pk")
            ),
        }
        return render(self.request, "candidates/reserve_detail.html", context, status=status)
