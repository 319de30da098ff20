"""The villagers' representatives of one village."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View

from accounts.errors import Refused

from .. import permissions, services
from ..filters import RepresentativeFilter
from ..forms.people import RepresentativeForm
from ..models import PartyMember, Representative
from .roster import OfVillage, hide_number, readable_villages

PAGE = 50


def members_of(village):
    """The members who may be chosen as the representative's own row."""
    members = PartyMember.objects.current().filter(village=village)
    return members.select_related("village").order_by("pk")


class RepresentativeList(LoginRequiredMixin, View):
    def get(self, request, pk: int):
        village = get_object_or_404(readable_villages(request.user), pk=pk)
        people = (
            Representative.objects.visible_to(request.user)
            .filter(village=village)
            .select_related("member")
            .order_by(F("until").asc(nulls_first=True), "group", "pk")
        )
        chosen = RepresentativeFilter(request.GET, queryset=people)
        context = {
            "village": village,
            "filter": chosen,
            "page": Paginator(chosen.qs, PAGE).get_page(request.GET.get("page")),
            "current": village.representatives.current().count(),
            "may_edit": permissions.can_edit_roster(request.user, village),
        }
        return render(request, "villages/representative_list.html", context)


class RepresentativePage(View):
    """What entering and correcting share."""

    representative = None

    def page(self, form, *, status: int = 200):
        context = {
            "village": self.village,
            "form": form,
            "representative": self.representative,
        }
        return render(self.request, "villages/representative_form.html", context, status=status)

    def done(self, words: str):
        messages.success(self.request, words)
        return redirect("representative_list", pk=self.village.pk)


@hide_number
class RepresentativeCreate(OfVillage, RepresentativePage):
    def get(self, request):
        return self.page(RepresentativeForm(members=members_of(self.village)))

    def post(self, request):
        form = RepresentativeForm(request.POST, members=members_of(self.village))
        if form.is_valid():
            try:
                services.add_representatives(
                    village=self.village, people=[form.facts()], by=request.user, at=timezone.now()
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return self.done(f"已登记村民代表{form.cleaned_data['name']}。")
        return self.page(form, status=422)


@hide_number
class RepresentativeUpdate(LoginRequiredMixin, RepresentativePage):
    def dispatch(self, request, *args, pk: int, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.representative = get_object_or_404(
            Representative.objects.visible_to(request.user).select_related("village__township"),
            pk=pk,
        )
        self.village = self.representative.village
        permissions.check_can_edit_roster(request.user, self.village)
        return super().dispatch(request, *args, **kwargs)

    def form(self, data=None, *, instance) -> RepresentativeForm:
        known = self.representative.identity_masked
        members = members_of(self.village)
        return RepresentativeForm(data, instance=instance, members=members, known=known)

    def get(self, request):
        return self.page(self.form(instance=self.representative))

    def post(self, request):
        form = self.form(request.POST, instance=Representative(pk=self.representative.pk))
        if form.is_valid():
            try:
                services.update_representative(
                    representative=self.representative,
                    facts=form.facts(),
                    by=request.user,
                    at=timezone.now(),
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return self.done(f"已更正村民代表{form.cleaned_data['name']}。")
        return self.page(form, status=422)
