"""Filters of places, members and postings in business words. `visible_to` is the only door to rows for pages."""

from django.db import models
from django.db.models import Q

from accounts.enums import Role

from .scoping import BUSINESS, MEMBER_READERS, area_q, has_role


class JurisdictionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The user's own areas and everything inside them, not the units above them."""
        return self.filter(area_q(user, roles=BUSINESS, own="pk"))

    def open(self):
        return self.filter(closed_on__isnull=True)


class VillageQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(area_q(user, roles=BUSINESS))

    def open(self):
        return self.filter(closed_on__isnull=True)


class PartyMemberQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(area_q(user, roles=MEMBER_READERS, prefix="village__"))

    def current(self):
        return self.filter(left_on__isnull=True)


class PostingQuerySet(models.QuerySet):
    def active(self, *, on):
        return self.filter(starts_on__lte=on).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on))

    def visible_to(self, user):
        """The system and the security administrator see all postings, everybody their own."""
        if has_role(user, Role.SYSTEM_ADMIN) or has_role(user, Role.SECURITY_ADMIN):
            return self.all()
        return self.filter(user=user)
