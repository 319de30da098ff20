"""每日提醒: each morning one stored text per person for whom a duty of the ledgers is open. 催报 is in reminders."""

from datetime import date, datetime

from accounts.enums import Role
from accounts.models import User
from elections.models import Campaign
from villages.models import Posting
from villages.scoping import postings_of

from ..enums import DigestKind
from ..models import DailyDigest
from ..selectors.shell import place_of
from ..selectors.todo import DutyGroup, duty_groups

ROLES = (Role.COORDINATOR, Role.ORG_STAFF, Role.LEADER)
#: A text names so many duties of one kind.
NAMED = 10
NUMERALS = "一二三四五六七八九十"


def produce_digests(*, campaign: Campaign, day: date, at: datetime) -> int:
    """Store the day's digest of everybody posted in the campaign's area; repeating it changes nothing.

    Returns how many are stored now. Whoever has nothing open gets none.
    """
    postings = Posting.objects.active(on=day).within(campaign.area, roles=ROLES)
    people = User.objects.filter(pk__in=postings.values("user"))
    digests = []
    for user in people.order_by("pk"):
        groups = duty_groups(user, campaign, today=day, roles=ROLES)
        if groups:
            digests.append(
                DailyDigest(
                    campaign=campaign,
                    user=user,
                    day=day,
                    count=sum(group.total for group in groups),
                    text=digest_text(user, campaign, groups, day=day),
                    produced_at=at,
                )
            )
    DailyDigest.objects.bulk_create(digests, ignore_conflicts=True)
    return DailyDigest.objects.filter(campaign=campaign, day=day, kind=DigestKind.MORNING).count()


def digest_text(user: User, campaign: Campaign, groups: list[DutyGroup], *, day: date) -> str:
    """The duties as plain text, with the delay of each."""
    lines = [f"【换届工作提醒】{day.month}月{day.day}日　{place_of(user)}", campaign.name]
    for numeral, group in zip(NUMERALS, groups, strict=False):
        lines.append(f"{numeral}、{group.title}（{group.total}件）")
        for number, duty in enumerate(group.duties[:NAMED], start=1):
            late = f"，已过{duty.days}天" if duty.days else ""
            lines.append(f"{number}. {duty.words}{late}")
        if group.total > NAMED:
            lines.append(f"……共{group.total}件，其余见系统“待办”。")
    if any(p.role == Role.LEADER for p in postings_of(user)):
        lines.append("以上事项逾期已久，请督促。")
    return "\n".join(lines)
