"""人选库: everybody who stands or stood in a campaign."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views import View

from elections.models import Campaign, VillageElection
from elections.querysets import READERS
from villages.models import Jurisdiction

from ..filters import CandidacyFilter
from ..models import Candidacy

PAGE = 30


class PeopleList(LoginRequiredMixin, View):
    def get(self, request, pk: int):
        campaign = get_object_or_404(
            Campaign.objects.visible_to(request.user, roles=READERS), pk=pk
        )
        elections = VillageElection.objects.visible_to(request.user).filter(campaign=campaign)
        townships = Jurisdiction.objects.filter(pk__in=elections.values("township")).order_by(
            "code"
        )
        people = (
            Candidacy.objects.visible_to(request.user)
            .filter(election__campaign=campaign)
            .select_related("member", "election__village", "election__township")
            .order_by("election__village__code", "rank", "pk")
        )
        chosen = CandidacyFilter(request.GET, queryset=people, townships=townships)
        page = Paginator(chosen.qs, PAGE).get_page(request.GET.get("page"))
        context = {"campaign": campaign, "filter": chosen, "page": page}
        return render(request, "candidates/people_list.html", context)
