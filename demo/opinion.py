"""Invented public opinion in every state, and last term's figures of complaints."""

from datetime import date, timedelta

from accounts.models import User
from complaints.enums import Channel
from complaints.services import opinion
from complaints.services.statistics import record_last_term
from elections.models import Campaign, VillageElection

from .letters import DAYS
from .plan import moment


def tell_opinion(campaign: Campaign, users: dict[str, User], today: date) -> None:
    """Four incidents; nothing in a campaign that has run for fewer than letters.DAYS days."""
    if (today - campaign.starts_on).days < DAYS:
        return
    staff, discipline = users["zuzhibu"], users["jijian"]
    villages = [
        election.village
        for election in VillageElection.objects.filter(campaign=campaign)
        .select_related("village__township")
        .order_by("village__code")[:6]
    ]

    def found(ago: int, title: str, kind: str, level: str, **more):
        seen_at = moment(today - timedelta(days=ago), 9)
        post = opinion.Post("示范论坛", title, kind, level, seen_at, "县委组织部")
        incident = opinion.record_incident(
            campaign=campaign, post=post, by=staff, at=seen_at, **more
        )
        return incident, seen_at

    def report(incident, at):
        return opinion.report_incident(incident=incident, reported_at=at, by=staff, at=at)

    settled, seen_at = found(
        12, "示范：网传候选人名单没有公示", "rumour", "highest", village=villages[0]
    )
    settled = report(settled, seen_at + timedelta(minutes=40))
    later = seen_at + timedelta(hours=5)
    acting = {"by": discipline, "at": later}
    settled = opinion.check_incident(
        incident=settled, finding="示范：公示按时张贴，有照片。", **acting
    )
    settled = opinion.respond_to_incident(
        incident=settled, response="示范：在村务公开栏和工作群说明。", **acting
    )
    opinion.close_incident(incident=settled, outcome="示范：已平息。", **acting)

    late, seen_at = found(
        6, "示范：短视频称有人送礼拉票", "fact", "highest", village=villages[5 % len(villages)]
    )
    late = report(late, seen_at + timedelta(hours=2))
    opinion.check_incident(
        incident=late, finding="示范：正在核查。", by=discipline, at=seen_at + timedelta(hours=3)
    )
    found(
        2,
        "示范：有村民询问何时投票",
        "demand",
        "normal",
        township=villages[3 % len(villages)].township,
    )
    found(1, "示范：转发旧文，与本次换届无关", "other", "medium")
    channels = {Channel.LETTER: 9, Channel.VISIT: 7, Channel.CALL: 12, Channel.ONLINE: 2}
    figures = {("channel", channel.value): count for channel, count in channels.items()}
    figures[("total", "")] = sum(channels.values())
    record_last_term(
        campaign=campaign,
        figures=figures,
        by=discipline,
        at=moment(today - timedelta(days=DAYS - 1), 10),
    )
