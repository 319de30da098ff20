"""Whatever services do in whichever townships: live SQL, township rows, county rows and indicators say the same."""

from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.errors import Refused
from demo.scenario import Scenario
from elections.enums import Stage, StageStatus
from elections.models import StageRecord, VillageElection
from elections.services import stages as stage_services
from groundwork.enums import Grade
from groundwork.services.risk import save_risk_grade
from reporting import rollups, tiers
from reporting.indicators.registry import figures
from reporting.models import CountyProgress, TownshipProgress
from reporting.selectors import invariants
from reporting.selectors.scope import scope_of_area
from reporting.services.tiers import reconcile, refresh_counties
from tests.factories.played import LAST_DAY
from tests.factories.villages import CountyFactory, TownshipFactory, VillageFactory
from villages.models import PartyOrganisation

from .conftest import NOON, SHANGHAI
from .test_rollups import DAY, IN_THE_CLOSING_REPORT, give_all_evidence, recount, stored

#: Column of the rollup → indicator of another name.
RENAMED = {"completed": "organisations_completed", "townships": "townships"}


@contextmanager
def undone():
    """Everything inside is rolled back, so that the examples of one test do not see each other."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def live(campaign, townships) -> dict[int, dict[str, int]]:
    """township id → the columns counted by SQL now."""
    ids = [township.pk for township in townships]
    with connection.cursor() as cursor:
        cursor.execute(rollups.FIGURES, [campaign.pk, ids, ids])
        return {pk: dict(zip(rollups.COLUMNS, row, strict=True)) for pk, *row in cursor.fetchall()}


def assert_all_agree(campaign, *, at) -> None:
    """By loops over the records, by SQL over the records, by both tiers and by the registry."""
    day = at.astimezone(SHANGHAI).date()
    rows = list(TownshipProgress.objects.filter(campaign=campaign).select_related("township"))
    counted = live(campaign, [row.township for row in rows])
    for row in rows:
        assert stored(row) == counted[row.township_id] == recount(row.township)
        reported = figures(scope_of_area(campaign, as_of=day, area=row.township))
        for column in (*IN_THE_CLOSING_REPORT, "completed"):
            assert reported[RENAMED.get(column, column)] == getattr(row, column), column
    assert list(invariants.broken_rows()) == []
    refresh_counties(at=at)
    assert tiers.county_differences() == []
    for county in CountyProgress.objects.filter(campaign=campaign).select_related("county"):
        reported = figures(scope_of_area(campaign, as_of=day, area=county.county))
        for column in rollups.COLUMNS:
            total = sum(figure[column] for figure in counted.values())
            assert getattr(county, column) == total, column
        for column in (*IN_THE_CLOSING_REPORT, *RENAMED):
            assert reported[RENAMED.get(column, column)] == getattr(county, column), column
    assert reconcile(at=at) == []


ACTIONS = ("submit", "submit", "confirm", "confirm", "return", "grade")
steps = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from(ACTIONS), st.sampled_from(Grade)), max_size=25
)


@pytest.fixture
def provided(world, settings):
    """Villages with all their evidence, whose stages no gate holds back."""
    settings.STAGE_GATES = {}
    for election in world.elections.values():
        give_all_evidence(election, world.users.east)
    return world


def take(world, election: VillageElection, action: str, grade: Grade) -> None:
    """One service on one village, if its stage is in the state for it."""
    coordinator = world.users.east if election.township == world.east else world.users.west
    if action == "grade":
        with suppress(Refused):  # once the survey is settled
            save_risk_grade(
                election=election,
                grade=grade,
                grounds="示例：核实情况",
                graded_on=DAY,
                leader="示范甲",
                work_group="示范工作组",
                plan="一村一策",
                by=coordinator,
                at=NOON,
            )
        return
    wanted = StageStatus.OPEN if action == "submit" else StageStatus.SUBMITTED
    record = (
        StageRecord.objects.filter(election=election, is_current=True, status=wanted)
        .order_by("pk")
        .first()
    )
    if record is None:
        return
    common = {"election": election, "stage": Stage(record.stage), "at": NOON}
    if action == "submit":
        stage_services.submit_stage(**common, by=coordinator, on=DAY)
    elif action == "confirm":
        stage_services.confirm_stage(**common, by=world.users.staff)
    else:
        stage_services.return_stage(**common, by=world.users.staff, reason="材料不全")


@settings(
    max_examples=6,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=steps)
def test_all_agree_after_any_steps_in_any_townships(provided, steps):
    world = provided
    with undone():
        pks = sorted(election.pk for election in world.elections.values())
        for place, action, grade in steps:
            election = VillageElection.objects.select_related(
                "village", "township", "campaign", "rule_set"
            ).get(pk=pks[place])
            take(world, election, action, grade)
        assert_all_agree(world.campaign, at=NOON)


@settings(
    max_examples=2,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    seed=st.integers(0, 10_000),
    progress=st.integers(10, 140),
    villages=st.tuples(st.just(1), st.integers(1, 2)),
)
def test_all_agree_after_whole_elections(db, seed, progress, villages):
    """The demonstration's scenario works through the services, from the survey to the handover."""
    with undone():
        county = CountyFactory(code="320799000000", name="示范县")
        for number, count in enumerate(villages):
            township = TownshipFactory(
                parent=county, code=f"32079910{number}000", name=f"示范{number + 1}镇"
            )
            for village in range(count):
                VillageFactory(
                    township=township,
                    code=f"32079910{number}{200 + village}",
                    name=f"示范{number + 1}-{village + 1}村",
                )
        PartyOrganisation.objects.update(term_ends_on=LAST_DAY + timedelta(days=60))
        scenario = Scenario(area="320799", progress=progress, seed=seed, today=LAST_DAY)
        campaign = scenario.run(say=lambda words: None)
        at = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, 23, 0, tzinfo=SHANGHAI)
        assert_all_agree(campaign, at=at)
