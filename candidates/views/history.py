"""参选记录: one person's way through every campaign, whichever row of the roster stood."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, render
from django.views import View

from villages.models import PartyMember
from villages.selectors import rows_of

from ..models import Candidacy, ElectedPost


class MemberCandidacies(LoginRequiredMixin, View):
    def get(self, request, pk: int):
        member = get_object_or_404(
            PartyMember.objects.visible_to(request.user).select_related("village__township"), pk=pk
        )
        rows = rows_of(member)
        candidacies = list(
            Candidacy.objects.visible_to(request.user)
            .filter(member__in=rows)
            .select_related("election__campaign", "election__village", "member")
            .order_by("-election__campaign__starts_on", "pk")
        )
        won = (
            ElectedPost.objects.visible_to(request.user)
            .filter(member__in=rows)
            .order_by("elected_on", "pk")
        )
        for candidacy in candidacies:
            candidacy.posts = [
                p
                for p in won
                if (p.election_id, p.member_id) == (candidacy.election_id, candidacy.member_id)
            ]
        context = {"member": member, "village": member.village, "candidacies": candidacies}
        return render(request, "candidates/member_candidacies.html", context)
