"""总结报告: asking for it, its progress, its text with every figure a link, its versions."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render

from accounts.errors import Conflict

from .. import narrative
from ..enums import DOCUMENT_JOBS, JobStatus, TextSection
from ..forms import TextForm
from ..indicators.registry import INDICATORS
from ..models import ClosingReport, Job, ReportText
from ..permissions import (
    can_produce,
    check_can_produce,
    check_can_read_closing,
)
from ..selectors.corrected import corrections_after, differences, shown, with_corrected
from ..selectors.missing import missing
from ..selectors.texts import current_texts, told
from ..services.jobs import request_closing_report
from ..services.texts import save_text
from .base import CampaignPage, Page

OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX = f"{OFFICE}.wordprocessingml.document"
XLSX = f"{OFFICE}.spreadsheetml.sheet"


class ReportPage(CampaignPage):
    def texts(self) -> list[ReportText]:
        """The words that hold, as far as the user sees them."""
        return current_texts(self.campaign, ReportText.objects.visible_to(self.request.user))


class ClosingPage(ReportPage):
    """The latest version's text; staff ask for a new one."""

    def get(self, request, pk: int):
        check_can_read_closing(request.user, self.campaign)
        versions = list(
            with_corrected(
                ClosingReport.objects.visible_to(request.user), moment="produced_at", day="as_of"
            )
            .filter(campaign=self.campaign)
            .select_related("job__requested_by", "campaign__area")
            .order_by("-version")[:20]
        )
        latest = versions[0] if versions else None
        jobs = (
            Job.objects.visible_to(request.user)
            .filter(campaign=self.campaign, kind__in=DOCUMENT_JOBS)
            .exclude(status__in=(JobStatus.DONE, JobStatus.CANCELLED))
            .order_by("-requested_at")[:3]
        )
        figures = latest.figures if latest else {}
        corrected, changed = [], []
        if latest and latest.is_corrected:
            rows = corrections_after(
                self.campaign, moment=latest.produced_at, day=latest.as_of
            ).visible_to(request.user)
            corrected, changed = shown(rows), differences(latest)
        context = {
            "campaign": self.campaign,
            "latest": latest,
            "versions": versions,
            "jobs": list(jobs),
            "paragraphs": narrative.report(
                self.campaign.name, self.campaign.area.name, figures, latest.texts
            )
            if latest
            else [],
            "is_reworded": latest is not None
            and latest.texts != {row.section: row.text for row in self.texts()},
            "missing": missing(self.campaign, figures),
            "figures": [
                (indicator, indicator.text(figures[key]))
                for key, indicator in INDICATORS.items()
                if key in figures
            ],
            "corrected": corrected,
            "changed": changed,
            "may_produce": can_produce(request.user, self.campaign),
        }
        return render(request, "reporting/closing_report.html", context)

    def post(self, request, pk: int):
        check_can_produce(request.user, self.campaign)
        job = request_closing_report(
            campaign=self.campaign, as_of=self.today, by=request.user, at=self.at
        )
        return redirect("job_detail", pk=job.pk)


class ClosingTexts(ReportPage):
    """The words that no record gives, section by section; each is saved by itself."""

    def get(self, request, pk: int):
        check_can_produce(request.user, self.campaign)
        return self.page()

    def post(self, request, pk: int):
        check_can_produce(request.user, self.campaign)
        form = TextForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            save_text(campaign=self.campaign, **form.cleaned_data, by=request.user, at=self.at)
        except Conflict as conflict:
            form.add_error("text", str(conflict))
            return self.page(form, status=409)
        section = form.cleaned_data["section"]
        messages.success(request, f"“{section.label}”已保存，生成新版本时写入报告。")
        return redirect(f"{request.path}#{section}")

    def page(self, sent: TextForm | None = None, *, status: int = 200):
        """`sent`: the form that was refused, shown in its section with what was typed."""
        stored = {row.section: row for row in self.texts()}
        latest = (
            ClosingReport.objects.visible_to(self.request.user)
            .filter(campaign=self.campaign)
            .order_by("-version")
            .first()
        )
        offered = narrative.offered_advice(latest.figures) if latest else ""
        forms = []
        for section in TextSection:
            row = stored.get(section)
            form = TextForm(
                initial={
                    "section": section,
                    "seen": row.version if row else 0,
                    "text": row.text if row else "",
                },
            )
            if sent is not None and sent.data.get("section") == section:
                form = sent
            forms.append((section, form, row))
        context = {
            "campaign": self.campaign,
            "forms": forms,
            "offered": offered,
            "told": told(self.request.user, self.campaign),
        }
        return render(self.request, "reporting/closing_texts.html", context, status=status)


class ClosingFile(Page):
    """The document of a version, or the workbook of its annex."""

    field, name, content_type = "file", "工作情况总结", DOCX

    def get(self, request, pk: int):
        report = get_object_or_404(
            ClosingReport.objects.visible_to(request.user).select_related("campaign"), pk=pk
        )
        stored = getattr(report, self.field)
        if not stored:
            raise Http404
        ending = stored.name.rsplit(".", 1)[-1]
        response = FileResponse(
            stored.open("rb"),
            as_attachment=True,
            filename=f"{report.campaign.name}{self.name}（第{report.version}版）.{ending}",
            content_type=self.content_type,
        )
        response["Cache-Control"] = "private, no-store"
        return response


class ClosingAnnex(ClosingFile):
    field, name, content_type = "annex", "总结附表", XLSX
