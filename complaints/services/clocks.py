"""办理期限: the county's own days for a kind of complaint. Complaints that came before keep theirs."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.enums import Role
from accounts.errors import Forbidden, Refused
from accounts.models import User
from accounts.problems import Problem
from elections.models import Campaign
from villages.scoping import has_role, post_of

from ..models import Clock


@transaction.atomic
def set_clock(
    *,
    campaign: Campaign,
    category: str,
    unit: str,
    accept_days: int,
    settle_days: int,
    extend_days: int,
    by: User,
    at: datetime,
) -> Clock:
    """Set the days for one category. Raises Forbidden (not discipline staff over the whole area), Refused."""
    if not has_role(by, Role.DISCIPLINE, covering=campaign.area):
        raise Forbidden(f"办理期限由{campaign.area.name}的纪检信访专员设定。")
    if settle_days < accept_days:
        raise Refused(Problem("settle_days", "办结期限不能短于受理期限。"))
    days = {
        "unit": unit,
        "accept_days": accept_days,
        "settle_days": settle_days,
        "extend_days": extend_days,
    }
    row, _ = Clock.objects.update_or_create(campaign=campaign, category=category, defaults=days)
    audit.record(
        action="complaint.clock_set",
        by=by,
        at=at,
        target=row,
        post=post_of(by),
        changes={"after": days},
        campaign_id=campaign.pk,
        chain=f"complaints:{campaign.area_id}",
    )
    return row
