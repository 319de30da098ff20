"""Opening a campaign and changing its parameters."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Case, QuerySet, Value, When
from django.utils import timezone

from accounts import audit
from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from villages.models import Jurisdiction, Village
from villages.scoping import area_q_of
from villages.services import ensure_organisations

from .. import rollups
from ..enums import SETTLED, Stage, StageEvent, StageStatus
from ..models import Campaign, RuleSet, StageChange, StageRecord, VillageElection
from ..permissions import check_can_manage_campaign
from ..rules import MANUAL
from ..stages import STAGES

#: The last stage's planned day in the table; a campaign's own length scales the plan.
PLAN_LENGTH = max(spec.plan_day for spec in STAGES.values())

PARAMETERS = (
    "quorum_strict",
    "recommendation_numerator",
    "recommendation_denominator",
    "surplus_percent",
    "women_minimum",
    "women_minimum_prepared",
    "women_minimum_elected",
    "notice_working_days",
    "merge_rule",
    "member_percent",
    "overdue_red_days",
)
#: How daily reports are handled; they hold for the whole campaign at once.
DAILY = ("daily_approval", "daily_lock_days", "daily_reminder")
#: Where a version of the parameters comes from and from when it holds: shown, not computed with.
SOURCE = ("source", "effective_on", "shift_approval")


def planned_day(stage: Stage, *, starts_on: date, ends_on: date) -> date:
    """The default planned day of a stage: the table's day, scaled to the campaign's length."""
    length = (ends_on - starts_on).days
    return starts_on + timedelta(days=round(STAGES[stage].plan_day * length / PLAN_LENGTH))


def plan_of(campaign: Campaign) -> dict[Stage, date]:
    """The campaign's planned day of every stage: the county's own schedule, else the table's."""
    default = {
        stage: planned_day(stage, starts_on=campaign.starts_on, ends_on=campaign.ends_on)
        for stage in STAGES
    }
    return default | {Stage(code): date.fromisoformat(d) for code, d in campaign.schedule.items()}


def villages_of(area: Jurisdiction) -> QuerySet[Village]:
    """The villages for which a campaign in `area` opens an election."""
    return Village.objects.filter(area_q_of(area), closed_on__isnull=True)


@transaction.atomic
def create_campaign(
    *,
    name: str,
    area: Jurisdiction,
    starts_on: date,
    ends_on: date,
    by: User,
    at: datetime,
    daily_cutoff: time = time(18, 0),
    survey_items: list[str] | None = None,
    parameters: dict | None = None,
    daily: dict | None = None,
) -> Campaign:
    """Create a campaign with rule set 1 and open an election for every village of `area` in one go.

    Raises Forbidden (not staff of the area), Refused (no village in the area, dates out of order, name taken).
    """
    check_can_manage_campaign(by, area)
    villages = list(villages_of(area).select_related("township").order_by("code"))
    problems = []
    if not villages:
        problems.append(
            Problem("no_village", f"{area.name}没有村（社区）：请先导入区划数据。", MANUAL)
        )
    if ends_on <= starts_on:
        problems.append(Problem("dates", "计划完成日期应晚于启动日期：请改正。", MANUAL))
    if Campaign.objects.filter(area=area, name=name).exists():
        problems.append(Problem("name", f"已有名为“{name}”的换届工作：请另取名称。", MANUAL))
    if problems:
        raise Refused(*problems)
    extra = dict(daily or {})
    if survey_items:
        extra["survey_items"] = survey_items
    campaign = Campaign.objects.create(
        name=name,
        area=area,
        starts_on=starts_on,
        ends_on=ends_on,
        daily_cutoff=daily_cutoff,
        created_by=by,
        created_at=at,
        **extra,
    )
    rule_set = RuleSet.objects.create(
        campaign=campaign,
        version=1,
        created_by=by,
        created_at=at,
        **{"effective_on": timezone.localdate(at)} | (parameters or {}),
    )
    ensure_organisations(villages=villages, by=by, at=at)
    _open_elections(campaign, rule_set, villages, by=by, at=at)
    audit.record(
        action="campaign.created",
        by=by,
        at=at,
        target=campaign,
        changes={"after": {"name": name, "area": area.name, "elections": len(villages)}},
        campaign_id=campaign.pk,
    )
    rollups.refresh(campaign_id=campaign.pk, township_ids={v.township_id for v in villages}, at=at)
    return campaign


