"""Documents that used figures of a count corrected since: which corrections, and what is different now."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from candidates.enums import ElectedPostKind
from candidates.models import BallotCorrection
from candidates.selectors import CorrectionLine, correction_lines
from elections.models import Campaign

from .. import rules
from ..indicators.base import Indicator
from ..indicators.registry import INDICATORS, figures
from ..models import ClosingReport
from .scope import scope_of_area


def corrections_after(
    campaign: Campaign, *, moment: datetime, day: date, township_id: int | None = None
) -> QuerySet[BallotCorrection]:
    """Corrections approved after `moment` of counts that a document of `moment` with figures up to `day` had used."""
    rows = BallotCorrection.objects.approved().filter(
        election__campaign=campaign,
        decided_at__gt=moment,
        counted_at__lte=moment,
        held_on__lte=day,
    )
    return rows if township_id is None else rows.filter(election__township=township_id)


def with_corrected(documents: QuerySet, *, moment: str, day: str) -> QuerySet:
    """The documents with `is_corrected`; `moment`, `day`: their fields."""
    later = BallotCorrection.objects.approved().filter(
        election__campaign=OuterRef("campaign"),
        decided_at__gt=OuterRef(moment),
        counted_at__lte=OuterRef(moment),
        held_on__lte=OuterRef(day),
    )
    return documents.annotate(is_corrected=Exists(later))


@dataclass(frozen=True)
class Corrected:
    """One correction as a document's page shows it: the figures that changed, the people elected before and after."""

    row: BallotCorrection
    lines: list[CorrectionLine]
    posts: list[tuple[str, str, str]]


def shown(rows: QuerySet[BallotCorrection]) -> list[Corrected]:
    """Corrections, the last first, with what changed (one query)."""
    found = rows.select_related("election__village", "election__township").order_by("-decided_at")
    return [
        Corrected(row, [line for line in correction_lines(row) if line.changed], _posts(row.effect))
        for row in found
    ]


def _posts(effect: dict) -> list[tuple[str, str, str]]:
    """(post, names before, names after) of the posts that changed hands."""
    before, after = effect.get("elected_before", {}), effect.get("elected_after", {})
    return [
        (kind.label, "、".join(before.get(kind, [])) or "—", "、".join(after.get(kind, [])) or "—")
        for kind in ElectedPostKind
        if before.get(kind) != after.get(kind)
    ]


@dataclass(frozen=True)
class Difference:
    """One figure of a closing report, then and now."""

    indicator: Indicator
    then: str
    now: str


def differences(report: ClosingReport) -> list[Difference]:
    """The figures of a report that the records, up to its day, give differently now."""
    now = figures(scope_of_area(report.campaign, as_of=report.as_of))
    return [
        Difference(
            INDICATORS[key],
            INDICATORS[key].text(report.figures[key]),
            INDICATORS[key].text(now[key]),
        )
        for key in rules.restated(report.figures, now)
    ]
