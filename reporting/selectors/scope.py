"""Scopes: which elections a figure counts, for a user or for an area by code."""

from datetime import date

from elections.models import Campaign, VillageElection
from villages.models import Jurisdiction
from villages.scoping import area_q_of

from ..indicators.base import Scope


def scope_of_user(user, campaign: Campaign, *, as_of: date) -> Scope:
    """What the user sees of the campaign."""
    visible = VillageElection.objects.visible_to(user).filter(campaign=campaign)
    return Scope(campaign, visible, as_of)


def scope_of_area(campaign: Campaign, *, as_of: date, area: Jurisdiction | None = None) -> Scope:
    """The campaign's elections inside `area`, or all of them."""
    rows = VillageElection.objects.filter(campaign=campaign)
    return Scope(campaign, rows.filter(area_q_of(area)) if area else rows, as_of)


def find_area(code: str) -> Jurisdiction | None:
    """The open jurisdiction of a 2, 4, 6, 9 or 12-digit code."""
    levels = {2: "province", 4: "city", 6: "county", 9: "township"}
    units = Jurisdiction.objects.open()
    if len(code) in levels:
        return units.filter(code=code.ljust(12, "0"), level=levels[len(code)]).first()
    return units.filter(code=code).order_by("-pk").first()
