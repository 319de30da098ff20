"""任务: everything that runs in the background, how far it is, and what became of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.errors import Refused

from ..enums import LIVE_JOBS, JobStatus
from ..models import Job
from ..permissions import can_manage_job, can_produce, check_can_manage_job
from ..selectors.jobs import result_of, with_results
from ..services.jobs import cancel_job, retry_job
from .base import CampaignPage, Page

PAGE = 20


class JobList(CampaignPage):
    """Staff see all jobs of the campaign, anybody else their own; alone the table when htmx asks."""

    def get(self, request, pk: int):
        rows = with_results(Job.objects.visible_to(request.user).filter(campaign=self.campaign))
        status = request.GET.get("status", "")
        if status in JobStatus.values:
            rows = rows.filter(status=status)
        page = Paginator(rows.order_by("-requested_at", "pk"), PAGE).get_page(
            request.GET.get("page")
        )
        lines = [(job, *(result_of(job) or ("", ""))) for job in page]
        context = {
            "campaign": self.campaign,
            "page": page,
            "lines": lines,
            "status": status,
            "statuses": JobStatus.choices,
            "sees_all": can_produce(request.user, self.campaign),
            "poll_url": request.get_full_path()
            if any(job.status in LIVE_JOBS for job, *_ in lines)
            else "",
        }
        name = "_job_table" if request.htmx else "job_list"
        return render(request, f"reporting/{name}.html", context)


class JobDetail(Page):
    """A job's progress, alone when htmx asks; retry and cancel."""

    ACTIONS = {"retry": retry_job, "cancel": cancel_job}

    def load(self, pk) -> Job:
        rows = with_results(Job.objects.visible_to(self.request.user))
        return get_object_or_404(rows.select_related("campaign__area"), pk=pk)

    def get(self, request, pk):
        return self.page(self.load(pk))

    def post(self, request, pk):
        job = self.load(pk)
        check_can_manage_job(request.user, job)
        action = self.ACTIONS.get(request.POST.get("action", "retry"))
        if action is None:
            raise Http404
        try:
            action(job=job, by=request.user, at=self.at)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return self.page(self.load(pk), status=409)
        return redirect("job_detail", pk=pk)

    def page(self, job: Job, *, status: int = 200):
        label, url = result_of(job) or ("", "")
        context = {
            "job": job,
            "is_live": job.status in LIVE_JOBS,
            "can_be_retried": job.status in (JobStatus.FAILED, JobStatus.CANCELLED),
            "result_label": label,
            "result_url": url,
            "may_manage": can_manage_job(self.request.user, job),
            "list_url": reverse("job_list", kwargs={"pk": job.campaign_id}),
        }
        name = "_job_progress" if self.request.htmx else "job_detail"
        return render(self.request, f"reporting/{name}.html", context, status=status)
