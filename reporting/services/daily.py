"""Confirming a township's daily report, and correcting it: derived figures, typed narrative, one receipt per request."""

import hashlib
import json
import uuid
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import audit
from accounts.errors import Conflict, Refused
from accounts.models import User
from accounts.problems import Problem
from elections.enums import CampaignStatus
from elections.models import Campaign
from elections.rules import MANUAL
from villages.models import Jurisdiction
from villages.scoping import post_of

from .. import rules
from ..enums import ReportApproval
from ..models import DailyReport, TownshipProgress
from ..permissions import check_can_confirm_report
from ..selectors.daily import differences_between, live_facts, lock_of, reports_around


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
    Conflict (already reported by another request, the key used for something else), Refused (a day ahead or before
    the campaign, a total that fell).
    """
    lock_township(campaign, township)
    check_can_confirm_report(by, township)
    words = {"problems": problems.strip(), "practices": practices.strip()}
    digest = _digest(campaign, township, day, **words)
    reports = reports_around(campaign, township, day, request_key=request_key)
    if reports.sent:
        return _same(reports.sent, digest)
    there = reports.there
    if there:
        raise Conflict(
            Problem(
                "reported",
                f"{day:%m月%d日}的日报已于{timezone.localtime(there.confirmed_at):%m月%d日 %H:%M}上报，"
                f"编号{there.number}，不必重复上报；要改的请用“更正”。",
                MANUAL,
            )
        )
    facts = _facts(campaign, township, day, before=reports.before, at=at)
    local = timezone.localtime(at)
    is_late = local.date() > day or rules.is_after_cutoff(local, cutoff=campaign.daily_cutoff)
    report = _store(
        campaign,
        township,
        day,
        by=by,
        at=at,
        number=f"RB{day:%Y%m%d}-{campaign.pk:02d}-{township.code[:9]}",
        is_late=is_late,
        request_key=request_key,
        request_digest=digest,
        **words,
        **facts,
    )
    record(report, "daily_report.confirmed", by=by, at=at, after=facts | {"late": is_late})
    return report


@transaction.atomic
def correct_daily_report(
    *,
    campaign: Campaign,
    township: Jurisdiction,
    day: date,
    problems: str,
    practices: str,
    reason: str,
    based_on: int,
    request_key: uuid.UUID,
    by: User,
    at: datetime,
) -> DailyReport:
    """A new version of a report: figures counted anew up to the end of its day, the narrative as given.

    `based_on`: the version the coordinator looked at. The same `request_key` again returns the same version. Raises
    Forbidden, Conflict (nothing reported yet, corrected by somebody else meanwhile, the key used for something
    else), Refused (no reason, nothing different, locked).
    """
    lock_township(campaign, township)
    check_can_confirm_report(by, township)
    words = {
        "problems": problems.strip(),
        "practices": practices.strip(),
        "reason": reason.strip(),
    }
    digest = _digest(campaign, township, day, based_on=based_on, **words)
    reports = reports_around(campaign, township, day, request_key=request_key)
    if reports.sent:
        return _same(reports.sent, digest)
    there = reports.there
    if there is None or there.version != based_on:
        version = f"已由{there.confirmed_name}更正为第{there.version}版" if there else "还没有上报"
        raise Conflict(
            Problem("version", f"{day:%m月%d日}的日报{version}：请刷新页面后再更正。", MANUAL)
        )
    refusals = []
    if not words["reason"]:
        refusals.append(Problem("reason", "请写明更正原因。", MANUAL))
    lock = lock_of(there, campaign, today=timezone.localdate(at))
    if lock.is_shut:
        refusals.append(Problem("locked", lock.sentence, MANUAL))
    if refusals:
        raise Refused(*refusals)
    facts = _facts(campaign, township, day, before=reports.before, at=at)
    there.superseded_at = at
    there.save(update_fields=["superseded_at"])
    report = _store(
        campaign,
        township,
        day,
        by=by,
        at=at,
        version=there.version + 1,
        number=f"{there.number.removesuffix(f'-{there.version}')}-{there.version + 1}",
        is_late=there.is_late,
        request_key=request_key,
        request_digest=digest,
        **words,
        **facts,
    )
    changes = differences_between(there, report)
    if not changes:
        raise Refused(
            Problem("same", "数字和文字都与已上报的一样，不需要更正。", MANUAL),
        )
    record(
        report,
        "daily_report.corrected",
        by=by,
        at=at,
        reason=words["reason"],
        before={c.label: c.before for c in changes},
        after={c.label: c.after for c in changes},
    )
    return report


def lock_township(campaign: Campaign, township: Jurisdiction) -> None:
    """The township's rollup row serializes everybody who reports for it."""
    list(
        TownshipProgress.objects.select_for_update(of=("self",))
        .filter(campaign=campaign, township=township)
        .values_list("pk")
    )


