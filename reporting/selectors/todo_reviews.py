"""What of the joint review waits for this user: decisions to countersign, a department's tasks, the county's next steps."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from accounts.enums import Role
from candidates import selectors as people
from candidates.enums import ReviewLevel
from candidates.models import Candidacy, Review, ReviewTask
from elections.models import Campaign
from elections.querysets import counted
from villages.scoping import area_q, has_role


@dataclass(frozen=True)
class JointWork:
    """The county's side, each a number of people or tasks behind one page."""

    to_send: int = 0
    ready: int = 0
    late_tasks: int = 0

    @property
    def total(self) -> int:
        return self.to_send + self.ready + self.late_tasks


def to_sign(user, campaign: Campaign) -> QuerySet[Review]:
    """Decisions of somebody else that this user may countersign."""
    where = "candidacy__election__"
    township = area_q(user, roles=(Role.COORDINATOR, Role.ORG_STAFF), prefix=where)
    county = area_q(user, roles=(Role.ORG_STAFF,), prefix=where)
    pending = Review.objects.filter(candidacy__election__campaign=campaign).pending()
    return (
        pending.filter(level=ReviewLevel.TOWNSHIP).filter(township)
        | pending.filter(level=ReviewLevel.COUNTY).filter(county)
    ).exclude(decided_by=user)


def own_tasks(user, campaign: Campaign) -> QuerySet[ReviewTask]:
    return people.open_tasks(user, campaign)


def awaiting(user, campaign: Campaign) -> QuerySet[Candidacy]:
    """People of the staff's area about whom the county has said nothing."""
    area = area_q(user, roles=(Role.ORG_STAFF,), prefix="election__")
    return people.awaiting_county(campaign).filter(area)


def to_send(user, campaign: Campaign) -> QuerySet[Candidacy]:
    return awaiting(user, campaign).filter(people.never_asked(campaign))


def ready(user, campaign: Campaign) -> QuerySet[Candidacy]:
    return awaiting(user, campaign).filter(people.fully_answered(campaign))


def late_tasks(user, campaign: Campaign, *, today: date) -> QuerySet[ReviewTask]:
    area = area_q(
        user, roles=(Role.ORG_STAFF,), prefix="batch__campaign__area__", own="batch__campaign__area"
    )
    return people.overdue_tasks(campaign=campaign, today=today).filter(area)


def joint_work(user, campaign: Campaign, *, today: date) -> JointWork:
    """The county's side in numbers (one query; none for other roles)."""
    if not has_role(user, Role.ORG_STAFF):
        return JointWork()
    groups = {
        "to_send": to_send(user, campaign),
        "ready": ready(user, campaign),
        "late_tasks": late_tasks(user, campaign, today=today),
    }
    row = Campaign.objects.filter(pk=campaign.pk).annotate(
        **{name: counted(rows) for name, rows in groups.items()}
    )
    return JointWork(**row.values(*groups).get())
