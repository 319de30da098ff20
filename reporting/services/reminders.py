"""催报: before the cut-off of the daily reports, one stored text for each coordinator who has not reported and for staff."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.enums import Role
from elections.models import Campaign
from villages.models import Jurisdiction, Posting
from villages.scoping import covers

from .. import rules
from ..enums import DigestKind
from ..models import DailyDigest
from ..selectors.todo import reports_today
from ..selectors.todo_reports import townships_without_report

ROLES = (Role.COORDINATOR, Role.ORG_STAFF)


@transaction.atomic
def produce_reminders(*, campaign: Campaign, day: date, at: datetime) -> int:
    """Store the day's reminders, once, if it is time: how many were stored now.

    Nothing outside the campaign's days, before its reminder time, from the cut-off on, or when everybody has reported.
    A further call changes nothing, whoever has reported meanwhile.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    local = timezone.localtime(at)
    if (
        local.date() != day
        or not reports_today(campaign, today=day)
        or not rules.is_reminder_time(
            local, cutoff=campaign.daily_cutoff, minutes=campaign.daily_reminder
        )
        or DailyDigest.objects.filter(campaign=campaign, day=day, kind=DigestKind.CUTOFF).exists()
    ):
        return 0
    missing = [row.township for row in townships_without_report(campaign, today=day)]
    people = _recipients(campaign, missing, day) if missing else {}
    digests = DailyDigest.objects.bulk_create(
        DailyDigest(
            campaign=campaign,
            user_id=user_id,
            day=day,
            kind=DigestKind.CUTOFF,
            count=len(units),
            text=reminder_text(campaign, role, units, day=day, at=at),
            produced_at=at,
        )
        for user_id, (role, units) in sorted(people.items())
    )
    return len(digests)


def _recipients(
    campaign: Campaign, missing: list[Jurisdiction], day: date
) -> dict[int, tuple[Role, list[Jurisdiction]]]:
    """User → role and townships: staff are told all that are missing, a coordinator the own ones (one query)."""
    found: dict[int, tuple[Role, list[Jurisdiction]]] = {}
    postings = Posting.objects.active(on=day).within(campaign.area, roles=ROLES)
    for posting in postings.select_related("jurisdiction").order_by("pk"):
        if posting.role == Role.ORG_STAFF:
            found[posting.user_id] = (Role.ORG_STAFF, missing)
            continue
        role, units = found.get(posting.user_id, (Role.COORDINATOR, []))
        if role == Role.COORDINATOR:
            own = [u for u in missing if covers(posting.jurisdiction, u) and u not in units]
            found[posting.user_id] = (role, units + own)
    return {user: pair for user, pair in found.items() if pair[1]}


def reminder_text(
    campaign: Campaign, role: Role, missing: list[Jurisdiction], *, day: date, at: datetime
) -> str:
    """What a coordinator is told, or what staff paste into the chat group."""
    names = "、".join(unit.name for unit in missing)
    cutoff = f"{campaign.daily_cutoff:%H:%M}"
    head = f"【日报催报】{day.month}月{day.day}日　{campaign.name}"
    if role == Role.COORDINATOR:
        return f"{head}\n{names}今日日报还没有上报，{cutoff}截止，请核对后上报；没有新进展的点“零报告”。"
    moment = timezone.localtime(at)
    return (
        f"{head}\n截至{moment:%H:%M}，还有{len(missing)}个乡镇没有上报今日日报：{names}。"
        f"请于{cutoff}前核对上报；没有新进展的点“零报告”。"
    )
