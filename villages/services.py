"""Every write about places, organisations, members and postings."""

from datetime import datetime

from django.db import transaction

from accounts.models import User

from .models import PartyOrganisation, Village


@transaction.atomic
def ensure_organisations(*, villages: list[Village], by: User, at: datetime) -> int:
    """Give every village without a party organisation a branch named after it; returns how many were made."""
    have = set(
        PartyOrganisation.objects.filter(village__in=villages).values_list("village_id", flat=True)
    )
    made = PartyOrganisation.objects.bulk_create(
        PartyOrganisation(village=v, name=f"{v.name}党支部") for v in villages if v.pk not in have
    )
    return len(made)
