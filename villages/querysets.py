"""Filters of places, members and postings in business words. `visible_to` is the only door to rows for pages."""

from django.db import models
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When

from accounts.enums import Role

from .enums import BASE_STATUSES, MemberStatus
from .rules import SEVERITY
from .scoping import BUSINESS, MEMBER_READERS, area_q, area_q_of, has_role


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
        """On the roster now: neither left nor merged into another row."""
        return self.filter(left_on__isnull=True, merged_into__isnull=True)

    def with_standing(self, *, on):
        """Annotates `standing`, what rules.status_on() says of the day; for counts and filters over many."""
        cases = [
            When(Exists(self._under(kind, on)), then=Value(kind)) for kind in reversed(SEVERITY)
        ]
        return self.annotate(standing=Case(*cases, default=F("status"), output_field=CharField()))

    def _under(self, kind, on):
        """The outer member's row, if a restriction of the kind is in force on the day."""
        return self.model.objects.filter(
            Q(restrictions__ends_on__isnull=True) | Q(restrictions__ends_on__gte=on),
            pk=OuterRef("pk"),
            restrictions__kind=kind,
            restrictions__starts_on__lte=on,
        )

    def full(self, *, on):
        """Full members whose rights are whole on the day: those who vote and may be elected."""
        return self.with_standing(on=on).filter(standing=MemberStatus.FULL)

    def restricted(self, *, on):
        return self.with_standing(on=on).exclude(standing__in=BASE_STATUSES)


class OfMemberQuerySet(models.QuerySet):
    """Rows that hang on a member are seen by whoever sees the member."""

    def visible_to(self, user):
        return self.filter(area_q(user, roles=MEMBER_READERS, prefix="member__village__"))


class MergeQuerySet(OfMemberQuerySet):
    def standing(self):
        return self.filter(undone_at__isnull=True)


class RepresentativeQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(area_q(user, roles=MEMBER_READERS, prefix="village__"))

    def current(self):
        return self.filter(until__isnull=True)


class PostingQuerySet(models.QuerySet):
    def active(self, *, on):
        return self.filter(starts_on__lte=on).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on))

    def within(self, area, *, roles):
        """Posts in these roles in an area, itself or below it, of people whose account is open."""
        inside = area_q_of(area, prefix="jurisdiction__", own="jurisdiction")
        return self.filter(inside, role__in=roles, user__is_active=True)

    def visible_to(self, user):
        """The system and the security administrator see all postings, everybody their own."""
        if has_role(user, Role.SYSTEM_ADMIN) or has_role(user, Role.SECURITY_ADMIN):
            return self.all()
        return self.filter(user=user)
