"""The reserve pool: three ways in, three kinds of care, three assessments; who was elected counts as used."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.errors import Forbidden, Refused
from accounts.models import AuditEntry
from candidates.enums import ReserveState, ReserveWay
from candidates.models import ElectedPost, ReserveCadre
from candidates.services import reserve
from candidates.services.reserve import Entry, Score
from elections.models import BallotRound, Meeting
from reporting.indicators.registry import INDICATORS
from reporting.selectors.scope import scope_of_area

from .people import AT, DAY
from .test_views import signed_in


def enter(member, users, *, by=None, **more):
    entry = Entry(
        **{"way": ReserveWay.JOINT, "recommender": "示例党员三人", "entered_on": DAY} | more
    )
    return reserve.enter_reserve(member=member, entry=entry, by=by or users.coordinator, at=AT)


def acting(users) -> dict:
    return {"by": users.coordinator, "at": AT}


def test_person_is_in_the_pool_once_and_again_after_leaving(place, users):
    cadre = enter(place.members[0], users, is_reserve_secretary=True)
    with pytest.raises(Refused, match="已在后备干部库"):
        enter(place.members[0], users)

    reserve.change_state(
        cadre=cadre, state=ReserveState.LEFT, on=DAY, reason="示例：外出工作", **acting(users)
    )
    with pytest.raises(Refused, match="已退出"):
        reserve.change_state(
            cadre=cadre, state=ReserveState.LISTED, on=DAY, reason="示例", **acting(users)
        )
    enter(place.members[0], users)

    assert ReserveCadre.objects.count() == 2
    assert ReserveCadre.objects.live().count() == 1


@pytest.mark.parametrize("who", ["org_staff", "leader", "foreign", "vetting"])
def test_only_the_township_keeps_the_pool(place, users, who):
    with pytest.raises(Forbidden):
        enter(place.members[0], users, by=getattr(users, who))


@pytest.mark.parametrize(
    ("change", "words"),
    [({"recommender": " "}, "请填写推荐人"), ({"entered_on": DAY + timedelta(days=1)}, "入库日期")],
)
def test_entry_is_refused(place, users, change, words):
    with pytest.raises(Refused, match=words):
        enter(place.members[0], users, **change)
    assert not ReserveCadre.objects.exists()


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (Score(Decimal("88.5"), None), "个人自评的得分和日期须同时填写"),
        (Score(None, DAY), "个人自评的得分和日期须同时填写"),
        (Score(Decimal("100.5"), DAY), "应在0到100之间"),
        (Score(Decimal(-1), DAY), "应在0到100之间"),
        (Score(Decimal(80), DAY + timedelta(days=1)), "个人自评日期"),
    ],
)
def test_assessment_is_refused(place, users, own, words):
    cadre = enter(place.members[0], users)
    with pytest.raises(Refused, match=words):
        reserve.assess_reserve(
            cadre=cadre, own=own, public=Score(), committee=Score(), **acting(users)
        )


def test_training_exercise_and_assessments_are_kept(place, users):
    cadre = enter(place.members[0], users, mentor="示例帮带人", mentor_post="副镇长")
    reserve.add_training(cadre=cadre, held_on=DAY, topic="示例：村级财务", **acting(users))
    with pytest.raises(Refused, match="已经登记"):
        reserve.add_training(cadre=cadre, held_on=DAY, topic="示例：村级财务", **acting(users))
    with pytest.raises(Refused, match="结束日期早于开始日期"):
        reserve.add_exercise(
            cadre=cadre, post="示例岗位", since=DAY, until=DAY - timedelta(days=1), **acting(users)
        )
    reserve.add_exercise(cadre=cadre, post="网格员", since=DAY, until=None, **acting(users))
    reserve.assess_reserve(
        cadre=cadre,
        own=Score(Decimal(90), DAY),
        public=Score(Decimal("87.5"), DAY),
        committee=Score(Decimal(100), DAY),
        **acting(users),
    )

    stored = ReserveCadre.objects.get()
    assert [score for _, score, _ in stored.scores] == [90, Decimal("87.5"), 100]
    assert (stored.trainings.count(), stored.exercises.count()) == (1, 1)
    actions = AuditEntry.objects.filter(action__startswith="reserve.").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == [
        "reserve.entered",
        "reserve.trained",
        "reserve.exercised",
        "reserve.assessed",
    ]


def elect(election, member, users, on):
    meeting = Meeting.objects.create(
        election=election, kind="committee_ballot", held_on=on, due=9, present=9
    )
    ballot = BallotRound.objects.create(
        meeting=meeting,
        post="committee",
        number=1,
        kind="main",
        held_on=on,
        seats=3,
        present=9,
        issued=9,
        returned=9,
        valid=9,
        invalid=0,
        recorded_by=users.coordinator,
        recorded_at=AT,
    )
    for post in ("member", "secretary"):
        ElectedPost.objects.create(
            election=election,
            member=member,
            round=ballot,
            post=post,
            votes=8,
            elected_on=on,
            term_ends_on=on + timedelta(days=1826),
            reelected=False,
        )


@pytest.mark.parametrize(
    ("days", "state", "post"), [(0, "used", "secretary"), (-1, "listed", None)]
)
def test_who_was_elected_since_counts_as_used(election, place, users, days, state, post):
    cadre = enter(place.members[0], users)
    elect(election, place.members[0], users, DAY + timedelta(days=days))

    found = ReserveCadre.objects.with_use().get(pk=cadre.pk)

    assert (found.state_now, found.post_won) == (state, post)


def test_list_shows_one_s_own_area_and_filters(election, place, users, django_assert_num_queries):
    enter(place.members[0], users, is_reserve_secretary=True)
    enter(place.members[1], users)
    other = place.other_village.members.create(
        name="西乙", sex="male", born_on="1990-01-01", joined_on="2015-01-01", education="senior"
    )
    enter(other, users, by=users.foreign)
    url = reverse("reserve_list", args=[election.campaign_id])

    def shown(who, **query):
        page = signed_in(getattr(users, who)).get(url, query).context["page"]
        return [cadre.member.name for cadre in page]

    assert shown("coordinator") == [m.name for m in place.members[:2]]
    assert shown("coordinator", q="西乙") == []
    assert sorted(shown("leader")) == sorted([*shown("coordinator"), "西乙"])
    assert shown("org_staff", secretary="true") == [place.members[0].name]
    assert shown("org_staff", state="used") == []
    client = signed_in(users.org_staff)
    client.get(url)
    with django_assert_num_queries(9) as many:
        client.get(url)
    ReserveCadre.objects.exclude(member=other).delete()
    with django_assert_num_queries(len(many)):
        client.get(url)


def test_person_s_page_is_edited_by_the_township_only(place, users):
    cadre = enter(place.members[0], users)
    url = reverse("reserve_detail", args=[cadre.pk])
    sent = {"action": "training", "held_on": DAY, "topic": "示例：项目管理"}

    codes = {
        who: signed_in(getattr(users, who)).post(url, sent).status_code
        for who in ("coordinator", "leader", "org_staff", "foreign")
    }

    assert codes == {"coordinator": 302, "leader": 403, "org_staff": 403, "foreign": 404}
    assert "示例：项目管理" in signed_in(users.leader).get(url).content.decode()
    refused = signed_in(users.coordinator).post(
        url, {"action": "scores", "self_score": "90", "self_scored_on": ""}
    )
    assert refused.status_code == 422
    assert "须同时填写" in refused.content.decode()


def test_entry_on_the_page(place, users):
    url = reverse("reserve_create", args=[place.village.pk])
    client = signed_in(users.coordinator)
    sent = {"member": place.members[0].pk, "way": "self", "recommender": "", "entered_on": DAY}

    assert client.post(url, sent).status_code == 422
    assert client.post(url, sent | {"recommender": "本人"}).status_code == 302
    assert ReserveCadre.objects.get().way == ReserveWay.SELF


def test_figures_count_the_pool_of_the_day(election, place, users):
    enter(place.members[0], users, is_reserve_secretary=True)
    gone = enter(place.members[1], users)
    reserve.change_state(
        cadre=gone, state=ReserveState.LEFT, on=DAY, reason="示例：外出", **acting(users)
    )

    def value(key, day):
        return INDICATORS[key].value(scope_of_area(election.campaign, as_of=day))

    assert value("reserve_cadres", DAY) == 1
    assert value("reserve_secretaries", DAY) == 1
    assert value("reserve_cadres", DAY - timedelta(days=1)) == 0
