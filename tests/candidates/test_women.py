"""Women at three gates: the gauge, the third gate, early warning, the county's page, the leader's dashboard."""

import pytest
from django.urls import reverse
from django.utils import timezone

from candidates import gates
from candidates.enums import CandidacyStatus
from candidates.selectors import women_gates
from elections.enums import Stage, StageStatus
from elections.models import RuleSet, StageRecord
from elections.services.evidence import decide_exception, request_exception
from reporting.indicators.registry import INDICATORS
from reporting.selectors.scope import scope_of_area
from reporting.selectors.todo import todo, todo_count
from tests.elections.pages import page
from tests.factories.elections import at_stage
from villages.enums import Sex
from villages.models import PartyMember

from .people import AT, DAY, SECRETARY_AND_MEMBERS, stand
from .test_reserve import elect
from .test_views import signed_in


def states(election) -> list[str]:
    return [gate.state.value for gate in women_gates(election)]


def done(election, *stages):
    StageRecord.objects.filter(election=election, stage__in=stages, is_current=True).update(
        status=StageStatus.DONE, actual_on=DAY
    )


def ask(election, users, stage, *, approved=None):
    asked = request_exception(
        election=election,
        stage=stage,
        code="women",
        reason="示例：女党员年龄偏大",
        by=users.coordinator,
        at=AT,
    )
    if approved is not None:
        decide_exception(exception=asked, approved=approved, note="示例", by=users.org_staff, at=AT)


def test_gauge_of_a_village_on_its_way(at, place, users):
    election = at(Stage.PRELIMINARY)
    stand(election, place.members[:4])
    assert states(election) == ["waiting", "waiting", "waiting"]

    ask(election, users, Stage.PRELIMINARY)
    assert states(election)[0] == "asked"
    election.exceptions.update(approved=True, decided_by=users.org_staff, decided_at=AT)
    done(election, Stage.PRELIMINARY)
    assert states(election) == ["excepted", "waiting", "waiting"]


@pytest.mark.parametrize(("women", "state"), [((), "short"), ((0,), "met"), ((0, 1), "met")])
def test_prepared_gate_has_a_minimum_of_its_own(at, place, women, state):
    election = at(Stage.NOTICE)
    RuleSet.objects.update(women_minimum=3, women_minimum_prepared=1, women_minimum_elected=2)
    people = stand(
        election,
        place.members[:4],
        status=CandidacyStatus.PREPARED,
        women=women,
        posts=SECRETARY_AND_MEMBERS,
    )

    found = women_gates(election)

    assert (found[1].have, found[1].need, found[1].state) == (len(women), 1, state)
    assert (found[0].have, found[0].need) == (len(women), 3)
    assert people[0].election == election


def test_third_gate_says_so_and_never_changes_the_result(at, place, users):
    election = at(Stage.APPROVAL)
    elect(election, place.members[0], users, DAY)

    (blocker,) = gates.women_elected(election, at=AT)

    assert blocker.message == (
        "当选人员中女性0名，少于本届要求的1名：选举结果不变，请申请例外并说明理由。"
    )
    assert blocker.may_be_excepted
    ask(election, users, Stage.APPROVAL, approved=True)
    assert states(election)[2] == "excepted"
    assert election.elected_posts.count() == 2


def test_woman_elected_passes_the_third_gate(at, place, users):
    election = at(Stage.APPROVAL)
    PartyMember.objects.filter(pk=place.members[0].pk).update(sex=Sex.FEMALE)
    elect(election, place.members[0], users, DAY)

    assert gates.women_elected(election, at=AT) == []
    assert states(election)[2] == "met"


def test_single_secretary_is_not_asked_to_be_a_woman(at, place, users):
    election = at(Stage.APPROVAL, seats=0)
    elect(election, place.members[0], users, DAY)

    assert gates.women_elected(election, at=AT) == []
    assert states(election)[2] == "none"


