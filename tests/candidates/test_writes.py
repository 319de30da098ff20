"""Every write of the app: by the right hand only, one audit row each; and refusals in their smallest numbers."""

from datetime import timedelta

import pytest

from accounts.errors import Forbidden, Refused
from accounts.models import AuditEntry
from candidates.enums import CandidacyStatus, ElectedPostKind, InspectionResult, ReviewLevel
from candidates.models import Candidacy, Inspection, RecommendationTally
from candidates.services import ballots, inspection, nomination, preliminary, reviews
from candidates.services.recommendation import record_recommendation
from elections.enums import BallotPost, MeetingKind, Stage
from elections.models import BallotRound, Meeting

from .people import AT, DAY, SECRETARY_AND_MEMBERS, notice, stand


def recommend(election, members, votes) -> None:
    """One recommendation meeting by direct writes."""
    meeting = Meeting.objects.create(
        election=election, kind=MeetingKind.MEMBER_RECOMMENDATION, held_on=DAY, due=30, present=24
    )
    for member, count in zip(members, votes, strict=True):
        RecommendationTally.objects.create(
            election=election, meeting=meeting, member=member, votes=count
        )


def write_recommendation(at, members, sent):
    record_recommendation(
        election=at(Stage.VILLAGER_RECOMMENDATION),
        stage=Stage.VILLAGER_RECOMMENDATION,
        held_on=DAY,
        present=24,
        votes={members[0].pk: 20},
        **sent,
    )


def write_preliminary(at, members, sent):
    election = at(Stage.PRELIMINARY)
    recommend(election, members[:4], (9, 8, 7, 6))
    preliminary.fix_preliminary(election=election, wanted=4, withdrawn={}, **sent)


def write_replacement(at, members, sent):
    election = at(Stage.REVIEW)
    recommend(election, members[:1], (9,))
    preliminary.add_replacement(election=election, stage=Stage.REVIEW, **sent)


def write_township_reviews(at, members, sent):
    election = at(Stage.REVIEW)
    stand(election, members[:4])
    reviews.pass_reviews(
        election=election,
        stage=Stage.REVIEW,
        level=ReviewLevel.TOWNSHIP,
        decided_on=DAY,
        **sent,
    )


def write_inspection(at, members, sent):
    person = stand(at(Stage.INSPECTION), members[:1], status=CandidacyStatus.CLEARED)[0]
    inspection.record_inspection(
        candidacy=person,
        inspected_on=DAY,
        team="示例考察组",
        assessment=inspection.Assessment(9, 20, 3, 0, 0),
        result=InspectionResult.PASSED,
        **sent,
    )


def write_nomination(at, members, sent):
    election = at(Stage.NOMINATION)
    people = stand(election, members[:4], status=CandidacyStatus.INSPECTED)
    nomination.fix_nomination(
        election=election,
        nominations=[
            nomination.Nomination(p.pk, post, DAY, DAY)
            for p, post in zip(people, SECRETARY_AND_MEMBERS, strict=False)
        ],
        talker="示例谈话人",
        **sent,
    )


def write_round(at, members, sent, *, due=30, present=30):
    election = at(Stage.COMMITTEE_BALLOT, due=due)
    notice(election, ends_on=DAY - timedelta(days=1))
    people = stand(
        election, members[:4], status=CandidacyStatus.PREPARED, posts=SECRETARY_AND_MEMBERS
    )
    favour = (present, present, present - 1, 1)
    ballots.record_round(
        election=election,
        stage=Stage.COMMITTEE_BALLOT,
        post=BallotPost.COMMITTEE,
        number=1,
        gathering=ballots.Gathering(DAY, present, "示例主持人", "示例记录人", (members[4].pk,)),
        count=ballots.Count(
            present,
            present,
            present,
            0,
            {p.pk: (n, present - n, 0) for p, n in zip(people, favour, strict=True)},
        ),
        **sent,
    )


WRITES = [
    ("recommendation.recorded", write_recommendation),
    ("preliminary.fixed", write_preliminary),
    ("candidacy.replaced", write_replacement),
    ("review.township", write_township_reviews),
    ("inspection.recorded", write_inspection),
    ("nomination.fixed", write_nomination),
    ("ballot.recorded", write_round),
]


@pytest.mark.parametrize(("action", "write"), WRITES)
def test_every_write_leaves_one_audit_row(at, users, place, action, write):
    write(at, place.members, {"by": users.coordinator, "at": AT})

    entry = AuditEntry.objects.get(action=action)
    assert (entry.actor_id, entry.at) == (users.coordinator.pk, AT)
    assert entry.township_id == place.own.pk


