"""Reads over a village's election: its current stage records, what blocks them, and the sentence that says so."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.enums import Role

from . import rules
from .blockers import Blocker
from .enums import SETTLED, DocumentKind, MeetingKind, NoticeKind, Stage, StageStatus
from .holidays import CALENDAR
from .models import (
    Campaign,
    Evidence,
    ExceptionRequest,
    Handover,
    Meeting,
    Notice,
    OfficialDocument,
    Roll,
    StageRecord,
    VillageElection,
)
from .stages import STAGES, StageSpec

import_gate = cache(import_string)


def campaigns_of(user) -> list[Campaign]:
    """The campaigns the user knows of, the newest first: one query per user object."""
    if not hasattr(user, "_campaigns"):
        user._campaigns = list(
            Campaign.objects.visible_to(user).select_related("area").order_by("-starts_on", "-pk")
        )
    return user._campaigns


def current_records(election: VillageElection) -> dict[Stage, StageRecord]:
    """The current attempt at every stage, in procedural order (one query)."""
    records = {
        Stage(r.stage): r for r in StageRecord.objects.filter(election=election, is_current=True)
    }
    return {code: records[code] for code in STAGES if code in records}


def evidence_blockers(record: StageRecord) -> list[Blocker]:
    """One blocker for each requirement of the stage without a file (one query)."""
    have = set(
        Evidence.objects.filter(
            election_id=record.election_id, stage=record.stage, replaced_at__isnull=True
        ).values_list("requirement", flat=True)
    )
    return [
        Blocker(
            f"evidence_{need.code}",
            f"缺少佐证材料：{need.label}。请在本页“佐证材料”处上传。",
            "本届换届工作方案（活动参数）",
        )
        for need in record.spec.evidence
        if need.code not in have
    ]


def stage_blockers(
    election: VillageElection, record: StageRecord, *, at: datetime
) -> list[Blocker]:
    """Everything that stops this stage from being submitted or confirmed now, all at once.

    Asks each gate of settings.STAGE_GATES; an exception approved for a rule lifts its blocker.
    """
    found: list[Blocker] = []
    for path in settings.STAGE_GATES.get(record.stage, ()):
        found += import_gate(path)(election, at=at)
    found += evidence_blockers(record)
    if any(b.may_be_excepted for b in found):
        lifted = set(
            ExceptionRequest.objects.filter(
                election=election, stage=record.stage, approved=True
            ).values_list("code", flat=True)
        )
        found = [b for b in found if not (b.may_be_excepted and b.code in lifted)]
    return found


def recorded_date(election: VillageElection, stage: Stage) -> date | None:
    """The day a stage was done, where a recorded fact says it; None where the coordinator types it."""
    meetings = {
        Stage.MOBILISATION: MeetingKind.MOBILISATION,
        Stage.MEMBER_RECOMMENDATION: MeetingKind.MEMBER_RECOMMENDATION,
        Stage.VILLAGER_RECOMMENDATION: MeetingKind.VILLAGER_RECOMMENDATION,
        Stage.COMMITTEE_BALLOT: MeetingKind.COMMITTEE_BALLOT,
        Stage.SECRETARY_BALLOT: MeetingKind.SECRETARY_BALLOT,
    }
    rows: QuerySet
    if stage in meetings:
        rows = Meeting.objects.filter(election=election, kind=meetings[stage])
        return rows.values_list("held_on", flat=True).first()
    if stage in (Stage.PETITION, Stage.NOMINATION, Stage.APPROVAL):
        rows = OfficialDocument.objects.filter(election=election, stage=stage)
        last = DocumentKind.FILING if stage == Stage.APPROVAL else DocumentKind.REPLY
        return rows.filter(kind=last).values_list("issued_on", flat=True).first()
    if stage == Stage.ROSTER:
        rows = Roll.objects.current().filter(election=election)
        return rows.values_list("published_on", flat=True).first()
    if stage in (Stage.NOTICE, Stage.ANNOUNCEMENT):
        kind = NoticeKind.CANDIDATES if stage == Stage.NOTICE else NoticeKind.RESULT
        rows = Notice.objects.filter(election=election, kind=kind)
        field = "ends_on" if stage == Stage.NOTICE else "starts_on"
        return rows.values_list(field, flat=True).first()
    if stage == Stage.HANDOVER:
        rows = Handover.objects.filter(election=election)
        return rows.values_list("handed_on", flat=True).first()
    return None


#: Stages whose date no recorded fact gives.
TYPED_DATE = (
    Stage.SURVEY,
    Stage.RECTIFICATION,
    Stage.PRELIMINARY,
    Stage.REVIEW,
    Stage.INSPECTION,
)


def not_before(
    election: VillageElection, stage: Stage, records: dict[Stage, StageRecord]
) -> tuple[date, str]:
    """The earliest day this stage may bear, and what sets it: its predecessors' days, else the campaign's first."""
    earliest, reason = election.campaign.starts_on, "换届启动日期"
    queue = list(STAGES[stage].follows)
    while queue:
        before = queue.pop()
        record = records[before]
        if record.actual_on is None:  # not applicable: look through it
            queue += STAGES[before].follows
        elif record.actual_on > earliest:
            earliest, reason = record.actual_on, f"上一环节“{before.label}”的办理日期"
    return earliest, reason


@dataclass(frozen=True)
class StageView:
    """One stage as a page shows it. `sentence` says in one sentence what is missing and who is waited for."""

    spec: StageSpec
    record: StageRecord
    days_late: int
    blockers: tuple[Blocker, ...]
    sentence: str

    @property
    def lateness(self) -> str:
        """yellow, red or nothing; needs the election's rule set."""
        return rules.lateness(
            self.days_late, red_after=self.record.election.rule_set.overdue_red_days
        )

    @property
    def status(self) -> StageStatus:
        return StageStatus(self.record.status)


