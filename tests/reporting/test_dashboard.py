"""驾驶舱: figures limited to the user's area, a fixed number of statements, every role's door."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.enums import Role
from elections.enums import Stage, StageStatus
from elections.models import ExceptionRequest
from elections.services.campaigns import create_campaign
from reporting import rollups
from reporting.models import DailyReport
from reporting.selectors import dashboard as selectors
from villages.enums import Level
from villages.models import Jurisdiction
from villages.scoping import postings_of

from .conftest import END, NOON, START, finish, make_user, make_village, settle_up_to

DAY = date(2026, 9, 20)


def refresh(campaign, *townships):
    rollups.refresh_townships(
        campaign_id=campaign.pk, township_ids=[t.pk for t in townships], at=NOON
    )


def report(world, township, *, day, is_late=False):
    return DailyReport.objects.create(
        campaign=world.campaign,
        township=township,
        county=world.county,
        city=world.city,
        province=world.province,
        day=day,
        number=f"日报{township.pk}-{day}",
        elections=2,
        confirmed_by=world.users.east,
        confirmed_name="东甲",
        confirmed_at=NOON,
        is_late=is_late,
    )


@pytest.fixture
def moving(world):
    """East: one completed, one waiting for the county at the petition, one late; west: all late at the survey."""
    finish(world.elections["东乡镇201村"], on=DAY)
    settle_up_to(
        world.elections["东乡镇202村"], Stage.PETITION, on=DAY, status=StageStatus.SUBMITTED
    )
    world.elections["东乡镇202村"].stage_records.filter(stage=Stage.PETITION).update(
        submitted_at=NOON, submitted_by=world.users.east
    )
    refresh(world.campaign, world.east, world.west)
    return world


def card(board, label):
    return next(c for c in board.cards if c.label == label)


def test_cards_of_the_county_count_every_township(moving):
    board = selectors.dashboard(moving.users.staff, moving.campaign, at=NOON)
    assert card(board, "完成换届").note == "20.0%（1/5）"
    assert card(board, "逾期村").value == 4
    assert card(board, "今日日报").note == "已报0 / 应报2"
    assert board.pending_total == 1
    assert [row.name for row in board.grid] == ["合计", "东乡镇", "西乡镇"]


def test_cards_of_a_coordinator_count_only_the_own_township(moving):
    report(moving, moving.east, day=NOON.date())
    board = selectors.dashboard(moving.users.west, moving.campaign, at=NOON)
    assert card(board, "完成换届").note == "0.0%（0/2）"
    assert card(board, "逾期村").value == 2
    assert card(board, "今日日报").note == "已报0 / 应报1"
    assert [row.name for row in board.grid] == ["西乡镇"]
    assert {line.election.township.name for line in board.overdue} == {"西乡镇"}
    assert board.pending_total == 0
    assert board.burn_up.days[-1].completed == 0


def test_burn_up_cumulates_by_day(moving):
    board = selectors.dashboard(moving.users.leader, moving.campaign, at=NOON)
    by_day = {point.day: point for point in board.burn_up.days}
    assert board.burn_up.days[0].day == START
    assert by_day[date(2026, 9, 19)].completed == 0
    assert by_day[DAY].completed == 1
    assert board.burn_up.days[-1].day == NOON.date()
    assert by_day[NOON.date()].completed == 1


def test_reports_today_say_who_has_not_reported(moving):
    report(moving, moving.east, day=NOON.date())
    board = selectors.dashboard(moving.users.staff, moving.campaign, at=NOON)
    assert [(line.township.name, line.label) for line in board.reports] == [
        ("东乡镇", "已上报"),
        ("西乡镇", "未上报"),
    ]
    evening = NOON.replace(hour=18)
    board = selectors.dashboard(moving.users.staff, moving.campaign, at=evening)
    assert board.reports[1].label == "已过截止，未上报"


def test_exceptions_are_split_into_approved_and_open(moving):
    west = moving.elections["西乡镇201村"]
    common = {
        "election": west,
        "stage": Stage.PRELIMINARY,
        "reason": "本村没有符合条件的女党员",
        "requested_by": moving.users.west,
        "requested_at": NOON,
    }
    decided = {"approved": True, "decided_by": moving.users.staff, "decided_at": NOON}
    ExceptionRequest.objects.create(code="women", **common, **decided)
    ExceptionRequest.objects.create(code="other", **common)
    board = selectors.dashboard(moving.users.staff, moving.campaign, at=NOON)
    assert [e.reason for e in board.exceptions] == ["本村没有符合条件的女党员"]
    assert board.exceptions_open == 1
    other = selectors.dashboard(moving.users.east, moving.campaign, at=NOON)
    assert (other.exceptions, other.exceptions_open) == ([], 0)


#: Statements of the selectors, and of the whole page with session, user, postings, campaigns and to-do count.
BOARD_QUERIES = 6
PAGE_QUERIES = BOARD_QUERIES + 5


@pytest.mark.parametrize("who", ["staff", "leader", "east"])
def test_dashboard_needs_six_statements_for_every_role(moving, django_assert_num_queries, who):
    user = getattr(moving.users, who)
    postings_of(user)
    with django_assert_num_queries(BOARD_QUERIES):
        selectors.dashboard(user, moving.campaign, at=NOON)


def test_leaders_page_needs_as_many_statements_at_238_villages(
    world, client, django_assert_num_queries
):
    big = big_campaign(world)
    leader = world.users.leader
    leader.postings.create(jurisdiction=big.area, role=Role.LEADER, starts_on=date(2026, 1, 1))
    client.force_login(leader)
    for campaign in (world.campaign, big):
        url = reverse("dashboard", kwargs={"pk": campaign.pk})
        client.get(url)
        # A leader has no to-do count.
        with django_assert_num_queries(PAGE_QUERIES - 1):
            assert client.get(url).status_code == 200


def test_page_needs_the_same_statements_at_5_and_238_villages(
    world, client, django_assert_num_queries
):
    client.force_login(world.users.staff)
    url = reverse("dashboard", kwargs={"pk": world.campaign.pk})
    client.get(url)  # the first request of a minute also notes the time in the session
    with django_assert_num_queries(PAGE_QUERIES):
        assert client.get(url).status_code == 200
    big = big_campaign(world)
    with django_assert_num_queries(PAGE_QUERIES):
        assert client.get(reverse("dashboard", kwargs={"pk": big.pk})).status_code == 200


def big_campaign(world):
    """A second campaign over 238 villages in 11 townships of another county of the same staff."""
    county = Jurisdiction.objects.create(
        code="320799000000",
        name="大示例县",
        level=Level.COUNTY,
        parent=world.city,
        province=world.province,
        city=world.city,
        opened_on=date(2000, 1, 1),
    )
    townships = Jurisdiction.objects.bulk_create(
        Jurisdiction(
            code=f"3207991{n:02d}000",
            name=f"示例{n}镇",
            level=Level.TOWNSHIP,
            parent=county,
            province=world.province,
            city=world.city,
            county=county,
            opened_on=date(2000, 1, 1),
        )
        for n in range(11)
    )
    for number in range(238):
        make_village(townships[number % 11], 200 + number // 11)
    staff = world.users.staff
    staff.postings.create(jurisdiction=county, role=Role.ORG_STAFF, starts_on=date(2026, 1, 1))
    staff.__dict__.pop("_postings", None)
    return create_campaign(
        name="大示例县2026年换届", area=county, starts_on=START, ends_on=END, by=staff, at=NOON
    )


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("staff", 200),
        ("leader", 200),
        ("east", 200),
        ("vetting", 403),
        ("discipline", 403),
        ("system", 404),
        ("security", 404),
        ("auditor", 404),
        ("nobody", 404),
    ],
)
def test_dashboard_opens_for_readers_only(world, client, who, status):
    client.force_login(getattr(world.users, who))
    url = reverse("dashboard", kwargs={"pk": world.campaign.pk})
    assert client.get(url).status_code == status


def test_dashboard_of_another_county_is_404(world, client):
    other = Jurisdiction.objects.create(
        code="320725000000",
        name="邻县",
        level=Level.COUNTY,
        parent=world.city,
        province=world.province,
        city=world.city,
        opened_on=date(2000, 1, 1),
    )
    client.force_login(make_user("neighbour", Role.ORG_STAFF, other))
    url = reverse("dashboard", kwargs={"pk": world.campaign.pk})
    assert client.get(url).status_code == 404


def test_dashboard_asks_anonymous_to_sign_in(world, client):
    url = reverse("dashboard", kwargs={"pk": world.campaign.pk})
    assert client.get(url).status_code == 302


def test_page_of_a_coordinator_names_no_other_township(moving, client):
    client.force_login(moving.users.east)
    page = client.get(reverse("dashboard", kwargs={"pk": moving.campaign.pk})).content.decode()
    assert "东乡镇" in page
    assert "西乡镇" not in page


def test_township_without_villages_says_so(world, client):
    empty = Jurisdiction.objects.create(
        code="320724190000",
        name="空乡镇",
        level=Level.TOWNSHIP,
        parent=world.county,
        province=world.province,
        city=world.city,
        county=world.county,
        opened_on=date(2000, 1, 1),
    )
    client.force_login(make_user("empty", Role.COORDINATOR, empty))
    for name in ("dashboard", "campaign_grid"):
        page = client.get(reverse(name, kwargs={"pk": world.campaign.pk}))
        assert page.status_code == 200
        assert "没有参加本次换届的村（社区）" in page.content.decode()


def test_dashboard_before_the_campaign_starts(world):
    before = NOON.replace(month=8)
    board = selectors.dashboard(world.users.staff, world.campaign, at=before)
    assert (board.burn_up.points, board.reports, board.overdue) == ([], [], [])
    assert card(board, "今日日报").note == "已报0 / 应报0"
