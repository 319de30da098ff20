"""村工作计划进度表: one village's planned days on paper, to be signed."""

from django.shortcuts import get_object_or_404, render

from elections.models import VillageElection
from elections.selectors import current_records
from elections.views.base import Page

from ..models import WorkSchedule


class WorkSchedulePage(Page):
    def get(self, request, pk: int):
        election = get_object_or_404(
            VillageElection.objects.visible_to(request.user).select_related(
                "campaign", "village__organisation", "township"
            ),
            pk=pk,
        )
        signed = WorkSchedule.objects.visible_to(request.user).live().filter(election=election)
        context = {
            "election": election,
            "records": current_records(election).values(),
            "signed": signed.first(),
            "today": self.today,
        }
        return render(request, "groundwork/work_schedule.html", context)
