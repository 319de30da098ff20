"""Bulletins to read: the versions of one issue, and one day's bulletins of all campaigns in an area."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet

from elections.enums import CampaignStatus
from elections.models import Campaign
from elections.querysets import READERS
from villages.models import Jurisdiction
from villages.scoping import area_q_of

from ..models import Bulletin
from .corrected import with_corrected


def versions_of_issue(user, campaign: Campaign, issue: int) -> list[Bulletin]:
    """The versions that are kept, the newest first, each with `is_corrected` (one query)."""
    rows = with_corrected(
        Bulletin.objects.visible_to(user), moment="produced_at", day="day"
    ).filter(campaign=campaign, issue=issue)
    return list(rows.order_by("-version"))


@dataclass(frozen=True)
class AreaDay:
    """One day of an area: the newest version of each campaign's bulletin, the campaigns without one, and the days that
    can be turned to."""

    day: date
    bulletins: list[Bulletin]
    absent: list[Campaign]
    first: date
    last: date


def _campaigns(user, area: Jurisdiction) -> QuerySet[Campaign]:
    return Campaign.objects.visible_to(user, roles=READERS).filter(
        area_q_of(area, prefix="area__", own="area")
    )


def area_day(user, area: Jurisdiction, day: date | None, *, today: date) -> AreaDay:
    """The bulletins of `day`, or of the last day that has one (three queries).

    A campaign counts from its first day while it is under way; once closed, only on days it has a bulletin of.
    """
    campaigns = _campaigns(user, area)
    bulletins = Bulletin.objects.current().filter(campaign__in=campaigns)
    known = campaigns.aggregate(first=Min("starts_on"))["first"] or today
    newest = day or bulletins.filter(day__lte=today).aggregate(day=Max("day"))["day"]
    chosen = max(known, min(newest or today, today))
    there = Bulletin.objects.filter(campaign=OuterRef("pk"), day=chosen)
    due = campaigns.filter(
        Q(status=CampaignStatus.ACTIVE, starts_on__lte=chosen) | Exists(there)
    ).select_related("area")
    found = {
        b.campaign_id: b for b in bulletins.filter(day=chosen).select_related("campaign__area")
    }
    absent = [c for c in due.order_by("area__code", "pk") if c.pk not in found]
    ordered = sorted(found.values(), key=lambda b: (b.campaign.area.code, b.campaign_id))
    return AreaDay(chosen, ordered, absent, known, today)
