"""大屏: the dashboard's figures, nobody's name, 304 while nothing changed, and a session that its polls do not keep."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.middleware import SEEN, STARTED
from accounts.models import AuditEntry
from elections.stages import STAGES
from reporting.models import TierRun
from reporting.selectors.dashboard import dashboard
from reporting.selectors.screen import ELECTED, LINES, Unit, campaign_screen, curve, ranking
from reporting.services.tiers import refresh_counties
from villages.enums import Level
from villages.models import Jurisdiction
from villages.scoping import postings_of

from .conftest import NOON, finish, make_user
from .test_dashboard import big_campaign, card, moving, refresh, report  # noqa: F401 - moving: a fixture

#: Statements of the panels, and of a whole request with session, user, postings and campaigns.
SCREEN_QUERIES = 2
PAGE_QUERIES = 6


def address(campaign) -> str:
    return reverse("campaign_screen", kwargs={"pk": campaign.pk})


def part(client, campaign, **headers):
    return client.get(f"{address(campaign)}?part=1", headers=headers)


def figures_of(answer) -> dict[str, int]:
    """The large figures of the panels by their label."""
    found = re.findall(r'data-figure="([^"]+)">(\d+)', answer.content.decode())
    return {label: int(number) for label, number in found}


def test_figures_are_those_of_the_dashboard(moving, client):  # noqa: F811
    report(moving, moving.east, day=timezone.localdate())
    client.force_login(moving.users.staff)
    board = dashboard(moving.users.staff, moving.campaign, at=timezone.now())

    shown = figures_of(part(client, moving.campaign))

    assert shown == {
        "完成换届": card(board, "完成换届").value,
        "红色村": card(board, "红色村").value,
        "完成大会选举": card(board, "完成党员大会选举").value,
        "班子成员": card(board, "班子成员").value,
        "书记": card(board, "书记").value,
        "逾期村": card(board, "逾期村").value,
        "今日日报已报": card(board, "今日日报").value,
        "女性未达标村": card(board, "女性未达标村").value,
    }
    assert (shown["完成换届"], shown["逾期村"]) == (1, 4)


def test_stages_and_reports_are_those_of_the_dashboard(moving):  # noqa: F811
    report(moving, moving.east, day=NOON.date())
    board = dashboard(moving.users.staff, moving.campaign, at=NOON)
    screen = campaign_screen(moving.users.staff, moving.campaign, at=NOON)

    assert screen.stages == board.stages
    assert screen.unreported == [x.township.name for x in board.reports if not x.is_reported]
    assert screen.unreported == ["西乡镇"]
    assert screen.changed_at == board.refreshed_at
    assert (screen.curve.last.elected, screen.curve.last.completed) == (
        board.burn_up.days[-1].elected,
        board.burn_up.days[-1].completed,
    )


def test_coordinator_sees_the_own_township_only(moving, client):  # noqa: F811
    client.force_login(moving.users.west)
    answer = client.get(address(moving.campaign))

    assert answer.context["screen"].area == "西乡镇"
    assert figures_of(answer)["完成换届"] == 0
    assert "东乡镇" not in answer.content.decode()


def test_no_person_is_named(moving, client):  # noqa: F811
    """The late village's name is not there either: a wall is read by whoever passes."""
    report(moving, moving.east, day=timezone.localdate())
    client.force_login(moving.users.staff)

    page = client.get(address(moving.campaign)).content.decode()

    names = ["东甲", "东乡镇201村", *(user.name for user in vars(moving.users).values())]
    assert [name for name in names if name in page] == []


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("staff", 200),
        ("leader", 200),
        ("east", 200),
        ("vetting", 403),
        ("discipline", 403),
        ("system", 404),
        ("nobody", 404),
    ],
)
def test_screen_opens_for_whom_the_dashboard_opens(world, client, who, status):
    client.force_login(getattr(world.users, who))
    assert client.get(address(world.campaign)).status_code == status
    assert part(client, world.campaign).status_code == status


