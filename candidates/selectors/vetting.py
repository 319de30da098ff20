"""Where each person stands in the joint review: who was asked, who has answered, who is awaited."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from accounts.enums import Role
from elections.holidays import CALENDAR
from elections.models import Campaign
from elections.rules import lateness, working_days_late
from villages.models import Posting

from .. import rules
from ..enums import IN_FORCE, AskState, CandidacyStatus, ReviewLevel, ReviewResult, StartingPoint
from ..models import (
    Candidacy,
    NegativeRule,
    PersonFact,
    Review,
    ReviewAsk,
    ReviewOpinion,
    VettingDepartment,
)


@dataclass
class JointState:
    """One person's joint review. `asks`: department → its current question; `departments`: those of the campaign."""

    departments: list[VettingDepartment]
    asks: dict[int, ReviewAsk] = field(default_factory=dict)

    def _of(self, state: AskState) -> list[ReviewAsk]:
        return [ask for ask in self.asks.values() if ask.state == state]

    @property
    def unasked(self) -> list[VettingDepartment]:
        """Departments without a question, or whose question was closed."""
        return [
            d
            for d in self.departments
            if d.pk not in self.asks or self.asks[d.pk].state == AskState.VOID
        ]

    @property
    def waiting(self) -> list[ReviewAsk]:
        """Required departments that have not answered."""
        return [ask for ask in self._of(AskState.OPEN) if ask.department.required]

    @property
    def objections(self) -> list[ReviewAsk]:
        return self._of(AskState.OBJECTION)

    @property
    def supplements(self) -> list[ReviewAsk]:
        return self._of(AskState.SUPPLEMENT)

    @property
    def is_ready(self) -> bool:
        """Every required department's current answer is in, and none of them asks for more."""
        required = [d for d in self.unasked if d.required]
        return not (required or self.waiting or self.supplements)

    @property
    def is_clear(self) -> bool:
        return self.is_ready and not self.objections

    @property
    def cells(self) -> list[tuple[VettingDepartment, ReviewAsk | None]]:
        return [(d, self.asks.get(d.pk)) for d in self.departments]

    def missing(self, today: date) -> list[str]:
        """What keeps the county from deciding, one part of a sentence per department."""
        found = [f"未送{d.name}联审" for d in self.unasked if d.required]
        found += [f"{ask.department.name}未答复（{deadline(ask, today)}）" for ask in self.waiting]
        return found + [f"{a.department.name}要求补充，等补充后答复" for a in self.supplements]


def deadline(ask: ReviewAsk, today: date) -> str:
    """期限11月30日，已逾期2个工作日"""
    late = days_late(ask, today)
    day = f"期限{ask.due_on.month}月{ask.due_on.day}日"
    return f"{day}，已逾期{late}个工作日" if late else day


def days_late(ask: ReviewAsk, today: date) -> int:
    """Working days since the deadline of a question that is still open."""
    return working_days_late(ask.due_on, today, CALENDAR) if ask.state == AskState.OPEN else 0


def tone(ask: ReviewAsk | None, today: date, *, red_after: int) -> str:
    """The chip of one cell of the matrix."""
    if ask is None:
        return "waiting"
    late = lateness(days_late(ask, today), red_after=red_after)
    if late:
        return late
    return {
        AskState.OPEN: "open",
        AskState.CLEAR: "done",
        AskState.OBJECTION: "bad",
        AskState.SUPPLEMENT: "returned",
        AskState.VOID: "not_applicable",
    }[AskState(ask.state)]


def departments(campaign_id: int) -> list[VettingDepartment]:
    """The campaign's departments in their order (one query). None of them: the review has two levels only."""
    return list(VettingDepartment.objects.filter(campaign=campaign_id).current())


def joint_states(people: Iterable[int], found: list[VettingDepartment]) -> dict[int, JointState]:
    """Candidacy → its joint review (one query; none without departments)."""
    people = list(people)
    states = {pk: JointState(found) for pk in people}
    if found:
        asks = ReviewAsk.objects.filter(candidacy__in=people, is_current=True)
        for ask in asks.select_related("department").order_by("department__order", "pk"):
            states[ask.candidacy_id].asks[ask.department_id] = ask
    return states


def awaiting_county(campaign: Campaign) -> QuerySet[Candidacy]:
    """People whose township review passed and about whom the county has said nothing yet."""
    first = Review.objects.filter(
        level=ReviewLevel.TOWNSHIP, result=ReviewResult.PASSED, countersign__in=IN_FORCE
    )
    second = Review.objects.filter(level=ReviewLevel.COUNTY)
    return (
        Candidacy.objects.filter(
            election__campaign=campaign,
            status=CandidacyStatus.PRELIMINARY,
            pk__in=first.values("candidacy"),
        )
        .exclude(pk__in=second.values("candidacy"))
        .select_related("member", "election__village", "election__township", "election__county")
        .order_by("election__village__code", "rank", "pk")
    )


