"""Campaigns through the service, and elections set directly to a stage for tests of the later ones."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import factory
from django.utils import timezone

from accounts.enums import Role
from elections.enums import (
    SETTLED,
    DocumentKind,
    ExclusionReason,
    MeetingKind,
    NoticeKind,
    Stage,
    StageStatus,
)
from elections.models import Campaign, StageRecord, VillageElection
from elections.services import facts, rolls
from elections.services.campaigns import create_campaign
from elections.stages import COMMITTEE_ONLY, STAGES, opens_after

from .villages import CountyFactory, UserFactory

SHANGHAI = ZoneInfo("Asia/Shanghai")
START, END = date(2026, 9, 1), date(2026, 10, 31)


def moment(day: date, hour: int = 10) -> datetime:
    """An hour of a day in Shanghai."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


class CampaignFactory(factory.Factory):
    """A campaign made by create_campaign: every village of `area` gets an election at its first stage."""

    class Meta:
        model = Campaign

    name = factory.Sequence(lambda n: f"示例换届{n}")
    area = factory.SubFactory(CountyFactory)
    starts_on = START
    ends_on = END
    at = factory.LazyAttribute(lambda o: moment(o.starts_on, 8))
    by = factory.LazyAttribute(lambda o: UserFactory(role=Role.ORG_STAFF, where=o.area))

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return create_campaign(**kwargs)


def at_stage(
    election: VillageElection,
    stage: Stage,
    *,
    on: date = START,
    committee_seats: int = 3,
    status: StageStatus = StageStatus.OPEN,
) -> VillageElection:
    """Set an election to `stage` by direct writes: every stage before it done on `on`, the stages that this opens
    open (`status` for `stage` itself). After the petition the seats are set. Returns the stored election."""
    if STAGES[stage].number > STAGES[Stage.PETITION].number:
        election.full_members = 8 if committee_seats else 5
        election.committee_seats = committee_seats
    settled = {code for code, spec in STAGES.items() if spec.number < STAGES[stage].number}
    if not election.has_committee and stage == Stage.SECRETARY_BALLOT:
        raise ValueError("a branch without a committee has no such stage")
    records = StageRecord.objects.filter(election=election, is_current=True)
    records.update(status=StageStatus.WAITING, actual_on=None)
    records.filter(stage__in=settled).update(status=StageStatus.DONE, actual_on=on)
    if not election.has_committee:
        records.filter(stage__in=settled & set(COMMITTEE_ONLY)).update(
            status=StageStatus.NOT_APPLICABLE, actual_on=None
        )
    records.filter(stage__in=opens_after(settled)).update(status=StageStatus.OPEN)
    changed = {"status": status}
    if status in (StageStatus.SUBMITTED, StageStatus.DONE):
        changed["actual_on"] = on
    records.filter(stage=stage).update(**changed)
    _store(election)
    return VillageElection.objects.select_related(
        "campaign", "rule_set", "village__organisation", "township", "county"
    ).get(pk=election.pk)


def _store(election: VillageElection) -> None:
    """What the election keeps of its records."""
    records = {
        Stage(r.stage): r for r in StageRecord.objects.filter(election=election, is_current=True)
    }
    pending = [code for code in STAGES if records[code].status not in SETTLED]
    election.done_count = len(STAGES) - len(pending)
    election.stage = pending[0] if pending else Stage.HANDOVER
    election.due_on = records[pending[0]].planned_on if pending else None
    election.completed_on = None if pending else records[Stage.HANDOVER].actual_on
    election.save()


#: The meetings of the mobilisation stage.
MEETINGS = (MeetingKind.MOBILISATION, MeetingKind.TRAINING, MeetingKind.DISCIPLINE)


def record_facts(election: VillageElection, stage: Stage, *, by, at: datetime) -> None:
    """Record the facts of an open stage of elections through its service, all on the day of `at`."""
    today = timezone.localdate(at)
    sent = {"election": election, "by": by, "at": at}
    papers = [
        facts.Paper(kind, f"示例〔2026〕{kind}号", today)
        for kind in (DocumentKind.REQUEST, DocumentKind.REPLY, DocumentKind.FILING)
    ]
    match stage:
        case Stage.PETITION:
            facts.save_petition(
                **sent,
                papers=papers[:2],
                committee_seats=3,
                deputy_seats=1,
                organisation=facts.Organisation("branch", END, shift_approval="示例〔2026〕9号"),
            )
        case Stage.MOBILISATION:
            facts.save_meetings(**sent, meetings=[facts.Gathering(k, today, 37) for k in MEETINGS])
        case Stage.ROSTER:
            member = election.village.members.order_by("pk").first()
            reason = ExclusionReason.BEDRIDDEN
            rolls.freeze_roll(
                **sent,
                published_on=today,
                representatives=37,
                representatives_published_on=today,
                exclusions=[rolls.Exclusion(member.pk, reason, today, today)],
            )
        case Stage.APPROVAL:
            facts.save_documents(**sent, stage=stage, papers=papers)
        case Stage.NOTICE | Stage.ANNOUNCEMENT:
            kind = NoticeKind.CANDIDATES if stage == Stage.NOTICE else NoticeKind.RESULT
            facts.save_notice(
                **sent,
                kind=kind,
                starts_on=today - timedelta(days=7),
                ends_on=today,
                place="示例公开栏",
            )
        case Stage.HANDOVER:
            facts.save_handover(
                **sent,
                handed_on=today,
                from_name="移交甲",
                to_name="接交乙",
                witness="监交丙",
                items="公章1枚",
            )
