"""The kinds of workbooks about the procedure."""

from villages.models import Jurisdiction
from villages.places import PLACE_COLUMNS
from villages.scoping import area_q_of
from workbooks.declarations import Column, Kind, Type

from .enums import Stage
from .models import Campaign, StageRecord, VillageElection
from .services.plan_import import import_days, plan_days
from .stages import STAGES


def planned_rows(*, campaign: Campaign, area: Jurisdiction, by) -> list[dict]:
    """The villages of the area that the user sees, with their planned days as they are (two queries)."""
    elections = list(
        VillageElection.objects.visible_to(by)
        .filter(area_q_of(area), campaign=campaign)
        .select_related("village__township")
        .order_by("village__code")
    )
    days: dict[int, dict[str, object]] = {election.pk: {} for election in elections}
    for pk, stage, day in StageRecord.objects.filter(
        election__in=list(days), is_current=True
    ).values_list("election_id", "stage", "planned_on"):
        days[pk][stage] = day
    return [
        {
            "township": election.village.township.name,
            "village": election.village.name,
            "village_code": election.village.code,
            **days[election.pk],
        }
        for election in elections
    ]


PLAN_DAYS = Kind(
    code="plan_days",
    title="计划进度",
    sheet="计划进度",
    key=("village",),
    plan=plan_days,
    apply=import_days,
    prefill=planned_rows,
    needs_reason=True,
    help="各村每个环节的计划日期。已办结的环节不能再改；空着的格子保持原来的计划。",
    columns=(
        *PLACE_COLUMNS,
        *(
            Column(
                stage.value,
                stage.label,
                Type.DATE,
                synonyms=(f"{spec.number} {stage.label}",),
            )
            for stage, spec in ((Stage(code), spec) for code, spec in STAGES.items())
        ),
    ),
)
