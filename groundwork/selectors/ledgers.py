"""The ledgers as pages show them: where rows may stand, lines of a list, counts, history, one village's part."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import AuditEntry
from elections.models import Campaign, VillageElection
from elections.querysets import counted
from villages.enums import Level
from villages.models import Jurisdiction
from villages.scoping import area_q, area_q_of

from ..ledgers import LEDGERS, Ledger, in_words
from ..models import SurveyItem


def rows_of(user, ledger: Ledger, campaign: Campaign) -> QuerySet:
    """The rows of a campaign that the user sees, withdrawn ones included."""
    return ledger.model.objects.visible_to(user).of_campaign(campaign)


def rows_at(ledger: Ledger, campaign: Campaign, place) -> QuerySet:
    """The live rows of one place."""
    rows = ledger.model.objects.live().of_campaign(campaign)
    return rows.filter(**{"election" if ledger.is_of_villages else "area": place})


def areas_of(ledger: Ledger, campaign: Campaign, area: Jurisdiction) -> QuerySet:
    """The units inside `area` where a row of areas may stand: the campaign's own, its townships."""
    units = Jurisdiction.objects.open().filter(
        area_q_of(campaign.area, own="pk"), area_q_of(area, own="pk")
    )
    if not ledger.at_county:
        units = units.filter(level=Level.TOWNSHIP)
    if not ledger.at_townships:
        units = units.exclude(level=Level.TOWNSHIP)
    return units.order_by("code")


def places_to_keep(user, ledger: Ledger, campaign: Campaign) -> QuerySet:
    """Where the user may add a row."""
    if ledger.is_of_villages:
        return (
            VillageElection.objects.filter(area_q(user, roles=ledger.editors), campaign=campaign)
            .select_related("village", "township")
            .order_by("village__code")
        )
    units = areas_of(ledger, campaign, campaign.area)
    return units.filter(area_q(user, roles=ledger.editors, own="pk"))


def townships_of(user, campaign: Campaign) -> QuerySet:
    """The townships of the campaign where the user sees villages."""
    seen = VillageElection.objects.visible_to(user).filter(campaign=campaign)
    return Jurisdiction.objects.filter(pk__in=seen.values("township")).order_by("code")


@dataclass(frozen=True)
class Line:
    """A row of a list: where it belongs and its cells, as (head, words)."""

    row: object
    place: list[tuple[str, str]]
    cells: list[tuple[str, str]]


def line_of(ledger: Ledger, row) -> Line:
    cells = [
        (ledger.labels[name], in_words(ledger.field(name), getattr(row, name)))
        for name in ledger.listed
    ]
    return Line(row, list(zip(ledger.place_heads, row.place_names, strict=True)), cells)


def facts_of(ledger: Ledger, row) -> list[tuple[str, str]]:
    """Everything entered in a row, in words."""
    return [
        (ledger.labels[name], in_words(ledger.field(name), getattr(row, name)) or "—")
        for name in ledger.fields
    ]


def index(user, campaign: Campaign) -> tuple[list[tuple[Ledger, int]], dict[str, int]]:
    """Every ledger with the number of its live rows that the user sees, and how many villages are `surveyed` and
    `graded` (one query)."""
    seen = VillageElection.objects.visible_to(user).filter(campaign=OuterRef("pk"))
    findings = SurveyItem.objects.filter(election=OuterRef("pk"))
    sheets = {
        "surveyed": counted(seen.filter(Exists(findings))),
        "graded": counted(seen.filter(risk_grade__isnull=False)),
    }
    counts = {
        f"count_{code}": counted(
            ledger.model.objects.visible_to(user).of_campaign(OuterRef("pk")).live()
        )
        for code, ledger in LEDGERS.items()
    }
    row = Campaign.objects.filter(pk=campaign.pk).values(**counts, **sheets).get()
    ledgers = [(ledger, row[f"count_{code}"]) for code, ledger in LEDGERS.items()]
    return ledgers, {name: row[name] for name in sheets}


@dataclass(frozen=True)
class Event:
    """One write of a row's history. `changes`: lines 字段：前 → 后."""

    at: datetime
    who: str
    what: str
    changes: list[str]
    reason: str


_WORDS = {
    "added": "登记",
    "changed": "更正",
    "withdrawn": "撤销",
    "approved": "批准",
    "read": "已阅",
}


def history(ledger: Ledger, row) -> list[Event]:
    """What was done to a row, from the audit trail, oldest first (one query)."""
    entries = AuditEntry.objects.filter(
        target_label=row._meta.label, target_pk=str(row.pk)
    ).order_by("at", "pk")
    labels = ledger.labels
    events = []
    for entry in entries:
        before, after = entry.changes.get("before", {}), entry.changes.get("after", {})
        lines = [
            f"{labels[name]}：{before.get(name) or '（空）'} → {value or '（空）'}"
            for name, value in after.items()
            if name in labels and before
        ]
        verb = entry.action.rsplit(".", 1)[-1]
        who = f"{entry.actor_name}（{entry.actor_post}）" if entry.actor_post else entry.actor_name
        events.append(Event(entry.at, who, _WORDS.get(verb, "办理"), lines, entry.reason))
    return events


@dataclass(frozen=True)
class Receipt:
    """A township, and when who read for it; nobody yet: empty."""

    township: str
    words: str


def receipts_of(user, ledger: Ledger, campaign: Campaign, row) -> list[Receipt]:
    """The townships that the user sees with their receipts (two queries; none where the ledger has no receipts)."""
    if not ledger.needs_receipts:
        return []
    read = {r.township_id: r for r in row.receipts.select_related("read_by")}
    found = []
    for township in townships_of(user, campaign):
        receipt = read.get(township.pk)
        words = ""
        if receipt:
            words = f"{receipt.read_by.name} {timezone.localtime(receipt.read_at):%Y-%m-%d %H:%M}"
        found.append(Receipt(township.name, words))
    return found


def village_sections(user, election: VillageElection) -> list[tuple[Ledger, list[Line]]]:
    """The ledgers of villages with this one's live rows (one query per ledger)."""
    sections = []
    for ledger in LEDGERS.values():
        if ledger.is_of_villages:
            rows = ledger.model.objects.visible_to(user).live().filter(election=election)
            rows = rows.in_order(*ledger.key)
            sections.append((ledger, [line_of(ledger, row) for row in rows]))
    return sections
