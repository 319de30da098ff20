"""Who sees complaints. rules.py says it for one complaint; here the same as SQL (tests compare the two)."""

from django.db import models
from django.db.models import F, Q

from accounts.enums import Role
from villages.enums import Level
from villages.scoping import area_q_of, postings_of

from . import rules
from .enums import OpinionLevel, Status


def chain_of(jurisdiction) -> set[int]:
    """The jurisdiction and the units above it."""
    return {
        jurisdiction.pk,
        jurisdiction.county_id,
        jurisdiction.city_id,
        jurisdiction.province_id,
    } - {None}


def hidden_q(user) -> Q:
    """Complaints about the user, or about a unit where or below which the user has a post."""
    hidden = Q(accused_user=user.pk)
    for posting in postings_of(user):
        kinds = [
            accused
            for accused, route in rules.ROUTES.items()
            if route.hidden_roles is None or posting.role in route.hidden_roles
        ]
        hidden |= Q(accused__in=kinds, accused_unit__in=chain_of(posting.jurisdiction))
    return hidden


def held_within(user, *, roles, levels=None) -> Q:
    """Complaints held by a unit in an area where the user holds one of `roles` (at one of `levels`, if given)."""
    held = Q(pk__in=[])
    for posting in postings_of(user):
        place = posting.jurisdiction
        if posting.role in roles and (levels is None or place.level in levels):
            held |= area_q_of(place, prefix="held_by__", own="held_by")
    return held


class ComplaintQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What rules.may_see says."""
        held = held_within(user, roles=(Role.DISCIPLINE,))
        return self.filter(held).exclude(hidden_q(user))

    def countable_by(self, user):
        """What rules.may_count says: for figures only, never for a list."""
        levels = [level for level in Level.values if level not in rules.TOO_LOW_TO_COUNT]
        held = held_within(user, roles=rules.COUNTING, levels=levels)
        return self.filter(held).exclude(hidden_q(user))

    def counted(self):
        """What counts in the campaign's own figures: held inside its area. What is about the area's own leaders is held
        above, and counted there."""
        area = F("campaign__area")
        return self.filter(
            Q(held_by=area)
            | Q(held_by__county=area)
            | Q(held_by__city=area)
            | Q(held_by__province=area)
        )

    def open(self):
        return self.exclude(status=Status.SETTLED)

    def overdue(self, *, on):
        """Not accepted, or not settled, though the day for it has passed."""
        return self.filter(
            Q(status=Status.RECEIVED, accept_by__lt=on)
            | Q(settle_by__lt=on, status__in=(Status.ACCEPTED, Status.CONCLUDED, Status.RECEIVED))
        )


class OfComplaintQuerySet(models.QuerySet):
    """Rows that hang on a complaint are seen by whoever sees the complaint."""

    def visible_to(self, user):
        complaints = self.model._meta.get_field("complaint").related_model.objects
        return self.filter(complaint__in=complaints.visible_to(user))


#: Who enters and follows public opinion; leaders only look.
OPINION_EDITORS = (Role.DISCIPLINE, Role.ORG_STAFF)
OPINION_READERS = (*OPINION_EDITORS, Role.COORDINATOR, Role.LEADER)


class OpinionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the townships in one's area, and those of whole campaigns in it; what is about a township's own people
        not by holding a post in that township."""
        wanted = Q(pk__in=[])
        for posting in postings_of(user):
            if posting.role in OPINION_READERS:
                place = posting.jurisdiction
                inside = area_q_of(place, prefix="township__", own="township")
                if place.level == Level.TOWNSHIP:
                    inside &= Q(withheld=False)
                wanted |= inside
                wanted |= area_q_of(place, prefix="campaign__area__", own="campaign__area") & (
                    Q(withheld=False) if place.level == Level.TOWNSHIP else Q()
                )
        return self.filter(wanted)

    def open(self):
        return self.filter(closed_at__isnull=True)

    def late(self, *, at):
        """The highest level, reported after the hour, or not yet though it has passed."""
        hour = rules.REPORT_WITHIN[OpinionLevel.HIGHEST]
        return self.filter(
            Q(reported_at__gt=F("seen_at") + hour)
            | Q(reported_at__isnull=True, seen_at__lt=at - hour),
            level=OpinionLevel.HIGHEST,
        )


class OfOpinionQuerySet(models.QuerySet):
    """Screenshots are seen by whoever sees the incident."""

    def visible_to(self, user):
        incidents = self.model._meta.get_field("incident").related_model.objects
        return self.filter(incident__in=incidents.visible_to(user))
