"""The facts of the stages that belong to elections: petition, meetings, papers, notices, handover."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.db import transaction
from django.utils import timezone

from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from villages.enums import OrganisationKind
from villages.models import PartyMember
from villages.services import set_organisation

from .. import rules, selectors
from ..enums import (
    BallotKind,
    BallotPost,
    DocumentKind,
    MeetingKind,
    NoticeKind,
    Stage,
)
from ..holidays import CALENDAR
from ..models import (
    BallotRound,
    Handover,
    Meeting,
    Notice,
    OfficialDocument,
    Roll,
    VillageElection,
)
from .stages import open_for_recording, recorded


def future_problems(today: date, **days: date | None) -> list[Problem]:
    """One problem for each day (label → date) that lies after today."""
    return [
        Problem("future", f"{label}（{day:%Y-%m-%d}）在今天之后：请填写实际日期。", rules.MANUAL)
        for label, day in days.items()
        if day and day > today
    ]


def order_problems(election: VillageElection, stage: Stage, **days: date) -> list[Problem]:
    """One problem for each day (label → date) of a stage that lies before the stages it follows."""
    records = selectors.current_records(election)
    earliest, reason = selectors.not_before(election, stage, records)
    return [
        Problem(
            "order",
            f"{label}（{day:%Y-%m-%d}）早于{reason}（{earliest:%Y-%m-%d}）：程序不得倒置，请核对日期。",
            rules.MANUAL,
        )
        for label, day in days.items()
        if day < earliest
    ]


def refuse(problems: list[Problem]) -> None:
    if problems:
        raise Refused(*problems)


@dataclass(frozen=True)
class Paper:
    """Number and date of one document."""

    kind: DocumentKind
    number: str
    issued_on: date


def _save_papers(election: VillageElection, stage: Stage, papers: list[Paper], today: date) -> None:
    """Check and write the papers of a stage; their order is the order of the list."""
    problems = future_problems(today, **{f"{p.kind.label}日期": p.issued_on for p in papers})
    for before, after in pairwise(papers):
        if after.issued_on < before.issued_on:
            problems.append(
                Problem(
                    "document_order",
                    f"{after.kind.label}日期（{after.issued_on:%Y-%m-%d}）早于{before.kind.label}日期"
                    f"（{before.issued_on:%Y-%m-%d}）：请核对。",
                    rules.MANUAL,
                )
            )
    refuse(problems)
    OfficialDocument.objects.bulk_create(
        [
            OfficialDocument(
                election=election, stage=stage, kind=p.kind, number=p.number, issued_on=p.issued_on
            )
            for p in papers
        ],
        update_conflicts=True,
        unique_fields=["election", "stage", "kind"],
        update_fields=["number", "issued_on"],
    )


@transaction.atomic
def save_documents(
    *, election: VillageElection, stage: Stage, papers: list[Paper], by: User, at: datetime
) -> None:
    """Record the papers of the nomination or approval stage. Raises Forbidden, Refused (dates in the future, out of
    order, or before the stage before)."""
    election, _ = open_for_recording(election=election, stage=stage, by=by)
    refuse(order_problems(election, stage, **{f"{p.kind.label}日期": p.issued_on for p in papers}))
    _save_papers(election, stage, papers, timezone.localdate(at))
    recorded(
        election=election,
        action="documents.saved",
        by=by,
        at=at,
        target=election,
        changes={"after": {p.kind.value: f"{p.number} {p.issued_on}" for p in papers}},
    )


@dataclass(frozen=True)
class Organisation:
    """What the petition says of the party organisation. `county_approval`: number of the county's approval of a party
    committee; `shift_approval`: of the superior's approval of an early or late election."""

    kind: OrganisationKind
    term_ends_on: date
    county_approval: str = ""
    shift_approval: str = ""


@transaction.atomic
def save_petition(
    *,
    election: VillageElection,
    papers: list[Paper],
    committee_seats: int,
    deputy_seats: int,
    organisation: Organisation,
    by: User,
    at: datetime,
) -> VillageElection:
    """Record 请示, 批复, the organisation and the seats. `committee_seats` counts the secretary and deputies too; 0 for a
    branch without a committee. Raises Forbidden, Refused (kind, size, term and its approval, papers)."""
    election, _ = open_for_recording(election=election, stage=Stage.PETITION, by=by)
    members = PartyMember.objects.current().filter(village=election.village_id)
    full = members.full(on=timezone.localdate(at)).count()
    ballot = selectors.current_records(election)[Stage.COMMITTEE_BALLOT]
    problems = rules.organisation_problems(
        kind=organisation.kind,
        full_members=full,
        members=members.count(),
        county_approval=organisation.county_approval,
    )
    problems += rules.term_problems(
        term_ends_on=organisation.term_ends_on,
        ballot_on=ballot.planned_on,
        approval=organisation.shift_approval or election.rule_set.shift_approval,
    )
    problems += rules.seat_problems(
        kind=organisation.kind, full_members=full, seats=committee_seats
    )
    problems += rules.deputy_problems(committee_seats=committee_seats, deputy_seats=deputy_seats)
    refuse(problems)
    _save_papers(election, Stage.PETITION, papers, timezone.localdate(at))
    before = {"committee": election.committee_seats, "deputies": election.deputy_seats}
    election.full_members = full
    election.committee_seats, election.deputy_seats = committee_seats, deputy_seats
    election.county_approval = organisation.county_approval.strip()
    election.shift_approval = organisation.shift_approval.strip()
    election.save(
        update_fields=[
            "full_members",
            "committee_seats",
            "deputy_seats",
            "county_approval",
            "shift_approval",
        ]
    )
    set_organisation(
        village=election.village, kind=organisation.kind, term_ends_on=organisation.term_ends_on
    )
    recorded(
        election=election,
        action="petition.saved",
        by=by,
        at=at,
        target=election,
        changes={
            "before": before,
            "after": {
                "committee": committee_seats,
                "deputies": deputy_seats,
                "kind": organisation.kind,
                "term_ends_on": str(organisation.term_ends_on),
                "county_approval": election.county_approval,
                "shift_approval": election.shift_approval,
            }
            | {p.kind.value: f"{p.number} {p.issued_on}" for p in papers},
        },
    )
    return election


