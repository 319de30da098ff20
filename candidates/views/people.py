"""人选库: everybody who stands or stood in a campaign, and one person's way through one election."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views import View

from elections.models import Campaign, VillageElection
from elections.permissions import can_confirm
from elections.querysets import READERS
from villages.models import Jurisdiction

from ..filters import CandidacyFilter
from ..models import Candidacy, ElectedPost, Review, ReviewOpinion
from ..permissions import can_keep_facts

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


class CandidacyDetail(LoginRequiredMixin, View):
    def get(self, request, pk: int):
        person = get_object_or_404(
            Candidacy.objects.visible_to(request.user).select_related(
                "member", "election__village", "election__township", "inspection"
            ),
            pk=pk,
        )
        is_staff = can_confirm(request.user, person.election)
        opinions = ReviewOpinion.objects.visible_to(request.user).filter(ask__candidacy=person)
        context = {
            "person": person,
            "knows": can_keep_facts(request.user, person.election),
            "is_staff": is_staff,
            "opinions": list(
                opinions.select_related("ask__department", "rule").order_by(
                    "ask__department__order", "ask__attempt", "version"
                )
            ),
            "reviews": list(
                Review.everything.filter(candidacy=person)
                .select_related("decided_by")
                .order_by("decided_on", "pk")
            ),
            "tallies": list(
                person.tallies.select_related("round__meeting").order_by("round__recorded_at")
            ),
            "posts": list(
                ElectedPost.objects.filter(election=person.election_id, member=person.member_id)
            ),
        }
        return render(request, "candidates/candidacy_detail.html", context)
