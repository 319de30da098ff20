"""指标留底: what all figures of a campaign were when a day ended."""

from datetime import date, datetime

from django.db import transaction

from elections.models import Campaign

from ..indicators.registry import figures
from ..models import KeptFigures
from ..selectors.scope import scope_of_area


@transaction.atomic
def keep_figures(*, campaign: Campaign, day: date, at: datetime) -> bool:
    """Keep the campaign's figures of a Shanghai day that is over; once, a repetition changes nothing.

    Returns whether they were kept by this call.
    """
    if KeptFigures.objects.filter(campaign=campaign, day=day).exists():
        return False
    found = figures(scope_of_area(campaign, as_of=day))
    kept = KeptFigures(campaign=campaign, day=day, figures=found, kept_at=at)
    # Two workers may get here together: the first row stays, the second call finds that it changed nothing.
    KeptFigures.objects.bulk_create([kept], ignore_conflicts=True)
    return KeptFigures.objects.filter(campaign=campaign, day=day, kept_at=at).exists()
