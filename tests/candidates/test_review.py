"""Review at two levels, inspection, replacement: no answer is never consent, every refusal has its reason."""

from datetime import timedelta

import pytest

from accounts.errors import Forbidden, Refused
from accounts.models import AuditEntry
from candidates import gates, selectors
from candidates.enums import CandidacyStatus, InspectionResult, ReviewLevel, ReviewResult
from candidates.models import Candidacy, Inspection, RecommendationTally, Review
from candidates.services import inspection, nomination, preliminary, reviews
from elections.enums import MeetingKind, Stage
from elections.models import Meeting

from .people import AT, DAY, stand

REASON = "示例：内部情况不外传"


def review(candidacy, users, level=ReviewLevel.TOWNSHIP, *, result=ReviewResult.PASSED, **more):
    by = users.coordinator if level == ReviewLevel.TOWNSHIP else users.org_staff
    return reviews.record_review(
        **{
            "candidacy": candidacy,
            "stage": Stage.REVIEW,
            "level": level,
            "result": result,
            "decided_on": DAY,
            "by": by,
            "at": AT,
        }
        | more
    )


@pytest.fixture
def people(at, place):
    return stand(at(Stage.REVIEW), place.members[:4], women=(0,))


def status(candidacy) -> str:
    return Candidacy.objects.get(pk=candidacy.pk).status


def test_township_first_then_the_county(people, users):
    with pytest.raises(Refused, match="须先经乡镇初审合格，再由县级联审"):
        review(people[0], users, ReviewLevel.COUNTY)

    review(people[0], users)
    assert status(people[0]) == CandidacyStatus.PRELIMINARY
    review(people[0], users, ReviewLevel.COUNTY)
    assert status(people[0]) == CandidacyStatus.CLEARED


@pytest.mark.parametrize(
    ("rule", "reason"), [("", REASON), ("受过刑事处罚（示例）", " "), ("", "")]
)
def test_rejection_names_rule_and_reason(people, users, rule, reason):
    with pytest.raises(Refused, match="须写明不合格情形和理由"):
        review(people[0], users, result=ReviewResult.FAILED, rule=rule, reason=reason)
    assert not Review.objects.exists()


def test_rejection_is_kept_and_stays_out_of_the_audit_trail(people, users):
    review(people[0], users, result=ReviewResult.FAILED, rule="失信（示例）", reason=REASON)

    stored = Review.objects.get()
    assert (stored.rule, stored.reason, stored.decided_by) == (
        "失信（示例）",
        REASON,
        users.coordinator,
    )
    assert status(people[0]) == CandidacyStatus.REJECTED
    entry = AuditEntry.objects.get(action="review.township")
    assert REASON not in str(vars(entry))


def test_county_s_answer_closes_the_township_s(people, users):
    review(people[0], users)
    review(people[0], users, ReviewLevel.COUNTY)

    with pytest.raises(Refused, match="已有县级联审结论，乡镇初审不能再改"):
        review(people[0], users, result=ReviewResult.FAILED, rule="示例", reason=REASON)


@pytest.mark.parametrize(
    ("level", "who"),
    [
        (ReviewLevel.TOWNSHIP, "foreign"),
        (ReviewLevel.TOWNSHIP, "org_staff"),
        (ReviewLevel.TOWNSHIP, "leader"),
        (ReviewLevel.COUNTY, "coordinator"),
        (ReviewLevel.COUNTY, "outsider"),
    ],
)
def test_each_level_has_its_own_hand(people, users, level, who):
    with pytest.raises(Forbidden):
        review(people[0], users, level, by=getattr(users, who))


def test_dates_run_forward(people, users):
    with pytest.raises(Refused, match="审查日期"):
        review(people[0], users, decided_on=DAY + timedelta(days=1))
    review(people[0], users)
    with pytest.raises(Refused, match="县级联审日期早于乡镇初审"):
        review(people[0], users, ReviewLevel.COUNTY, decided_on=DAY - timedelta(days=1))


def test_all_who_wait_pass_in_one_go(people, users):
    election = people[0].election
    review(people[3], users, result=ReviewResult.FAILED, rule="示例", reason=REASON)
    sent = {"election": election, "stage": Stage.REVIEW, "decided_on": DAY, "at": AT}

    reviews.pass_reviews(**sent, level=ReviewLevel.TOWNSHIP, by=users.coordinator)
    assert [b.who for b in gates.review_complete(election, at=AT)] == ["org_staff"] * 3
    reviews.pass_reviews(**sent, level=ReviewLevel.COUNTY, by=users.org_staff)

    assert [status(p) for p in people] == [CandidacyStatus.CLEARED] * 3 + [CandidacyStatus.REJECTED]
    with pytest.raises(Refused, match="没有等待乡镇初审的人选"):
        reviews.pass_reviews(**sent, level=ReviewLevel.TOWNSHIP, by=users.coordinator)