def whose(election: VillageElection, role: Role) -> str:
    """The people waited for, in words: 新安镇联络员, 县委组织部工作人员."""
    if role == Role.COORDINATOR:
        return f"{election.township.name}联络员"
    if role == Role.ORG_STAFF:
        return f"{election.county.name}{role.label}"
    return role.label


def waiting_sentence(
    election: VillageElection,
    record: StageRecord,
    blockers: list[Blocker],
    records: dict[Stage, StageRecord],
) -> str:
    """The one sentence of a stage: done, waiting for whom, or what is missing."""
    match StageStatus(record.status):
        case StageStatus.DONE:
            return f"已于{record.actual_on:%Y年%m月%d日}办结。"
        case StageStatus.NOT_APPLICABLE:
            return "本村不设委员会，书记由党员大会直接选举，此环节不适用。"
        case StageStatus.RETURNED:
            return f"已退回：{record.return_reason}"
        case StageStatus.SUBMITTED:
            return f"已提交，等{whose(election, record.spec.confirmer)}确认。"
        case StageStatus.WAITING:
            missing = [s.label for s in record.spec.follows if records[s].status not in SETTLED]
            return f"须先办结“{'”“'.join(missing)}”，再办理本环节。"
    if not blockers:
        return f"要件已齐，等{whose(election, record.spec.owner)}提交。"
    first = blockers[0]
    rest = f"（另有{len(blockers) - 1}项）" if len(blockers) > 1 else ""
    return f"等{whose(election, first.who)}：{first.message}{rest}"


def stage_views(election: VillageElection, *, at: datetime) -> list[StageView]:
    """All seventeen stages of one election, blockers only where work is open (at most two stages)."""
    today = timezone.localdate(at)
    records = current_records(election)
    views = []
    for record in records.values():
        record.election = election
        live = record.status in (StageStatus.OPEN, StageStatus.SUBMITTED)
        blockers = stage_blockers(election, record, at=at) if live else []
        views.append(
            StageView(
                spec=record.spec,
                record=record,
                days_late=rules.working_days_late(record.planned_on, today, CALENDAR)
                if live
                else 0,
                blockers=tuple(blockers),
                sentence=waiting_sentence(election, record, blockers, records),
            )
        )
    return views