def upsert_meeting(
    *,
    election: VillageElection,
    kind: MeetingKind,
    held_on: date,
    present: int,
    due: int | None = None,
    place: str = "",
    chair: str = "",
    recorder: str = "",
    tellers: list[PartyMember] | None = None,
    roll: Roll | None = None,
) -> Meeting:
    """Write a meeting inside the caller's transaction: the caller has the lock, checks and writes the audit row.
    `roll`: the version that says who was due."""
    meeting, _ = Meeting.objects.update_or_create(
        election=election,
        kind=kind,
        defaults={
            "held_on": held_on,
            "present": present,
            "due": due,
            "place": place,
            "chair": chair,
            "recorder": recorder,
            "roll": roll,
        },
    )
    if tellers is not None:
        meeting.tellers.set(tellers)
    return meeting


def add_round(
    *,
    meeting: Meeting,
    post: BallotPost,
    number: int,
    kind: BallotKind,
    held_on: date,
    ballot: rules.Round,
    by: User,
    at: datetime,
) -> BallotRound:
    """Write one round of voting inside the caller's transaction; the caller has checked its arithmetic."""
    return BallotRound.objects.create(
        meeting=meeting,
        post=post,
        number=number,
        kind=kind,
        held_on=held_on,
        seats=ballot.seats,
        present=ballot.present,
        issued=ballot.issued,
        returned=ballot.returned,
        valid=ballot.valid,
        invalid=ballot.invalid,
        recorded_by=by,
        recorded_at=at,
    )


@dataclass(frozen=True)
class Gathering:
    """One meeting of the mobilisation stage: kind, day, people present."""

    kind: MeetingKind
    held_on: date
    present: int


@transaction.atomic
def save_meetings(
    *, election: VillageElection, meetings: list[Gathering], by: User, at: datetime
) -> None:
    """Record meetings of the mobilisation stage. Raises Forbidden, Refused (in the future, nobody present)."""
    election, _ = open_for_recording(election=election, stage=Stage.MOBILISATION, by=by)
    problems = future_problems(
        timezone.localdate(at), **{f"{m.kind.label}日期": m.held_on for m in meetings}
    )
    problems += [
        Problem("present", f"{m.kind.label}人数应大于0。", rules.MANUAL)
        for m in meetings
        if m.present < 1
    ]
    refuse(problems)
    for meeting in meetings:
        upsert_meeting(
            election=election, kind=meeting.kind, held_on=meeting.held_on, present=meeting.present
        )
    recorded(
        election=election,
        action="meetings.saved",
        by=by,
        at=at,
        target=election,
        changes={"after": {m.kind.value: f"{m.held_on} {m.present}人" for m in meetings}},
    )


@transaction.atomic
def save_notice(
    *,
    election: VillageElection,
    kind: NoticeKind,
    starts_on: date,
    ends_on: date,
    place: str,
    by: User,
    at: datetime,
) -> Notice:
    """Record the notice of the nominees (its end may lie ahead) or of the result. Raises Forbidden, Refused (too
    short, begun in the future or before the stage before)."""
    stage = Stage.NOTICE if kind == NoticeKind.CANDIDATES else Stage.ANNOUNCEMENT
    election, _ = open_for_recording(election=election, stage=stage, by=by)
    problems = future_problems(timezone.localdate(at), 开始日期=starts_on)
    problems += order_problems(election, stage, 开始日期=starts_on)
    if kind == NoticeKind.CANDIDATES:
        problems += rules.notice_problems(
            starts_on=starts_on,
            ends_on=ends_on,
            minimum=election.rule_set.notice_working_days,
            calendar=CALENDAR,
        )
    elif ends_on < starts_on:
        problems.append(Problem("notice_order", "截止日期早于开始日期：请改正。", rules.MANUAL))
    refuse(problems)
    notice, _ = Notice.objects.update_or_create(
        election=election,
        kind=kind,
        defaults={"starts_on": starts_on, "ends_on": ends_on, "place": place},
    )
    recorded(
        election=election,
        action="notice.saved",
        by=by,
        at=at,
        target=notice,
        changes={"after": {"kind": kind.value, "from": str(starts_on), "to": str(ends_on)}},
    )
    return notice


@transaction.atomic
def save_handover(
    *,
    election: VillageElection,
    handed_on: date,
    from_name: str,
    to_name: str,
    witness: str,
    items: str,
    by: User,
    at: datetime,
) -> Handover:
    """Record who handed what to whom. Raises Forbidden, Refused (same person, date in the future)."""
    election, _ = open_for_recording(election=election, stage=Stage.HANDOVER, by=by)
    problems = future_problems(timezone.localdate(at), 移交日期=handed_on)
    if witness in (from_name, to_name):
        problems.append(
            Problem("witness", "监交人不能是移交人或接交人：请另填一人。", rules.MANUAL)
        )
    refuse(problems)
    handover, _ = Handover.objects.update_or_create(
        election=election,
        defaults={
            "handed_on": handed_on,
            "from_name": from_name,
            "to_name": to_name,
            "witness": witness,
            "items": items,
        },
    )
    recorded(
        election=election,
        action="handover.saved",
        by=by,
        at=at,
        target=handover,
        changes={"after": {"handed_on": str(handed_on), "from": from_name, "to": to_name}},
    )
    return handover
