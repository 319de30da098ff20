"""Correcting a checked count: by two people, with the winners, later rounds and later stages that follow from it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.errors import Conflict, Forbidden, Refused
from accounts.models import AuditEntry
from candidates import selectors
from candidates.enums import CorrectionStatus
from candidates.models import BallotCorrection, ElectedPost, SeatReduction, VoteTally
from candidates.services import ballots, corrections
from elections.enums import Stage, StageEvent, StageStatus
from elections.models import BallotRound, StageChange, StageRecord
from elections.selectors import current_records
from tests.factories.elections import at_stage
from tests.factories.villages import UserFactory

from .people import AT
from .test_ballots import (  # noqa: F401 - fixtures
    COMMITTEE,
    ballot,
    certify,
    count,
    elect_secretary,
    elected,
    record,
    reduce,
    short,
)

LATER = AT + timedelta(days=3)


@pytest.fixture
def second(place):
    """Another member of the county's staff."""
    return UserFactory(role=Role.ORG_STAFF, where=place.county)


@pytest.fixture
def counted(ballot, users):  # noqa: F811
    """Three elected with 28, 25 and 16 of 30; the fourth has 15. Checked."""
    record(ballot, users, count(ballot, (28, 25, 16, 15)))
    certify(ballot, users)
    return ballot


def propose(election, users, favour, *, row=None, figures=None, **more):
    row = row or BallotRound.objects.filter(meeting__election=election).order_by("pk").first()
    sent = {
        "election": election,
        "round_id": row.pk,
        "present": 30,
        "count": figures or count(election, favour),
        "reason": "示例：计票单第三行看错",
        "by": users.coordinator,
        "at": LATER,
    }
    return corrections.propose_correction(**sent | more)


def decide(correction, by, *, approved=True, note="", at=LATER):
    return corrections.decide_correction(
        correction=correction, approved=approved, note=note, by=by, at=at
    )


def test_approved_correction_derives_the_winners_anew(counted, users):
    names = [c.member.name for c in counted.people]

    correction = propose(counted, users, (28, 25, 15, 16))
    assert elected(counted) == names[:3], "nothing changes before the approval"
    done = decide(correction, users.org_staff)

    assert set(elected(counted)) == {names[0], names[1], names[3]}
    assert done.effect["elected_before"]["member"] == sorted(names[:3])
    assert names[3] in done.effect["elected_after"]["member"]
    tally = VoteTally.objects.get(candidacy=counted.people[3])
    assert (tally.in_favour, tally.against) == (16, 14)
    assert done.before["votes"][3]["in_favour"] == 15, "the old figures stay"
    assert [e.action for e in AuditEntry.objects.order_by("pk")][-2:] == [
        "ballot.correction_proposed",
        "ballot.correction_decided",
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": " "}, "请填写更正的理由"),
        ({"present": 23}, "未达到五分之四"),
    ],
)
def test_correction_is_refused(counted, users, change, words):
    with pytest.raises(Refused, match=words):
        propose(counted, users, (28, 25, 15, 16), **change)
    assert not BallotCorrection.objects.exists()


def test_correction_obeys_the_counting_rules_and_changes_something(counted, users):
    with pytest.raises(Refused, match="有效票29张"):
        propose(counted, users, (), figures=count(counted, (9, 9, 9, 9), valid=29))
    with pytest.raises(Refused, match="更正后的数字与原来相同"):
        propose(counted, users, (28, 25, 16, 15))
    with pytest.raises(Conflict, match="人选已有变化"):
        one = count(counted, (28,), people=counted.people[:1])
        propose(counted, users, (), figures=one)


def test_unchecked_count_is_taken_back_instead(ballot, users):  # noqa: F811
    record(ballot, users, count(ballot, (28, 25, 16, 15)))

    with pytest.raises(Refused, match="还没有核对：请撤回后重新登记"):
        propose(ballot, users, (28, 25, 15, 16))


def test_one_correction_waits_at_a_time_and_is_decided_once(counted, users, second):
    correction = propose(counted, users, (28, 25, 15, 16))
    with pytest.raises(Conflict, match="已有一份更正等待批准"):
        propose(counted, users, (28, 25, 15, 17))
    with pytest.raises(Refused, match="不同意更正时请写明意见"):
        decide(correction, users.org_staff, approved=False)

    decide(correction, users.org_staff, approved=False, note="示例：计票单无误")

    with pytest.raises(Conflict, match="已有结论"):
        decide(correction, second)
    assert VoteTally.objects.get(candidacy=counted.people[3]).in_favour == 15
    assert propose(counted, users, (28, 25, 15, 16)).pk


