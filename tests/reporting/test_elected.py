"""当选人员: the list behind the figures of team members and secretaries."""

import pytest
from django.urls import reverse

from candidates.enums import ElectedPostKind
from villages.enums import Sex

from .test_dashboard import refresh
from .test_rollups import add_member, add_round, elect, row_of

SECRETARY, MEMBER = ElectedPostKind.SECRETARY, ElectedPostKind.MEMBER


@pytest.fixture
def elected(world):
    """East: a re-elected member newly secretary, a new woman. West: a re-elected woman secretary."""
    east, west = world.elections["东乡镇201村"], world.elections["西乡镇201村"]
    ballot = add_round(east, world.users.east)
    first, second = add_member(east, "王甲子"), add_member(east, "李乙丑", Sex.FEMALE)
    elect(east, first, ballot, MEMBER, reelected=True)
    elect(east, first, ballot, SECRETARY, reelected=False)
    elect(east, second, ballot, MEMBER, reelected=False)
    third = add_member(west, "张丙寅", Sex.FEMALE)
    elect(west, third, add_round(west, world.users.west), SECRETARY, reelected=True)
    refresh(world.campaign, world.east, world.west)
    return world


def listed(client, world, **query):
    page = client.get(reverse("elected_list", kwargs={"pk": world.campaign.pk}), query)
    assert page.status_code == 200
    return [person.row.member.name for person in page.context["people"]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["王甲子", "李乙丑", "张丙寅"]),
        ({"post": "secretary"}, ["王甲子", "张丙寅"]),
        ({"post": "secretary", "again": "no"}, ["王甲子"]),
        ({"again": "no"}, ["李乙丑"]),
        ({"again": "yes"}, ["王甲子", "张丙寅"]),
        ({"sex": "female"}, ["李乙丑", "张丙寅"]),
        ({"q": "甲子"}, ["王甲子"]),
    ],
)
def test_filters(elected, client, query, names):
    client.force_login(elected.users.staff)
    assert listed(client, elected, **query) == names


def test_lists_are_as_long_as_the_figures(elected, client):
    client.force_login(elected.users.staff)
    for township in (elected.east, elected.west):
        row, only = row_of(elected, township), {"township": township.pk}
        assert len(listed(client, elected, **only)) == row.committee_members
        assert len(listed(client, elected, sex="female", **only)) == row.committee_women
        assert len(listed(client, elected, again="no", **only)) == row.committee_new
        secretaries = {"post": "secretary", **only}
        assert len(listed(client, elected, **secretaries)) == row.secretaries
        assert len(listed(client, elected, again="no", **secretaries)) == row.secretary_new


def test_person_with_two_posts_shows_both(elected, client):
    client.force_login(elected.users.east)
    page = client.get(reverse("elected_list", kwargs={"pk": elected.campaign.pk}))
    assert page.context["people"][0].posts == "委员（连任）、书记（新当选）"


def test_coordinator_sees_the_own_township_only(elected, client):
    client.force_login(elected.users.west)
    assert listed(client, elected) == ["张丙寅"]
    assert set(listed(client, elected, township=elected.east.pk)) <= {"张丙寅"}


@pytest.mark.parametrize(("who", "status"), [("vetting", 403), ("system", 404), ("leader", 200)])
def test_list_opens_for_readers_only(elected, client, who, status):
    client.force_login(getattr(elected.users, who))
    path = reverse("elected_list", kwargs={"pk": elected.campaign.pk})
    assert client.get(path).status_code == status


def test_list_needs_ten_statements_at_any_length(elected, client, django_assert_num_queries):
    client.force_login(elected.users.staff)
    listed(client, elected)
    for query in ({"q": "王甲子"}, {}):
        with django_assert_num_queries(10):
            listed(client, elected, **query)
