"""How people come among the nominees besides the recommendations, give up, and are replaced late."""

from datetime import timedelta

import pytest

from accounts.errors import Forbidden, Refused
from accounts.models import AuditEntry
from candidates import gates
from candidates.enums import (
    CandidacyStatus,
    ElectedPostKind,
    InspectionResult,
    ReserveWay,
    ReviewLevel,
    ReviewResult,
    Source,
)
from candidates.models import Candidacy, Proposal, RecommendationTally
from candidates.services import nomination, preliminary, reviews
from candidates.services.inspection import record_inspection
from candidates.services.promises import record_promise
from candidates.services.proposals import propose, remove_proposal
from candidates.services.reserve import Entry, enter_reserve
from candidates.services.withdrawal import withdraw
from elections.enums import MeetingKind, Stage
from elections.models import Meeting
from elections.services.evidence import decide_exception, request_exception
from tests.factories.villages import PartyMemberFactory

from .people import AT, DAY, INSPECTED, SECRETARY_AND_MEMBERS, notice, stand


def recommend(election, votes: dict, kind=MeetingKind.MEMBER_RECOMMENDATION):
    """Tallies of one meeting by direct writes: member → votes."""
    meeting = Meeting.objects.create(election=election, kind=kind, held_on=DAY, due=30, present=24)
    RecommendationTally.objects.bulk_create(
        RecommendationTally(election=election, meeting=meeting, member=member, votes=n)
        for member, n in votes.items()
    )


@pytest.fixture
def listed(at, place):
    """Stage 8: the first six members got 20 to 15 votes, the seventh 1, the eighth none."""
    election = at(Stage.PRELIMINARY)
    recommend(election, dict(zip(place.members[:7], (20, 19, 18, 17, 16, 15, 1), strict=True)))
    return election


def put(election, member, users, source, **more):
    return propose(
        **{
            "election": election,
            "member": member,
            "source": source,
            "proposed_by": "示例推荐人",
            "reason": "示例：带富能力强",
            "by": users.coordinator,
            "at": AT,
        }
        | more
    )


def fix(election, users, withdrawn=None):
    return preliminary.fix_preliminary(
        election=election, wanted=4, withdrawn=withdrawn or {}, by=users.coordinator, at=AT
    )


def standing(election) -> list:
    rows = Candidacy.objects.filter(election=election, status=CandidacyStatus.PRELIMINARY)
    return list(rows.order_by("rank").values_list("member", "source"))


def test_recommended_besides_is_listed_with_one_vote_and_left_out_with_none(listed, place, users):
    put(listed, place.members[6], users, Source.SELF)
    put(listed, place.members[7], users, Source.SELF)

    fix(listed, users)

    first = [(m.pk, "recommended") for m in place.members[:4]]
    assert standing(listed) == [*first, (place.members[6].pk, "self")]


def test_organisation_s_person_without_votes_needs_the_county(listed, place, users):
    women = place.members[7]
    women.sex = "female"
    women.save()
    put(listed, women, users, Source.ORGANISATION)
    fix(listed, users)

    (blocker,) = gates.preliminary_complete(listed, at=AT)

    assert blocker.code == f"no_votes_{women.pk}"
    assert blocker.may_be_excepted
    asked = request_exception(
        election=listed,
        stage=Stage.PRELIMINARY,
        code=blocker.code,
        reason="示例：村里缺女干部",
        by=users.coordinator,
        at=AT,
    )
    decide_exception(exception=asked, approved=True, note="", by=users.org_staff, at=AT)
    rows = listed.exceptions.filter(approved=True).values_list("code", flat=True)
    assert list(rows) == [blocker.code]


def test_person_listed_by_votes_keeps_where_they_came_from(listed, place, users):
    put(listed, place.members[0], users, Source.ORGANISATION)

    fix(listed, users)

    assert standing(listed)[0] == (place.members[0].pk, "organisation")
    assert len(standing(listed)) == 4


def test_who_declines_is_not_listed_by_a_proposal(listed, place, users):
    put(listed, place.members[6], users, Source.SELF)

    fix(listed, users, withdrawn={place.members[6].pk: "示例：外出"})

    gone = Candidacy.objects.get(member=place.members[6])
    assert (gone.status, gone.withdrawn_on) == (CandidacyStatus.DECLINED, DAY)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"proposed_by": " "}, "请填写推荐人"),
        ({"reason": ""}, "请填写推荐人"),
        ({"source": Source.RESERVE}, "不在后备干部库"),
    ],
)
def test_proposal_is_refused(listed, place, users, change, words):
    with pytest.raises(Refused, match=words):
        put(listed, place.members[6], users, **({"source": Source.SELF} | change))
    assert not Proposal.objects.exists()


