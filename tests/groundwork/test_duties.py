"""Open duties: what comes to the township at once, to the county later, and to its leaders last; the morning's digest."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from elections.models import VillageElection
from groundwork.ledgers import LEDGERS
from groundwork.selectors.duties import KINDS, open_duties
from reporting.models import DailyDigest
from reporting.selectors.todo import todo, todo_count
from reporting.services.digests import produce_digests
from tests.elections.pages import campaign_around_today
from tests.factories.elections import moment
from tests.factories.ledgers import add


@pytest.fixture
def campaign(place, users):
    return campaign_around_today(place, users)


def seen(user, campaign, today, *roles) -> list[str]:
    """Codes of the kinds of which something has come to the user."""
    found = open_duties(user, campaign, today=today, roles=roles)
    return [kind.code for kind, rows in found if rows.exists()]


#: What makes one duty of a kind, how many days it may take, and its row.
LATE = {
    "dispute": ("disputes", "due_on", 0),
    "audit": ("audits", "reported_on", 7),
    "rectification": ("rectifications", "due_on", 0),
    "decision": ("decisions", "due_on", 0),
    "plan_missing": ("difficult", "designated_on", None),
}


@pytest.mark.parametrize("code", LATE)
def test_a_duty_rises_from_the_township_to_the_county_to_its_leaders(
    code, campaign, election, users, place, today
):
    ledger, field, free = LATE[code]
    where = election if LEDGERS[ledger].is_of_villages else place.own
    more = {} if LEDGERS[ledger].is_of_villages else {"campaign": campaign}
    row = add(ledger, where, day=today, **more)
    levels = ((users.coordinator, Role.COORDINATOR, 0), (users.org_staff, Role.ORG_STAFF, 3),
              (users.leader, Role.LEADER, 7))  # fmt: skip
    answers = []
    for user, role, grace in levels:
        for days in (grace, grace + 1):
            day = today - timedelta(days=days + (free or 0))
            start = day - timedelta(days=10)
            earlier = {n: start for n in ("found_on", "designated_on", "decided_on") if n != field}
            facts = {n: v for n, v in earlier.items() if hasattr(row, n)} | {field: day}
            type(row).objects.update(**facts)
            answers.append((role, code in seen(user, campaign, today, role)))

    at_once = free is None  # a plan is owed from the day of the designation
    assert answers == [
        (Role.COORDINATOR, at_once),
        (Role.COORDINATOR, True),
        (Role.ORG_STAFF, False),
        (Role.ORG_STAFF, True),
        (Role.LEADER, False),
        (Role.LEADER, True),
    ]


def test_a_duty_is_of_its_own_township_and_of_live_rows(campaign, election, users, place, today):
    other = VillageElection.objects.get(village=place.other_village)
    add("disputes", other, day=today)
    gone = {"withdrawn_at": campaign.created_at, "withdrawn_by": users.org_staff}
    add("disputes", election, day=today, **gone, withdrawn_reason="示范")

    assert seen(users.coordinator, campaign, today, Role.COORDINATOR) == []
    assert seen(users.foreign, campaign, today, Role.COORDINATOR) == ["dispute"]


def test_villages_without_a_cadre_are_named_once_the_ledger_is_kept(
    campaign, election, users, place, today
):
    assert seen(users.foreign, campaign, today, Role.COORDINATOR) == []

    add("village_cadres", election, day=today)

    assert seen(users.coordinator, campaign, today, Role.COORDINATOR) == []
    assert seen(users.foreign, campaign, today, Role.COORDINATOR) == ["cadre"]


def test_badge_counts_what_the_page_lists(campaign, election, users, client, today):
    at = moment(today, 12)
    before = todo_count(users.coordinator, campaign, at=at)
    for number in range(3):
        add("disputes", election, number, day=today)
    add("plans", election, day=today)

    for user, more in ((users.coordinator, 3), (users.org_staff, 1)):
        found = todo(user, campaign, at=at)
        assert found.total == todo_count(user, campaign, at=at)
        assert sum(group.total for group in found.duties) == more
    assert todo_count(users.coordinator, campaign, at=at) == before + 3
    client.force_login(users.coordinator)
    shown = client.get(reverse("todo")).content.decode()
    assert shown.count("已过1天") == 3


def test_county_is_told_what_waits_for_its_decision(campaign, election, users, today):
    add("plans", election, day=today - timedelta(days=2))
    election.clear_requests.create(
        note="示范：已稳定",
        requested_by=users.coordinator,
        requested_at=moment(today - timedelta(days=4), 23),
    )

    groups = todo(users.org_staff, campaign, at=moment(today, 12)).duties

    assert [(g.title, d.words, d.days) for g in groups for d in g.duties] == [
        ("待批的销号申请", "东乡镇东一村：示范：已稳定", 4),
        ("待批的“一村一策”预案", "东乡镇东一村：第1版", 2),
    ]
    assert seen(users.leader, campaign, today, Role.LEADER) == []
    assert seen(users.coordinator, campaign, today, Role.COORDINATOR) == []


def test_digest_is_stored_once_per_person_and_shown_to_nobody_else(
    campaign, election, users, client, today
):
    add("disputes", election, day=today, due_on=today - timedelta(days=8), found_on=today - timedelta(days=20))  # fmt: skip
    at = moment(today, 7)

    assert [produce_digests(campaign=campaign, day=today, at=at) for _ in range(2)] == [3, 3]

    digests = {d.user: d for d in DailyDigest.objects.select_related("user")}
    assert set(digests) == {users.coordinator, users.org_staff, users.leader}
    own = digests[users.coordinator].text
    assert "超期未化解的隐患矛盾（1件）" in own
    assert "东乡镇东一村：示范矛盾0（示范镇），已过8天" in own
    assert "请督促" in digests[users.leader].text
    for user, is_there in ((users.coordinator, True), (users.foreign, False)):
        client.force_login(user)
        page = client.get(reverse("todo")).content.decode()
        assert ("示范矛盾0（示范镇），已过8天" in page) is is_there


def test_every_kind_of_duty_has_its_own_code_and_a_role():
    assert len({kind.code for kind in KINDS}) == len(KINDS)
    assert all(kind.rises for kind in KINDS)


def test_documents_that_a_township_has_not_read_are_its_duty_until_it_signs(
    campaign, users, place, client, today
):
    older, newer = (
        add("guidance", place.county, n, day=today, campaign=campaign, issued_on=today - timedelta(days=n + 3))
        for n in (1, 0)
    )  # fmt: skip
    at = moment(today, 12)

    assert seen(users.coordinator, campaign, today, Role.COORDINATOR) == ["unread"]
    assert seen(users.org_staff, campaign, today, Role.ORG_STAFF) == ["unread"]
    (group,) = todo(users.coordinator, campaign, at=at).duties
    assert [(d.words, d.days) for d in group.duties] == [("东乡镇：2份", 4)]
    assert todo(users.coordinator, campaign, at=at).total == todo_count(
        users.coordinator, campaign, at=at
    )

    client.force_login(users.coordinator)
    for row in (older, newer):
        page = reverse("ledger_row", kwargs={"pk": campaign.pk, "code": "guidance", "row": row.pk})
        client.post(page, {"action": "acknowledge"})
    assert seen(users.coordinator, campaign, today, Role.COORDINATOR) == []
    assert seen(users.foreign, campaign, today, Role.COORDINATOR) == ["unread"]