def record(report: DailyReport, action: str, *, by: User, at: datetime, reason="", **changes):
    """One audit row about a report."""
    audit.record(
        action=action,
        by=by,
        at=at,
        target=report,
        post=post_of(by),
        township_id=report.township_id,
        campaign_id=report.campaign_id,
        reason=reason,
        changes=changes,
    )


def _digest(campaign: Campaign, township: Jurisdiction, day: date, **words) -> str:
    """What a request asks for, so that a retry can be told from another request under the same key."""
    body = {"campaign": campaign.pk, "township": township.pk, "day": str(day), **words}
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _same(sent: DailyReport, digest: str) -> DailyReport:
    """The report that this request made before. Raises Conflict when the key stands for another body."""
    if sent.request_digest != digest:
        raise Conflict(
            Problem(
                "key",
                f"这次提交已经处理过，编号{sent.number}，但内容与那次不同：没有再写入。"
                "请刷新页面，用“更正”上报新的内容。",
                MANUAL,
            )
        )
    return sent


def _facts(
    campaign: Campaign,
    township: Jurisdiction,
    day: date,
    *,
    before: DailyReport | None,
    at: datetime,
) -> dict:
    """The derived figures as the report stores them. Raises Refused with everything that is wrong with them."""
    facts, problems = live_facts(campaign, township, day, before=before)
    refusals = _day_problems(campaign, day, timezone.localdate(at))
    refusals += [Problem(code, words, MANUAL) for code, words in problems]
    if refusals:
        raise Refused(*refusals)
    return facts


def _store(campaign: Campaign, township: Jurisdiction, day: date, *, by: User, at, **facts):
    """Write the row. Somebody who was quicker ends the caller's transaction with a Conflict."""
    approval = ReportApproval.PENDING if campaign.daily_approval else ReportApproval.NOT_ASKED
    try:
        return DailyReport.objects.create(
            campaign=campaign,
            township=township,
            county_id=township.county_id,
            city_id=township.city_id,
            province_id=township.province_id,
            day=day,
            confirmed_by=by,
            confirmed_name=by.name,
            confirmed_at=at,
            approval=approval,
            **facts,
        )
    except IntegrityError:
        raise Conflict(
            Problem("reported", "这一天的日报刚被上报：请刷新页面查看回执。", MANUAL)
        ) from None


def _day_problems(campaign: Campaign, day: date, today: date) -> list[Problem]:
    if day > today:
        return [Problem("future", f"{day:%m月%d日}还没有到，不能提前上报。", MANUAL)]
    if day < campaign.starts_on:
        return [Problem("early", f"{day:%m月%d日}早于换届启动日期，不需要上报。", MANUAL)]
    if campaign.status != CampaignStatus.ACTIVE:
        return [
            Problem(
                "closed",
                f"本次换届已结束，日报已锁定；确需补报、更正的，请{campaign.area.name}组织部工作人员恢复换届。",
                MANUAL,
            )
        ]
    return []