def to_send(campaign: Campaign, found: list[VettingDepartment]) -> list[Candidacy]:
    """People who may be sent: some department was not asked about them (two queries)."""
    people = list(awaiting_county(campaign))
    states = joint_states([p.pk for p in people], found)
    return [p for p in people if states[p.pk].unasked]


def last_opinions(asks: Iterable[ReviewAsk]) -> dict[int, ReviewOpinion]:
    """Question → the answer that holds (one query)."""
    wanted = {ask.pk: ask.version for ask in asks if ask.version}
    rows = ReviewOpinion.objects.filter(ask__in=wanted).select_related("rule")
    return {o.ask_id: o for o in rows if o.version == wanted[o.ask_id]}


def rules_of(campaign_id: int, department: str) -> list[NegativeRule]:
    """The rules of the negative list that a department checks (one query)."""
    current = NegativeRule.objects.filter(campaign=campaign_id).current()
    return [rule for rule in current if department in rule.departments]


def without_account(campaign: Campaign, found: list[VettingDepartment], *, on: date) -> set[str]:
    """Names of departments that no active user's posting names, in the campaign's area or above it."""
    area = campaign.area
    above = {area.pk, area.county_id, area.city_id, area.province_id} - {None}
    inside = (
        Q(jurisdiction__county=area) | Q(jurisdiction__city=area) | Q(jurisdiction__province=area)
    )
    named = (
        Posting.objects.active(on=on)
        .filter(Q(jurisdiction__in=above) | inside, role=Role.VETTING, user__is_active=True)
        .values_list("department", flat=True)
    )
    return {d.name for d in found} - {name.strip() for name in named}


@dataclass(frozen=True)
class Match:
    """One rule of the list that one recorded fact falls under, or may fall under."""

    rule: NegativeRule
    fact: PersonFact
    finding: rules.Finding

    @property
    def is_hit(self) -> bool:
        return self.finding.verdict == rules.Verdict.HIT


def matches(
    people: Iterable[Candidacy], campaign_id: int, *, user, on: date
) -> dict[int, list[Match]]:
    """Candidacy → what the campaign's list says of the facts that `user` may see (two queries)."""
    people = list(people)
    facts = defaultdict(list)
    seen = PersonFact.objects.visible_to(user).standing()
    for fact in seen.filter(member__in=[p.member_id for p in people]).order_by("pk"):
        facts[fact.member_id].append(fact)
    listed = list(NegativeRule.objects.filter(campaign=campaign_id).current()) if facts else []
    return {p.pk: _matches(p, facts[p.member_id], listed, on) for p in people}


def _matches(person, facts, listed, on: date) -> list[Match]:
    found = []
    for fact in facts:
        for rule in listed:
            finding = rules.find(
                rule.criterion,
                kind=fact.kind,
                dates=fact.dates,
                post=person.nominated_post,
                on=on,
                start_label=StartingPoint(rule.starts_from).label,
            )
            if finding and finding.verdict != rules.Verdict.PASSED:
                found.append(Match(rule, fact, finding))
    return found


def decided(people: Iterable[int]) -> set[int]:
    """Those about whom the county has said something, countersigned or not (one query)."""
    rows = Review.objects.filter(candidacy__in=list(people), level=ReviewLevel.COUNTY)
    return set(rows.values_list("candidacy", flat=True))


def has_county_word(candidacy_id: int) -> bool:
    return bool(decided([candidacy_id]))


@dataclass(frozen=True)
class Cell:
    """One department's state about one person, as this reader may see it."""

    name: str
    label: str
    tone: str
    note: str = ""
    opinion: ReviewOpinion | None = None


def matrix(
    joint: JointState,
    opinions: dict[int, ReviewOpinion],
    *,
    is_open: bool,
    today: date,
    red_after: int,
) -> list[Cell]:
    """The row of one person. `is_open`: staff see what was answered; the others that it was, and what is to be supplied."""
    return [
        _cell(department, ask, opinions, is_open=is_open, today=today, red_after=red_after)
        for department, ask in joint.cells
    ]


def _cell(department, ask, opinions, *, is_open: bool, today: date, red_after: int) -> Cell:
    if ask is None:
        return Cell(department.name, "未送审", "waiting")
    opinion = opinions.get(ask.pk)
    if ask.state == AskState.OPEN:
        note = deadline(ask, today)
        return Cell(department.name, "待答复", tone(ask, today, red_after=red_after), note)
    if not is_open and ask.state in (AskState.CLEAR, AskState.OBJECTION):
        return Cell(department.name, "已答复", "done")
    shown = tone(ask, today, red_after=red_after)
    if ask.state == AskState.VOID:
        return Cell(department.name, ask.get_state_display(), shown, ask.why)
    words = opinion.reason if opinion else ""
    if opinion and opinion.rule:
        words = f"{opinion.rule}：{words}"
    return Cell(
        department.name, ask.get_state_display(), shown, words, opinion if is_open else None
    )
