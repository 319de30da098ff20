"""书记人选比选表, for the township committee's meeting: on the screen and on paper."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views import View

from elections.models import VillageElection

from .. import selectors
from ..enums import OUT
from ..models import Candidacy


class SecretaryComparison(LoginRequiredMixin, View):
    def get(self, request, pk: int):
        election = get_object_or_404(
            VillageElection.objects.visible_to(request.user).select_related(
                "village__organisation", "township", "campaign"
            ),
            pk=pk,
        )
        today = timezone.localdate()
        people = selectors.comparison(election, on=today)
        compared = [p.candidacy.pk for p in people]
        others = (
            Candidacy.objects.visible_to(request.user)
            .filter(election=election)
            .exclude(status__in=OUT)
            .exclude(pk__in=compared)
            .select_related("member")
            .order_by("rank", "pk")
        )
        context = {"election": election, "people": people, "others": list(others), "today": today}
        return render(request, "candidates/secretary_comparison.html", context)