def test_only_members_with_the_right_to_be_elected_are_put_forward_once(listed, place, users):
    probationary = PartyMemberFactory(village=place.village, status="probationary")
    with pytest.raises(Refused, match="不是本村有被选举权的正式党员"):
        put(listed, probationary, users, Source.SELF)
    put(listed, place.members[6], users, Source.SELF)
    with pytest.raises(Refused, match="一人只提名一次"):
        put(listed, place.members[6], users, Source.ORGANISATION)


def test_reserve_cadre_is_put_forward_from_the_pool(listed, place, users):
    enter_reserve(
        member=place.members[6],
        entry=Entry(ReserveWay.SELF, "本人", DAY),
        by=users.coordinator,
        at=AT,
    )
    put(listed, place.members[6], users, Source.RESERVE)

    fix(listed, users)

    assert (place.members[6].pk, "reserve") in standing(listed)


def test_proposal_is_taken_back(listed, place, users):
    made = put(listed, place.members[6], users, Source.SELF)

    with pytest.raises(Forbidden):
        remove_proposal(proposal=made, by=users.foreign, at=AT)
    remove_proposal(proposal=made, by=users.coordinator, at=AT)
    with pytest.raises(Refused, match="已经撤销"):
        remove_proposal(proposal=made, by=users.coordinator, at=AT)

    fix(listed, users)
    assert len(standing(listed)) == 4


# --- giving up -----------------------------------------------------------------------------------


def give_up(candidacy, users, *, reason="示例：身体原因", on=DAY, by=None):
    return withdraw(
        candidacy=candidacy, reason=reason, withdrawn_on=on, by=by or users.coordinator, at=AT
    )


@pytest.mark.parametrize(
    ("stage", "status", "becomes"),
    [
        (Stage.PRELIMINARY, CandidacyStatus.PRELIMINARY, CandidacyStatus.DECLINED),
        (Stage.REVIEW, CandidacyStatus.PRELIMINARY, CandidacyStatus.WITHDRAWN),
        (Stage.INSPECTION, CandidacyStatus.CLEARED, CandidacyStatus.WITHDRAWN),
        (Stage.NOMINATION, CandidacyStatus.INSPECTED, CandidacyStatus.WITHDRAWN),
        (Stage.NOTICE, CandidacyStatus.PREPARED, CandidacyStatus.WITHDRAWN),
    ],
)
def test_giving_up_is_recorded_with_reason_and_day(at, place, users, stage, status, becomes):
    posts = SECRETARY_AND_MEMBERS if status == CandidacyStatus.PREPARED else ()
    person = stand(at(stage), place.members[:4], status=status, posts=posts)[1]

    give_up(person, users)

    stored = Candidacy.objects.get(pk=person.pk)
    assert (stored.status, stored.withdrawal_reason, stored.withdrawn_on) == (
        becomes,
        "示例：身体原因",
        DAY,
    )
    assert AuditEntry.objects.filter(action="candidacy.withdrawn").count() == 1
    with pytest.raises(Refused, match="已是"):
        give_up(person, users)


@pytest.mark.parametrize(
    ("change", "words"),
    [({"reason": " "}, "请填写.*放弃的理由"), ({"on": DAY + timedelta(days=1)}, "放弃日期")],
)
def test_giving_up_is_refused(at, place, users, change, words):
    person = stand(at(Stage.REVIEW), place.members[:1])[0]

    with pytest.raises(Refused, match=words):
        give_up(person, users, **change)


def test_nobody_gives_up_at_the_ballot(at, place, users):
    people = stand(
        at(Stage.COMMITTEE_BALLOT),
        place.members[:4],
        status=CandidacyStatus.PREPARED,
        posts=SECRETARY_AND_MEMBERS,
    )
    with pytest.raises(Refused, match="现在不能登记"):
        give_up(people[0], users)
    with pytest.raises(Forbidden):
        give_up(people[0], users, by=users.org_staff)


# --- late replacement ------------------------------------------------------------------------------


