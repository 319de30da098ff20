"""Who sees rollups, daily reports, and what a campaign produces."""

from django.db import models

from accounts.enums import Role
from elections.models import Campaign
from elections.querysets import READERS
from villages.enums import Level
from villages.scoping import area_q, area_q_of, postings_of

from .enums import DOCUMENT_JOBS


class TownshipRowQuerySet(models.QuerySet):
    """Rows that carry the township and its ancestors."""

    def visible_to(self, user):
        return self.filter(area_q(user, roles=READERS))


class CountyRowQuerySet(models.QuerySet):
    """Sums of whole counties: for those whose posting covers the county or more."""

    def visible_to(self, user):
        wanted = models.Q(pk__in=[])
        for posting in postings_of(user):
            if posting.role in READERS and posting.jurisdiction.level != Level.TOWNSHIP:
                wanted |= area_q_of(posting.jurisdiction)
        return self.filter(wanted)


class DailyQuerySet(TownshipRowQuerySet):
    """Daily reports with all their versions."""

    def current(self):
        """The last version of each."""
        return self.filter(superseded_at__isnull=True)

    def used_at(self, moment):
        """The versions that a document of `moment` used and that were corrected afterwards."""
        return self.filter(confirmed_at__lte=moment, superseded_at__gt=moment)


class BulletinQuerySet(models.QuerySet):
    """Bulletins with all their versions: seen by staff, coordinators and leaders who see the campaign."""

    def visible_to(self, user):
        return self.filter(campaign__in=Campaign.objects.visible_to(user, roles=READERS))

    def current(self):
        """The last version of each."""
        return self.filter(superseded_at__isnull=True)


#: The closing report adds up the whole area, complaints included: for those whose posting covers it.
CLOSING_READERS = (Role.ORG_STAFF, Role.LEADER)


#: Who brings workbooks in and takes lists out.
WORKBOOK_ROLES = (Role.ORG_STAFF, Role.COORDINATOR)


class ImportQuerySet(models.QuerySet):
    """Imported workbooks: seen by whoever uploaded them while posted there, and by the staff of the area."""

    def visible_to(self, user):
        inside = {"prefix": "area__", "own": "area"}
        return self.filter(
            area_q(user, roles=(Role.ORG_STAFF,), **inside)
            | models.Q(by=user.pk) & area_q(user, roles=WORKBOOK_ROLES, **inside)
        )


class ExportQuerySet(models.QuerySet):
    """Exported lists hold what one person may see: nobody else's."""

    def visible_to(self, user):
        return self.filter(by=user.pk)


class OwnQuerySet(models.QuerySet):
    """Rows made for one person."""

    def visible_to(self, user):
        return self.filter(user=user.pk)


class JobQuerySet(models.QuerySet):
    """Background work: all of a campaign for its staff, its documents for leaders, for anybody else what they asked."""

    def visible_to(self, user):
        inside = {"prefix": "campaign__area__", "own": "campaign__area"}
        return self.filter(
            area_q(user, roles=(Role.ORG_STAFF,), **inside)
            | models.Q(kind__in=DOCUMENT_JOBS) & area_q(user, roles=(Role.LEADER,), **inside)
            | models.Q(requested_by=user.pk, campaign__in=Campaign.objects.visible_to(user))
        )


class ClosingQuerySet(models.QuerySet):
    """Closing reports, and the figures kept from day to day."""

    def visible_to(self, user):
        return self.filter(
            area_q(user, roles=CLOSING_READERS, prefix="campaign__area__", own="campaign__area")
        )
