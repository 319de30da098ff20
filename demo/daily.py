"""What happens at the end of a demonstration day: townships confirm the daily report, the bulletin is produced."""

import uuid
from datetime import date, timedelta
from random import Random

from accounts.models import User
from elections.models import Campaign
from reporting.models import DailyReport
from reporting.services.bulletins import produce_bulletin
from reporting.services.daily import confirm_daily_report, correct_daily_report
from villages.models import Jurisdiction

from . import plan

PROBLEMS = (
    "",
    "",
    "部分外出党员联系不便，已由包村干部逐户落实。",
    "个别村参会人数接近法定比例，已提前一天逐人通知。",
    "两个村公示期遇雨，公示栏已重新张贴。",
    "个别村佐证材料照片不清晰，已要求补拍。",
    "个别村党员年龄偏大，已安排专人接送到会。",
    "一个村会议记录缺少监票人签名，已当天补正。",
    "新录入的党员信息有两处与原册不一致，已核对更正。",
    "农忙时节白天召集困难，会议改在晚上召开。",
)
PRACTICES = (
    "",
    "",
    "包村干部全程到场指导，当天录入、当天核对。",
    "对外出党员用电话逐一告知时间、地点和程序。",
    "选举前一天开展程序演练，会场布置统一标准。",
    "乡镇联络员每天晚上对账，缺什么第二天补什么。",
    "把选举流程印成一页纸，发到每名党员手中。",
    "班子成员分片包干，逐村过堂后再报县里。",
    "会前向老党员上门宣讲纪律要求。",
)
#: Of a hundred reports so many are on time, so many come the next morning; the others never come.
ON_TIME, NEXT_MORNING = 94, 99
#: Days after the first on which a report is corrected afterwards.
AMENDED_DAY = 2


def _coming(seed: int, day: date, township: Jurisdiction) -> str:
    drawn = Random(f"{seed}-daily-{day}-{township.code}").randrange(100)
    if drawn < ON_TIME:
        return "on_time"
    return "late" if drawn < NEXT_MORNING else "never"


def _confirm(campaign: Campaign, seed: int, day: date, township, by: User, at) -> None:
    random = Random(f"{seed}-words-{day}-{township.code}")
    confirm_daily_report(
        campaign=campaign,
        township=township,
        day=day,
        problems=random.choice(PROBLEMS),
        practices=random.choice(PRACTICES),
        request_key=uuid.UUID(int=random.getrandbits(128), version=4),
        by=by,
        at=at,
    )


def _amend(
    campaign: Campaign, day: date, next_day: date, seed: int, coordinators: dict[int, User]
) -> None:
    """One township corrects what it wrote on `day`, and staff produce its bulletin anew."""
    report = (
        DailyReport.objects.current()
        .filter(campaign=campaign, day=day)
        .order_by("township")
        .first()
    )
    if report is None:
        return
    random = Random(f"{seed}-amend-{day}")
    correct_daily_report(
        campaign=campaign,
        township=report.township,
        day=day,
        problems="两个村的会议室正在维修，动员会改在村小学召开。",
        practices=report.practices,
        reason="漏写一个村的情况",
        based_on=report.version,
        request_key=uuid.UUID(int=random.getrandbits(128), version=4),
        by=coordinators[report.township_id],
        at=plan.moment(next_day, 9, 5),
    )
    produce_bulletin(
        campaign=campaign,
        day=day,
        at=plan.moment(next_day, 9, 30),
        by=campaign.created_by,
        again=True,
    )


def report_day(
    campaign: Campaign, day: date, today: date, seed: int, coordinators: dict[int, User]
) -> None:
    """Yesterday's late reports in the morning; today's before the cut-off, and the bulletin at it.

    The bulletin of the campaign's third day has a second version: a report was corrected the next morning.

    The last day stays open: its reports are for whoever tries the product.
    """
    townships = Jurisdiction.objects.filter(pk__in=coordinators).order_by("code")
    for number, township in enumerate(townships):
        by = coordinators[township.pk]
        before = day - timedelta(days=1)
        if before >= campaign.starts_on and _coming(seed, before, township) == "late":
            _confirm(campaign, seed, before, township, by, plan.moment(day, 8, 10 + number))
    if day == campaign.starts_on + timedelta(days=AMENDED_DAY + 1):
        _amend(campaign, day - timedelta(days=1), day, seed, coordinators)
    if day == today:
        return
    for number, township in enumerate(townships):
        if _coming(seed, day, township) == "on_time":
            by = coordinators[township.pk]
            _confirm(campaign, seed, day, township, by, plan.moment(day, 17, 5 + 4 * number))
    produce_bulletin(campaign=campaign, day=day, at=plan.moment(day, 18, 0))
