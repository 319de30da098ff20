"""The villages' party organisations."""

from datetime import date, datetime

from django.db import transaction

from accounts.models import User

from ..enums import OrganisationKind
from ..models import PartyOrganisation, Village


def short_name(village: Village) -> str:
    """A place's name without its office: 镇中社区居委会 → 镇中社区, 圈沟村委会 → 圈沟村."""
    for office, rest in (
        ("社区居委会", "社区"),
        ("村民委员会", "村"),
        ("村委会", "村"),
        ("居委会", "社区"),
    ):
        if village.name.endswith(office):
            stem = village.name.removesuffix(office)
            return stem if stem.endswith(rest) else stem + rest
    return village.name


@transaction.atomic
def ensure_organisations(*, villages: list[Village], by: User, at: datetime) -> int:
    """Give every village without a party organisation a branch named after it; returns how many were made."""
    have = set(
        PartyOrganisation.objects.filter(village__in=villages).values_list("village_id", flat=True)
    )
    made = PartyOrganisation.objects.bulk_create(
        PartyOrganisation(village=v, name=f"{short_name(v)}党支部")
        for v in villages
        if v.pk not in have
    )
    return len(made)


def set_organisation(*, village: Village, kind: OrganisationKind, term_ends_on: date) -> None:
    """Write kind and end of term of a village's party organisation inside the caller's transaction: the caller has the
    permission, the rules and the audit row."""
    organisation = village.organisation
    organisation.kind, organisation.term_ends_on = kind, term_ends_on
    organisation.save(update_fields=["kind", "term_ends_on"])
