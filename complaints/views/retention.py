"""保管与销毁: periods, what is due, what waits for a second person, what is gone."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from accounts.errors import Refused
from accounts.problems import Problem
from elections.selectors import campaign_of
from elections.views.base import Page

from ..forms.retention import PeriodsForm
from ..models import Complaint, Disposal
from ..permissions import check_is_discipline
from ..selectors import retention as selectors
from ..services import retention as services


class Retention(Page):
    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        campaign = campaign_of(request.user, kwargs["pk"])
        if campaign is None:
            raise Http404
        check_is_discipline(request.user)
        self.campaign = campaign
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def get(self, request, pk: int):
        return self.page(self.periods())

    def periods(self, *sent) -> PeriodsForm:
        years = selectors.periods(self.campaign)
        return PeriodsForm(*sent, initial=years)

    def post(self, request, pk: int):
        act = {
            "periods": self.set_periods,
            "hold": self.hold,
            "lift": self.lift,
            "propose": self.propose,
            "decide": self.decide,
        }.get(request.POST.get("action"))
        if act is None:
            return self.page(self.periods(), status=422)
        try:
            words = act()
        except Refused as refusal:
            messages.error(request, str(refusal))
            return self.page(self.periods(), status=422)
        messages.success(request, words)
        return redirect("complaint_retention", pk=pk)

    def by(self) -> dict:
        return {"by": self.request.user, "at": self.at}

    def complaint(self) -> Complaint:
        seen = Complaint.objects.visible_to(self.request.user).filter(campaign=self.campaign)
        return get_object_or_404(seen, number=self.request.POST.get("number", ""))

    def set_periods(self) -> str:
        form = self.periods(self.request.POST)
        if not form.is_valid():
            raise Refused(*(Problem("years", e[0]) for e in form.errors.values()))
        services.set_retention(campaign=self.campaign, years=form.cleaned_data, **self.by())
        return "保管期限已保存。"

    def hold(self) -> str:
        services.place_hold(
            complaint=self.complaint(), reason=self.request.POST.get("reason", ""), **self.by()
        )
        return "已暂缓销毁。"

    def lift(self) -> str:
        services.lift_hold(complaint=self.complaint(), **self.by())
        return "已解除暂缓。"

    def propose(self) -> str:
        services.propose_disposal(complaint=self.complaint(), **self.by())
        return "已提出销毁，等另一人确认。"

    def decide(self) -> str:
        waiting = Disposal.objects.filter(
            campaign=self.campaign,
            complaint__in=Complaint.objects.visible_to(self.request.user),
        )
        number = self.request.POST.get("number", "")
        disposal = get_object_or_404(waiting, complaint_number=number, approved__isnull=True)
        approved = self.request.POST.get("approved") == "1"
        services.decide_disposal(disposal=disposal, approved=approved, **self.by())
        return "已销毁：内容、附件、身份和密钥都不在了。" if approved else "已退回，不销毁。"

    def page(self, form, *, status: int = 200):
        user = self.request.user
        context = {
            "campaign": self.campaign,
            "form": form,
            "kept": selectors.kept(user, self.campaign, today=self.today),
            "waiting": selectors.waiting(user, self.campaign),
            "done": selectors.done(self.campaign),
            "user_pk": user.pk,
        }
        return render(self.request, "complaints/retention.html", context, status=status)
