"""Who sees rollups, daily reports, and what a campaign produces."""

from django.db import models

from elections.models import Campaign
from elections.querysets import READERS
from villages.scoping import area_q


class TownshipRowQuerySet(models.QuerySet):
    """Rows that carry the township and its ancestors."""

    def visible_to(self, user):
        return self.filter(area_q(user, roles=READERS))


class CampaignOutputQuerySet(models.QuerySet):
    """Bulletins, jobs and closing reports: seen by staff, coordinators and leaders who see the campaign."""

    def visible_to(self, user):
        return self.filter(campaign__in=Campaign.objects.visible_to(user, roles=READERS))
