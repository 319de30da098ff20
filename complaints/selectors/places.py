"""Townships and villages that forms offer."""

from django.db.models import QuerySet

from elections.models import Campaign
from villages.enums import Level
from villages.models import Jurisdiction, Village
from villages.scoping import area_q, area_q_of


def townships_of_campaign(campaign: Campaign) -> QuerySet[Jurisdiction]:
    """The townships of the campaign's area."""
    return (
        Jurisdiction.objects.open()
        .filter(area_q_of(campaign.area, own="pk"), level=Level.TOWNSHIP)
        .order_by("code")
    )


def townships_of(user, campaign: Campaign, *, roles) -> QuerySet[Jurisdiction]:
    """Those of them inside an area where the user has one of the roles."""
    return townships_of_campaign(campaign).filter(area_q(user, roles=roles, own="pk"))


def villages_of(user, campaign: Campaign, *, roles) -> QuerySet[Village]:
    """The campaign's villages inside an area where the user has one of the roles, by township."""
    return (
        Village.objects.open()
        .filter(area_q_of(campaign.area))
        .filter(area_q(user, roles=roles))
        .select_related("township")
        .order_by("township__code", "code")
    )
