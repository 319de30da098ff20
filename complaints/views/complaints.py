"""信访: registered and settled by discipline staff. Nobody else gets past the door of these pages."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View

from accounts.enums import Role
from accounts.errors import Refused
from elections.models import RepresentativeChallenge, VillageElection
from villages.scoping import area_q

from .. import permissions
from ..forms import complaints as forms
from ..models import Complaint
from ..services import complaints as services

PAGE = 25


class DisciplineOnly(LoginRequiredMixin, View):
    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        permissions.check_is_discipline(request.user)
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


class ComplaintList(DisciplineOnly):
    def get(self, request):
        rows = (
            Complaint.objects.visible_to(request.user)
            .select_related("village__township")
            .order_by("-received_at", "-pk")
        )
        state = request.GET.get("state", "")
        if state == "open":
            rows = rows.open()
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        return render(request, "complaints/complaint_list.html", {"page": page, "state": state})


def challenges_in_area(user):
    """Objections to representatives of the villages in this person's area."""
    return (
        RepresentativeChallenge.objects.filter(
            area_q(user, roles=(Role.DISCIPLINE,), prefix="election__")
        )
        .select_related("election__village", "election__township", "entry", "answered_by")
        .order_by("election__village__code", "-raised_on", "pk")
    )


class ChallengeDetail(DisciplineOnly):
    """An objection to a representative with the complaints about it: here, because townships never see complaints."""

    def get(self, request, pk: int):
        challenge = get_object_or_404(challenges_in_area(request.user), pk=pk)
        complaints = Complaint.objects.visible_to(request.user).filter(challenge=challenge)
        context = {"challenge": challenge, "complaints": complaints.order_by("-received_at")}
        return render(request, "complaints/challenge_detail.html", context)


class ComplaintCreate(DisciplineOnly):
    def elections(self):
        """Elections of the villages in this person's area, for the choice."""
        return (
            VillageElection.objects.filter(area_q(self.request.user, roles=(Role.DISCIPLINE,)))
            .select_related("village", "township")
            .order_by("-campaign__starts_on", "village__code")
        )

    def form(self, data=None, **kwargs) -> forms.ComplaintForm:
        challenges = challenges_in_area(self.request.user)
        return forms.ComplaintForm(
            data, elections=self.elections(), challenges=challenges, **kwargs
        )

    def get(self, request):
        return self.page(self.form(initial={"received_at": timezone.localtime()}))

    def post(self, request):
        form = self.form(request.POST)
        if form.is_valid():
            try:
                complaint = services.register_complaint(
                    **form.cleaned_data, by=request.user, at=timezone.now()
                )
            except Refused as refusal:
                for problem in refusal.problems:
                    form.add_error(None, problem.message)
            else:
                messages.success(request, f"已登记，编号{complaint.number}。")
                return redirect("complaint_detail", pk=complaint.pk)
        return self.page(form, status=422)

    def page(self, form, *, status: int = 200):
        return render(self.request, "complaints/complaint_form.html", {"form": form}, status=status)


class ComplaintDetail(DisciplineOnly):
    def load(self, pk: int) -> Complaint:
        visible = Complaint.objects.visible_to(self.request.user)
        return get_object_or_404(
            visible.select_related(
                "village__township", "registered_by", "settled_by", "challenge__entry"
            ),
            pk=pk,
        )

    def get(self, request, pk: int):
        return self.page(self.load(pk), forms.SettleForm())

    def post(self, request, pk: int):
        complaint = self.load(pk)
        form = forms.SettleForm(request.POST)
        if form.is_valid():
            try:
                services.settle_complaint(
                    complaint=complaint, **form.cleaned_data, by=request.user, at=timezone.now()
                )
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"{complaint.number}已办结。")
                return redirect("complaint_detail", pk=complaint.pk)
        return self.page(complaint, form, status=422)

    def page(self, complaint, form, *, status: int = 200):
        context = {"complaint": complaint, "form": form}
        return render(self.request, "complaints/complaint_detail.html", context, status=status)