def test_304_until_a_figure_changes(moving, client):  # noqa: F811
    client.force_login(moving.users.staff)
    first = part(client, moving.campaign)
    etag = {"if-none-match": first["ETag"]}

    again = part(client, moving.campaign, **etag)
    assert (again.status_code, again.content) == (304, b"")
    finish(moving.elections["西乡镇201村"], on=NOON.date())
    refresh(moving.campaign, moving.west)
    changed = part(client, moving.campaign, **etag)

    assert (changed.status_code, figures_of(changed)["完成换届"]) == (200, 2)
    assert "no-cache" in changed["Cache-Control"]
    assert "private" in changed["Cache-Control"]


def test_refresh_needs_six_statements_at_5_and_238_villages(
    world, client, django_assert_num_queries
):
    client.force_login(world.users.staff)
    part(client, world.campaign)  # the first request notes the time in the session
    with django_assert_num_queries(PAGE_QUERIES):
        assert part(client, world.campaign).status_code == 200
    big = big_campaign(world)
    with django_assert_num_queries(PAGE_QUERIES):
        assert part(client, big).status_code == 200
    postings_of(world.users.staff)
    with django_assert_num_queries(SCREEN_QUERIES):
        campaign_screen(world.users.staff, big, at=NOON)


def test_campaign_without_villages_says_so(world, client):
    empty = Jurisdiction.objects.create(
        code="320724190000",
        name="空乡镇",
        level=Level.TOWNSHIP,
        parent=world.county,
        province=world.province,
        city=world.city,
        county=world.county,
        opened_on=world.county.opened_on,
    )
    client.force_login(make_user("empty", Role.COORDINATOR, empty))
    assert "还没有正在换届的村（社区）" in client.get(address(world.campaign)).content.decode()


# --- the ranking and the curve ---------------------------------------------------------------------


def unit(name, completed, elected, total, settled=0):
    stages = {f"settled_{stage}": 0 for stage in STAGES}
    stages |= {"settled_survey": settled, ELECTED: elected}
    return Unit(name, {"elections": total, "completed": completed, **stages})


def test_ranking_compares_shares_and_lets_equals_share_a_number():
    units = [
        unit("多而慢", 2, 5, 20),
        unit("少而快", 1, 2, 5),
        unit("同左", 2, 4, 10),
        unit("先选", 1, 3, 5),
        unit("刚调研", 0, 0, 5, settled=5),
        unit("未动", 0, 0, 5),
        unit("没有村", 0, 0, 0),
    ]

    (lines,) = ranking(units)

    assert [(line.number, line.unit.name) for line in lines] == [
        (1, "先选"),
        (2, "少而快"),
        (2, "同左"),
        (4, "多而慢"),
        (5, "刚调研"),
        (6, "未动"),
    ]


def test_long_ranking_goes_over_several_panels():
    panels = ranking([unit(f"{n}镇", 0, 0, 3) for n in range(LINES + 1)])
    assert [len(lines) for lines in panels] == [LINES, 1]
    assert {line.number for lines in panels for line in lines} == {1}


def test_curve_reaches_from_the_lower_edge_to_the_villages(moving):  # noqa: F811
    found = campaign_screen(moving.users.staff, moving.campaign, at=NOON).curve
    assert found.completed.startswith("0.0,300.0 ")
    assert found.completed.endswith(" 1000.0,240.0")  # one village of five
    assert curve([], top=5) is None
    assert curve([found.first], top=5).elected == "0.0,300.0 1000.0,300.0"


# --- the session of a wall ----------------------------------------------------------------------------


def put_back(client, **ago: timedelta) -> None:
    session = client.session
    for key, span in ago.items():
        session[key] = (timezone.now() - span).isoformat()
    session.save()


@pytest.fixture
def wall(world, client):
    """A client that has shown the screen and nothing else."""
    client.force_login(world.users.leader)
    part(client, world.campaign)
    return client


