"""A leader of a city: from all counties down to one person's record, every figure with its list, nothing to be written.

Two counties of the city are under way, so that there is another county whose rows could be seen where they must not.
"""

import re
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.enums import Role
from candidates.enums import CandidacyStatus, ElectedPostKind
from candidates.models import Candidacy
from elections.enums import Stage, StageStatus
from elections.models import VillageElection
from groundwork.enums import Grade
from reporting import rollups
from reporting.tiers import refresh_counties
from tests.candidates.people import stand
from tests.factories.elections import CampaignFactory, at_stage
from tests.factories.villages import (
    CountyFactory,
    PartyMemberFactory,
    TownshipFactory,
    UserFactory,
    VillageFactory,
)
from tests.groundwork.test_overviews import grade
from tests.journeys.desk import Desk
from tests.journeys.test_phone import fits
from tests.journeys.villages import day
from tests.reporting.test_rollups import add_round, elect
from villages.enums import Level
from villages.models import Jurisdiction

PASSWORD = "demo-password-1"
#: Where the three villages of each township stand.
STANDING = (
    (Stage.HANDOVER, StageStatus.DONE, Grade.GREEN),
    (Stage.COMMITTEE_BALLOT, StageStatus.OPEN, Grade.YELLOW),
    (Stage.SURVEY, StageStatus.OPEN, Grade.RED),
)
#: Forms that change nothing but the reader's own: signing out, the campaign shown, the bookmarks.
OWN = re.compile(r"/logout/|/campaign/choose/|/saved-views/")


def fill(campaign) -> None:
    """Villages at several stages, candidates, and a team elected where the village is done. All by direct writes."""
    staff = campaign.created_by
    elections = VillageElection.objects.filter(campaign=campaign).order_by("village__code")
    for number, row in enumerate(elections):
        stage, status, colour = STANDING[number % len(STANDING)]
        grade(row, colour, day(5), staff)
        if stage == Stage.SURVEY:
            at_stage(row, stage, on=day(2))
            continue
        people = [
            PartyMemberFactory(village=row.village, name=f"{row.village.name[:3]}{name}")
            for name in "甲乙丙丁"
        ]
        election = at_stage(row, stage, on=day(40), status=status)
        # The second township has no woman: below the minimum at the gates.
        women = (1,) if number < len(STANDING) else ()
        stand(election, people, status=CandidacyStatus.PREPARED, women=women, posts=["member"] * 4)
        if status == StageStatus.DONE:
            ballot = add_round(election, staff)
            for post, member, again in (
                (ElectedPostKind.MEMBER, people[0], True),
                (ElectedPostKind.SECRETARY, people[0], False),
                (ElectedPostKind.MEMBER, people[1], False),
                (ElectedPostKind.MEMBER, people[2], False),
            ):
                elect(election, member, ballot, post, reelected=again)
    townships = {e.township_id for e in elections}
    with transaction.atomic():
        rollups.refresh_townships(
            campaign_id=campaign.pk, township_ids=townships, at=timezone.now()
        )


def county_with_campaign(county, prefix: str):
    for number, name in enumerate(("东", "西")):
        township = TownshipFactory(
            parent=county, code=f"{county.code[:6]}1{number}0000", name=f"{prefix}{name}镇"
        )
        for village in range(3):
            VillageFactory(
                township=township,
                code=f"{township.code[:9]}{200 + village}",
                name=f"{prefix}{name}{'一二三'[village]}村",
            )
    campaign = CampaignFactory(
        name=f"{county.name}换届", area=county, starts_on=day(0), ends_on=day(61)
    )
    fill(campaign)
    return campaign


@pytest.fixture(scope="session")
def city(stack, campaign):
    """own and other: the campaigns of two counties; area: their city; its leader, the county's and the nation's."""
    with stack.orm():
        county = CountyFactory(code="320798000000", name="本示县")
        beside = Jurisdiction.objects.create(
            code="980797000000",
            name="邻示县",
            level=Level.COUNTY,
            parent=county.city,
            city=county.city,
            province=county.province,
            opened_on=county.opened_on,
        )
        nation = Jurisdiction.objects.get(level=Level.NATION)
        UserFactory(username="shilingdao", role=Role.LEADER, where=county.city)
        UserFactory(username="xianlingdao", role=Role.LEADER, where=county)
        UserFactory(username="guolingdao", role=Role.LEADER, where=nation)
        made = SimpleNamespace(
            area=county.city,
            province=county.province,
            own=county_with_campaign(county, "本"),
            other=county_with_campaign(beside, "邻"),
        )
        refresh_counties(at=timezone.now())
        return made