@pytest.fixture
def noticed(at, place):
    """Stage 12: four prepared nominees for three seats, the fifth member was recommended, too."""
    election = at(Stage.NOTICE)
    recommend(election, dict(zip(place.members[:5], (20, 19, 18, 17, 16), strict=True)))
    people = stand(
        election, place.members[:4], status=CandidacyStatus.PREPARED, posts=SECRETARY_AND_MEMBERS
    )
    return election, people


def test_replacement_at_the_notice_is_asked_everything_and_nobody_else_anything(
    noticed, place, users
):
    election, people = noticed
    notice(election, ends_on=DAY)
    give_up(people[3], users)
    assert [b.code for b in gates.ballot_complete(election, at=AT)] == ["surplus"]
    acting = {"by": users.coordinator, "at": AT}

    made = preliminary.add_replacement(election=election, stage=Stage.NOTICE, **acting)
    assert made.member == place.members[4]
    assert [b.code for b in gates.ballot_complete(election, at=AT)] == [
        "surplus",
        "replacement_open",
    ]
    for level, by in (
        (ReviewLevel.TOWNSHIP, users.coordinator),
        (ReviewLevel.COUNTY, users.org_staff),
    ):
        reviews.record_review(
            candidacy=made,
            stage=Stage.NOTICE,
            level=level,
            result=ReviewResult.PASSED,
            decided_on=DAY,
            by=by,
            at=AT,
        )
    record_inspection(
        candidacy=made,
        stage=Stage.NOTICE,
        inspected_on=DAY,
        **INSPECTED,
        result=InspectionResult.PASSED,
        **acting,
    )
    late = nomination.Nomination(made.pk, ElectedPostKind.MEMBER, None, None)
    nomination.nominate_replacement(election=election, nomination=late, **acting)

    found = {b.code: b.message for b in gates.ballot_complete(election, at=AT)}
    assert list(found) == ["notice_replacement", "promise"]
    assert "请重新公示" in found["notice_replacement"]
    assert found["promise"] == (
        f"{made.member.name}未签订纪律承诺书、未参加集体谈话，不能参加选举。"
    )
    record_promise(candidacy=made, pledged_on=DAY, talked_on=DAY, talker="示例谈话人", **acting)
    assert gates.promised(election, at=AT) == []
    kept = Candidacy.objects.filter(pk__in=[p.pk for p in people[:3]])
    assert set(kept.values_list("status", flat=True)) == {"prepared"}


def test_replacement_takes_the_post_that_fell_free(noticed, place, users):
    election, people = noticed
    give_up(people[3], users)
    made = preliminary.add_replacement(
        election=election, stage=Stage.NOTICE, by=users.coordinator, at=AT
    )
    Candidacy.objects.filter(pk=made.pk).update(status=CandidacyStatus.INSPECTED)

    with pytest.raises(Refused, match="拟任书记已有人选"):
        nomination.nominate_replacement(
            election=election,
            nomination=nomination.Nomination(made.pk, ElectedPostKind.SECRETARY, DAY, DAY),
            by=users.coordinator,
            at=AT,
        )


def test_ballot_names_whoever_has_not_pledged(at, place):
    election = at(Stage.COMMITTEE_BALLOT)
    people = stand(
        election, place.members[:4], status=CandidacyStatus.PREPARED, posts=SECRETARY_AND_MEMBERS
    )
    assert gates.promised(election, at=AT) == []
    Candidacy.objects.filter(pk=people[2].pk).update(is_replacement=True, talked_on=None)

    (blocker,) = gates.promised(election, at=AT)

    assert blocker.message == f"{people[2].member.name}未参加集体谈话，不能参加选举。"


def test_left_out_needs_a_reason(at, place, users):
    people = stand(at(Stage.NOMINATION), place.members[:5], status=CandidacyStatus.INSPECTED)
    sent = {
        "election": people[0].election,
        "nominations": [
            nomination.Nomination(p.pk, post, DAY, DAY)
            for p, post in zip(people, SECRETARY_AND_MEMBERS[:4], strict=False)
        ],
        "talker": "示例谈话人",
        "by": users.coordinator,
        "at": AT,
    }

    with pytest.raises(Refused, match=f"{people[4].member.name}考察通过而未列入预备人选"):
        nomination.fix_nomination(**sent, left_out={people[4].pk: " "})
    nomination.fix_nomination(**sent, left_out={people[4].pk: "示例：差额已满"})

    stored = Candidacy.objects.get(pk=people[4].pk)
    assert (stored.status, stored.not_prepared_reason) == ("not_prepared", "示例：差额已满")
