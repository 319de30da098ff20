"""Background jobs as the pages list them: with what each was about and what it made."""

from django.urls import reverse

from ..enums import JobKind, JobStatus
from ..models import Job


def with_results(jobs):
    """Jobs with what they made (four queries however many)."""
    return jobs.select_related("requested_by", "closing_report", "export").prefetch_related(
        "bulletins", "imports"
    )


def result_of(job: Job) -> tuple[str, str] | None:
    """(label, address) of what a job made or is about; None while there is nothing to open."""
    match job.kind:
        case JobKind.EXPORT if hasattr(job, "export"):
            return "看导出", reverse("export_detail", kwargs={"pk": job.export.pk})
        case JobKind.IMPORT_CHECK | JobKind.IMPORT_APPLY:
            for workbook in job.imports.all():
                return "看导入", reverse("import_detail", kwargs={"pk": workbook.pk})
        case JobKind.BULLETIN if job.status == JobStatus.DONE:
            for bulletin in job.bulletins.all():
                where = {"pk": job.campaign_id, "issue": bulletin.issue}
                return "看简报", reverse("bulletin_detail", kwargs=where)
            return "看简报", reverse("bulletin_list", kwargs={"pk": job.campaign_id})
        case JobKind.CLOSING_REPORT if hasattr(job, "closing_report"):
            return "看报告", reverse("closing_report", kwargs={"pk": job.campaign_id})
    return None
