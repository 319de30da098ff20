"""网络舆情: list, entry, one incident with its steps, its screenshots."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View

from accounts.errors import Conflict, Forbidden, Refused
from elections.selectors import campaign_of
from elections.views.base import Page
from elections.views.evidence import stored_file
from villages.scoping import roles_of

from .. import permissions
from ..filters import OpinionFilter
from ..forms import opinion as forms
from ..models import OpinionIncident, OpinionScreenshot
from ..querysets import OPINION_EDITORS, OPINION_READERS
from ..selectors import opinion as selectors
from ..selectors import places
from ..services import opinion as services

PAGE = 30


class OpinionPage(Page):
    """A page about the campaign whose number is `pk` in its address, for whoever reads public opinion."""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        campaign = campaign_of(request.user, kwargs["pk"])
        if campaign is None:
            raise Http404
        if not roles_of(request.user).intersection(OPINION_READERS):
            raise Forbidden("网络舆情由纪检信访专员、组织部工作人员、乡镇联络员和领导查看。")
        self.campaign = campaign
        return super().dispatch(request, *args, **kwargs)


class OpinionList(OpinionPage):
    def get(self, request, pk: int):
        rows = OpinionIncident.objects.visible_to(request.user).filter(campaign=self.campaign)
        found = OpinionFilter(
            request.GET,
            queryset=rows.select_related("township", "village").order_by("-seen_at", "-pk"),
            townships=places.townships_of(request.user, self.campaign, roles=OPINION_READERS),
            at=self.at,
        )
        page = Paginator(found.qs, PAGE).get_page(request.GET.get("page"))
        context = {
            "campaign": self.campaign,
            "filter": found,
            "page": page,
            "lines": [selectors.line_of(incident, at=self.at) for incident in page],
            "may_record": permissions.can_record_opinion(request.user),
        }
        return render(request, "complaints/opinion_list.html", context)


class OpinionCreate(OpinionPage):
    def form(self, *sent, **kwargs) -> forms.OpinionForm:
        user = self.request.user
        permissions.check_can_record_opinion(user)
        roles = (*OPINION_EDITORS, "coordinator")
        return forms.OpinionForm(
            *sent,
            townships=places.townships_of(user, self.campaign, roles=roles),
            villages=places.villages_of(user, self.campaign, roles=roles),
            whole=permissions.can_record_opinion(user, self.campaign.area),
            **kwargs,
        )

    def get(self, request, pk: int):
        return self.page(self.form(initial={"seen_at": timezone.localtime(self.at)}))

    def post(self, request, pk: int):
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        sent = dict(form.cleaned_data)
        where = {name: sent.pop(name, None) for name in ("township", "village", "screenshots")}
        withheld = sent.pop("withheld", False)
        try:
            incident = services.record_incident(
                campaign=self.campaign,
                post=services.Post(**sent),
                withheld=withheld,
                by=request.user,
                at=self.at,
                **where,
            )
        except Refused as refusal:
            for problem in refusal.problems:
                field = problem.code if problem.code in form.fields else None
                form.add_error(field, problem.message)
            return self.page(form, status=422)
        messages.success(request, f"已登记，编号{incident.number}。")
        return redirect("opinion_detail", pk=incident.pk)

    def page(self, form, *, status: int = 200):
        context = {"campaign": self.campaign, "form": form}
        return render(self.request, "complaints/opinion_form.html", context, status=status)


#: Action of a form on the page → its form, the service behind it, the words that answer.
ACTIONS = {
    "report": (forms.ReportForm, services.report_incident, "已登记报送时间。"),
    "check": (forms.FindingForm, services.check_incident, "已登记核查情况。"),
    "respond": (forms.ResponseForm, services.respond_to_incident, "已登记回应。"),
    "grade": (forms.GradeForm, services.grade_incident, "已调整。"),
    "close": (forms.CloseForm, services.close_incident, "已办结。"),
    "link": (forms.LinkForm, services.link_matter, "已关联。"),
    "screenshots": (forms.ScreenshotsForm, services.add_screenshots, "截图已上传。"),
}


class OpinionDetail(Page):
    def load(self, pk: int) -> OpinionIncident:
        visible = OpinionIncident.objects.visible_to(self.request.user)
        related = (
            "campaign__area",
            "township",
            "village",
            "recorded_by",
            "reported_by",
            "checked_by",
            "responded_by",
            "closed_by",
        )
        return get_object_or_404(visible.select_related(*related), pk=pk)

    def forms(self, incident) -> dict:
        now = timezone.localtime(self.at)
        return {
            "report": forms.ReportForm(initial={"reported_at": now}),
            "check": forms.FindingForm(initial={"finding": incident.finding}),
            "respond": forms.ResponseForm(initial={"response": incident.response}),
            "grade": forms.GradeForm(
                initial={"level": incident.level, "kind": incident.kind, "unit": incident.unit}
            ),
            "close": forms.CloseForm(),
            "link": forms.LinkForm(),
            "screenshots": forms.ScreenshotsForm(),
        }

    def get(self, request, pk: int):
        incident = self.load(pk)
        return self.page(incident, self.forms(incident))

    def post(self, request, pk: int):
        incident = self.load(pk)
        permissions.check_can_follow_opinion(request.user, incident)
        found = self.forms(incident)
        action = request.POST.get("action")
        if action not in ACTIONS:
            return self.page(incident, found, status=422)
        form_class, service, words = ACTIONS[action]
        form = found[action] = form_class(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(incident, found, status=422)
        sent = dict(form.cleaned_data)
        if action == "screenshots":
            sent = {"files": sent["screenshots"]}
        try:
            service(incident=incident, **sent, by=request.user, at=self.at)
        except Refused as refusal:
            for problem in refusal.problems:
                field = problem.code if problem.code in form.fields else None
                form.add_error(field, problem.message)
            status = 409 if isinstance(refusal, Conflict) else 422
            return self.page(incident, found, status=status)
        messages.success(request, words)
        return redirect("opinion_detail", pk=pk)

    def page(self, incident, found: dict, *, status: int = 200):
        user = self.request.user
        line = selectors.line_of(incident, at=self.at)
        is_open = incident.closed_at is None
        context = {
            "incident": incident,
            "line": line,
            "reporting": selectors.reporting(incident, at=self.at),
            "screenshots": incident.screenshots.order_by("added_at", "pk"),
            "matters": selectors.matters_seen(user, incident),
            "may_follow": is_open and permissions.can_follow_opinion(user, incident),
            "may_edit": is_open and permissions.can_edit_opinion(user, incident),
            "forms": found,
        }
        return render(self.request, "complaints/opinion_detail.html", context, status=status)


class OpinionScreenshotFile(LoginRequiredMixin, View):
    def get(self, request, pk):
        row = get_object_or_404(OpinionScreenshot.objects.visible_to(request.user), pk=pk)
        return stored_file(row.file, name=row.name, content_type=row.content_type)
