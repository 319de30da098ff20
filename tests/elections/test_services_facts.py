"""Recording the facts of the stages of elections: what is refused, what is stored, who may."""

from datetime import date, timedelta

import pytest

from accounts.errors import Forbidden, Refused
from accounts.models import AuditEntry
from elections.enums import DocumentKind, MeetingKind, NoticeKind, Stage
from elections.models import Handover, Meeting, Notice, OfficialDocument, VillageElection
from elections.services import facts
from tests.factories.elections import END, at_stage
from tests.factories.villages import PartyMemberFactory
from villages.enums import MemberStatus

from .freezing import AT, DAY, freeze

LATER = DAY + timedelta(days=1)


def codes(refusal) -> list[str]:
    return [p.code for p in refusal.value.problems]


def papers(*days: date) -> list[facts.Paper]:
    kinds = (DocumentKind.REQUEST, DocumentKind.REPLY, DocumentKind.FILING)
    return [
        facts.Paper(k, f"示例〔2026〕{n}号", d)
        for n, (k, d) in enumerate(zip(kinds, days, strict=False))
    ]


# --- petition -----------------------------------------------------------------------------------


def petition(election, user, *, seats=3, deputies=0, days=(DAY, DAY), **more):
    return facts.save_petition(
        election=election,
        papers=papers(*days),
        committee_seats=seats,
        deputy_seats=deputies,
        organisation=facts.Organisation(
            **{"kind": "branch", "term_ends_on": END, "shift_approval": "示例〔2026〕9号"} | more
        ),
        by=user,
        at=AT,
    )


def test_petition_stores_seats_papers_and_full_members(election, users, place):
    PartyMemberFactory(village=place.village, status=MemberStatus.PROBATIONARY)
    PartyMemberFactory(village=place.village, left_on=DAY)
    election = at_stage(election, Stage.PETITION)

    petition(election, users.coordinator, seats=5, deputies=1)

    stored = VillageElection.objects.get(pk=election.pk)
    assert (stored.full_members, stored.committee_seats, stored.deputy_seats) == (8, 5, 1)
    assert set(OfficialDocument.objects.values_list("kind", "number", "issued_on")) == {
        ("request", "示例〔2026〕0号", DAY),
        ("reply", "示例〔2026〕1号", DAY),
    }


def test_petition_is_corrected_by_saving_again(election, users):
    election = at_stage(election, Stage.PETITION)
    petition(election, users.coordinator, seats=5)

    petition(election, users.coordinator, seats=3, days=(DAY - timedelta(days=2), DAY))

    assert VillageElection.objects.get(pk=election.pk).committee_seats == 3
    assert OfficialDocument.objects.count() == 2
    last = AuditEntry.objects.filter(action="petition.saved").order_by("seq").last()
    assert last.changes["before"] == {"committee": 5, "deputies": 0}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"seats": 2}, ["committee_size"]),
        ({"seats": 0}, ["committee_size"]),
        ({"deputies": 2}, ["deputies"]),
        ({"days": (DAY, DAY - timedelta(days=1))}, ["document_order"]),
        ({"days": (DAY, LATER)}, ["future"]),
    ],
)
def test_petition_refuses(election, users, change, expected):
    election = at_stage(election, Stage.PETITION)

    with pytest.raises(Refused) as refusal:
        petition(election, users.coordinator, **change)

    assert codes(refusal) == expected
    assert OfficialDocument.objects.count() == 0
    assert VillageElection.objects.get(pk=election.pk).committee_seats is None


def test_petition_of_a_small_branch_has_no_committee(election, users, place):
    for member in place.members[:2]:
        member.left_on = DAY
        member.save()
    election = at_stage(election, Stage.PETITION)

    with pytest.raises(Refused) as refusal:
        petition(election, users.coordinator, seats=3)
    petition(election, users.coordinator, seats=0)

    assert codes(refusal) == ["no_committee"]
    stored = VillageElection.objects.get(pk=election.pk)
    assert (stored.has_committee, stored.ballot_seats) == (False, 1)


# --- meetings -----------------------------------------------------------------------------------


def meetings(election, user, *, held_on=DAY, present=30):
    kinds = (MeetingKind.MOBILISATION, MeetingKind.TRAINING, MeetingKind.DISCIPLINE)
    facts.save_meetings(
        election=election,
        meetings=[facts.Gathering(k, held_on, present) for k in kinds],
        by=user,
        at=AT,
    )


def test_meetings_are_stored_once_per_kind(election, users):
    election = at_stage(election, Stage.MOBILISATION)
    meetings(election, users.coordinator)

    meetings(election, users.coordinator, present=28)

    assert set(Meeting.objects.values_list("kind", "held_on", "present", "due")) == {
        (kind, DAY, 28, None) for kind in ("mobilisation", "training", "discipline")
    }


