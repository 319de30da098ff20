"""Recommendation meetings and the preliminary nominees that follow from both."""

from datetime import timedelta

import pytest

from accounts.errors import Forbidden, Refused
from accounts.models import AuditEntry
from candidates import gates, selectors
from candidates.enums import CandidacyStatus
from candidates.models import Candidacy, RecommendationTally
from candidates.services.preliminary import fix_preliminary
from candidates.services.recommendation import record_recommendation
from elections.enums import MeetingKind, Stage
from elections.models import Meeting, Roll
from tests.factories.elections import at_stage
from tests.factories.villages import PartyMemberFactory

from .people import AT, DAY

MEMBERS, VILLAGERS = Stage.MEMBER_RECOMMENDATION, Stage.VILLAGER_RECOMMENDATION


def record(election, users, votes, *, stage=MEMBERS, present=24, **more):
    return record_recommendation(
        **{
            "election": election,
            "stage": stage,
            "held_on": DAY,
            "present": present,
            "votes": votes,
            "by": users.coordinator,
            "at": AT,
        }
        | more
    )


def test_votes_are_kept_per_person_and_a_second_record_replaces_the_first(at, users, place):
    election = at(MEMBERS)
    first, second, third = place.members[:3]
    record(election, users, {first.pk: 20, second.pk: 5, third.pk: 0})

    record(election, users, {first.pk: 21, third.pk: 3})

    meeting = Meeting.objects.get(kind=MeetingKind.MEMBER_RECOMMENDATION)
    assert (meeting.due, meeting.present) == (30, 24)
    assert meeting.roll == Roll.objects.current().get(election=election)
    assert selectors.tallies(election, meeting.kind) == {first.pk: 21, third.pk: 3}
    assert AuditEntry.objects.filter(action="recommendation.recorded").count() == 2


@pytest.mark.parametrize(
    ("stage", "present", "votes", "words"),
    [
        (MEMBERS, 19, [19], "党员推荐大会应到30人，实到19人，未达到2/3（至少20人），还差1人"),
        (VILLAGERS, 19, [19], "群众（村民代表）推荐会应到30人，实到19人，未达到2/3"),
        (MEMBERS, 31, [20], "实到31人多于应到30人"),
        (MEMBERS, 20, [21], "得推荐票21张，多于到会20人"),
        (MEMBERS, 20, [20, 20, 20, 1], "推荐票合计61张，多于到会20人×每票最多3人=60张"),
        (MEMBERS, 20, [], "没有填写任何人的推荐票"),
    ],
)
def test_impossible_meeting_is_refused_by_its_rule(at, users, place, stage, present, votes, words):
    election = at(stage)
    counted = {m.pk: n for m, n in zip(place.members, votes, strict=False)}

    with pytest.raises(Refused) as refusal:
        record(election, users, counted, stage=stage, present=present)

    assert words in str(refusal.value)
    assert not RecommendationTally.objects.exists()


def test_somebody_of_another_village_cannot_be_recommended(at, users, place):
    stranger = PartyMemberFactory(village=place.other_village)

    with pytest.raises(Refused, match="不是本村正式党员"):
        record(at(MEMBERS), users, {stranger.pk: 20})


def test_meeting_ahead_of_today_is_refused(at, users, place):
    with pytest.raises(Refused, match="召开日期"):
        record(at(MEMBERS), users, {place.members[0].pk: 20}, held_on=DAY + timedelta(days=1))


@pytest.mark.parametrize("who", ["foreign", "leader", "org_staff"])
def test_only_the_township_s_coordinator_records(at, users, place, who):
    with pytest.raises(Forbidden):
        record(at(MEMBERS), users, {place.members[0].pk: 20}, by=getattr(users, who))


def test_stage_that_waits_takes_no_facts(at, users, place):
    with pytest.raises(Refused, match="现在不能登记"):
        record(at(Stage.ROSTER), users, {place.members[0].pk: 20})


# --- preliminary ---------------------------------------------------------------------------------


#: Votes of members and of villagers for six people; the fourth and fifth have the same sum.
APART = ((20, 16, 10, 4, 6, 2), (20, 14, 10, 6, 4, 2))
TIED = ((20, 16, 10, 5, 5, 2), (20, 14, 10, 5, 5, 2))


@pytest.fixture
def recommended(at, users, place):
    """recommended(votes=APART) → the election at the preliminary stage."""

    def recommended(votes=APART):
        election = at(MEMBERS)
        for stage, counts in zip((MEMBERS, VILLAGERS), votes, strict=True):
            counted = {m.pk: n for m, n in zip(place.members, counts, strict=False)}
            record(election, users, counted, stage=stage)
        return at_stage(election, Stage.PRELIMINARY)

    return recommended


def fix(election, users, wanted, withdrawn=None, by=None):
    return fix_preliminary(
        election=election,
        wanted=wanted,
        withdrawn=withdrawn or {},
        by=by or users.coordinator,
        at=AT,
    )


def test_sum_of_both_decides_and_members_votes_break_a_tie(recommended, place):
    people = place.members

    order = [row.person for row in selectors.merged(recommended())]

    assert order == [people[i].pk for i in (0, 1, 2, 4, 3, 5)]


def test_whoever_is_tied_with_the_last_nominee_is_one_too(recommended, users):
    made = fix(recommended(TIED), users, 4)

    assert [(c.rank, c.member_votes + c.villager_votes) for c in made] == [
        (1, 40),
        (2, 30),
        (3, 20),
        (4, 10),
        (5, 10),
    ]


def test_too_few_nominees_are_refused_with_the_number_wanted(recommended, users):
    with pytest.raises(Refused, match="初步人选3名，少于应有的4名（应选3名加差额）"):
        fix(recommended(), users, 3)
    assert not Candidacy.objects.exists()


def test_whoever_declines_is_passed_over_and_remembered(recommended, users, place):
    election, first = recommended(), place.members[0]
    with pytest.raises(Refused, match="请填写理由"):
        fix(election, users, 4, {first.pk: " "})

    fix(election, users, 4, {first.pk: "示例：外出务工"})

    gone = Candidacy.objects.get(member=first)
    assert (gone.status, gone.withdrawal_reason) == (CandidacyStatus.WITHDRAWN, "示例：外出务工")
    assert len(selectors.standing(selectors.candidacies(election))) == 4


def test_gate_asks_for_the_minimum_of_women(recommended, users):
    election = recommended()
    fix(election, users, 4)

    (blocker,) = gates.preliminary_complete(election, at=AT)

    assert blocker.code == "women"
    assert "初步人选" in blocker.message
    assert blocker.may_be_excepted
