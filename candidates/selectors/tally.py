"""The live count."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet

from elections import rules
from elections.enums import Stage
from elections.models import VillageElection

from ..enums import MarkKind
from ..models import (
    Candidacy,
    TallyMark,
    TallySheet,
)
from .ballots import Contest


def sheets_of(election: VillageElection, stage: Stage, contest: Contest) -> QuerySet[TallySheet]:
    """The live sheets of the round that is to be counted, the first teller's first."""
    return (
        TallySheet.objects.filter(
            election=election,
            stage=stage,
            post=contest.post,
            number=contest.next_number,
            replaced_at__isnull=True,
        )
        .select_related("teller")
        .order_by("opened_at", "pk")
    )


def counted_on(sheets: Collection[TallySheet]) -> dict[int, rules.Counted]:
    """Sheet → what its strokes add up to, without those taken back (two queries)."""
    names = dict(
        Candidacy.objects.filter(
            pk__in={pk for sheet in sheets for pk in sheet.candidates}
        ).values_list("pk", "member__name")
    )
    undone = TallyMark.objects.filter(sheet=OuterRef("sheet"), undoes=OuterRef("uid"))
    sums: dict[tuple, int] = {
        (sheet, kind, person): n
        for sheet, kind, person, n in TallyMark.objects.filter(sheet__in=sheets)
        .exclude(kind=MarkKind.UNDO)
        .filter(~Exists(undone))
        .order_by()
        .values_list("sheet", "kind", "candidacy")
        .annotate(n=Count("pk"))
    }
    return {
        sheet.pk: rules.Counted(
            sums.get((sheet.pk, MarkKind.VALID, None), 0),
            sums.get((sheet.pk, MarkKind.INVALID, None), 0),
            {
                pk: (
                    names[pk],
                    sums.get((sheet.pk, MarkKind.FAVOUR, pk), 0),
                    sums.get((sheet.pk, MarkKind.AGAINST, pk), 0),
                )
                for pk in sheet.candidates
            },
        )
        for sheet in sheets
    }


@dataclass(frozen=True)
class LiveCount:
    """What the sheets of a round say: the figures both tellers agree on, or where they differ."""

    sheets: tuple[TallySheet, ...]
    counted: rules.Counted | None
    differences: tuple[str, ...] = ()

    @property
    def tellers(self) -> str:
        return "、".join(sheet.teller.name for sheet in self.sheets)


def live_count(election: VillageElection, stage: Stage, contest: Contest) -> LiveCount:
    """The result of the closed sheets: `counted` is None while somebody still counts or the two differ."""
    sheets = tuple(sheets_of(election, stage, contest))
    if not sheets or any(s.closed_at is None for s in sheets):
        return LiveCount(sheets, None)
    first, *others = counted_on(sheets).values()
    found = rules.count_differences(first, others[0]) if others else []
    return LiveCount(sheets, None if found else first, tuple(found))
