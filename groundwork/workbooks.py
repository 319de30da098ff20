"""The kinds of workbooks of the ledgers: one per ledger, its columns those of its export."""

from functools import partial

from django.db import models

from villages.places import PLACE_COLUMNS
from workbooks.declarations import Column, Kind, Type

from .ledgers import Ledger, in_words, table
from .models import RiskGrade, RiskScore, SurveyItem
from .services import stage_sheets
from .services.ledger_import import import_rows, plan_rows
from .services.village_sheets import VillageSheet, import_sheet, plan_sheet

#: The column of ledgers whose rows belong to the county or a township.
AREA_COLUMN = Column(
    "area",
    "单位",
    required=True,
    synonyms=("乡镇", "乡镇（街道）", "县（乡镇）"),
    max_length=60,
    help="县或乡镇的名称。",
)


def column_of(field: models.Field, *, required: bool | None = None) -> Column:
    """The column of one field: its type and limits are the model's. `required`: unless the model is to say it."""
    kind = Type.TEXT
    if field.choices:
        kind = Type.CHOICE
    elif isinstance(field, models.BooleanField):
        kind = Type.YES_NO
    elif isinstance(field, models.DateField):
        kind = Type.DATE
    elif isinstance(field, models.IntegerField):
        kind = Type.WHOLE
    if required is None:
        required = not field.blank and kind is not Type.YES_NO
    return Column(
        field.name,
        str(field.verbose_name),
        kind,
        required=required,
        choices=tuple(field.choices or ()),
        max_length=field.max_length or 200,
        help=str(field.help_text),
    )


def ledger_columns(ledger: Ledger) -> tuple[Column, ...]:
    """The columns of a ledger's workbook, for import and export alike."""
    place = PLACE_COLUMNS if ledger.is_of_villages else (AREA_COLUMN,)
    return (*place, *(column_of(ledger.field(name)) for name in ledger.fields))


def ledger_kind(ledger: Ledger) -> Kind:
    return Kind(
        code=f"ledger_{ledger.code}",
        title=ledger.title,
        sheet=ledger.title,
        columns=ledger_columns(ledger),
        key=("village" if ledger.is_of_villages else "area", *ledger.key),
        plan=partial(plan_rows, ledger),
        apply=partial(import_rows, ledger),
        help=ledger.help,
    )


def cells_of(ledger: Ledger, row) -> tuple:
    """A row in the columns of its workbook: dates dates, numbers numbers, choices in words."""
    place: tuple = row.place_names
    if ledger.is_of_villages:
        place = (*place, row.election.village.code)
    return (*place, *(_cell(ledger.field(name), v) for name, v in ledger.values_of(row).items()))


def _cell(field: models.Field, value: object) -> object:
    return in_words(field, value) if field.choices or isinstance(value, bool) else value


GROUPS = ledger_kind(table.WORK_GROUPS)
LEADER_LINKS = ledger_kind(table.LEADER_LINKS)
VILLAGE_CADRES = ledger_kind(table.VILLAGE_CADRES)
MEETINGS = ledger_kind(table.WORK_MEETINGS)
DECISIONS = ledger_kind(table.MEETING_DECISIONS)
DIFFICULT = ledger_kind(table.DIFFICULT_VILLAGES)
PLANS = ledger_kind(table.CONTINGENCY_PLANS)
DISPUTES = ledger_kind(table.DISPUTES)
ADJUSTMENTS = ledger_kind(table.SECRETARY_ADJUSTMENTS)
RECTIFICATIONS = ledger_kind(table.WEAK_ORGANISATIONS)
AUDITS = ledger_kind(table.DEPARTURE_AUDITS)
PUBLICITY = ledger_kind(table.PUBLICITY_ITEMS)
GUIDANCE = ledger_kind(table.GUIDANCE_DOCUMENTS)
SCHEDULES = ledger_kind(table.WORK_SCHEDULES)


def _columns(model, names: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(column_of(model._meta.get_field(name), required=False) for name in names)


def sheet_kind(
    sheet: VillageSheet, code: str, title: str, columns: tuple[Column, ...], **more
) -> Kind:
    """A workbook of facts that the services of a stage write."""
    return Kind(
        code=code,
        title=title,
        sheet=title,
        columns=(*PLACE_COLUMNS, *columns),
        plan=partial(plan_sheet, sheet),
        apply=partial(import_sheet, sheet),
        **more,
    )


SURVEYS = sheet_kind(
    stage_sheets.SURVEY,
    "surveys",
    "调研摸底（七个清楚）",
    (
        Column(
            "number", "序号", Type.WHOLE, required=True, help="1至7，依换届工作设置的七个清楚。"
        ),
        Column("item", "项目", help="与序号对应的名称，可以不填。"),
        *_columns(SurveyItem, stage_sheets.SURVEY_FIELDS),
    ),
    key=("village", "number"),
    help="每村每项一行；调研摸底环节正在办理的村可以导入。",
)
RISKS = sheet_kind(
    stage_sheets.RISK,
    "risks",
    "选情研判",
    (
        *_columns(RiskScore, stage_sheets.ASPECTS),
        *_columns(RiskGrade, ("graded_on", *stage_sheets.RED_FACTS)),
    ),
    key=("village",),
    help="每村一行，按评分表打分，等级由系统算出；红色村须填写包保领导、工作组和预案要点。",
)


def survey_cells(item: SurveyItem) -> tuple:
    """One item of a survey in the columns of its workbook; election with village and campaign at hand."""
    election = item.election
    village = election.village
    return (
        *(village.township.name, village.name, village.code),
        item.number,
        election.campaign.survey_items[item.number - 1],
        *(_cell(item._meta.get_field(n), getattr(item, n)) for n in stage_sheets.SURVEY_FIELDS),
    )


def risk_cells(risk: RiskGrade, score: RiskScore | None) -> tuple:
    """A village's grading in the columns of its workbook."""
    village = risk.election.village
    return (
        *(village.township.name, village.name, village.code),
        *(getattr(score, name) if score else None for name in stage_sheets.ASPECTS),
        *(getattr(risk, name) for name in ("graded_on", *stage_sheets.RED_FACTS)),
    )
