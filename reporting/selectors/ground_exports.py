"""The ledgers, surveys and gradings in the columns of their import: an export can be brought in again."""

from groundwork.filters import LedgerFilter, RiskFilter, SurveyFilter
from groundwork.ledgers import LEDGERS, Ledger
from groundwork.selectors import ledgers as ledger_selectors
from groundwork.selectors import overviews
from groundwork.selectors.risk import newest_scores
from groundwork.workbooks import (
    RISKS,
    SURVEYS,
    cells_of,
    ledger_columns,
    risk_cells,
    survey_cells,
)
from workbooks.tables import Heading

from .export_types import CHUNK, Export, Selection, in_words


def _headings(columns) -> tuple[Heading, ...]:
    return tuple(Heading(column.head, 16) for column in columns)


def _ledger_export(ledger: Ledger) -> Export:
    """A ledger in the columns of its import, so that an export can be brought in again."""

    def select(user, campaign, query, today) -> Selection:
        found = LedgerFilter(
            query,
            ledger=ledger,
            rows=ledger_selectors.rows_of(user, ledger, campaign),
            townships=ledger_selectors.townships_of(user, campaign),
            today=today,
        )
        return Selection(found.qs, in_words(found), "")

    return Export(
        f"ledger_{ledger.code}",
        ledger.title,
        ledger.is_personal,
        "ledger_list",
        _headings(ledger_columns(ledger)),
        select,
        lambda rows, today: (cells_of(ledger, row) for row in rows.iterator(chunk_size=CHUNK)),
        (("code", ledger.code),),
    )


def _surveys(user, campaign, query, today) -> Selection:
    found = SurveyFilter(
        query,
        queryset=overviews.survey_rows(user, campaign),
        townships=ledger_selectors.townships_of(user, campaign),
    )
    return Selection(overviews.survey_items(found.qs), in_words(found), "")


def _risks(user, campaign, query, today) -> Selection:
    found = RiskFilter(
        query,
        queryset=overviews.risk_rows(user, campaign),
        townships=ledger_selectors.townships_of(user, campaign),
    )
    return Selection(overviews.risk_grades(found.qs), in_words(found), "")


def _risk_lines(rows, today):
    graded = list(rows)
    scores = newest_scores(risk.election for risk in graded)
    return (risk_cells(risk, scores.get(risk.election_id)) for risk in graded)


GROUND_EXPORTS: tuple[Export, ...] = (
    Export(
        SURVEYS.code,
        SURVEYS.title,
        False,
        "survey_list",
        _headings(SURVEYS.columns),
        _surveys,
        lambda rows, today: (survey_cells(item) for item in rows.iterator(chunk_size=CHUNK)),
    ),
    Export(
        RISKS.code,
        RISKS.title,
        True,
        "risk_list",
        _headings(RISKS.columns),
        _risks,
        _risk_lines,
    ),
    *(_ledger_export(ledger) for ledger in LEDGERS.values()),
)
