"""The kinds of workbooks there are, and the areas for which a user may bring one in."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from elections.models import Campaign
from villages.models import Jurisdiction
from villages.scoping import covers, postings_of
from workbooks.declarations import Kind

from ..querysets import WORKBOOK_ROLES


@cache
def kinds() -> dict[str, Kind]:
    """Code → kind, in the order of settings.WORKBOOK_KINDS."""
    found = [import_string(path) for path in settings.WORKBOOK_KINDS]
    return {kind.code: kind for kind in found}


def import_areas(user, campaign: Campaign) -> list[Jurisdiction]:
    """The parts of the campaign's area that the user works for: the whole of it, or the townships of the postings."""
    areas = {}
    for posting in postings_of(user):
        if posting.role not in WORKBOOK_ROLES:
            continue
        if covers(posting.jurisdiction, campaign.area):
            areas[campaign.area_id] = campaign.area
        elif covers(campaign.area, posting.jurisdiction):
            areas[posting.jurisdiction_id] = posting.jurisdiction
    return list(areas.values())
