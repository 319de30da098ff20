"""Who sees the rows about people standing for office, and which of them count."""

from django.apps import apps
from django.db import models
from django.db.models import Case, CharField, Exists, OuterRef, Q, Subquery, Value, When

from elections.querysets import READERS, OfElectionQuerySet
from villages.scoping import area_q

from .enums import CorrectionStatus, ReserveState


class CorrectionQuerySet(OfElectionQuerySet):
    def pending(self):
        return self.filter(status=CorrectionStatus.PENDING)

    def approved(self):
        return self.filter(status=CorrectionStatus.APPROVED)


class ReserveCadreQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The pool of the villages in the user's area (staff, coordinators, leaders)."""
        return self.filter(area_q(user, roles=READERS, prefix="village__"))

    def live(self):
        """Everybody who has not left the pool."""
        return self.exclude(state=ReserveState.LEFT)

    def with_use(self):
        """Adds `state_now` (whoever won a post since they entered counts as used) and `post_won`, its code."""
        posts = apps.get_model("candidates", "ElectedPost").objects.filter(
            member=OuterRef("member"), elected_on__gte=OuterRef("entered_on")
        )
        # Of a secretary who is a member, too, the higher post.
        rank = Case(When(post="secretary", then=0), When(post="deputy", then=1), default=2)
        used = Q(state=ReserveState.LISTED) & Exists(posts)
        return self.annotate(
            post_won=Subquery(posts.order_by(rank, "-elected_on").values("post")[:1]),
            state_now=Case(
                When(used, then=Value(ReserveState.USED.value)),
                default="state",
                output_field=CharField(),
            ),
        )
