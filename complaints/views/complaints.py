"""信访: received and listed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.errors import Refused
from elections.models import Campaign

from .. import rules
from ..enums import Cause, Channel, Status
from ..forms import complaints as forms
from ..models import Complaint
from ..selectors import complaints as selectors
from ..services.intake import receive_complaint
from .base import DisciplineOnly, challenges_in_area, elections_in_area, townships_in_area

PAGE = 25
STATES = (
    ("", "全部"),
    ("open", "未办结"),
    ("to_accept", "待受理"),
    ("overdue", "逾期"),
    ("mine", "我承办的"),
    ("extensions", "待审批延期"),
)


class ComplaintList(DisciplineOnly):
    def get(self, request):
        user, today = request.user, timezone.localdate()
        seen = Complaint.objects.visible_to(user)
        state = request.GET.get("state", "")
        rows = {
            "open": seen.open,
            "to_accept": lambda: seen.filter(status=Status.RECEIVED),
            "overdue": lambda: seen.overdue(on=today),
            "mine": lambda: seen.open().filter(handler=user),
            "extensions": lambda: seen.filter(
                pk__in=selectors.to_decide(user, seen).values("complaint")
            ),
        }.get(state, seen.all)()
        chosen = {
            name: value
            for name in ("cause", "channel")
            if (value := request.GET.get(name, "")) in {"cause": Cause, "channel": Channel}[name]
        }
        rows = (
            rows.filter(**chosen)
            .select_related("village", "township", "matter", "handler", "held_by")
            .order_by("-received_at", "-pk")
        )
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        for row in page:
            row.is_late = row.is_open and (
                row.settle_by < today or (row.status == Status.RECEIVED and row.accept_by < today)
            )
        context = {
            "page": page,
            "state": state,
            "states": STATES,
            "chosen": chosen,
            "causes": Cause.choices,
            "channels": Channel.choices,
            "work": selectors.work(user, seen, today=today),
        }
        return render(request, "complaints/complaint_list.html", context)


class ChallengeDetail(DisciplineOnly):
    """An objection to a representative with the complaints about it: here, because townships never see complaints."""

    def get(self, request, pk: int):
        challenge = get_object_or_404(challenges_in_area(request.user), pk=pk)
        complaints = Complaint.objects.visible_to(request.user).filter(challenge=challenge)
        context = {"challenge": challenge, "complaints": complaints.order_by("-received_at")}
        return render(request, "complaints/challenge_detail.html", context)


class ComplaintCreate(DisciplineOnly):
    """The telephone-duty form. A likely repeat is asked about once, before it is stored."""

    def form(self, data=None, **kwargs) -> forms.ComplaintForm:
        user = self.request.user
        townships = townships_in_area(user)
        return forms.ComplaintForm(
            data,
            elections=elections_in_area(user),
            challenges=challenges_in_area(user),
            townships=townships,
            units=selectors.units_about(townships),
            campaigns=list(
                Campaign.objects.visible_to(user).select_related("area").order_by("-starts_on")[:1]
            ),
            **kwargs,
        )

    def get(self, request):
        return self.page(self.form(initial={"received_at": timezone.localtime()}))

    def post(self, request):
        form = self.form(request.POST)
        if form.is_valid():
            repeats = self.repeats(form)
            if repeats and not form.cleaned_data["joins"]:
                return self.page(form, repeats=repeats)
            try:
                return self.receive(form)
            except Refused as refusal:
                for problem in refusal.problems:
                    form.add_error(None, problem.message)
        return self.page(form, status=422)

    def seen(self):
        return Complaint.objects.visible_to(self.request.user)

    def repeats(self, form) -> list[Complaint]:
        about = form.about()
        return selectors.likely_repeats(
            self.seen(),
            village_id=about.election.village_id if about.election else None,
            township_id=about.township.pk if about.township else None,
            cause=form.cleaned_data["cause"],
            at=timezone.now(),
        )

    def receive(self, form):
        made = receive_complaint(
            **form.facts(),
            joins=form.chosen_matter(self.seen()),
            by=self.request.user,
            at=timezone.now(),
        )
        if self.seen().filter(pk=made.pk).exists():
            messages.success(self.request, f"已登记，编号{made.number}。")
            return redirect("complaint_detail", pk=made.pk)
        why = rules.ROUTES[made.accused].why
        messages.success(
            self.request,
            f"已登记，编号{made.number}，由{made.held_by.name}纪检信访办理。{why}",
        )
        return redirect("complaint_list")

    def page(self, form, *, repeats=(), status: int = 200):
        context = {"form": form, "repeats": repeats}
        return render(self.request, "complaints/complaint_form.html", context, status=status)