def test_who_puts_a_correction_forward_does_not_approve_it(counted, users, second):
    correction = propose(counted, users, (28, 25, 15, 16), by=users.org_staff)

    with pytest.raises(Refused, match="这份更正由您提出"):
        decide(correction, users.org_staff)
    assert decide(correction, second).status == CorrectionStatus.APPROVED


@pytest.mark.parametrize("who", ["foreign", "leader", "discipline", "outsider"])
def test_others_neither_propose_nor_decide(counted, users, who):
    with pytest.raises(Forbidden):
        propose(counted, users, (28, 25, 15, 16), by=getattr(users, who))
    correction = propose(counted, users, (28, 25, 15, 16))
    for other in (getattr(users, who), users.coordinator):
        with pytest.raises(Forbidden):
            decide(correction, other)


def test_round_that_is_no_longer_called_for_becomes_void(ballot, users):  # noqa: F811
    """A tie that was a mistake: the run-off among the tied is void, its figures stay on the correction."""
    record(ballot, users, count(ballot, (28, 20, 20, 20)))
    certify(ballot, users)
    tied = list(selectors.contests(ballot, COMMITTEE)[0].next_candidates)
    record(ballot, users, count(ballot, (9, 12, 14), people=tied), number=2)
    certify(ballot, users)
    first = BallotRound.objects.get(number=1)

    correction = decide(propose(ballot, users, (28, 21, 20, 19), row=first), users.org_staff)

    assert [r.number for r in BallotRound.objects.all()] == [1]
    (voided,) = correction.effect["voided"]
    assert (voided["number"], voided["votes"][2]["in_favour"]) == (2, 14)
    assert set(elected(ballot)) == {c.member.name for c in ballot.people[:3]}


def test_runoff_that_is_still_called_for_stays(ballot, users):  # noqa: F811
    record(ballot, users, count(ballot, (28, 26, 18, 18)))
    certify(ballot, users)
    tied = list(selectors.contests(ballot, COMMITTEE)[0].next_candidates)
    record(ballot, users, count(ballot, (12, 18), people=tied), number=2)
    certify(ballot, users)
    first = BallotRound.objects.get(number=1)

    correction = decide(propose(ballot, users, (27, 26, 18, 18), row=first), users.org_staff)

    assert correction.effect["voided"] == []
    assert BallotRound.objects.count() == 2


def test_seats_given_up_for_another_number_are_void(short, users):  # noqa: F811
    reduce(short, users)
    certify(short, users)

    correction = decide(propose(short, users, (28, 25, 22, 20, 16, 14)), users.org_staff)

    assert not SeatReduction.objects.exists()
    assert correction.effect["voided"] == [{"reduced_to": 4, "consenting": 16}]
    assert len(elected(short)) == 5


@pytest.fixture
def completed(counted, users):
    """The committee elected its secretary, the village is done."""
    moved = at_stage(counted, Stage.SECRETARY_BALLOT)
    moved.people, moved.tellers = counted.people, counted.tellers
    elect_secretary(moved, users, 2)
    certify(moved, users, stage=Stage.SECRETARY_BALLOT)
    done = at_stage(moved, Stage.HANDOVER, status=StageStatus.DONE)
    done.people, done.tellers = counted.people, counted.tellers
    done.done_count = 17
    done.completed_on = AT.date()
    done.save()
    return done


def test_changed_committee_does_everything_after_it_again(completed, users):
    correction = decide(propose(completed, users, (28, 25, 15, 16)), users.org_staff)

    completed.refresh_from_db()
    records = current_records(completed)
    assert (completed.stage, completed.done_count, completed.completed_on) == (
        "secretary_ballot",
        13,
        None,
    )
    assert records[COMMITTEE].status == StageStatus.DONE
    assert records[Stage.SECRETARY_BALLOT].status == StageStatus.OPEN
    assert records[Stage.HANDOVER].status == StageStatus.WAITING
    old = StageRecord.objects.get(election=completed, stage=Stage.HANDOVER, attempt=1)
    assert (old.status, old.is_current) == (StageStatus.RETURNED, False)
    assert "委员第1轮计票更正：示例：计票单第三行看错" in old.return_reason
    assert StageChange.objects.filter(event=StageEvent.REOPENED).count() == 4
    assert correction.effect["reopened"] == [
        "secretary_ballot",
        "approval",
        "announcement",
        "handover",
    ]
    assert {v["post"] for v in correction.effect["voided"]} == {"书记"}
    assert not ElectedPost.objects.filter(post="secretary").exists()


