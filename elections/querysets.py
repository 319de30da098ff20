"""Filters of the election models in business words. `visible_to` is the only door to rows for pages."""

from django.db import models
from django.db.models.functions import Coalesce

from accounts.enums import Role
from villages.enums import Level
from villages.scoping import area_q, area_q_of, postings_of

from . import rules
from .enums import CampaignStatus
from .holidays import CALENDAR

#: Who sees the progress and the people of the villages in their area.
READERS = (Role.ORG_STAFF, Role.COORDINATOR, Role.LEADER)
#: Who works in a campaign at all and so knows that it exists.
CAMPAIGN_READERS = (*READERS, Role.VETTING, Role.DISCIPLINE)


def counted(rows):
    """The number of rows as an expression, so that one statement counts several lists."""
    numbers = rows.order_by().values(_one=models.Value(1)).annotate(n=models.Count("pk"))
    return Coalesce(models.Subquery(numbers.values("n"), output_field=models.IntegerField()), 0)


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, user, *, roles=CAMPAIGN_READERS):
        """Campaigns whose area contains, equals or lies inside one of the user's areas (in these roles)."""
        visible = models.Q(pk__in=[])
        for posting in postings_of(user):
            if posting.role not in roles:
                continue
            place = posting.jurisdiction
            if place.level == Level.NATION:
                return self.all()
            above = {place.pk, place.county_id, place.city_id, place.province_id} - {None}
            visible |= models.Q(area_id__in=above)
            if place.level != Level.TOWNSHIP:
                visible |= area_q_of(place, prefix="area__")
        return self.filter(visible)

    def active(self):
        return self.filter(status=CampaignStatus.ACTIVE)


class VillageElectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Elections of the villages in the user's area (staff, coordinators, leaders)."""
        return self.filter(area_q(user, roles=READERS))

    def unfinished(self):
        return self.filter(completed_on__isnull=True)

    def overdue(self, *, today):
        """Elections whose current stage is late: a working day has passed since its planned day."""
        return self.unfinished().filter(due_on__lt=rules.last_working_day(today, CALENDAR))


class OfMeetingQuerySet(models.QuerySet):
    """Rows that hang on a meeting are seen by whoever sees its election."""

    def visible_to(self, user):
        return self.filter(area_q(user, roles=READERS, prefix="meeting__election__"))


class BallotRoundQuerySet(OfMeetingQuerySet):
    def uncertified(self):
        return self.filter(certified_at__isnull=True)


class OfElectionQuerySet(models.QuerySet):
    """Rows that hang on a village's election are seen by whoever sees the election."""

    def visible_to(self, user):
        return self.filter(area_q(user, roles=READERS, prefix="election__"))


class RollQuerySet(OfElectionQuerySet):
    def current(self):
        """The version that holds; the earlier ones are kept to be read."""
        return self.filter(is_current=True)


class StageOverrideQuerySet(OfElectionQuerySet):
    def in_force(self):
        """Not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)