def test_gate_names_everybody_who_has_no_answer_and_whose_turn_it_is(people, users):
    review(people[0], users)

    found = gates.review_complete(people[0].election, at=AT)

    assert [(b.message, b.who) for b in found][:2] == [
        (f"{people[0].member.name}未作县级联审。", "org_staff"),
        (f"{people[1].member.name}未作乡镇初审。", "coordinator"),
    ]
    assert len(found) == 4


def test_gate_wants_a_replacement_where_too_few_are_left(people, users):
    election = people[0].election
    Candidacy.objects.filter(pk=people[0].pk).update(status=CandidacyStatus.REJECTED)
    Candidacy.objects.exclude(pk=people[0].pk).update(status=CandidacyStatus.CLEARED)

    (blocker,) = gates.review_complete(election, at=AT)

    assert "审查合格的人选3名，少于应有的4名" in blocker.message
    assert "递补" in blocker.message


def test_replacement_is_the_next_who_was_recommended(people, users, place):
    election = people[0].election
    meeting = Meeting.objects.create(
        election=election, kind=MeetingKind.MEMBER_RECOMMENDATION, held_on=DAY, due=30, present=24
    )
    for member, votes in ((place.members[0], 20), (place.members[5], 7), (place.members[6], 9)):
        RecommendationTally.objects.create(
            election=election, meeting=meeting, member=member, votes=votes
        )
    sent = {"election": election, "stage": Stage.REVIEW, "by": users.coordinator, "at": AT}

    first = preliminary.add_replacement(**sent)
    second = preliminary.add_replacement(**sent)

    assert [(c.member, c.is_replacement, c.rank) for c in (first, second)] == [
        (place.members[6], True, 2),
        (place.members[5], True, 3),
    ]
    with pytest.raises(Refused, match="无人可以递补：须重新组织推荐"):
        preliminary.add_replacement(**sent)


# --- inspection ----------------------------------------------------------------------------------


@pytest.fixture
def cleared(at, place):
    election = at(Stage.INSPECTION)
    return stand(election, place.members[:4], status=CandidacyStatus.CLEARED, women=(0,))


def inspect(candidacy, users, *, result=InspectionResult.PASSED, talks=9, **more):
    return inspection.record_inspection(
        **{
            "candidacy": candidacy,
            "inspected_on": DAY,
            "team": "示例考察组",
            "assessment": inspection.Assessment(talks, 20, 3, 0, 0),
            "result": result,
            "by": users.coordinator,
            "at": AT,
        }
        | more
    )


def test_passed_and_vetoed(cleared, users):
    inspect(cleared[0], users)
    with pytest.raises(Refused, match="须写明理由"):
        inspect(cleared[1], users, result=InspectionResult.VETOED)
    inspect(cleared[1], users, result=InspectionResult.VETOED, reason=REASON)

    assert [status(c) for c in cleared[:2]] == [CandidacyStatus.INSPECTED, CandidacyStatus.VETOED]
    assert Inspection.objects.get(candidacy=cleared[1]).reason == REASON
    assert REASON not in str([vars(e) for e in AuditEntry.objects.all()])


def test_somebody_not_cleared_is_not_inspected(cleared, users):
    Candidacy.objects.filter(pk=cleared[0].pk).update(status=CandidacyStatus.PRELIMINARY)

    with pytest.raises(Refused, match="未经资格审查合格，不能考察"):
        inspect(cleared[0], users)


def test_inspection_without_a_talk_is_none(cleared, users):
    with pytest.raises(Refused, match="谈话人数应大于0"):
        inspect(cleared[0], users, talks=0)


def test_gate_names_whoever_is_not_inspected(cleared, users):
    for person in cleared[:3]:
        inspect(person, users)

    (blocker,) = gates.inspection_complete(cleared[0].election, at=AT)

    assert blocker.message == f"{cleared[3].member.name}未作组织考察。"


# --- nomination ----------------------------------------------------------------------------------


@pytest.fixture
def inspected(at, place):
    election = at(Stage.NOMINATION)
    return stand(election, place.members[:5], status=CandidacyStatus.INSPECTED, women=(0,))