def offers_nothing_to_write(desk: Desk) -> None:
    actions = desk.page.locator("form[method=post i]").evaluate_all(
        "forms => forms.map(form => form.getAttribute('action') ?? location.pathname)"
    )
    assert [action for action in actions if not OWN.search(action)] == [], desk.page.url


def follow(desk: Desk, link) -> Desk:
    """Click a link, and see that its page opens, fits and offers nothing to write."""
    with desk.page.expect_navigation() as opened:
        link.click()
    assert opened.value.status == 200, desk.page.url
    offers_nothing_to_write(desk)
    return desk


def length(desk: Desk, href: str) -> int:
    """How many rows the list behind a figure has (no list of this test's has a second page)."""
    answer = desk.page.request.get(href)
    assert answer.status == 200, href
    text = answer.text()
    assert "下一页" not in text, href
    return sum('href="/elections/' in row for row in text.split("<tr")[1:])


def figures(desk: Desk, within: str) -> list[tuple[int, str]]:
    """(figure, address of its list) of every figure that is a link."""
    links = desk.page.locator(f"{within} a[href*='?']").evaluate_all(
        "links => links.map(link => [link.textContent, link.href])"
    )
    found = [(re.match(r"\s*(\d+)", text), href) for text, href in links]
    return [(int(number.group(1)), href) for number, href in found if number]


def every_figure_has_its_list(desk: Desk, within: str, *, least: int) -> None:
    found = figures(desk, within)
    assert len(found) >= least
    wrong = {href: number for number, href in found if length(desk, href) != number}
    assert wrong == {}


def drill(desk: Desk, city, *, check) -> None:
    """总览 → county → township → village → person, and back up by the way the pages offer; `check` looks at each."""
    page = desk.page
    follow(desk, page.locator(".grid tbody").get_by_role("link", name="本示县"))
    assert page.url.endswith(f"/campaigns/{city.own.pk}/dashboard/")
    check(desk)
    follow(desk, page.locator(".grid tbody th").get_by_role("link", name="本东镇"))
    check(desk)
    follow(desk, page.locator(".grid tbody").get_by_role("link", name="本东一村"))
    check(desk)
    follow(desk, page.locator("#tab-people"))
    check(desk)
    follow(desk, page.locator("main table").first.get_by_role("link", name="本东一乙"))
    assert "本东一乙" in page.locator("h1").inner_text()
    check(desk)
    follow(desk, page.locator(".crumbs").get_by_role("link", name="本东一村"))
    follow(desk, page.locator(".crumbs").get_by_role("link", name="本东镇"))
    follow(desk, page.locator(".crumbs").get_by_role("link", name="进度一览"))


def test_leader_of_a_city_drills_down_to_one_person(stack, city, page):
    desk = Desk(page, "shilingdao", PASSWORD)
    follow(desk, page.locator(".side-nav").get_by_role("link", name="上级总览"))
    assert page.locator("h1").inner_text() == f"{city.area.name}总览"
    names = page.locator(".grid tbody th").all_inner_texts()
    assert names == ["合计", "本示县", "邻示县"]
    every_figure_has_its_list(desk, ".grid", least=2 * 23)

    drill(desk, city, check=lambda desk: None)


def test_every_figure_of_the_dashboard_leads_to_as_many_rows(stack, city, page):
    desk = Desk(page, "shilingdao", PASSWORD).open(f"/campaigns/{city.own.pk}/dashboard/")
    offers_nothing_to_write(desk)
    cards = page.locator(".stat").evaluate_all(
        "cards => cards.map(card => [card.querySelector('.stat-value').textContent, card.href])"
    )
    assert len(cards) == 8
    for text, href in cards:
        number = int(re.match(r"\d+", text).group())
        if "#reports-today" in href:
            assert page.locator("#reports-today .chip-done, #reports-today .chip-late").count() == 0
            assert number == 0
        else:
            assert length(desk, href) == number, href
    completed, members, secretaries = (
        int(re.match(r"\d+", cards[n][0]).group()) for n in (0, 2, 3)
    )
    assert (completed, members, secretaries) == (2, 6, 2)
    every_figure_has_its_list(desk, ".grid", least=3 * 18)
    every_figure_has_its_list(desk, ".chart-table", least=17)

    follow(desk, page.locator(".stat").nth(2))
    follow(desk, page.locator("main table").get_by_role("link", name="本东一甲"))
    assert "本东一甲" in page.locator("h1").inner_text()


