"""The kinds of workbooks of the ledgers: one per ledger, its columns those of its export."""

from functools import partial

from django.db import models

from villages.places import PLACE_COLUMNS
from workbooks.declarations import Column, Kind, Type

from .ledgers import Ledger, in_words, table
from .services.ledger_import import import_rows, plan_rows

#: The column of ledgers whose rows belong to the county or a township.
AREA_COLUMN = Column(
    "area",
    "单位",
    required=True,
    synonyms=("乡镇", "乡镇（街道）", "县（乡镇）"),
    max_length=60,
    help="县或乡镇的名称。",
)


def column_of(ledger: Ledger, name: str) -> Column:
    """The column of one field: its type and limits are the model's."""
    field = ledger.field(name)
    kind = Type.TEXT
    if field.choices:
        kind = Type.CHOICE
    elif isinstance(field, models.BooleanField):
        kind = Type.YES_NO
    elif isinstance(field, models.DateField):
        kind = Type.DATE
    elif isinstance(field, models.IntegerField):
        kind = Type.WHOLE
    return Column(
        name,
        str(field.verbose_name),
        kind,
        required=not field.blank and kind is not Type.YES_NO,
        choices=tuple(field.choices or ()),
        max_length=field.max_length or 200,
        help=str(field.help_text),
    )


def ledger_columns(ledger: Ledger) -> tuple[Column, ...]:
    """The columns of a ledger's workbook, for import and export alike."""
    place = PLACE_COLUMNS if ledger.is_of_villages else (AREA_COLUMN,)
    return (*place, *(column_of(ledger, name) for name in ledger.fields))


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
