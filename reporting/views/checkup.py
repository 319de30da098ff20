"""程序体检: all rules over all villages the user sees."""

from collections import Counter

from django.shortcuts import render

from elections.models import VillageElection

from ..selectors.checkup import CHECKS, checkup
from ..selectors.overview import freshness
from .base import CampaignPage

#: As many findings as one page lists; the counts beside the rules are complete.
MOST = 200


class CheckupPage(CampaignPage):
    def get(self, request, pk: int):
        elections = VillageElection.objects.visible_to(request.user).filter(campaign=self.campaign)
        found = checkup(elections)
        chosen = request.GET.get("check", "")
        shown = [f for f in found if not chosen or f.check == chosen]
        broken = Counter(f.check for f in found if f.override is None)
        overridden = Counter(f.check for f in found if f.override)
        context = {
            "campaign": self.campaign,
            "villages": elections.count(),
            "total": broken.total(),
            "overridden": overridden.total(),
            "checks": [(check, broken[check], overridden[check]) for check in CHECKS],
            "chosen": chosen if chosen in CHECKS else "",
            "findings": shown[:MOST],
            "left_out": max(0, len(shown) - MOST),
            "at": self.at,
            "fresh": freshness(now=self.at),
        }
        return render(request, "reporting/checkup.html", context)