@pytest.mark.parametrize("who", ["foreign", "leader", "org_staff", "outsider", "nobody"])
@pytest.mark.parametrize(("action", "write"), WRITES)
def test_no_write_by_anybody_but_the_township_s_coordinator(at, users, place, action, write, who):
    with pytest.raises(Forbidden):
        write(at, place.members, {"by": getattr(users, who), "at": AT})

    assert not AuditEntry.objects.filter(action=action).exists()


@pytest.mark.parametrize("who", ["foreign", "leader", "org_staff"])
def test_round_is_taken_back_by_the_coordinator_only(at, users, place, who):
    write_round(at, place.members, {"by": users.coordinator, "at": AT})

    with pytest.raises(Forbidden):
        ballots.withdraw_last_round(
            election=BallotRound.objects.get().meeting.election,
            stage=Stage.COMMITTEE_BALLOT,
            reason="示例",
            by=getattr(users, who),
            at=AT,
        )

    assert BallotRound.objects.count() == 1


def test_without_a_round_there_is_nothing_to_take_back(at, users):
    with pytest.raises(Refused, match="还没有登记计票，不需要撤回"):
        ballots.withdraw_last_round(
            election=at(Stage.COMMITTEE_BALLOT),
            stage=Stage.COMMITTEE_BALLOT,
            reason="示例",
            by=users.coordinator,
            at=AT,
        )


# --- the smallest numbers -----------------------------------------------------------------------


def test_seven_of_ten_due_are_no_quorum(at, users, place):
    sent = {"by": users.coordinator, "at": AT}
    with pytest.raises(Refused) as refusal:
        write_round(at, place.members, sent, due=10, present=7)
    assert [p.message for p in refusal.value.problems] == [
        "应到会10人，实到会有选举权的党员7人，未达到五分之四（至少8人），还差1人，不能进行选举。"
        "请另行召开大会后再登记。"
    ]
    assert not BallotRound.objects.exists()


def test_eight_of_ten_due_are_a_quorum(at, users, place):
    write_round(at, place.members, {"by": users.coordinator, "at": AT}, due=10, present=8)

    assert BallotRound.objects.get().present == 8


def test_whoever_got_no_recommendation_votes_is_no_nominee(at, users, place):
    election = at(Stage.PRELIMINARY)
    recommend(election, place.members[:4], (9, 8, 7, 0))

    with pytest.raises(Refused, match="得到推荐票的只有3人，不足4名"):
        preliminary.fix_preliminary(
            election=election, wanted=4, withdrawn={}, by=users.coordinator, at=AT
        )

    assert not Candidacy.objects.exists()


def test_inspection_changed_to_a_pass_forgets_the_veto_s_reason(at, users, place):
    person = stand(at(Stage.INSPECTION), place.members[:1], status=CandidacyStatus.CLEARED)[0]
    sent = {
        "candidacy": person,
        "inspected_on": DAY,
        "team": "示例考察组",
        "assessment": inspection.Assessment(9, 20, 3, 0, 0),
        "by": users.coordinator,
        "at": AT,
    }
    inspection.record_inspection(**sent, result=InspectionResult.VETOED, reason="示例：有误")

    inspection.record_inspection(**sent, result=InspectionResult.PASSED, reason="示例：有误")

    stored = Inspection.objects.get()
    assert (stored.result, stored.reason) == (InspectionResult.PASSED, "")
    assert Candidacy.objects.get().status == CandidacyStatus.INSPECTED


def test_nomination_saved_again_replaces_the_posts(at, users, place):
    election = at(Stage.NOMINATION)
    people = stand(election, place.members[:5], status=CandidacyStatus.INSPECTED)
    posts = [ElectedPostKind.SECRETARY] + [ElectedPostKind.MEMBER] * 3
    for chosen in (people[:4], people[1:]):
        nomination.fix_nomination(
            election=election,
            nominations=[
                nomination.Nomination(p.pk, post, DAY, DAY)
                for p, post in zip(chosen, posts, strict=True)
            ],
            talker="示例谈话人",
            by=users.coordinator,
            at=AT,
        )

    stored = Candidacy.objects.order_by("rank").values_list("status", "nominated_post")
    assert list(stored) == [
        ("not_prepared", ""),
        ("prepared", "secretary"),
        ("prepared", "member"),
        ("prepared", "member"),
        ("prepared", "member"),
    ]
