"""导出: what would be taken out, why, and the file: at once when short, in the background when long."""

import tempfile

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.errors import Refused

from ..enums import JobStatus
from ..forms import ExportForm
from ..models import WorkbookExport
from ..permissions import check_can_export
from ..selectors.exports import DIRECT_ROWS, EXPORTS, write_export
from ..selectors.shell import place_of
from ..services import exports as services
from .base import CampaignPage, Page
from .imports import download


class ExportStart(CampaignPage):
    """The filters stand in the address as on the list that is taken out."""

    def load(self, what: str) -> None:
        check_can_export(self.request.user)
        export = EXPORTS.get(what)
        if export is None:
            raise Http404
        self.export = export
        self.query = self.request.GET
        self.selection = export.select(self.request.user, self.campaign, self.query, self.today)
        self.count = self.selection.count

    def get(self, request, pk: int, what: str):
        self.load(what)
        return self.page(ExportForm(is_personal=self.export.is_personal))

    def post(self, request, pk: int, what: str):
        self.load(what)
        form = ExportForm(request.POST, is_personal=self.export.is_personal)
        if not form.is_valid():
            return self.page(form, status=422)
        facts = {
            "export": self.export,
            "campaign": self.campaign,
            "selection": self.selection,
            "count": self.count,
            "reason": form.cleaned_data.get("reason", ""),
            "by": request.user,
            "at": self.at,
        }
        try:
            if self.count > DIRECT_ROWS:
                made = services.request_export(query=self.query, **facts)
                return redirect("export_detail", pk=made.pk)
            services.record_export(**facts)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.page(form, status=422)
        out = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
        write_export(out, place=place_of(request.user), **facts)
        out.seek(0)
        return download(out, f"{self.export.title}{self.today:%Y%m%d}.xlsx")

    def page(self, form, *, status: int = 200):
        query: QueryDict = self.query.copy()
        query.pop("page", None)
        back = reverse(
            self.export.back, kwargs={"pk": self.campaign.pk, **dict(self.export.back_to)}
        )
        context = {
            "campaign": self.campaign,
            "export": self.export,
            "selection": self.selection,
            "count": self.count,
            "is_long": self.count > DIRECT_ROWS,
            "form": form,
            "back": back,
            "query": query.urlencode(),
        }
        return render(self.request, "reporting/export_start.html", context, status=status)


class OneExport(Page):
    def load(self, pk) -> WorkbookExport:
        check_can_export(self.request.user)
        return get_object_or_404(
            WorkbookExport.objects.visible_to(self.request.user).select_related("campaign", "job"),
            pk=pk,
        )


class ExportDetail(OneExport):
    """A long export's progress, alone when htmx asks."""

    def get(self, request, pk):
        made = self.load(pk)
        job = made.job
        context = {
            "made": made,
            "export": EXPORTS[made.what],
            "job": job,
            "poll_url": request.path if job.status in (JobStatus.QUEUED, JobStatus.RUNNING) else "",
            "result_url": reverse("export_file", kwargs={"pk": pk}) if made.file else "",
        }
        name = "_export_progress" if request.htmx else "export_detail"
        return render(request, f"reporting/{name}.html", context)


class ExportFile(OneExport):
    def get(self, request, pk):
        made = self.load(pk)
        if not made.file:
            raise Http404
        title = EXPORTS[made.what].title
        return download(made.file.open("rb"), f"{title}{made.requested_at:%Y%m%d}.xlsx")