def test_polls_do_not_count_as_use_of_the_session(world, wall):
    put_back(wall, seen_at=timedelta(minutes=20))
    seen = wall.session[SEEN]

    assert part(wall, world.campaign).status_code == 200

    assert wall.session[SEEN] == seen


def test_first_request_of_a_session_sets_both_clocks_on_the_screen_too(world, wall):
    assert wall.session[SEEN] == wall.session[STARTED]


def test_screen_goes_on_after_the_idle_time_and_nothing_else_does(world, wall):
    put_back(wall, seen_at=timedelta(minutes=31))

    assert part(wall, world.campaign).status_code == 200
    assert wall.get(address(world.campaign)).status_code == 200
    elsewhere = reverse("dashboard", kwargs={"pk": world.campaign.pk})
    assert wall.get(elsewhere).url.startswith(reverse("login"))

    assert part(wall, world.campaign).url.startswith(reverse("login"))
    assert AuditEntry.objects.filter(action="session.closed", reason="超时").count() == 1


def test_post_to_the_screen_is_a_request_like_any_other(world, wall):
    put_back(wall, seen_at=timedelta(minutes=31))
    assert wall.post(address(world.campaign)).url.startswith(reverse("login"))


def test_screen_ends_with_the_absolute_time(world, wall):
    put_back(wall, started_at=timedelta(hours=12, minutes=1), seen_at=timedelta(minutes=1))
    assert part(wall, world.campaign).url.startswith(reverse("login"))


def test_address_that_does_not_exist_ends_an_idle_session(wall):
    put_back(wall, seen_at=timedelta(minutes=31))
    assert wall.get("/nowhere/").url.startswith(reverse("login"))


# --- above county ---------------------------------------------------------------------------------------


@pytest.fixture
def above(moving):  # noqa: F811
    moving.users.city = make_user("city", Role.LEADER, moving.city)
    refresh_counties(at=timezone.now())
    return moving


def test_area_shows_what_its_overview_shows(above, client, django_assert_num_queries):
    client.force_login(above.users.city)
    url = reverse("overview_screen", kwargs={"pk": above.city.pk})
    shown = client.get(reverse("overview_area", kwargs={"pk": above.city.pk})).context["rows"][0]

    # Session, user, posts, and what the area's figures depend on: the figures are those the overview has read.
    with django_assert_num_queries(4):
        answer = client.get(f"{url}?part=1")

    assert figures_of(answer) == {
        "完成换届": shown.figures["completed"],
        "红色村": shown.figures["risk_red"],
        "完成大会选举": shown.figures[ELECTED],
        "班子成员": shown.figures["committee_members"],
        "书记": shown.figures["secretaries"],
    }
    assert "示例县" in answer.content.decode()
    assert client.get(f"{url}?part=1", headers={"if-none-match": answer["ETag"]}).status_code == 304


@pytest.mark.parametrize("who", ["staff", "leader", "east"])
def test_area_above_is_not_there_for_a_county(above, client, who):
    client.force_login(getattr(above.users, who))
    url = reverse("overview_screen", kwargs={"pk": above.city.pk})
    assert client.get(url).status_code == 404


def test_area_without_a_campaign_says_so(above, client):
    above.campaign.status = "closed"
    above.campaign.save()
    client.force_login(above.users.city)
    answer = client.get(reverse("overview_screen", kwargs={"pk": above.city.pk}))
    assert "还没有正在换届的村（社区）" in answer.content.decode()


def test_area_says_when_its_figures_stand_still(above, client):
    refresh_counties(at=timezone.now())
    TierRun.objects.update(at=timezone.now() - timedelta(minutes=5))
    client.force_login(above.users.city)
    answer = client.get(reverse("overview_screen", kwargs={"pk": above.city.pk}))
    assert "汇总已停止刷新" in answer.content.decode()