def test_corrected_votes_that_change_nobody_leave_the_stages_alone(completed, users):
    correction = decide(propose(completed, users, (27, 25, 17, 14)), users.org_staff)

    completed.refresh_from_db()
    assert completed.done_count == 17
    assert correction.effect["reopened"] == []
    assert ElectedPost.objects.filter(post="secretary").count() == 1


def test_lost_majority_opens_the_ballot_again(completed, users):
    decide(propose(completed, users, (28, 25, 15, 15)), users.org_staff)

    completed.refresh_from_db()
    assert completed.stage == "committee_ballot"
    assert current_records(completed)[COMMITTEE].status == StageStatus.OPEN
    assert selectors.contests(completed, COMMITTEE)[0].next_seats == 1


def test_count_changed_by_another_correction_is_not_overwritten(counted, users):
    first = propose(counted, users, (28, 25, 15, 16))
    VoteTally.objects.filter(candidacy=counted.people[0]).update(in_favour=27, against=3)

    with pytest.raises(Conflict, match="在申请之后又有变化"):
        decide(first, users.org_staff)
    assert BallotCorrection.objects.get().status == CorrectionStatus.PENDING


# --- over HTTP ------------------------------------------------------------------------------------------


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(election, favour) -> dict:
    values = {"present": 30, "issued": 30, "returned": 30, "valid": 30, "invalid": 0}
    values["reason"] = "示例：计票单第三行看错"
    for person, votes in zip(election.people, favour, strict=True):
        values |= {
            f"favour_{person.pk}": votes,
            f"against_{person.pk}": 30 - votes,
            f"abstain_{person.pk}": 0,
        }
    return values


def test_correction_goes_through_the_pages_and_the_tasks(counted, users):
    row = BallotRound.objects.get()
    stage = reverse("stage_committee_ballot", args=[counted.pk])
    form = reverse("ballot_correct", args=[row.pk])
    coordinator, staff = signed_in(users.coordinator), signed_in(users.org_staff)

    assert form in coordinator.get(stage).content.decode()
    assert 'value="28"' in coordinator.get(form).content.decode()
    wrong = coordinator.post(form, sent(counted, (28, 25, 15, 16)) | {"valid": 29})
    assert wrong.status_code == 422
    assert "有效票29张" in wrong.content.decode()
    answer = coordinator.post(form, sent(counted, (28, 25, 15, 16)))
    page = answer.url
    assert "批准更正" not in coordinator.get(page).content.decode()
    assert coordinator.post(page, {"approved": "1"}).status_code == 403
    todo = staff.get(reverse("todo")).content.decode()
    assert "待批准的计票更正" in todo
    assert page in todo
    assert staff.post(page, {"approved": "0", "note": ""}).status_code == 422
    done = staff.post(page, {"approved": "1"}, follow=True).content.decode()

    assert "已批准更正" in done
    assert "15</td>" in done
    assert counted.people[3].member.name in done
    assert "待批准的计票更正" not in staff.get(reverse("todo")).content.decode()
    assert "已更正" in coordinator.get(stage).content.decode()


def test_two_who_correct_the_same_count_at_once(counted, users):
    form = reverse("ballot_correct", args=[BallotRound.objects.get().pk])
    signed_in(users.coordinator).post(form, sent(counted, (28, 25, 15, 16)))

    answer = signed_in(users.org_staff).post(form, sent(counted, (28, 25, 15, 17)))

    assert answer.status_code == 409
    assert "已有一份更正等待批准" in answer.content.decode()
    assert 'value="17"' in answer.content.decode()


def test_written_in_votes_are_corrected_too(ballot, users, place):  # noqa: F811
    other = place.members[10]
    counted_ballot = replace(count(ballot, (28, 25, 5, 4)), written_in={other.pk: 15})
    record(ballot, users, counted_ballot)
    certify(ballot, users)
    added = VoteTally.objects.get(written_in=True).candidacy
    figures = ballots.Count(
        **{name: getattr(counted_ballot, name) for name in ("issued", "returned", "valid")},
        invalid=0,
        tallies=counted_ballot.tallies | {added.pk: (16, 0, 0)},
    )

    decide(propose(ballot, users, (), figures=figures), users.org_staff)

    assert other.name in elected(ballot)
