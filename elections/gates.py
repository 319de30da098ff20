"""What `elections` itself requires before a stage may be closed. Each gate: f(election, *, at) -> list[Blocker]."""

from datetime import datetime

from django.utils import timezone

from accounts.problems import Problem
from villages.models import PartyMember

from . import rules
from .blockers import Blocker
from .enums import DocumentKind, Lift, MeetingKind, NoticeKind, Stage
from .holidays import CALENDAR
from .models import (
    Handover,
    Meeting,
    Notice,
    OfficialDocument,
    RepresentativeChallenge,
    RepresentativeList,
    Roll,
    RollEntry,
    VillageElection,
)


def _documents(
    election: VillageElection, stage: Stage, *kinds: DocumentKind, anchor: str = "facts"
) -> list[Blocker]:
    """Number and date of each paper, in the order of `kinds`, none dated before the one it answers."""
    have = {d.kind: d for d in OfficialDocument.objects.filter(election=election, stage=stage)}
    blockers = [
        Blocker("document", f"未登记{kind.label}的文号和日期。", rules.MANUAL, anchor=anchor)
        for kind in kinds
        if kind not in have
    ]
    if not blockers:
        dates = [have[k].issued_on for k in kinds]
        if dates != sorted(dates):
            order = "、".join(k.label for k in kinds)
            blockers.append(
                Blocker(
                    "document_order",
                    f"公文日期倒置：应按{order}的先后。请核对日期。",
                    rules.MANUAL,
                    anchor=anchor,
                )
            )
    return blockers


def petition_approved(election: VillageElection, *, at: datetime) -> list[Blocker]:
    """请示 and 批复 recorded; seats fixed within the organisation's size."""
    blockers = _documents(election, Stage.PETITION, DocumentKind.REQUEST, DocumentKind.REPLY)
    if election.committee_seats is None:
        blockers.append(Blocker("seats", "未核定委员、书记、副书记职数。", rules.RURAL_REGULATION))
    return blockers


def mobilised(election: VillageElection, *, at: datetime) -> list[Blocker]:
    """Mobilisation, training and discipline education were held. The first gives the stage its day."""
    held = set(Meeting.objects.filter(election=election).values_list("kind", flat=True))
    wanted = (MeetingKind.MOBILISATION, MeetingKind.TRAINING, MeetingKind.DISCIPLINE)
    return [
        Blocker(
            f"meeting_{kind.value}",
            f"未登记{kind.label}的日期和人数。",
            rules.MANUAL,
            lift=Lift.FIRM if kind == MeetingKind.MOBILISATION else Lift.OVERRIDE,
        )
        for kind in wanted
        if kind not in held
    ]


def roll_frozen(election: VillageElection, *, at: datetime) -> list[Blocker]:
    """The voters' roll is frozen and not empty."""
    roll = Roll.objects.current().filter(election=election).first()
    if roll is None:
        return [
            Blocker("roll", "未核定党员名册和应到会人数。", f"{rules.ELECTION_REGULATION}第五条")
        ]
    if roll.due == 0:
        return [
            Blocker(
                "roll_empty", "应到会人数为0：请先补登党员名册再核定。", rules.ELECTION_REGULATION
            )
        ]
    return []


def representatives_settled(election: VillageElection, *, at: datetime) -> list[Blocker]:
    """Every objection to a representative is answered, and the meeting was of those now on the list."""
    open_ones = RepresentativeChallenge.objects.filter(election=election, upheld__isnull=True)
    names = open_ones.order_by("pk").values_list("entry__name", flat=True)
    blockers = [
        Blocker.of(p, link="election_representatives", anchor="challenges")
        for p in rules.challenge_blockers(names)
    ]
    published = RepresentativeList.objects.current().filter(election=election).first()
    meeting = Meeting.objects.filter(
        election=election, kind=MeetingKind.VILLAGER_RECOMMENDATION
    ).first()
    if published and meeting and meeting.due != published.count:
        blockers.append(
            Blocker(
                "representatives_changed",
                f"村民代表名单现为{published.count}人，推荐会按应到{meeting.due}人登记："
                "请核对到会人数后重新保存。",
                rules.MANUAL,
            )
        )
    return blockers


def nomination_approved(election: VillageElection, *, at: datetime) -> list[Blocker]:
    return _documents(
        election, Stage.NOMINATION, DocumentKind.REQUEST, DocumentKind.REPLY, anchor="papers"
    )


def notice_long_enough(election: VillageElection, *, at: datetime) -> list[Blocker]:
    """The public notice is recorded, lasts the campaign's working days and has reached its last day."""
    notice = Notice.objects.filter(election=election, kind=NoticeKind.CANDIDATES).first()
    if notice is None:
        return [Blocker("notice", "未登记公示的起止日期和地点。", rules.MANUAL)]
    left = (notice.ends_on - timezone.localdate(at)).days
    if left > 0:
        return [
            Blocker(
                "notice_open",
                f"公示至{notice.ends_on:%Y-%m-%d}期满，还有{left}天：期满后再提交。",
                rules.MANUAL,
            )
        ]
    return [
        Blocker.of(p, lift=Lift.OVERRIDE if p.code == "notice_days" else Lift.FIRM)
        for p in rules.notice_problems(
            starts_on=notice.starts_on,
            ends_on=notice.ends_on,
            minimum=election.rule_set.notice_working_days,
            calendar=CALENDAR,
        )
    ]


def ballot_after_notice(election: VillageElection, *, at: datetime) -> list[Blocker]:
    """No electing meeting before the notice is over."""
    notice = Notice.objects.filter(election=election, kind=NoticeKind.CANDIDATES).first()
    meeting = Meeting.objects.filter(election=election, kind=MeetingKind.COMMITTEE_BALLOT).first()
    if not (notice and meeting):
        return []
    problems = rules.ballot_day_problems(held_on=meeting.held_on, notice_ends_on=notice.ends_on)
    return [Blocker.of(problem) for problem in problems]


def result_approved(election: VillageElection, *, at: datetime) -> list[Blocker]:
    """The secretary is approved and the members are filed with the county."""
    return _documents(
        election, Stage.APPROVAL, DocumentKind.REQUEST, DocumentKind.REPLY, DocumentKind.FILING
    )


def result_announced(election: VillageElection, *, at: datetime) -> list[Blocker]:
    if Notice.objects.filter(election=election, kind=NoticeKind.RESULT).exists():
        return []
    return [Blocker("announcement", "未登记结果公告的日期和地点。", rules.ELECTION_REGULATION)]


def handed_over(election: VillageElection, *, at: datetime) -> list[Blocker]:
    if Handover.objects.filter(election=election).exists():
        return []
    return [Blocker("handover", "未登记移交人、接交人、监交人和移交清单。", rules.MANUAL)]


def on_no_roll_since(*, member: PartyMember, since: datetime) -> list[Problem]:
    """Joined rows stay joined once a roll of voters was frozen over them."""
    if not RollEntry.objects.filter(member=member, roll__frozen_at__gt=since).exists():
        return []
    return [
        Problem(
            "merge_rolled",
            f"合并以后已按{member.name}的这一条核定过应到会名册，不能撤销合并。",
            rules.MANUAL,
        )
    ]
