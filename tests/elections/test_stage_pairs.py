"""All 17 × 17 pairs of stages, through the service and through the page: with a village at one stage, what is open can be
submitted, everything else is refused. Facts and gates have their own tests: here every stage has all it needs."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.errors import Refused
from elections import selectors
from elections.enums import Stage, StageStatus
from elections.models import Evidence
from elections.services.stages import submit_stage
from elections.stages import STAGES
from tests.factories.elections import at_stage, moment

from .pages import campaign_around_today


@pytest.fixture
def campaign(place, users):
    return campaign_around_today(place, users)


@pytest.fixture
def complete(settings, monkeypatch, election, users, today):
    """The village's election with every file of every stage, no gates, and a typed day for each stage."""
    settings.STAGE_GATES = {}
    monkeypatch.setattr(selectors, "recorded_date", lambda election, stage: today)
    Evidence.objects.bulk_create(
        Evidence(
            election=election,
            stage=stage,
            attempt=1,
            requirement=need.code,
            file="evidence/00/none",
            name="材料.pdf",
            content_type="application/pdf",
            size=1,
            sha256="0" * 64,
            uploaded_by=users.coordinator,
            uploaded_at=moment(today),
        )
        for stage, spec in STAGES.items()
        for need in spec.evidence
    )
    return election


def statuses(election) -> dict[Stage, str]:
    return {s: r.status for s, r in selectors.current_records(election).items()}


def open_stages(election) -> set[Stage]:
    return {s for s, status in statuses(election).items() if status == StageStatus.OPEN}


def moved(stage: Stage) -> str:
    """What becomes of a stage that was submitted."""
    return StageStatus.SUBMITTED if STAGES[stage].confirmer else StageStatus.DONE


@pytest.mark.parametrize("current", list(Stage))
def test_service_submits_what_is_open_and_nothing_else(complete, users, today, current):
    legal = {}
    for stage in Stage:
        election = at_stage(complete, current, on=today)
        before = statuses(election)
        try:
            submit_stage(
                election=election, stage=stage, by=users.coordinator, at=moment(today), on=today
            )
        except Refused as refusal:
            assert refusal.problems[0].code in ("out_of_order", "closed_stage")
            assert statuses(election) == before, "a refusal moves nothing"
        else:
            legal[stage] = statuses(election)[stage]

    assert legal == {stage: moved(stage) for stage in open_stages(at_stage(complete, current))}


@pytest.mark.parametrize("current", list(Stage))
def test_page_submits_what_is_open_and_nothing_else(complete, users, today, current):
    client = Client()
    client.force_login(users.coordinator)
    answers = {}
    for stage in Stage:
        election = at_stage(complete, current, on=today)
        before = statuses(election)
        url = reverse(f"stage_{stage}", kwargs={"pk": election.pk})
        sent = {"action": "submit", "version": election.version, "on": today}
        page = client.post(url, sent)
        answers[stage] = page.status_code
        if page.status_code == 302:
            assert statuses(election)[stage] == moved(stage)
        else:
            shown = page.content.decode()
            assert "现在不能" in shown or "须先办结" in shown
            assert statuses(election) == before, "a refusal moves nothing"

    legal = open_stages(at_stage(complete, current))
    assert answers == {stage: 302 if stage in legal else 422 for stage in Stage}