@pytest.mark.parametrize(
    ("change", "expected"),
    [({"held_on": LATER}, ["future"] * 3), ({"present": 0}, ["present"] * 3)],
)
def test_meetings_refuse(election, users, change, expected):
    election = at_stage(election, Stage.MOBILISATION)

    with pytest.raises(Refused) as refusal:
        meetings(election, users.coordinator, **change)

    assert codes(refusal) == expected


# --- papers, notices, handover ------------------------------------------------------------------


@pytest.mark.parametrize("stage", [Stage.NOMINATION, Stage.APPROVAL])
def test_documents_are_stored(election, users, stage):
    election = at_stage(election, stage, on=DAY - timedelta(days=3))

    facts.save_documents(
        election=election, stage=stage, papers=papers(DAY, DAY), by=users.coordinator, at=AT
    )

    found = OfficialDocument.objects.filter(election=election, stage=stage)
    assert set(found.values_list("kind", "issued_on")) == {("request", DAY), ("reply", DAY)}


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((DAY - timedelta(days=4), DAY), ["order"]),
        ((DAY, DAY - timedelta(days=1)), ["document_order"]),
        ((DAY, DAY, LATER), ["future"]),
    ],
)
def test_documents_refuse(election, users, days, expected):
    election = at_stage(election, Stage.APPROVAL, on=DAY - timedelta(days=3))

    with pytest.raises(Refused) as refusal:
        facts.save_documents(
            election=election,
            stage=Stage.APPROVAL,
            papers=papers(*days),
            by=users.coordinator,
            at=AT,
        )

    assert codes(refusal) == expected


def notice(election, user, **change):
    sent = {
        "kind": NoticeKind.CANDIDATES,
        "starts_on": DAY,
        "ends_on": date(2026, 9, 21),
        "place": "公开栏",
    }
    return facts.save_notice(election=election, by=user, at=AT, **sent | change)


def test_notice_may_end_in_the_future(election, users):
    election = at_stage(election, Stage.NOTICE)

    notice(election, users.coordinator)
    notice(election, users.coordinator, place="村口")

    found = Notice.objects.get(election=election)
    assert (found.ends_on, found.place) == (date(2026, 9, 21), "村口")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"ends_on": date(2026, 9, 18)}, ["notice_days"]),
        ({"ends_on": date(2026, 9, 14)}, ["notice_order"]),
        ({"starts_on": LATER, "ends_on": date(2026, 9, 23)}, ["future"]),
        ({"starts_on": date(2026, 8, 31)}, ["order"]),
    ],
)
def test_notice_refuses(election, users, change, expected):
    election = at_stage(election, Stage.NOTICE)

    with pytest.raises(Refused) as refusal:
        notice(election, users.coordinator, **change)

    assert codes(refusal) == expected


def test_result_notice_has_no_minimum(election, users):
    election = at_stage(election, Stage.ANNOUNCEMENT)

    notice(election, users.coordinator, kind=NoticeKind.RESULT, ends_on=DAY)

    assert Notice.objects.get(election=election).kind == NoticeKind.RESULT


def handover(election, user, **change):
    sent = {
        "handed_on": DAY,
        "from_name": "甲",
        "to_name": "乙",
        "witness": "丙",
        "items": "公章1枚",
    }
    return facts.save_handover(election=election, by=user, at=AT, **sent | change)


def test_handover_is_stored(election, users):
    election = at_stage(election, Stage.HANDOVER)

    handover(election, users.coordinator)

    assert Handover.objects.get(election=election).witness == "丙"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"witness": "甲"}, ["witness"]),
        ({"witness": "乙"}, ["witness"]),
        ({"handed_on": LATER}, ["future"]),
    ],
)
def test_handover_refuses(election, users, change, expected):
    election = at_stage(election, Stage.HANDOVER)

    with pytest.raises(Refused) as refusal:
        handover(election, users.coordinator, **change)

    assert codes(refusal) == expected


# --- who may, and when --------------------------------------------------------------------------

SAVES = {
    Stage.PETITION: petition,
    Stage.MOBILISATION: meetings,
    Stage.ROSTER: freeze,
    Stage.NOTICE: notice,
    Stage.HANDOVER: handover,
}
OTHERS = [
    "org_staff",
    "leader",
    "vetting",
    "discipline",
    "system_admin",
    "security_admin",
    "audit_admin",
    "foreign",
    "outsider",
    "nobody",
]


@pytest.mark.parametrize("who", OTHERS)
def test_only_the_townships_coordinator_records(election, users, who):
    for stage, save in SAVES.items():
        election = at_stage(election, stage)
        with pytest.raises(Forbidden):
            save(election, getattr(users, who))


@pytest.mark.parametrize("stage", SAVES)
def test_facts_are_recorded_only_while_their_stage_is_open(election, users, stage):
    for at in set(Stage) - {stage, Stage.SECRETARY_BALLOT}:
        election = at_stage(election, at)
        with pytest.raises(Refused) as refusal:
            SAVES[stage](election, users.coordinator)
        assert codes(refusal)[0] in ("out_of_order", "closed_stage")