# --- early warning ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("women", "minimum", "warned"), [(0, 1, True), (1, 1, False), (1, 2, True)]
)
def test_roll_with_too_few_women_warns_early(at, place, users, women, minimum, warned):
    election = at(Stage.ROSTER)
    RuleSet.objects.update(women_minimum=minimum)
    PartyMember.objects.filter(pk__in=[m.pk for m in place.members[:women]]).update(sex=Sex.FEMALE)
    now = timezone.now()

    shown = signed_in(users.coordinator).get(page(election, Stage.ROSTER)).content.decode()
    tasks = {
        who: [e.pk for e in todo(getattr(users, who), election.campaign, at=now).women_early]
        for who in ("coordinator", "foreign", "org_staff")
    }

    assert ("女性人选预警" in shown) is warned
    assert tasks == {
        "coordinator": [election.pk] if warned else [],
        "foreign": [],
        "org_staff": [],
    }
    board = todo(users.coordinator, election.campaign, at=now)
    assert board.total == todo_count(users.coordinator, election.campaign, at=now)


def test_members_who_may_not_be_elected_do_not_help(at, place, users):
    election = at(Stage.ROSTER)
    PartyMember.objects.filter(pk=place.members[0].pk).update(sex=Sex.FEMALE, status="probationary")

    board = todo(users.coordinator, election.campaign, at=timezone.now())

    assert [e.eligible for e in board.women_early] == [0]


def test_exception_asked_for_ends_the_warning(at, place, users):
    election = at(Stage.PRELIMINARY)
    stand(election, place.members[:4])
    now = timezone.now()
    assert todo(users.coordinator, election.campaign, at=now).women_early

    ask(election, users, Stage.PRELIMINARY)

    assert todo(users.coordinator, election.campaign, at=now).women_early == []


# --- page and dashboard ----------------------------------------------------------------------------


@pytest.fixture
def short(at, place, users):
    """A village short of women at all three gates, excepted at the first and the third."""
    election = at(Stage.PRELIMINARY)
    stand(
        election,
        place.members[:4],
        status=CandidacyStatus.PREPARED,
        posts=SECRETARY_AND_MEMBERS,
    )
    ask(election, users, Stage.PRELIMINARY, approved=True)
    election = at_stage(election, Stage.APPROVAL)
    elect(election, place.members[0], users, DAY)
    ask(election, users, Stage.APPROVAL, approved=True)
    return election


def test_county_page_counts_as_the_closing_report_does(short, users):
    client = signed_in(users.leader)
    url = reverse("women_gates", args=[short.campaign_id])

    totals = {t.code: t for t in client.get(url).context["totals"]}

    scope = scope_of_area(short.campaign, as_of=DAY)
    for code in ("preliminary", "prepared", "elected"):
        assert totals[code].below == INDICATORS[f"women_{code}_short"].value(scope) == 1, code
        excepted = INDICATORS[f"women_{code}_excepted"].value(scope)
        assert totals[code].excepted == excepted == (code != "prepared")


def test_county_page_opens_down_to_the_villages(short, place, users):
    url = reverse("women_gates", args=[short.campaign_id])

    def shown(who="leader", **query):
        lines = signed_in(getattr(users, who)).get(url, query).context["lines"]
        return [line.election.village.name for line in lines]

    assert shown() == ["东一村", "西一村"]
    assert shown(state="below") == ["东一村"]
    assert shown(gate="prepared", state="short") == ["东一村"]
    assert shown(gate="preliminary", state="short") == []
    assert shown(gate="elected", state="excepted") == ["东一村"]
    assert shown(gate="elected") == ["东一村"]
    assert shown(township=place.other.pk) == ["西一村"]
    assert shown("foreign") == ["西一村"]


def test_leader_sees_the_villages_below_on_the_dashboard(short, users):
    board = signed_in(users.leader).get(reverse("dashboard", args=[short.campaign_id]))

    card = next(c for c in board.context["board"].cards if c.label == "女性未达标村")
    assert (card.value, card.note) == (1, "已批准例外1 待批0")
    assert card.url.endswith("/women/?state=below")


def test_page_needs_the_same_statements_for_one_and_two_villages(
    short, place, users, django_assert_num_queries
):
    client, url = signed_in(users.org_staff), reverse("women_gates", args=[short.campaign_id])
    client.get(url)
    with django_assert_num_queries(9):
        client.get(url, {"township": place.own.pk})
    with django_assert_num_queries(9):
        client.get(url)
