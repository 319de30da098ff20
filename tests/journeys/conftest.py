"""The demonstration county with its accounts, and a campaign that staff opened on the page."""

from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.utils import timezone

from demo.play import picture
from demo.scenario import PASSWORD, ensure_divisions, make_accounts
from elections.models import Campaign
from elections.services.campaigns import create_campaign
from tests.journeys.desk import Desk
from tests.journeys.villages import DAYS_AGO, village_at  # noqa: F401 - a fixture
from tests.stack.browser import DESKTOP, open_page
from villages.models import Jurisdiction


@pytest.fixture(scope="session")
def county(stack):
    """灌南县 with its accounts and nothing else."""
    before = timezone.localdate() - timedelta(days=DAYS_AGO + 1)
    with stack.orm():
        county = ensure_divisions("320724", before)
        townships = Jurisdiction.objects.filter(county=county, level="township").order_by("code")
        make_accounts(county, list(townships), before)
        return county


@pytest.fixture(scope="session")
def campaign(stack, county, browser, tmp_path_factory):
    """The campaign that staff opened in the browser, with an election for each of the county's villages."""
    starts_on = timezone.localdate() - timedelta(days=DAYS_AGO)
    folder = tmp_path_factory.mktemp("campaign")
    with open_page(browser, stack.base_url, folder, DESKTOP, lambda: False) as page:
        desk = Desk(page, "zuzhibu", PASSWORD).open("/campaigns/new/")
        form = page.locator("main form")
        desk.fill(
            form,
            name="灌南县村（社区）党组织换届",
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=61),
            daily_cutoff="23:59",
        )
        assert desk.press(form) == 302, desk.text()
    with stack.orm():
        return Campaign.objects.get()


@pytest.fixture(scope="session")
def own_campaign(stack, campaign):
    """own_campaign(township) → a campaign of that township alone, so that its ballots do not stand in the county's report."""
    made = {}

    def own_campaign(township: str) -> Campaign:
        if township not in made:
            with stack.orm():
                made[township] = create_campaign(
                    name=f"{township}先行换届",
                    area=Jurisdiction.objects.get(
                        name=township, level="township", county=campaign.area
                    ),
                    starts_on=campaign.starts_on,
                    ends_on=campaign.ends_on,
                    by=campaign.created_by,
                    at=timezone.now(),
                )
        return made[township]

    return own_campaign


@pytest.fixture
def photo(tmp_path):
    """A photograph."""
    path = tmp_path / "照片.png"
    path.write_bytes(picture(150))
    return path


@pytest.fixture
def desk(stack, browser, tmp_path):
    """desk(username) → a further person's page, each with a session of its own."""
    with ExitStack() as opened:
        made = {}

        def desk(username: str) -> Desk:
            if username not in made:
                page = opened.enter_context(
                    open_page(browser, stack.base_url, tmp_path / username, DESKTOP, lambda: False)
                )
                made[username] = Desk(page, username, PASSWORD)
            return made[username]

        yield desk
