"""The table of the procedure is complete, in order and drawn in the docs."""

from pathlib import Path

import pytest
from django.conf import settings

from accounts.enums import Role
from elections.enums import Phase, Stage
from elections.stages import NEXT, STAGES, mermaid, opens_after


def test_every_stage_is_in_the_table_once_in_order():
    assert list(STAGES) == list(Stage)
    assert [spec.number for spec in STAGES.values()] == list(range(1, 18))


@pytest.mark.parametrize("spec", STAGES.values(), ids=lambda spec: spec.code.value)
def test_stage_is_complete(spec):
    assert spec.label
    assert spec.owner == Role.COORDINATOR
    assert spec.audit_event == f"stage.{spec.code}"
    assert spec.evidence
    assert len({need.code for need in spec.evidence}) == len(spec.evidence)
    assert settings.STAGE_GATES[spec.code]


def test_three_stages_are_confirmed_by_the_county():
    confirmed = {code for code, spec in STAGES.items() if spec.confirmer}

    assert confirmed == {Stage.PETITION, Stage.NOMINATION, Stage.APPROVAL}
    assert {STAGES[code].confirmer for code in confirmed} == {Role.ORG_STAFF}


def test_no_stage_follows_itself_or_a_later_one():
    for spec in STAGES.values():
        assert all(STAGES[before].number < spec.number for before in spec.follows)


def test_only_the_first_stage_follows_nothing():
    assert [code for code, spec in STAGES.items() if not spec.follows] == [Stage.SURVEY]


def test_planned_days_and_phases_never_run_backwards():
    days = [spec.plan_day for spec in STAGES.values()]
    phases = [list(Phase).index(spec.phase) for spec in STAGES.values()]

    assert days == sorted(days)
    assert phases == sorted(phases)


def test_the_two_recommendations_run_side_by_side_and_join():
    settled = set(list(Stage)[:5])

    assert opens_after(settled) == [Stage.MEMBER_RECOMMENDATION, Stage.VILLAGER_RECOMMENDATION]
    assert opens_after(settled | {Stage.MEMBER_RECOMMENDATION}) == [Stage.VILLAGER_RECOMMENDATION]
    assert opens_after(set(list(Stage)[:7])) == [Stage.PRELIMINARY]


def test_next_is_the_reverse_of_follows():
    assert NEXT[Stage.ROSTER] == (Stage.MEMBER_RECOMMENDATION, Stage.VILLAGER_RECOMMENDATION)
    assert NEXT[Stage.HANDOVER] == ()


def test_diagram_in_the_docs_is_this_table():
    text = (Path(settings.BASE_DIR) / "docs" / "architecture.md").read_text()

    assert mermaid() in text
