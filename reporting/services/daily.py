"""Confirming a township's daily report: derived figures, typed narrative, one receipt."""

import uuid
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import Conflict, Refused
from accounts.models import User
from accounts.problems import Problem
from candidates.models import BallotCorrection
from elections.enums import CampaignStatus
from elections.models import Campaign, VillageElection
from elections.rules import MANUAL
from villages.models import Jurisdiction
from villages.scoping import post_of

from .. import rules
from ..models import DailyReport, TownshipProgress
from ..permissions import check_can_confirm_report
from ..selectors.daily import COUNTERS, day_figures


@transaction.atomic
def confirm_daily_report(
    *,
    campaign: Campaign,
    township: Jurisdiction,
    day: date,
    problems: str,
    practices: str,
    request_key: uuid.UUID,
    by: User,
    at: datetime,
) -> DailyReport:
    """Freeze the day's figures with the narrative and number the report.

    The same `request_key` again returns the same report. Raises Forbidden (not the township's coordinator),
    Conflict (already reported by another request), Refused (a day ahead or before the campaign, a total that
    fell, nothing to report on).
    """
    # The township's rollup row serializes everybody who reports for it.
    list(
        TownshipProgress.objects.select_for_update(of=("self",)).filter(
            campaign=campaign, township=township
        )
    )
    sent = DailyReport.objects.filter(request_key=request_key).first()
    if sent:
        return sent
    check_can_confirm_report(by, township)
    there = DailyReport.objects.filter(campaign=campaign, township=township, day=day).first()
    if there:
        raise Conflict(
            Problem(
                "reported",
                f"{day:%m月%d日}的日报已于{timezone.localtime(there.confirmed_at):%m月%d日 %H:%M}上报，"
                f"编号{there.number}，不必重复上报。",
                MANUAL,
            )
        )
    figures = day_figures(campaign, township.pk, day)
    count = VillageElection.objects.filter(campaign=campaign, township=township).count()
    refusals = _day_problems(campaign, day, timezone.localdate(at))
    refusals += _total_problems(campaign, township, day, figures, count)
    if refusals:
        raise Refused(*refusals)
    local = timezone.localtime(at)
    is_late = local.date() > day or rules.is_after_cutoff(local, cutoff=campaign.daily_cutoff)
    try:
        with transaction.atomic():
            report = DailyReport.objects.create(
                campaign=campaign,
                township=township,
                county_id=township.county_id,
                city_id=township.city_id,
                province_id=township.province_id,
                day=day,
                number=f"RB{day:%Y%m%d}-{campaign.pk:02d}-{township.code[:9]}",
                elections=count,
                problems=problems.strip(),
                practices=practices.strip(),
                confirmed_by=by,
                confirmed_name=by.name,
                confirmed_at=at,
                is_late=is_late,
                request_key=request_key,
                **figures,
            )
    except IntegrityError:
        raise Conflict(
            Problem("reported", "这一天的日报刚被上报：请刷新页面查看回执。", MANUAL)
        ) from None
    audit.record(
        action="daily_report.confirmed",
        by=by,
        at=at,
        target=report,
        post=post_of(by),
        township_id=township.pk,
        campaign_id=campaign.pk,
        changes={"after": figures | {"late": is_late}},
    )
    return report


def _day_problems(campaign: Campaign, day: date, today: date) -> list[Problem]:
    if day > today:
        return [Problem("future", f"{day:%m月%d日}还没有到，不能提前上报。", MANUAL)]
    if day < campaign.starts_on:
        return [Problem("early", f"{day:%m月%d日}早于换届启动日期，不需要上报。", MANUAL)]
    if campaign.status != CampaignStatus.ACTIVE:
        return [Problem("closed", "本次换届已结束，日报已停止上报。", MANUAL)]
    return []


def _total_problems(campaign, township, day, figures, count: int) -> list[Problem]:
    """Cumulative figures never exceed the villages, and never fall from one report to the next, unless a corrected
    count made villages do stages again since."""
    before = (
        DailyReport.objects.filter(campaign=campaign, township=township, day__lt=day)
        .order_by("-day")
        .first()
    )
    if before and _reopened_since(campaign, township, before):
        before = None
    problems = []
    for key, (label, _) in COUNTERS.items():
        total = figures[f"total_{key}"]
        if before and total < getattr(before, f"total_{key}"):
            problems.append(
                Problem(
                    "fell",
                    f"“{label}”累计{total}个，少于{before.day:%m月%d日}上报的"
                    f"{getattr(before, f'total_{key}')}个：请核对是否有环节被退回。",
                    MANUAL,
                )
            )
        if total > count:
            problems.append(
                Problem("exceeds", f"“{label}”累计{total}个，多于应换届{count}个。", MANUAL)
            )
    return problems


def _reopened_since(campaign, township, before: DailyReport) -> bool:
    return (
        BallotCorrection.objects.approved()
        .filter(
            election__campaign=campaign,
            election__township=township,
            decided_at__gt=before.confirmed_at,
        )
        .exclude(effect__reopened=[])
        .exists()
    )