def test_leader_writes_nothing(stack, city, page):
    """The pages offer no form, and one that is sent all the same is refused with a sentence."""
    desk = Desk(page, "shilingdao", PASSWORD).open(f"/campaigns/{city.own.pk}/dashboard/")
    with stack.orm():
        election = VillageElection.objects.filter(campaign=city.own).earliest("village__code")
        person = Candidacy.objects.filter(election=election).earliest("pk")
    own = f"/campaigns/{city.own.pk}"
    token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
    answers = {}
    for path, action in (
        (f"/elections/{election.pk}/survey/", "survey"),
        (f"/elections/{election.pk}/committee_ballot/", "submit"),
        (f"/candidacies/{person.pk}/", "withdraw"),
        (f"{own}/townships/{election.township_id}/daily/", "confirm"),
        (f"{own}/bulletins/", ""),
        (f"{own}/risk-sheet/", ""),
        (f"{own}/edit/", ""),
    ):
        answer = page.request.post(path, headers={"X-CSRFToken": token}, form={"action": action})
        answers[path] = answer.status
        assert "页面已过期" not in answer.text()
        if path != f"{own}/edit/":
            desk.page.goto(path)
            offers_nothing_to_write(desk)
    assert answers == dict.fromkeys(answers, 403)


def test_leader_of_a_county_sees_nothing_of_the_county_beside(stack, city, page):
    desk = Desk(page, "xianlingdao", PASSWORD)
    with stack.orm():
        election = VillageElection.objects.filter(campaign=city.other).earliest("village__code")
        person = Candidacy.objects.filter(election=election).earliest("pk")
    other = f"/campaigns/{city.other.pk}"
    paths = [
        f"{other}/dashboard/",
        f"{other}/screen/",
        f"{other}/grid/",
        f"{other}/villages/",
        f"{other}/elected/",
        f"{other}/people/",
        f"{other}/townships/{election.township_id}/grid/",
        f"/elections/{election.pk}/",
        f"/candidacies/{person.pk}/",
        f"/members/{person.member_id}/",
        f"/overview/{city.area.pk}/",
        f"/overview/{city.area.pk}/screen/",
    ]
    assert {path: page.request.get(path).status for path in paths} == dict.fromkeys(paths, 404)
    assert page.request.get("/overview/").status == 403
    for path in ("dashboard", "screen", "grid", "villages", "elected", "people"):
        shown = page.request.get(f"/campaigns/{city.own.pk}/{path}/")
        assert (shown.status, "邻" in shown.text()) == (200, False), path
    assert "邻东一村" not in desk.open("/search/?q=邻东").text()
    township = f"/campaigns/{city.own.pk}/villages/?township={election.township_id}"
    assert length(desk, township) == 0


def test_leader_of_the_nation_comes_down_to_the_county(stack, city, page):
    desk = Desk(page, "guolingdao", PASSWORD).open("/overview/")
    follow(desk, page.locator(".grid tbody").get_by_role("link", name=city.province.name))
    follow(desk, page.locator(".grid tbody").get_by_role("link", name=city.area.name))
    assert page.locator(".crumbs").get_by_role("link").inner_text() == f"{city.province.name}总览"
    drill(desk, city, check=lambda desk: None)


def test_leader_of_a_city_on_a_phone(stack, city, phone):
    desk = Desk(phone, "shilingdao", PASSWORD)

    def check(desk: Desk) -> None:
        assert fits(desk), desk.page.url

    follow(desk, phone.locator(".tabbar").get_by_role("link", name="上级总览"))
    check(desk)
    drill(desk, city, check=check)
    desk.open(f"/campaigns/{city.own.pk}/villages/?state=overdue")
    check(desk)
    desk.open(f"/campaigns/{city.own.pk}/elected/")
    check(desk)
