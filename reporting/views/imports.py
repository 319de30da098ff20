"""导入: choose a kind, take its template, upload; look at what would change; write it; take the errors away."""

import io

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from accounts.errors import Refused
from workbooks.template import template

from ..enums import ImportStatus, JobStatus, LineGroup
from ..forms import ImportForm
from ..models import WorkbookImport
from ..permissions import check_can_import
from ..selectors.imports import import_areas, kinds
from ..services import imports as services
from .base import CampaignPage, Page

PAGE = 20
LINES = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content, name: str, content_type: str = XLSX) -> FileResponse:
    """A file to save; never kept by the browser or a proxy."""
    response = FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
    response["Cache-Control"] = "private, no-store"
    return response


def summary(workbook: WorkbookImport) -> str:
    """The counts in one sentence."""
    if workbook.problems:
        return f"有{workbook.problems}处错误"
    counts = f"新增{workbook.new}条，更改{workbook.changed}条，不变{workbook.unchanged}条"
    if workbook.missing:
        counts += f"；系统中另有{workbook.missing}条不在表中，不受影响"
    if workbook.applied_at:
        at = timezone.localtime(workbook.applied_at)
        return f"{counts}。{workbook.applied_by.name}于{at.month}月{at.day}日{at:%H:%M}写入。"
    if not workbook.new and not workbook.changed:
        return f"{counts}。与系统中的内容完全相同，不必写入。"
    return f"{counts}。"


class ImportList(CampaignPage):
    def get(self, request, pk: int):
        check_can_import(request.user)
        return self.page(self.form())

    def post(self, request, pk: int):
        check_can_import(request.user)
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        data = form.cleaned_data
        try:
            workbook = services.upload_import(
                kind=kinds()[data["kind"]],
                campaign=self.campaign,
                area=data["area"],
                upload=data["file"],
                reason=data["reason"],
                by=request.user,
                at=self.at,
            )
        except Refused as refusal:
            for problem in refusal.problems:
                form.add_error(problem.code, problem.message)
            return self.page(form, status=422)
        return redirect("import_detail", pk=workbook.pk)

    def form(self, *data) -> ImportForm:
        areas = import_areas(self.request.user, self.campaign)
        initial = {"kind": self.request.GET.get("kind")}
        return ImportForm(*data, kinds=kinds().values(), areas=areas, initial=initial)

    def page(self, form, *, status: int = 200):
        rows = (
            WorkbookImport.objects.visible_to(self.request.user)
            .filter(campaign=self.campaign)
            .select_related("by", "area")
            .order_by("-uploaded_at")
        )
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("page"))
        for row in page:
            row.kind_title = kinds()[row.kind].title
        context = {
            "campaign": self.campaign,
            "form": form,
            "kinds": kinds().values(),
            "page": page,
        }
        return render(self.request, "reporting/import_list.html", context, status=status)


class ImportTemplate(CampaignPage):
    """The blank workbook of a kind, or with the rows it starts from."""

    def get(self, request, pk: int, kind: str):
        check_can_import(request.user)
        found = kinds().get(kind)
        if found is None:
            raise Http404
        rows: list[dict] = []
        if found.prefill:
            for area in import_areas(request.user, self.campaign):
                rows += found.prefill(campaign=self.campaign, area=area, by=request.user)
        out = io.BytesIO()
        template(found, rows=rows).save(out)
        out.seek(0)
        return download(out, f"{found.title}导入模板.xlsx")


class OneImport(Page):
    """A page about one workbook that the user may see."""

    def load(self, pk) -> WorkbookImport:
        check_can_import(self.request.user)
        return get_object_or_404(
            WorkbookImport.objects.visible_to(self.request.user).select_related(
                "campaign", "area", "by", "job", "applied_by"
            ),
            pk=pk,
        )


class ImportDetail(OneImport):
    """The preview and the result; while a job is under way its progress, alone when htmx asks."""

    ACTIONS = {
        "apply": services.request_apply,
        "recheck": services.recheck_import,
        "discard": services.discard_import,
    }

    def get(self, request, pk):
        return self.page(self.load(pk))

    def post(self, request, pk):
        workbook = self.load(pk)
        action = self.ACTIONS.get(request.POST.get("action", ""))
        if action is None:
            return self.page(workbook, status=422)
        try:
            action(workbook=workbook, by=request.user, at=self.at)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return self.page(workbook, status=422)
        return redirect("import_detail", pk=pk)

    def page(self, workbook: WorkbookImport, *, status: int = 200):
        job = workbook.job
        is_live = bool(job and job.status in (JobStatus.QUEUED, JobStatus.RUNNING))
        if self.request.htmx and not is_live:
            # The work is done: let the whole page show the result.
            return HttpResponseClientRedirect(self.request.path)
        context = {
            "workbook": workbook,
            "kind": kinds()[workbook.kind],
            "job": job,
            "is_live": is_live,
            "has_given_up": bool(job and job.status == JobStatus.FAILED),
            "poll_url": self.request.path if is_live else "",
            "summary": summary(workbook),
            "question": f"写入{workbook.new + workbook.changed}条？写入后逐条留痕，不能整体撤回。",
            "may_apply": workbook.status == ImportStatus.CHECKED
            and not workbook.problems
            and workbook.new + workbook.changed > 0,
        }
        if self.request.htmx:
            return render(self.request, "reporting/_import_progress.html", context)
        if workbook.status in (ImportStatus.CHECKED, ImportStatus.APPLIED, ImportStatus.FAILED):
            context |= self.lines(workbook)
        return render(self.request, "reporting/import_detail.html", context, status=status)

    def lines(self, workbook: WorkbookImport) -> dict:
        """The tab asked for, else the first that has lines."""
        counts = {
            LineGroup.NEW: workbook.new,
            LineGroup.CHANGED: workbook.changed,
            LineGroup.MISSING: workbook.missing,
        }
        if workbook.problems:
            counts = {LineGroup.PROBLEM: workbook.problems}
        first = next((group for group, count in counts.items() if count), LineGroup.NEW)
        current = self.request.GET.get("tab", first)
        if current not in counts:
            current = first
        rows = workbook.lines.filter(group=current).order_by("pk")
        page = Paginator(rows, LINES).get_page(self.request.GET.get("page"))
        return {
            "tabs": [(g.value, f"{g.label} {count}") for g, count in counts.items()],
            "current": str(current),
            "page": page,
        }


class ImportPainted(OneImport):
    """The uploaded workbook with its errors painted into it."""

    def get(self, request, pk):
        workbook = self.load(pk)
        if not workbook.painted:
            raise Http404
        name = workbook.name.rsplit(".", 1)[0]
        return download(workbook.painted.open("rb"), f"{name}（错误已标出）.xlsx")
