"""What each gate of elections asks for."""

from datetime import date, timedelta

import pytest

from elections import gates
from elections.enums import DocumentKind, MeetingKind, NoticeKind, Stage
from elections.models import Handover, Meeting, Notice, OfficialDocument, Roll
from tests.factories.elections import START, at_stage, moment

DAY = date(2026, 9, 15)
AT = moment(DAY)


def codes(blockers) -> list[str]:
    return [b.code for b in blockers]


def add_papers(election, stage, *days):
    for kind, day in zip(
        (DocumentKind.REQUEST, DocumentKind.REPLY, DocumentKind.FILING), days, strict=False
    ):
        OfficialDocument.objects.create(
            election=election, stage=stage, kind=kind, number="1号", issued_on=day
        )


@pytest.mark.parametrize(
    ("days", "seats", "expected"),
    [
        ((), None, ["document", "document", "seats"]),
        ((DAY,), 3, ["document"]),
        ((DAY, DAY), None, ["seats"]),
        ((DAY, DAY - timedelta(days=1)), 3, ["document_order"]),
        ((DAY, DAY), 3, []),
        ((DAY, DAY), 0, []),
    ],
)
def test_petition_approved(election, days, seats, expected):
    add_papers(election, Stage.PETITION, *days)
    election.committee_seats = seats

    assert codes(gates.petition_approved(election, at=AT)) == expected


@pytest.mark.parametrize(
    ("gate", "stage", "wanted"),
    [
        (gates.nomination_approved, Stage.NOMINATION, 2),
        (gates.result_approved, Stage.APPROVAL, 3),
    ],
)
def test_papers_of_other_stages_do_not_count(election, gate, stage, wanted):
    add_papers(election, Stage.PETITION, DAY, DAY, DAY)
    assert codes(gate(election, at=AT)) == ["document"] * wanted

    add_papers(election, stage, *[DAY] * wanted)
    assert gate(election, at=AT) == []


def test_mobilised_names_every_missing_meeting(election):
    assert len(gates.mobilised(election, at=AT)) == 3
    for kind in (MeetingKind.MOBILISATION, MeetingKind.TRAINING, MeetingKind.COMMITTEE_BALLOT):
        Meeting.objects.create(election=election, kind=kind, held_on=DAY, present=9)

    (blocker,) = gates.mobilised(election, at=AT)
    assert "纪律教育" in blocker.message


@pytest.mark.parametrize(("due", "expected"), [(None, ["roll"]), (0, ["roll_empty"]), (8, [])])
def test_roll_frozen(election, users, due, expected):
    if due is not None:
        Roll.objects.create(
            election=election,
            published_on=DAY,
            voters=due,
            excluded=0,
            due=due,
            representatives=30,
            representatives_published_on=DAY,
            frozen_by=users.coordinator,
            frozen_at=AT,
        )

    assert codes(gates.roll_frozen(election, at=AT)) == expected


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (None, None, ["notice"]),
        (date(2026, 9, 9), date(2026, 9, 15), []),
        (date(2026, 9, 10), date(2026, 9, 16), ["notice_open"]),
        (date(2026, 9, 11), date(2026, 9, 15), ["notice_days"]),
    ],
)
def test_notice_long_enough(election, starts, ends, expected):
    if starts:
        Notice.objects.create(
            election=election,
            kind=NoticeKind.CANDIDATES,
            starts_on=starts,
            ends_on=ends,
            place="栏",
        )

    assert codes(gates.notice_long_enough(election, at=AT)) == expected


@pytest.mark.parametrize(
    ("held_on", "expected"),
    [
        (DAY, ["notice_running"]),
        (DAY - timedelta(days=1), ["notice_running"]),
        (DAY + timedelta(days=1), []),
    ],
)
def test_ballot_after_notice(election, held_on, expected):
    Notice.objects.create(
        election=election, kind=NoticeKind.CANDIDATES, starts_on=START, ends_on=DAY, place="栏"
    )
    Meeting.objects.create(
        election=election, kind=MeetingKind.COMMITTEE_BALLOT, held_on=held_on, present=8
    )

    assert codes(gates.ballot_after_notice(election, at=AT)) == expected


def test_result_announced(election):
    Notice.objects.create(
        election=election, kind=NoticeKind.CANDIDATES, starts_on=START, ends_on=DAY, place="栏"
    )
    assert codes(gates.result_announced(election, at=AT)) == ["announcement"]

    Notice.objects.create(
        election=election, kind=NoticeKind.RESULT, starts_on=DAY, ends_on=DAY, place="栏"
    )
    assert gates.result_announced(election, at=AT) == []


def test_handed_over(election):
    election = at_stage(election, Stage.HANDOVER)
    assert codes(gates.handed_over(election, at=AT)) == ["handover"]

    Handover.objects.create(
        election=election, handed_on=DAY, from_name="甲", to_name="乙", witness="丙", items="公章"
    )
    assert gates.handed_over(election, at=AT) == []