def nominate(people, users, *, posts=("secretary", "member", "member", "member"), **more):
    election = people[0].election
    return nomination.fix_nomination(
        **{
            "election": election,
            "nominations": [
                nomination.Nomination(person.pk, post, DAY, DAY)
                for person, post in zip(people, posts, strict=False)
            ],
            "talker": "示例谈话人",
            "by": users.coordinator,
            "at": AT,
        }
        | more
    )


def test_nominated_stand_and_the_others_are_left_out(inspected, users):
    nominate(inspected, users)

    assert [status(c) for c in inspected] == [CandidacyStatus.PREPARED] * 4 + [
        CandidacyStatus.NOT_PREPARED
    ]
    assert selectors.prepared(inspected[0].election) == inspected[:4]
    assert gates.nomination_complete(inspected[0].election, at=AT) == []


@pytest.mark.parametrize(
    ("posts", "words"),
    [
        (("secretary", "member", "member"), "应选委员3名，候选人3名，差额不足20%（至少4名）"),
        (("member",) * 4, "拟任书记应恰好1名"),
        (("secretary", "secretary", "member", "member"), "拟任书记应恰好1名"),
        (("secretary", "deputy", "member", "member"), "拟任副书记应为0名（批复职数），现为1名"),
    ],
)
def test_ballot_that_the_rules_do_not_allow_is_refused(inspected, users, posts, words):
    with pytest.raises(Refused) as refusal:
        nominate(inspected, users, posts=posts)

    assert words in str(refusal.value)
    assert {status(c) for c in inspected} == {CandidacyStatus.INSPECTED}


def test_pledge_and_talk_are_missed_by_name_all_at_once(inspected, users):
    nominations = [
        nomination.Nomination(person.pk, post, pledged, talked)
        for person, post, pledged, talked in zip(
            inspected,
            ("secretary", "member", "member", "member"),
            (None, DAY, DAY, DAY),
            (DAY, None, DAY, DAY),
            strict=False,
        )
    ]

    with pytest.raises(Refused) as refusal:
        nominate(inspected, users, nominations=nominations, talker="")

    assert [p.code for p in refusal.value.problems] == ["talker", "pledge", "talk"]
    assert f"{inspected[0].member.name}未签订纪律承诺书" in str(refusal.value)


def test_somebody_not_inspected_cannot_be_nominated(inspected, users):
    Candidacy.objects.filter(pk=inspected[0].pk).update(status=CandidacyStatus.VETOED)

    with pytest.raises(Refused, match="有人未经组织考察通过"):
        nominate(inspected, users)


def send_back(candidacy, users, *, reason="示例：缺现实表现材料", by=None):
    return reviews.return_review(
        candidacy=candidacy, stage=Stage.REVIEW, reason=reason, by=by or users.org_staff, at=AT
    )


def test_returned_person_is_reviewed_again_and_the_others_keep_their_answers(people, users):
    sent = {"election": people[0].election, "stage": Stage.REVIEW, "decided_on": DAY, "at": AT}
    reviews.pass_reviews(**sent, level=ReviewLevel.TOWNSHIP, by=users.coordinator)

    send_back(people[1], users)
    reviews.pass_reviews(**sent, level=ReviewLevel.COUNTY, by=users.org_staff)

    assert [status(p) for p in people] == ["cleared", "preliminary", "cleared", "cleared"]
    (blocker,) = gates.review_complete(people[0].election, at=AT)
    assert blocker.message == (
        f"{people[1].member.name}未作乡镇初审（县级退回：示例：缺现实表现材料）。"
    )
    review(people[1], users)
    review(people[1], users, ReviewLevel.COUNTY)
    assert status(people[1]) == CandidacyStatus.CLEARED
    assert Review.everything.filter(candidacy=people[1]).count() == 3
    assert people[1].reviews.count() == 2
    entry = AuditEntry.objects.get(action="review.returned")
    assert "缺现实表现材料" not in str(entry.changes) + entry.reason


@pytest.mark.parametrize(
    ("levels", "reason", "words"),
    [
        ((), "示例：缺材料", "现在不能退回"),
        (("township",), " ", "请填写退回"),
        (("township", "county"), "示例：缺材料", "现在不能退回"),
    ],
)
def test_return_is_refused(people, users, levels, reason, words):
    for level in levels:
        review(people[0], users, ReviewLevel(level))

    with pytest.raises(Refused, match=words):
        send_back(people[0], users, reason=reason)
    assert not Review.everything.filter(returned_at__isnull=False).exists()


def test_township_does_not_return_its_own_review(people, users):
    review(people[0], users)

    with pytest.raises(Forbidden):
        send_back(people[0], users, by=users.coordinator)
