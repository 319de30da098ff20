"""班子结构: the same figures as the registry, each as long as its list, beside last term and the targets."""

from datetime import date
from random import Random

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.errors import Forbidden, Refused
from accounts.models import AuditEntry
from candidates.enums import ElectedPostKind
from candidates.models import ElectedPost
from elections.models import VillageElection
from reporting.enums import TeamMeasure
from reporting.indicators.registry import INDICATORS
from reporting.models import TeamTarget
from reporting.rules import mean
from reporting.selectors import progress, teams
from reporting.selectors.scope import scope_of_user
from reporting.services.targets import set_team_targets
from villages.enums import Education, Origin, Sex
from villages.models import PartyMember, PostHeld
from villages.scoping import postings_of

from .conftest import NOON, make_user
from .test_rollups import add_member, add_round, elect

TODAY = NOON.date()
MEMBER, SECRETARY = ElectedPostKind.MEMBER, ElectedPostKind.SECRETARY


def person(election, name, *, born=date(1980, 1, 1), sex=Sex.MALE, **more) -> PartyMember:
    member = add_member(election, name, sex)
    for field, value in {"born_on": born, **more}.items():
        setattr(member, field, value)
    member.save()
    return member


@pytest.fixture
def random_teams(world):
    """Teams of people of every age, education and origin in four of the five villages; one has no committee."""
    random, posts = Random(7), 0
    for number, (name, election) in enumerate(sorted(world.elections.items())[:4]):
        if number == 3:
            VillageElection.objects.filter(pk=election.pk).update(committee_seats=0)
        ballot = add_round(election, world.users.east)
        for seat in range(1 if number == 3 else 5):
            origins = random.sample([o.value for o in Origin], 3)
            head = random.random() < 0.4
            who = person(
                election,
                f"{name}{seat}",
                # Birthdays round the day itself, and a 29 February among them.
                born=random.choice(
                    [
                        date(1990, 10, 1),
                        date(1991, 10, 2),
                        date(1980, 9, 30),
                        date(1970, 10, 1),
                        date(1960, 2, 29),
                        date(2000, 5, 1),
                    ]
                ),
                sex=random.choice(list(Sex)),
                joined_on=date(2015, random.randint(1, 12), 1),
                education=random.choice(list(Education)),
                origin=origins[0],
                further_origins=origins[1:],
                heads_village_committee=head,
                on_village_committee=not head and random.random() < 0.5,
            )
            again = random.random() < 0.5
            if number != 3:
                elect(election, who, ballot, MEMBER, reelected=again)
            if seat == 0:
                elect(election, who, ballot, SECRETARY, reelected=again)
            posts += 1
    assert posts == 16
    return world


def found(world, user, **more) -> teams.Teams:
    rows = progress.townships(user, world.campaign)
    return teams.teams(user, world.campaign, rows, today=TODAY, **more)


def part(team: teams.Team, code: str) -> int:
    return next(figure.part for figure in team.figures if figure.item.code == code)


#: item of the page → indicator of the registry.
MEMBER_KEYS = {
    "women": "committee_women",
    "new": "committee_new",
    "again": "committee_reelected",
    **{f"age_{band}": f"structure.age_{band}" for band in ("18_35", "36_45", "46_55", "56_120")},
    **{f"education_{level.value}": f"structure.education_{level.value}" for level in Education},
}
SECRETARY_KEYS = {
    "women": "secretary_women",
    "new": "secretary_new",
    "again": "secretary_reelected",
    **{
        f"origin_{origin.value}": f"secretary_source.{origin.value}"
        for origin in Origin
        if origin != Origin.OTHER
    },
}


@pytest.mark.parametrize("who", ["staff", "east"])
def test_figures_are_those_of_the_registry(random_teams, who):
    user = getattr(random_teams.users, who)
    scope = scope_of_user(user, random_teams.campaign, as_of=TODAY)
    members, secretaries = found(random_teams, user).teams

    def value(key):
        return INDICATORS[key].value(scope)

    assert members.people == value("committee_members") > 0
    assert secretaries.people == value("secretaries") > 0
    assert members.age == value("structure.average_age")
    assert {code: part(members, code) for code in MEMBER_KEYS} == {
        code: value(key) for code, key in MEMBER_KEYS.items()
    }
    assert {code: part(secretaries, code) for code in SECRETARY_KEYS} == {
        code: value(key) for code, key in SECRETARY_KEYS.items()
    }
    assert part(members, "cross_post") == value("structure.cross_post")["numerator"]
    assert part(secretaries, "dual_post") == value("structure.dual_post")["numerator"]


