"""What every page about complaints shares: nobody but discipline staff gets past the door, and nothing is kept by browsers."""

from django.contrib.auth.mixins import LoginRequiredMixin
from django.views import View

from accounts.enums import Role
from elections.models import RepresentativeChallenge, VillageElection
from villages.models import Jurisdiction
from villages.scoping import area_q

from .. import permissions


class DisciplineOnly(LoginRequiredMixin, View):
    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        permissions.check_is_discipline(request.user)
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


def challenges_in_area(user):
    """Objections to representatives of the villages in this person's area."""
    return (
        RepresentativeChallenge.objects.filter(
            area_q(user, roles=(Role.DISCIPLINE,), prefix="election__")
        )
        .select_related("election__village", "election__township", "entry", "answered_by")
        .order_by("election__village__code", "-raised_on", "pk")
    )


def elections_in_area(user):
    """Elections of the villages in this person's area, for the choice."""
    return (
        VillageElection.objects.filter(area_q(user, roles=(Role.DISCIPLINE,)))
        .select_related("village", "township", "campaign__area")
        .order_by("-campaign__starts_on", "village__code")
    )


def townships_in_area(user):
    elections = VillageElection.objects.filter(area_q(user, roles=(Role.DISCIPLINE,)))
    return Jurisdiction.objects.filter(pk__in=elections.values("township")).order_by("code")
