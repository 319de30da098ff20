"""Reads over a village's election: its current stage records, what blocks them, and the sentence that says so."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.enums import Role
from villages.enums import Sex
from villages.models import PartyMember

from . import rules
from .blockers import Blocker
from .enums import SETTLED, DocumentKind, Lift, MeetingKind, NoticeKind, Stage, StageStatus
from .holidays import CALENDAR
from .models import (
    Attendance,
    Campaign,
    Evidence,
    ExceptionRequest,
    Handover,
    Meeting,
    Notice,
    OfficialDocument,
    RepresentativeEntry,
    RepresentativeList,
    Roll,
    RollEntry,
    StageOverride,
    StageRecord,
    VillageElection,
)
from .stages import STAGES, StageSpec

import_gate = cache(import_string)


def representatives_due(election: VillageElection, roll: Roll) -> int:
    """How many representatives are due at their meeting: those on the published list; where no representatives are
    recorded, the number typed with the roll."""
    published = RepresentativeList.objects.current().filter(election=election)
    count = published.values_list("count", flat=True).first()
    return roll.representatives if count is None else count


def due_by_name(
    election: VillageElection, kind: MeetingKind
) -> list[RollEntry] | list[RepresentativeEntry]:
    """Those due at a meeting, one by one: voters on the roll who were not left out, or the representatives on the
    published list; nobody where no list says who."""
    if kind == MeetingKind.VILLAGER_RECOMMENDATION:
        lists = RepresentativeList.objects.current().filter(election=election)
        return list(RepresentativeEntry.objects.filter(list__in=lists).order_by("pk"))
    if kind in (MeetingKind.MEMBER_RECOMMENDATION, MeetingKind.COMMITTEE_BALLOT):
        rolls = Roll.objects.current().filter(election=election)
        due = RollEntry.objects.filter(roll__in=rolls, may_vote=True, exclusion="")
        return list(due.order_by("pk"))
    return []


def ticked(meeting: Meeting | None) -> list[int]:
    """Keys of the entries (of the roll or of the list) of those recorded as present by name."""
    if meeting is None:
        return []
    return [
        a.roll_entry_id or a.representative_entry_id
        for a in Attendance.objects.filter(meeting=meeting)
    ]


#: Who knows of more campaigns than these chooses a county on the overview.
MOST_CAMPAIGNS = 20


def campaigns_of(user) -> list[Campaign]:
    """The newest campaigns the user knows of, at most MOST_CAMPAIGNS: one query per user object."""
    if not hasattr(user, "_campaigns"):
        known = Campaign.objects.visible_to(user).select_related("area")
        user._campaigns = list(known.order_by("-starts_on", "-pk")[:MOST_CAMPAIGNS])
    return user._campaigns


@dataclass(frozen=True)
class KnownCampaign:
    """A campaign as a menu shows it."""

    pk: int
    name: str


def campaign_names_of(user) -> list[KnownCampaign]:
    """The campaigns of `campaigns_of` for a menu: cheaper where a page needs none of them (one query)."""
    if hasattr(user, "_campaigns"):
        return [KnownCampaign(campaign.pk, campaign.name) for campaign in user._campaigns]
    rows = Campaign.objects.visible_to(user).order_by("-starts_on", "-pk")
    return [KnownCampaign(*row) for row in rows.values_list("pk", "name")[:MOST_CAMPAIGNS]]


def campaign_of(user, pk: int | None) -> Campaign | None:
    """The campaign with this number if the user knows of it (one query more only beyond MOST_CAMPAIGNS)."""
    known = campaigns_of(user)
    found = next((campaign for campaign in known if campaign.pk == pk), None)
    if found or pk is None or len(known) < MOST_CAMPAIGNS:
        return found
    return Campaign.objects.visible_to(user).select_related("area").filter(pk=pk).first()


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
            f"缺少佐证材料：{need.label}。",
            "本届换届工作方案（活动参数）",
            anchor="evidence",
            lift=Lift.OVERRIDE,
        )
        for need in record.spec.evidence
        if need.code not in have
    ]


@dataclass(frozen=True)
class FileLine:
    """A file of a stage: its latest version, and the earlier ones, the newest first."""

    latest: Evidence
    earlier: tuple[Evidence, ...]

    @property
    def is_in_force(self) -> bool:
        return self.latest.replaced_at is None


def evidence_files(election: VillageElection, stage: Stage) -> list[FileLine]:
    """The files of a stage in the order of their upload, those in force first (one query)."""
    rows = Evidence.objects.filter(election=election, stage=stage).select_related("uploaded_by")
    files = {file.pk: file for file in rows.order_by("uploaded_at", "version")}
    replaced = {file.replaces_id for file in files.values()}
    lines = []
    for latest in files.values():
        if latest.pk in replaced:
            continue
        earlier, file = [], latest
        while file.replaces_id:
            file = files[file.replaces_id]
            earlier.append(file)
        lines.append(FileLine(latest, tuple(earlier)))
    return sorted(lines, key=lambda line: not line.is_in_force)


def stage_blockers(
    election: VillageElection, record: StageRecord, *, at: datetime
) -> list[Blocker]:
    """Everything that stops this stage from being submitted or confirmed now, all at once.

    Asks each gate of settings.STAGE_GATES. An exception approved for a rule lifts its blocker; an override lifts the
    blockers that it names, as they read on the day it was given.
    """
    found: list[Blocker] = []
    for path in settings.STAGE_GATES.get(record.stage, ()):
        found += import_gate(path)(election, at=at)
    found += evidence_blockers(record)
    excepted: set[str] = set()
    overridden: set[tuple[str, str]] = set()
    if any(b.may_be_excepted for b in found):
        approved = ExceptionRequest.objects.filter(
            election=election, stage=record.stage, approved=True
        )
        excepted = set(approved.values_list("code", flat=True))
    if any(b.may_be_overridden for b in found):
        for override in overrides_of(record):
            overridden |= {(item["code"], item["message"]) for item in override.lifted}
    return [
        b
        for b in found
        if not (b.may_be_excepted and b.code in excepted)
        and not (b.may_be_overridden and (b.code, b.message) in overridden)
    ]


def overrides_of(record: StageRecord) -> QuerySet[StageOverride]:
    """What the county lifted from this attempt at the stage, and did not withdraw."""
    return StageOverride.objects.in_force().filter(
        election_id=record.election_id, stage=record.stage, attempt=record.attempt
    )


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


@dataclass(frozen=True)
class Waiting:
    """Why a stage has not begun: the stages right before it that are not settled, and the live ones among all stages
    before it, where the procedure stands still (one, or two side by side)."""

    before: tuple[StageView, ...]
    heads: tuple[StageView, ...]


def waiting_for(stage: Stage, views: list[StageView]) -> Waiting | None:
    """What a stage that has not begun waits for; None for any other."""
    by_code = {view.spec.code: view for view in views}
    if by_code[stage].status != StageStatus.WAITING:
        return None
    earlier: set[Stage] = set()
    queue = [stage]
    while queue:
        queue += (found := set(STAGES[queue.pop()].follows) - earlier)
        earlier |= found
    unsettled = [v for v in views if v.spec.code in earlier and v.status not in SETTLED]
    return Waiting(
        before=tuple(v for v in unsettled if v.spec.code in STAGES[stage].follows),
        heads=tuple(v for v in unsettled if v.status != StageStatus.WAITING),
    )


def eligible_women(*, on: date) -> QuerySet[PartyMember]:
    """Women on any roster who may be elected on a day."""
    return PartyMember.objects.current().full(on=on).filter(sex=Sex.FEMALE)


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