def test_bands_and_educations_add_up(random_teams):
    for team in found(random_teams, random_teams.users.staff).teams:
        ages = [f.part for f in team.figures if f.item.code.startswith("age_")]
        levels = [f.part for f in team.figures if f.item.code.startswith("education_")]
        assert sum(ages) == sum(levels) == team.people
        assert part(team, "new") + part(team, "again") == team.people
        college = part(team, "education_college") + part(team, "education_bachelor")
        assert part(team, "college_up") == college


def test_every_number_opens_a_list_of_as_many_people(random_teams, client):
    client.force_login(random_teams.users.staff)
    page = client.get(reverse("teams", kwargs={"pk": random_teams.campaign.pk}))
    result = page.context["found"]
    figures = {team.url: team.people for team in result.teams}
    figures |= {f.url: f.part for team in result.teams for f in team.figures}
    figures |= {
        f.url: f.part for rows in result.townships.values() for row in rows for f in row.figures
    }
    # Members and secretaries with all their items, and four items of each in two townships.
    assert len(figures) == 2 + 14 + 20 + 4 * 2 * 2

    assert {url: client.get(url).context["page"].paginator.count for url in figures} == figures


def test_township_narrows_figures_and_lists(random_teams, client):
    client.force_login(random_teams.users.staff)
    url = reverse("teams", kwargs={"pk": random_teams.campaign.pk})
    page = client.get(url, {"township": random_teams.west.pk})
    members = page.context["found"].teams[0]

    assert (
        members.people
        == ElectedPost.objects.filter(election__township=random_teams.west)
        .values("member")
        .distinct()
        .count()
    )
    assert client.get(members.url).context["page"].paginator.count == members.people
    client.force_login(random_teams.users.east)
    assert client.get(url, {"township": random_teams.west.pk}).status_code == 404


def test_coordinator_sees_the_own_township_only(random_teams, client):
    client.force_login(random_teams.users.west)
    page = client.get(reverse("teams", kwargs={"pk": random_teams.campaign.pk}))

    assert "东乡镇" not in page.content.decode()


# --- last term ----------------------------------------------------------------------------------------


@pytest.fixture
def two_terms(world):
    """Last term of one village: a secretary of 60 and a woman of 40; one who left before; another village's secretary,
    who does not count, because his village has not elected."""
    election = world.elections["东乡镇201村"]
    old = person(election, "老书记", born=date(1966, 1, 1))
    woman = person(election, "老委员", born=date(1986, 1, 1), sex=Sex.FEMALE)
    gone = person(election, "早离任", born=date(1950, 1, 1))
    elsewhere = person(world.elections["西乡镇201村"], "别村书记", born=date(1955, 1, 1))
    for member, post, until in (
        (old, "secretary", None),
        (old, "member", None),
        (woman, "member", None),
        (gone, "secretary", date(2023, 1, 1)),
        (elsewhere, "secretary", None),
    ):
        PostHeld.objects.create(
            member=member, post=post, started_on=date(2021, 1, 1), ended_on=until
        )
    new = person(election, "新书记", born=date(1995, 1, 1), education=Education.BACHELOR)
    ballot = add_round(election, world.users.east)
    for member, posts in ((new, (MEMBER, SECRETARY)), (woman, (MEMBER,))):
        for post in posts:
            elect(election, member, ballot, post, reelected=member is woman)
    return world


def figure(team, code) -> teams.Figure:
    return next(f for f in team.figures if f.item.code == code)


def test_last_term_is_who_held_a_post_on_the_first_day(two_terms):
    members, secretaries = found(two_terms, two_terms.users.staff).teams

    assert (members.people, members.people_before) == (2, 2)
    assert (secretaries.people, secretaries.people_before) == (1, 1)
    # On the first day of the campaign they were 60 and 40.
    assert (members.age_before, secretaries.age_before) == (50.0, 60.0)
    assert (members.age, secretaries.age) == (mean(31 + 40, 2), 31.0)
    women = figure(members, "women")
    assert (women.share, women.share_before, women.change) == (
        "50.0%（1/2）",
        "50.0%（1/2）",
        "0.0",
    )
    young = figure(secretaries, "age_18_35")
    assert (young.share, young.share_before, young.change) == (
        "100.0%（1/1）",
        "0.0%（0/1）",
        "+100.0",
    )


