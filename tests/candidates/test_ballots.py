"""Rounds of voting: quorum, arithmetic, majority of those present, and posts that follow by themselves."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from accounts.enums import Role
from accounts.errors import Conflict, Forbidden, Refused
from accounts.models import AuditEntry
from candidates import gates, selectors
from candidates.enums import CandidacyStatus, ElectedPostKind
from candidates.models import Candidacy, ElectedPost, SeatReduction, VoteTally
from candidates.services import ballots
from elections.enums import BallotKind, BallotPost, Stage
from elections.models import BallotRound, Meeting, Roll
from tests.factories.elections import at_stage
from tests.factories.villages import PartyMemberFactory, UserFactory
from villages.models import PostHeld

from .people import AT, DAY, SECRETARY_AND_MEMBERS, notice, stand

COMMITTEE = Stage.COMMITTEE_BALLOT


@pytest.fixture
def ballot(at, place):
    """Thirty due, three seats, four candidates."""
    election = at(COMMITTEE)
    notice(election, ends_on=DAY - timedelta(days=1))
    election.people = stand(
        election,
        place.members[:4],
        status=CandidacyStatus.PREPARED,
        posts=SECRETARY_AND_MEMBERS,
        women=(1,),
    )
    election.tellers = [m.pk for m in place.members[-2:]]
    return election


def count(election, favour, *, present=30, people=None, **more) -> ballots.Count:
    """Votes in favour per candidate; the others are against."""
    people = people or election.people
    numbers = {"issued": present, "returned": present, "valid": present, "invalid": 0} | more
    valid = numbers["valid"]
    return ballots.Count(
        **numbers,
        tallies={p.pk: (n, valid - n, 0) for p, n in zip(people, favour, strict=True)},
    )


def record(election, users, counted, *, present=30, number=1, post=BallotPost.COMMITTEE, **more):
    gathering = {
        "held_on": DAY,
        "present": present,
        "chair": "示例主持人",
        "recorder": "示例记录人",
        "tellers": tuple(election.tellers),
    }
    for name in gathering.keys() & more.keys():
        gathering[name] = more.pop(name)
    return ballots.record_round(
        **{
            "election": election,
            "stage": COMMITTEE,
            "post": post,
            "number": number,
            "gathering": ballots.Gathering(**gathering),
            "count": counted,
            "by": users.coordinator,
            "at": AT,
        }
        | more
    )


def certify(election, users, *, by=None, stage=COMMITTEE, round_id=None):
    """The county checks the last count of a stage."""
    last = BallotRound.objects.filter(meeting__election=election, meeting__kind=stage).last()
    return ballots.certify_round(
        election=election,
        stage=stage,
        round_id=round_id or last.pk,
        by=by or users.org_staff,
        at=AT,
    )


def elected(election) -> list[str]:
    rows = ElectedPost.objects.filter(election=election).order_by("-votes")
    return list(rows.values_list("member__name", flat=True))


def test_more_than_half_of_those_present_are_elected(ballot, users):
    names = [c.member.name for c in ballot.people]

    record(ballot, users, count(ballot, (28, 25, 16, 15)))

    assert elected(ballot) == names[:3]
    posts = ElectedPost.objects.all()
    assert {p.elected_on for p in posts} == {DAY}
    assert {p.term_ends_on for p in posts} == {date(2031, 9, 19)}
    meeting = Meeting.objects.get(election=ballot, kind=COMMITTEE)
    assert meeting.roll == Roll.objects.current().get(election=ballot)
    certify(ballot, users)
    assert gates.committee_elected(ballot, at=AT) == []


def test_fifteen_of_thirty_present_are_not_a_majority(ballot, users):
    record(ballot, users, count(ballot, (28, 25, 15, 10)))

    assert len(elected(ballot)) == 2
    certify(ballot, users)
    (blocker,) = gates.committee_elected(ballot, at=AT)
    assert blocker.message == (
        "委员还有1个名额无人得票过半数，须另行选举，不得以未过半数的人补足。"
    )
    sentence = selectors.contests(ballot, COMMITTEE)[0].rounds[0].sentences[2]
    assert sentence.endswith("得15票，差1票，未当选。")
    assert "实到30人，过半数为16票" in sentence


@pytest.mark.parametrize(
    ("present", "numbers", "words"),
    [
        (23, {}, "应到会30人，实到会有选举权的党员23人，未达到五分之四（至少24人），还差1人"),
        (30, {"returned": 31}, "收回选票31张，多于发出的30张"),
        (30, {"issued": 31, "returned": 31, "valid": 31}, "发出选票31张，多于实到"),
        (30, {"valid": 28}, "有效票28张"),
    ],
)
def test_ballot_that_cannot_be_is_refused_by_its_rule(ballot, users, present, numbers, words):
    with pytest.raises(Refused) as refusal:
        record(
            ballot,
            users,
            count(ballot, (20, 20, 20, 10), present=present, **numbers),
            present=present,
        )

    assert words in str(refusal.value), str(refusal.value)
    assert not BallotRound.objects.exists()
    assert not ElectedPost.objects.exists()


def test_votes_of_one_person_add_up_to_the_valid_ballots(ballot, users):
    counted = count(ballot, (28, 25, 16, 15))
    counted.tallies[ballot.people[0].pk] = (28, 3, 0)

    with pytest.raises(Refused, match=ballot.people[0].member.name):
        record(ballot, users, counted)


def test_three_candidates_for_three_seats_are_too_few(ballot, users):
    ballot.people[3].status = CandidacyStatus.NOT_PREPARED
    ballot.people[3].not_prepared_reason = "示例：差额已满"
    ballot.people[3].save()

    with pytest.raises(Refused, match="应选委员3名，候选人3名，差额不足20%（至少4名）"):
        record(ballot, users, count(ballot, (28, 25, 16), people=ballot.people[:3]))


def test_tellers_do_not_stand_and_are_not_missing(ballot, users):
    with pytest.raises(Refused, match="没有监票人"):
        record(ballot, users, count(ballot, (28, 25, 16, 15)), tellers=())
    standing = ballot.people[0]
    with pytest.raises(Refused, match=standing.member.name):
        record(ballot, users, count(ballot, (28, 25, 16, 15)), tellers=(standing.member_id,))


def test_no_ballot_while_the_notice_runs(ballot, users):
    with pytest.raises(Refused, match="党员大会不得在此前（含当日）召开"):
        record(ballot, users, count(ballot, (28, 25, 16, 15)), held_on=DAY - timedelta(days=1))


@pytest.mark.parametrize("who", ["foreign", "leader", "org_staff"])
def test_only_the_township_s_coordinator_records(ballot, users, who):
    with pytest.raises(Forbidden):
        record(ballot, users, count(ballot, (28, 25, 16, 15)), by=getattr(users, who))


def test_a_round_sent_twice_is_refused_the_second_time(ballot, users):
    record(ballot, users, count(ballot, (28, 25, 16, 15)))

    with pytest.raises(Conflict, match="委员第1轮计票已登记或已不需要"):
        record(ballot, users, count(ballot, (28, 25, 16, 15)))
    assert BallotRound.objects.count() == 1


def test_tie_for_the_last_seat_is_settled_by_a_run_off_among_the_tied(ballot, users):
    record(ballot, users, count(ballot, (28, 25, 18, 18)))
    (contest,) = selectors.contests(ballot, COMMITTEE)
    assert (contest.next_kind, list(contest.next_candidates)) == (
        BallotKind.RUNOFF,
        ballot.people[2:],
    )

    record(ballot, users, count(ballot, (12, 17), people=ballot.people[2:]), number=2)

    assert ballot.people[3].member.name in elected(ballot)
    assert len(elected(ballot)) == 3


def test_further_round_on_another_day_leaves_the_first_day_alone(ballot, users):
    """Whoever won on the first day keeps that day, and what made them new or re-elected on it."""
    first = ballot.people[0].member
    PostHeld.objects.create(member=first, post="member", started_on=date(2021, 1, 10), ended_on=DAY)
    record(ballot, users, count(ballot, (28, 25, 15, 10)), tellers=(ballot.tellers[0],))
    later, at = DAY + timedelta(days=3), AT + timedelta(days=3)
    rest = {"number": 2, "at": at, "tellers": (ballot.tellers[1],), "chair": "另一主持人"}
    counted = count(ballot, (20, 9), people=ballot.people[2:])

    with pytest.raises(Refused, match="早于上一轮的2026-09-20"):
        record(ballot, users, counted, held_on=DAY - timedelta(days=1), **rest)
    record(ballot, users, counted, held_on=later, **rest)

    posts = ElectedPost.objects.order_by("elected_on", "-votes")
    assert [(p.member, p.elected_on, p.reelected) for p in posts] == [
        (first, DAY, True),
        (ballot.people[1].member, DAY, False),
        (ballot.people[2].member, later, False),
    ]
    assert posts.last().term_ends_on == date(2031, 9, 22)
    meeting = selectors.meeting_of(ballot, COMMITTEE)
    assert (meeting.held_on, meeting.chair) == (DAY, "示例主持人")
    assert {m.pk for m in meeting.tellers.all()} == set(ballot.tellers)


def test_withdrawn_round_takes_its_posts_along_and_stays_in_the_audit_trail(ballot, users):
    record(ballot, users, count(ballot, (28, 25, 16, 15)))
    with pytest.raises(Refused, match="请填写撤回计票的理由"):
        withdraw(ballot, users, " ")

    withdraw(ballot, users, "示例：计票单看错一行")

    assert elected(ballot) == []
    entry = AuditEntry.objects.get(action="ballot.withdrawn")
    assert entry.reason == "示例：计票单看错一行"
    assert entry.changes["before"]["tallies"][ballot.people[0].member.name] == [28, 2, 0]


def withdraw(election, users, reason) -> None:
    ballots.withdraw_last_round(
        election=election, stage=COMMITTEE, reason=reason, by=users.coordinator, at=AT
    )


def test_a_count_is_checked_by_somebody_else_before_the_stage_is_closed(ballot, users, place):
    record(ballot, users, count(ballot, (28, 25, 16, 15)))
    (blocker,) = gates.committee_elected(ballot, at=AT)
    assert blocker.message == f"委员第1轮计票由{users.coordinator.name}登记，须由另一人核对。"
    assert blocker.who == Role.ORG_STAFF

    with pytest.raises(Refused, match="这轮计票由您登记，须由另一人核对"):
        certify(ballot, users, by=users.coordinator)
    colleague = UserFactory(role=Role.COORDINATOR, where=place.own)
    row = certify(ballot, users, by=colleague)

    assert (row.certified_by, row.certified_at) == (colleague, AT)
    assert gates.committee_elected(ballot, at=AT) == []
    assert AuditEntry.objects.get(action="ballot.certified").actor_id == colleague.pk
    with pytest.raises(Conflict, match="刚被核对或撤回"):
        certify(ballot, users)


@pytest.mark.parametrize("who", ["foreign", "leader", "discipline", "outsider"])
def test_only_the_township_and_the_county_check_counts(ballot, users, who):
    record(ballot, users, count(ballot, (28, 25, 16, 15)))

    with pytest.raises(Forbidden):
        certify(ballot, users, by=getattr(users, who))


def test_a_withdrawn_count_is_not_checked_by_mistake(ballot, users):
    row = record(ballot, users, count(ballot, (28, 25, 16, 15)))
    withdraw(ballot, users, "示例：看错一行")
    record(ballot, users, count(ballot, (27, 25, 16, 15)))

    with pytest.raises(Conflict, match="刚被核对或撤回"):
        certify(ballot, users, round_id=row.pk)
    assert BallotRound.objects.get().certified_at is None


def test_a_certified_count_is_not_withdrawn(ballot, users):
    record(ballot, users, count(ballot, (28, 25, 16, 15)))
    certify(ballot, users)

    with pytest.raises(Refused, match="已由另一人核对，不能撤回：确有错误的，请申请更正"):
        withdraw(ballot, users, "示例：看错一行")
    assert BallotRound.objects.count() == 1


# --- people written in ------------------------------------------------------------------------------


def written(election, favour, votes: dict[int, int]) -> ballots.Count:
    return replace(count(election, favour), written_in=votes)


def test_written_in_person_is_elected_and_needs_the_countys_word(ballot, users, place):
    other = place.members[10]

    record(ballot, users, written(ballot, (28, 25, 5, 4), {other.pk: 17}))

    assert set(elected(ballot)) == {*(c.member.name for c in ballot.people[:2]), other.name}
    added = Candidacy.objects.get(member=other)
    assert (added.status, added.rank) == (CandidacyStatus.WRITTEN_IN, 5)
    tally = VoteTally.objects.get(candidacy=added)
    assert (tally.in_favour, tally.against, tally.abstained, tally.written_in) == (17, 0, 0, True)
    (blocker,) = gates.winners_qualified(ballot, at=AT)
    assert other.name in blocker.message
    assert blocker.may_be_excepted
    assert gates.preliminary_complete(ballot, at=AT) == []


def test_withdrawn_round_forgets_who_was_only_written_in(ballot, users, place):
    record(ballot, users, written(ballot, (28, 25, 16, 4), {place.members[10].pk: 2}))

    withdraw(ballot, users, "示例：漏记一票")

    assert not Candidacy.objects.filter(status=CandidacyStatus.WRITTEN_IN).exists()


def test_written_in_person_who_tied_stands_in_the_runoff(ballot, users, place):
    other = place.members[10]
    record(ballot, users, written(ballot, (27, 25, 17, 4), {other.pk: 17}))

    contest = selectors.contests(ballot, COMMITTEE)[0]
    assert contest.next_kind == BallotKind.RUNOFF
    assert {c.member for c in contest.next_candidates} == {ballot.people[2].member, other}
    people = list(contest.next_candidates)
    with pytest.raises(Refused, match="不能另选他人"):
        record(
            ballot,
            users,
            replace(count(ballot, (20, 10), people=people), written_in={place.members[12].pk: 1}),
            number=2,
        )
    record(ballot, users, count(ballot, (10, 20), people=people), number=2)
    assert people[1].member.name in elected(ballot)


@pytest.mark.parametrize(
    ("who", "votes", "words"),
    [
        ("candidate", 3, "另选人应是有被选举权、没有列在选票上的本村正式党员"),
        ("foreign", 3, "另选人应是有被选举权、没有列在选票上的本村正式党员"),
        ("probationary", 3, "另选人应是有被选举权、没有列在选票上的本村正式党员"),
        ("other", 37, "只有对候选人投不赞成票的才可以另选他人"),
    ],
)
def test_write_in_that_cannot_be_is_refused(ballot, users, place, who, votes, words):
    """36 votes against: as many people at most may have written somebody in."""
    member = {
        "candidate": ballot.people[0].member,
        "foreign": PartyMemberFactory(village=place.other_village),
        "probationary": PartyMemberFactory(village=place.village, status="probationary"),
        "other": place.members[10],
    }[who]

    with pytest.raises(Refused, match=words):
        record(ballot, users, written(ballot, (28, 25, 16, 15), {member.pk: votes}))
    assert not BallotRound.objects.exists()
    assert Candidacy.objects.count() == 4


# --- seats given up ------------------------------------------------------------------------------------


SIX = [*SECRETARY_AND_MEMBERS, ElectedPostKind.MEMBER]


@pytest.fixture
def short(at, users, place):
    """Five seats, six candidates, four elected."""
    election = at(COMMITTEE, seats=5)
    notice(election, ends_on=DAY - timedelta(days=1))
    election.people = stand(election, place.members[:6], status=CandidacyStatus.PREPARED, posts=SIX)
    election.tellers = [place.members[-1].pk]
    record(election, users, count(election, (28, 25, 22, 20, 15, 14)))
    return election


def reduce(election, users, consenting=16, **more):
    return ballots.reduce_seats(
        **{
            "election": election,
            "consenting": consenting,
            "decided_on": DAY,
            "by": users.coordinator,
            "at": AT,
        }
        | more
    )


def test_seats_are_given_up_with_the_voters_consent(short, users):
    reduce(short, users)

    contest = selectors.contests(short, COMMITTEE)[0]
    assert (contest.next_kind, contest.reduction.seats, len(elected(short))) == (None, 4, 4)
    certify(short, users)
    assert gates.committee_elected(short, at=AT) == []
    entry = AuditEntry.objects.get(action="seats.reduced")
    assert entry.changes["after"] == {"seats": 4, "present": 30, "consenting": 16}


@pytest.mark.parametrize(
    ("consenting", "day", "words"),
    [
        (15, DAY, "同意减少名额的15人，未超过半数"),
        (31, DAY, "同意31人，多于实到30人"),
        (20, DAY - timedelta(days=1), "早于上一轮"),
        (20, DAY + timedelta(days=1), "在今天之后"),
    ],
)
def test_reduction_is_refused(short, users, consenting, day, words):
    with pytest.raises(Refused, match=words):
        reduce(short, users, consenting, decided_on=day)
    assert not SeatReduction.objects.exists()


def test_no_seat_is_given_up_before_the_ballot(ballot, users):
    with pytest.raises(Refused, match="才可以减少名额"):
        reduce(ballot, users)


def test_reduction_is_taken_back_before_the_round(short, users):
    reduce(short, users)
    with pytest.raises(Conflict, match="已登记过减少名额"):
        reduce(short, users)

    withdraw(short, users, "示例：表决人数写错")

    assert not SeatReduction.objects.exists()
    assert BallotRound.objects.count() == 1
    assert selectors.contests(short, COMMITTEE)[0].next_kind == BallotKind.FURTHER


@pytest.mark.parametrize(
    ("started_on", "ended_on", "again"),
    [
        (date(2021, 1, 10), None, True),
        (date(2021, 1, 10), DAY, True),
        (date(2016, 1, 10), date(2021, 1, 9), False),
        (DAY, None, False),
    ],
)
def test_reelected_follows_from_the_posts_held_on_the_day(
    ballot, users, started_on, ended_on, again
):
    member = ballot.people[0].member
    PostHeld.objects.create(member=member, post="member", started_on=started_on, ended_on=ended_on)

    record(ballot, users, count(ballot, (28, 25, 16, 15)))

    assert ElectedPost.objects.get(member=member).reelected is again


# --- the committee elects its secretary ----------------------------------------------------------


@pytest.fixture
def committee(ballot, users):
    record(ballot, users, count(ballot, (28, 25, 16, 15)))
    moved = at_stage(ballot, Stage.SECRETARY_BALLOT)
    moved.people, moved.tellers = ballot.people, ballot.tellers
    return moved


def elect_secretary(election, users, favour, *, present=3, person=0, **more):
    person = election.people[person]
    counted = ballots.Count(
        present, present, present, 0, {person.pk: (favour, present - favour, 0)}
    )
    return record(
        election,
        users,
        counted,
        present=present,
        post=BallotPost.SECRETARY,
        stage=Stage.SECRETARY_BALLOT,
        **more,
    )


def test_committee_elects_the_nominated_secretary(committee, users):
    elect_secretary(committee, users, 2)

    post = ElectedPost.objects.get(post=ElectedPostKind.SECRETARY)
    assert post.member == committee.people[0].member
    certify(committee, users, stage=Stage.SECRETARY_BALLOT)
    assert gates.secretary_elected(committee, at=AT) == []


def test_committee_member_absent_breaks_the_quorum(committee, users):
    with pytest.raises(Refused, match="应到会3人，实到会有选举权的党员2人，未达到五分之四"):
        elect_secretary(committee, users, 2, present=2)


def test_deputy_is_not_voted_on_before_the_secretary(committee, users):
    with pytest.raises(Refused, match="现在不能选举副书记：请先完成前一项选举"):
        record(
            committee,
            users,
            ballots.Count(3, 3, 3, 0, {committee.people[1].pk: (3, 0, 0)}),
            present=3,
            post=BallotPost.DEPUTY,
            stage=Stage.SECRETARY_BALLOT,
        )


def test_branch_without_a_committee_elects_its_secretary_in_the_meeting(at, users, place):
    election = at(COMMITTEE, seats=0, due=6)
    election.people = stand(
        election,
        place.members[:1],
        status=CandidacyStatus.PREPARED,
        posts=[ElectedPostKind.SECRETARY],
    )
    election.tellers = [place.members[-1].pk]

    record(
        election,
        users,
        count(election, (5,), present=6),
        present=6,
        post=BallotPost.SECRETARY,
    )

    assert ElectedPost.objects.get().post == ElectedPostKind.SECRETARY
