"""What hangs on the dashboard besides figures: stages that wait for me, exceptions, overrides, in one statement."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Case, CharField, Count, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import Cast, RowNumber
from django.urls import reverse

from accounts.enums import Role
from elections.enums import Stage, StageStatus
from elections.models import Campaign, ExceptionRequest, StageOverride, StageRecord
from elections.stages import STAGES
from villages.scoping import area_q, has_role

#: How many lines a list on the dashboard shows before it refers to the whole list.
LIST_LIMIT = 8


@dataclass(frozen=True)
class Note:
    """One line. `at`: submitted, decided or ordered; `document`: the number of an order, else empty."""

    election_id: int
    village: str
    township: str
    stage: Stage
    reason: str
    document: str
    at: datetime | None

    @property
    def label(self) -> str:
        return self.stage.label

    @property
    def url(self) -> str:
        return reverse(STAGES[self.stage].url_name, kwargs={"pk": self.election_id})


@dataclass
class Notes:
    """The first lines of one list and how many there are in all."""

    total: int = 0
    lines: list[Note] = field(default_factory=list)


#: The columns of every part of the statement, in this order.
_COLUMNS = (
    "kind", "total", "place", "election_id", "village", "township", "stage", "words", "document", "when",
)  # fmt: skip


def _part(rows: QuerySet, kind, *, order: tuple, words, document, when) -> QuerySet:
    """The first rows of one list, each with its place in the list and the length of the whole list."""
    return (
        rows.annotate(kind=kind)
        .annotate(
            total=Window(Count("pk"), partition_by=F("kind")),
            place=Window(RowNumber(), partition_by=F("kind"), order_by=order),
            village=F("election__village__name"),
            township=F("election__township__name"),
            words=Cast(words, CharField()),
            document=Cast(document, CharField()),
            when=F(when),
        )
        .filter(place__lte=LIST_LIMIT)
        .order_by()
        .values_list(*_COLUMNS)
    )


def board_notes(user, campaign: Campaign) -> dict[str, Notes]:
    """pending, exception (approved), asked (still to be decided) and override → its lines (one query).

    `pending`: submitted stages that wait for this user's confirmation, the oldest first. The others are of the user's
    area, the latest first.
    """
    here = Q(election__campaign=campaign)
    nothing = Value("")
    exceptions = _part(
        ExceptionRequest.objects.visible_to(user).filter(
            here, Q(approved__isnull=True) | Q(approved=True)
        ),
        Case(When(approved=True, then=Value("exception")), default=Value("asked")),
        order=(F("requested_at").desc(), F("pk").desc()),
        words=F("reason"),
        document=nothing,
        when="decided_at",
    )
    overrides = _part(
        StageOverride.objects.visible_to(user).filter(here).in_force(),
        Value("override", CharField()),
        order=(F("at").desc(), F("pk").desc()),
        words=F("reason"),
        document=F("document_number"),
        when="at",
    )
    parts = [overrides]
    if has_role(user, Role.ORG_STAFF):
        waiting = StageRecord.objects.filter(
            area_q(user, roles=(Role.ORG_STAFF,), prefix="election__"),
            here,
            is_current=True,
            status=StageStatus.SUBMITTED,
        )
        parts.append(
            _part(
                waiting,
                Value("pending", CharField()),
                order=(F("submitted_at").asc(), F("pk").asc()),
                words=nothing,
                document=nothing,
                when="submitted_at",
            )
        )
    notes = {kind: Notes() for kind in ("pending", "exception", "asked", "override")}
    for row in exceptions.union(*parts, all=True).order_by("kind", "place"):
        kind, total, _, election_id, village, township, stage, words, document, when = row
        notes[kind].total = total
        notes[kind].lines.append(
            Note(election_id, village, township, Stage(stage), words, document, when)
        )
    return notes