def test_what_the_roster_does_not_tell_of_last_term_is_left_open(two_terms):
    members, secretaries = found(two_terms, two_terms.users.staff).teams

    for line in (figure(members, "cross_post"), figure(secretaries, "dual_post")):
        assert (line.before, line.share_before, line.change) == (None, "—", "—")


def test_without_last_term_nothing_is_compared(random_teams):
    members = found(random_teams, random_teams.users.staff).teams[0]

    assert (members.people_before, members.age_before) == (0, None)
    assert figure(members, "women").share_before == "—"


# --- targets ------------------------------------------------------------------------------------------


def set_targets(world, percents, who="staff"):
    return set_team_targets(
        campaign=world.campaign,
        percents={TeamMeasure(k): v for k, v in percents.items()},
        by=getattr(world.users, who),
        at=NOON,
    )


def test_target_is_met_by_the_exact_share(two_terms):
    set_targets(two_terms, {"member_women": 51, "secretary_young": 100})
    members, secretaries = found(two_terms, two_terms.users.staff).teams

    women = figure(members, "women")
    assert (women.is_met, women.missing) == (False, 1)
    assert figure(secretaries, "age_18_35").is_met is True
    assert figure(members, "college_up").is_met is None


def test_targets_are_kept_changed_taken_away_and_audited(world):
    assert set_targets(world, {"member_women": 30, "secretary_dual": 100})
    assert not set_targets(world, {"member_women": 30})
    assert set_targets(world, {"member_women": 35, "secretary_dual": None})

    assert list(TeamTarget.objects.values_list("measure", "percent")) == [("member_women", 35)]
    entries = AuditEntry.objects.filter(action="team_targets.set").order_by("pk")
    assert [entry.changes for entry in entries] == [
        {"before": {}, "after": {"member_women": 30, "secretary_dual": 100}},
        {
            "before": {"member_women": 30, "secretary_dual": 100},
            "after": {"member_women": 35},
        },
    ]


@pytest.mark.parametrize("percent", [0, 101, -1])
def test_target_that_is_no_percentage_is_refused_whole(world, percent):
    with pytest.raises(Refused, match="1至100"):
        set_targets(world, {"member_women": 30, "member_young": percent})
    assert not TeamTarget.objects.exists()


@pytest.mark.parametrize("who", ["leader", "east", "vetting"])
def test_targets_are_set_by_staff_only(world, client, who):
    with pytest.raises(Forbidden):
        set_targets(world, {"member_women": 30}, who=who)
    client.force_login(getattr(world.users, who))
    url = reverse("team_targets", kwargs={"pk": world.campaign.pk})
    assert client.get(url).status_code == 403
    assert client.post(url, {"member_women": 30}).status_code == 403
    assert not TeamTarget.objects.exists()


def test_staff_of_a_township_set_no_targets_of_the_county(world):
    world.users.local = make_user("local", Role.ORG_STAFF, world.east)

    with pytest.raises(Forbidden):
        set_targets(world, {"member_women": 30}, who="local")


def test_targets_are_set_on_their_page_and_shown_beside_the_figures(two_terms, client):
    client.force_login(two_terms.users.staff)
    url = reverse("team_targets", kwargs={"pk": two_terms.campaign.pk})
    refused = client.post(url, {"member_women": 120})
    assert refused.status_code == 422
    assert client.post(url, {"member_women": 60}).status_code == 302
    assert client.get(url).context["form"]["member_women"].value() == 60

    page = client.get(reverse("teams", kwargs={"pk": two_terms.campaign.pk})).content.decode()
    assert "不低于60%" in page
    assert "差1名" in page
    assert client.post(url, {"member_women": ""}).status_code == 302
    assert not TeamTarget.objects.exists()


def test_page_needs_seven_statements_at_most(random_teams, django_assert_num_queries):
    user = random_teams.users.staff
    postings_of(user)
    with django_assert_num_queries(7):
        found(random_teams, user)


def test_page_without_teams_says_so(world, client):
    client.force_login(world.users.leader)
    page = client.get(reverse("teams", kwargs={"pk": world.campaign.pk})).content.decode()

    assert "还没有选出新班子" in page


@pytest.mark.parametrize(
    ("who", "status"), [("leader", 200), ("east", 200), ("vetting", 403), ("discipline", 403)]
)
def test_page_opens_for_readers_only(world, client, who, status):
    client.force_login(getattr(world.users, who))
    url = reverse("teams", kwargs={"pk": world.campaign.pk})
    assert client.get(url).status_code == status
