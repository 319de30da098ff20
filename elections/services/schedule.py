"""计划进度: the campaign's planned days, and a village's own."""

from datetime import date, datetime

from django.db import transaction

from accounts import audit
from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem

from .. import rules, selectors
from ..enums import SETTLED, Stage
from ..models import Campaign, StageRecord, VillageElection
from ..permissions import check_can_certify, check_can_manage_campaign
from .campaigns import plan_of, replan
from .stages import lock, recorded


@transaction.atomic
def set_schedule(
    *, campaign: Campaign, days: dict[Stage, date], by: User, at: datetime
) -> Campaign:
    """Set the campaign's planned day of every stage; stages not yet settled take it, in every village.

    Raises Forbidden, Refused (days outside the campaign or out of the procedure's order).
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    check_can_manage_campaign(by, campaign.area)
    before = plan_of(campaign)
    problems = rules.plan_problems(
        days={s: days.get(s, before[s]) for s in Stage},
        first=campaign.starts_on,
        last=campaign.ends_on,
    )
    if problems:
        raise Refused(*problems)
    campaign.schedule = {stage.value: day.isoformat() for stage, day in (before | days).items()}
    campaign.save(update_fields=["schedule"])
    replan(campaign)
    audit.record(
        action="schedule.set",
        by=by,
        at=at,
        target=campaign,
        changes={
            "before": {s.value: str(d) for s, d in before.items()},
            "after": campaign.schedule,
        },
        campaign_id=campaign.pk,
    )
    return campaign


@transaction.atomic
def adjust_plan(
    *,
    election: VillageElection,
    days: dict[Stage, date],
    reason: str,
    by: User,
    at: datetime,
) -> list[Stage]:
    """Give a village its own planned days for stages that are not settled, with a reason; the stages changed.

    Raises Forbidden (neither its township nor its county), Refused (a settled stage, days outside the campaign or out
    of order, no reason).
    """
    election = lock(election)
    check_can_certify(by, election)
    records = selectors.current_records(election)
    changed = {s: d for s, d in days.items() if records[s].planned_on != d}
    if not changed:
        return []
    problems = [
        Problem("settled", f"“{s.label}”已办结，计划日期不能再改。", rules.MANUAL)
        for s in changed
        if records[s].status in SETTLED
    ]
    open_days = {s: r.planned_on for s, r in records.items() if r.status not in SETTLED}
    problems += rules.plan_problems(
        days=open_days | changed, first=election.campaign.starts_on, last=election.campaign.ends_on
    )
    if not reason.strip():
        problems.append(Problem("reason", "请填写调整计划的理由。", rules.MANUAL))
    if problems:
        raise Refused(*problems)
    before = {s.value: str(records[s].planned_on) for s in changed}
    for stage, day in changed.items():
        records[stage].planned_on = day
    StageRecord.objects.bulk_update([records[s] for s in changed], ["planned_on"])
    if election.completed_on is None:
        election.due_on = records[Stage(election.stage)].planned_on
        election.save(update_fields=["due_on"])
    recorded(
        election=election,
        action="schedule.adjusted",
        by=by,
        at=at,
        target=election,
        reason=reason.strip(),
        changes={"before": before, "after": {s.value: str(d) for s, d in changed.items()}},
    )
    return list(changed)
