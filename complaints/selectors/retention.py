"""Until when a record is kept, and which are due to go."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from elections.models import Campaign

from .. import rules
from ..enums import Category, Status
from ..models import Complaint, Disposal, LegalHold, RetentionPeriod


def periods(campaign: Campaign) -> dict[str, int]:
    """Category → years, the county's own before the rule's."""
    own = RetentionPeriod.objects.filter(campaign=campaign).values_list("category", "years")
    return {**rules.RETENTION, **dict(own)}


def kept_until(complaint: Complaint, years: dict[str, int] | None = None) -> date:
    """The last day on which a settled complaint is kept. `years`: what periods() gave, to spare a query."""
    years = years or periods(complaint.campaign)
    settled_on = timezone.localdate(complaint.settled_at)
    return rules.kept_until(settled_on, years[complaint.category])


@dataclass(frozen=True)
class Kept:
    """A settled record and how it stands."""

    complaint: Complaint
    until: date
    is_due: bool
    is_held: bool
    is_proposed: bool


def kept(user, campaign: Campaign, *, today: date) -> list[Kept]:
    """Settled records of the campaign that the user sees, the first to go first."""
    years = periods(campaign)
    seen = Complaint.objects.visible_to(user).filter(campaign=campaign, status=Status.SETTLED)
    held = set(
        LegalHold.objects.filter(lifted_at__isnull=True, complaint__campaign=campaign).values_list(
            "complaint", flat=True
        )
    )
    proposed = set(
        Disposal.objects.filter(campaign=campaign, approved__isnull=True).values_list(
            "complaint", flat=True
        )
    )
    found = []
    for complaint in seen:
        until = kept_until(complaint, years)
        found.append(
            Kept(complaint, until, today > until, complaint.pk in held, complaint.pk in proposed)
        )
    return sorted(found, key=lambda row: (row.until, row.complaint.number))


def waiting(user, campaign: Campaign) -> list[Disposal]:
    """Proposals that another person has to decide; those of records that the user sees."""
    return list(
        Disposal.objects.filter(
            campaign=campaign,
            approved__isnull=True,
            complaint__in=Complaint.objects.visible_to(user),
        )
        .select_related("proposed_by", "complaint")
        .order_by("proposed_at", "pk")
    )


def done(campaign: Campaign, *, limit: int = 50) -> list[Disposal]:
    """What was destroyed, the latest first: numbers and days only."""
    return list(
        Disposal.objects.filter(campaign=campaign, approved=True)
        .select_related("proposed_by", "decided_by")
        .order_by("-decided_at", "-pk")[:limit]
    )


def schedule(campaign: Campaign) -> list[tuple[str, str, int]]:
    """Code, label and years of each category."""
    years = periods(campaign)
    return [(c.value, c.label, years[c.value]) for c in Category]
