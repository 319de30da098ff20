"""联审单位 of a campaign."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from elections import rules
from elections.models import Campaign
from elections.permissions import check_can_manage_campaign
from villages.scoping import post_of

from ..enums import AskState
from ..models import ReviewAsk, VettingDepartment


@transaction.atomic
def save_department(
    *,
    campaign: Campaign,
    name: str,
    questions: str,
    required: bool,
    order: int,
    by: User,
    at: datetime,
    department: VettingDepartment | None = None,
) -> VettingDepartment:
    """Add a department, or change one (`department`); a name that was already asked does not change. Raises Forbidden,
    Refused."""
    check_can_manage_campaign(by, campaign.area)
    name = name.strip()
    Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    others = VettingDepartment.objects.filter(campaign=campaign).current()
    if department is not None:
        others = others.exclude(pk=department.pk)
        if name != department.name and department.asks.exists():
            raise Refused(
                Problem(
                    "department_asked",
                    f"{department.name}已分派过联审任务，不能改名：请停用后另设单位。",
                    rules.MANUAL,
                )
            )
    if others.filter(name=name).exists():
        raise Refused(Problem("department", f"已有联审单位“{name}”。", rules.MANUAL))
    row = department or VettingDepartment(campaign=campaign)
    row.name, row.questions, row.required, row.order = name, questions.strip(), required, order
    row.save()
    _audit("department.saved", row, by, at, {"name": name, "required": required})
    return row


@transaction.atomic
def retire_department(
    *, department: VettingDepartment, by: User, at: datetime
) -> VettingDepartment:
    """Ask a department no more: what it has answered stays and still counts, what it has not is no longer needed."""
    check_can_manage_campaign(by, department.campaign.area)
    Campaign.objects.select_for_update(of=("self",)).get(pk=department.campaign_id)
    row = VettingDepartment.objects.select_for_update(of=("self",)).get(pk=department.pk)
    if row.retired_at is not None:
        return row
    row.retired_at = at
    row.save(update_fields=["retired_at"])
    ReviewAsk.objects.filter(department=row).open().update(
        state=AskState.VOID, closed_at=at, why="联审单位已停用"
    )
    _audit("department.retired", row, by, at, {"name": row.name})
    return row


def _audit(action: str, row: VettingDepartment, by: User, at: datetime, after: dict) -> None:
    audit.record(
        action=action,
        by=by,
        at=at,
        target=row,
        post=post_of(by),
        changes={"after": after},
        campaign_id=row.campaign_id,
    )