def _open_elections(campaign, rule_set, villages, *, by, at) -> None:
    """Elections and their 17 stage records in three statements; the first stage is open."""
    plan = plan_of(campaign)
    elections = VillageElection.objects.bulk_create(
        VillageElection(
            campaign=campaign,
            village=v,
            rule_set=rule_set,
            township_id=v.township_id,
            county_id=v.county_id,
            city_id=v.city_id,
            province_id=v.province_id,
            due_on=plan[Stage.SURVEY],
            opened_at=at,
        )
        for v in villages
    )
    records = StageRecord.objects.bulk_create(
        StageRecord(
            election=election,
            stage=stage,
            planned_on=plan[stage],
            status=StageStatus.OPEN if stage == Stage.SURVEY else StageStatus.WAITING,
        )
        for election in elections
        for stage in STAGES
    )
    StageChange.objects.bulk_create(
        StageChange(
            record=record,
            event=StageEvent.OPENED,
            from_status=StageStatus.WAITING,
            to_status=StageStatus.OPEN,
            by=by,
            by_name=by.name,
            at=at,
        )
        for record in records
        if record.stage == Stage.SURVEY
    )


@transaction.atomic
def update_campaign(
    *,
    campaign: Campaign,
    ends_on: date,
    daily_cutoff: time,
    survey_items: list[str],
    parameters: dict,
    daily: dict | None = None,
    by: User,
    at: datetime,
) -> Campaign:
    """Change a campaign's plan and parameters.

    Changed parameters become a new version of the rule set; villages that have not finished their first
    stage take it, the others keep the version they started with. A changed end moves the planned days of the
    stages not yet settled. Raises Forbidden, Refused.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    check_can_manage_campaign(by, campaign.area)
    if ends_on <= campaign.starts_on:
        raise Refused(Problem("dates", "计划完成日期应晚于启动日期：请改正。", MANUAL))
    if campaign.schedule and ends_on < max(plan_of(campaign).values()):
        raise Refused(
            Problem(
                "schedule",
                f"计划进度排到{max(plan_of(campaign).values()):%Y-%m-%d}，晚于计划完成日期：请先修改计划进度。",
                MANUAL,
            )
        )
    before = {
        "ends_on": str(campaign.ends_on),
        "daily_cutoff": str(campaign.daily_cutoff),
        "survey_items": campaign.survey_items,
        **{name: getattr(campaign, name) for name in daily or {}},
    }
    is_replanned = ends_on != campaign.ends_on
    campaign.ends_on, campaign.daily_cutoff = ends_on, daily_cutoff
    campaign.survey_items = survey_items
    for name, value in (daily or {}).items():
        setattr(campaign, name, value)
    campaign.save(update_fields=["ends_on", "daily_cutoff", "survey_items", *DAILY])
    if is_replanned and not campaign.schedule:
        replan(campaign)
    latest = campaign.rule_sets.order_by("-version").first()
    old = {name: getattr(latest, name) for name in PARAMETERS + SOURCE}
    new = old | parameters
    if new != old:
        rule_set = RuleSet.objects.create(
            campaign=campaign, version=latest.version + 1, created_by=by, created_at=at, **new
        )
        campaign.elections.filter(done_count=0).update(rule_set=rule_set)
    audit.record(
        action="campaign.updated",
        by=by,
        at=at,
        target=campaign,
        changes={
            "before": before | _in_words(old),
            "after": {
                "ends_on": str(ends_on),
                "daily_cutoff": str(daily_cutoff),
                "survey_items": survey_items,
            }
            | (daily or {})
            | _in_words(new),
        },
        campaign_id=campaign.pk,
    )
    return campaign


def _in_words(values: dict) -> dict:
    """Dates as text: an audit row is JSON."""
    return {k: str(v) if isinstance(v, date) else v for k, v in values.items()}


def replan(campaign: Campaign) -> None:
    """Planned days of every stage not yet settled, and the due days that follow from them: two statements, inside the
    caller's transaction. Days that a village had set for itself are replaced, too."""
    # Whoever moves a village holds its row: wait, so that no planned day is written back.
    list(campaign.elections.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    days = Case(*(When(stage=stage, then=Value(day)) for stage, day in plan_of(campaign).items()))
    StageRecord.objects.filter(election__campaign=campaign, is_current=True).exclude(
        status__in=SETTLED
    ).update(planned_on=days)
    campaign.elections.unfinished().update(due_on=days)
