"""Who sees the rows about people standing for office, and which of them count."""

from django.apps import apps
from django.db import models
from django.db.models import Case, CharField, Exists, OuterRef, Q, Subquery, Value, When

from accounts.enums import Role
from elections.querysets import READERS, OfElectionQuerySet
from villages.scoping import area_q, area_q_of, postings_of

from .enums import AskState, CorrectionStatus, Countersign, ReserveState

#: Who sees what is on record about a person: never the leaders, who see results.
FACT_READERS = (Role.ORG_STAFF, Role.COORDINATOR)


def departments_q(user, *, name: str, prefix: str) -> Q:
    """Rows of the vetting departments that the user's postings name, inside the area of each posting. `name` leads to the
    department's name, `prefix` to the row with the ancestor columns."""
    wanted = Q(pk__in=[])
    for posting in postings_of(user):
        if posting.role == Role.VETTING and posting.department.strip():
            own = Q(**{name: posting.department.strip()})
            wanted |= own & area_q_of(posting.jurisdiction, prefix=prefix)
    return wanted


class CandidacyQuerySet(OfElectionQuerySet):
    def asked_of(self, user):
        """The people about whom one of the user's departments is or was asked."""
        own = departments_q(user, name="asks__department__name", prefix="election__")
        return self.filter(own).distinct()


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(area_q(user, roles=READERS, prefix="candidacy__election__"))

    def pending(self):
        """Decisions that wait for a second person."""
        return self.filter(countersign=Countersign.PENDING, returned_at__isnull=True)


class NegativeRuleQuerySet(models.QuerySet):
    def current(self):
        return self.filter(retired_at__isnull=True).order_by("order", "code", "pk")


class FactQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The township of the village, the county's staff, and the department that recorded it."""
        return self.filter(
            area_q(user, roles=FACT_READERS, prefix="member__village__")
            | departments_q(user, name="department", prefix="member__village__")
        )

    def standing(self):
        return self.filter(withdrawn_at__isnull=True)


class DepartmentQuerySet(models.QuerySet):
    def current(self):
        return self.filter(retired_at__isnull=True).order_by("order", "pk")


class BatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff of the campaign's area: a batch may span all of its villages."""
        return self.filter(
            area_q(user, roles=(Role.ORG_STAFF,), prefix="campaign__area__", own="campaign__area")
        )


class TaskQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A department's own tasks, as far as they are about people of its area."""
        return self.filter(
            departments_q(user, name="department__name", prefix="asks__candidacy__election__")
        ).distinct()


class AskQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A department's own questions about the people of its area."""
        return self.filter(
            departments_q(user, name="department__name", prefix="candidacy__election__")
        )

    def open(self):
        return self.filter(is_current=True, state=AskState.OPEN)


class OpinionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The department that gave it, and the county's staff."""
        return self.filter(
            area_q(user, roles=(Role.ORG_STAFF,), prefix="ask__candidacy__election__")
            | departments_q(user, name="ask__department__name", prefix="ask__candidacy__election__")
        )


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
