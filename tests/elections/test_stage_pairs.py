"""All 17 × 17 pairs of stages through the page: with a village at one stage, only what is open can be submitted."""

import pytest
from django.test import Client
from django.urls import reverse

from elections import selectors
from elections.enums import Stage, StageStatus
from tests.factories.elections import at_stage

from .pages import campaign_around_today


@pytest.fixture
def campaign(place, users):
    return campaign_around_today(place, users)


@pytest.mark.parametrize("current", list(Stage))
def test_page_submits_no_stage_but_an_open_one(election, users, today, current):
    election = at_stage(election, current)
    before = {s: r.status for s, r in selectors.current_records(election).items()}
    client = Client()
    client.force_login(users.coordinator)
    answers = {}
    for stage in Stage:
        url = reverse(f"stage_{stage}", kwargs={"pk": election.pk})
        sent = {"action": "submit", "version": election.version, "on": today}
        page = client.post(url, sent)
        shown = page.content.decode()
        answers[stage] = (page.status_code, "现在不能" in shown or "须先办结" in shown)
        election.refresh_from_db()

    after = {s: r.status for s, r in selectors.current_records(election).items()}
    closed = [s for s, status in before.items() if status != StageStatus.OPEN]
    assert {s: code for s, (code, _) in answers.items() if s in closed} == dict.fromkeys(
        closed, 422
    )
    assert after == before, "open ones are refused too: their facts and files are missing"
    waiting = [s for s in closed if before[s] == StageStatus.WAITING]
    assert all(answers[s][1] for s in waiting)
