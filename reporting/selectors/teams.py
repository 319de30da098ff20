"""班子结构: what the teams elected in this term are made of, beside last term and the campaign's targets.

Each figure of this term counts the rows of the indicator registry under the same condition (`indicators.structure`).
Last term is that of the villages that have elected already (`indicators.last_term`).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, F, Sum
from django.urls import reverse

from candidates.enums import ElectedPostKind
from elections.models import Campaign
from villages.enums import Post

from .. import rules
from ..indicators import last_term, structure
from ..indicators import rows as counted_rows
from ..indicators.base import Scope
from ..models import TeamTarget, TownshipProgress
from .scope import scope_of_user
from .team_items import KINDS, MEMBERS, SECRETARIES, Item, Kind


@dataclass(frozen=True)
class Figure:
    """One line: persons of all persons, this term and last. `before`: None where the roster does not tell."""

    item: Item
    part: int
    whole: int
    url: str
    before: int | None
    whole_before: int
    target: int | None

    @property
    def share(self) -> str:
        return rules.share(self.part, self.whole)

    @property
    def share_before(self) -> str:
        return "—" if self.before is None else rules.share(self.before, self.whole_before)

    @property
    def percent(self) -> Decimal | None:
        return rules.percent(self.part, self.whole)

    @property
    def percent_before(self) -> Decimal | None:
        return None if self.before is None else rules.percent(self.before, self.whole_before)

    @property
    def change(self) -> str:
        """Against last term, in percentage points."""
        if self.percent is None or self.percent_before is None:
            return "—"
        change = self.percent - self.percent_before
        return f"{change:+}" if change else "0.0"

    @property
    def is_met(self) -> bool | None:
        """Whether the target is reached: by the exact share, not by the rounded one."""
        if self.target is None or not self.whole:
            return None
        return self.part * 100 >= self.target * self.whole

    @property
    def missing(self) -> int:
        """How many persons more would reach the target."""
        if self.is_met is not False:
            return 0
        return -(-self.target * self.whole // 100) - self.part


@dataclass(frozen=True)
class Team:
    """Members or secretaries of the area: `people` persons; the averages None without any."""

    kind: Kind
    people: int
    people_before: int
    url: str
    age: float | None
    age_before: float | None
    tenure: float | None
    tenure_before: float | None
    figures: list[Figure]


@dataclass(frozen=True)
class TownshipTeam:
    """One township: persons, and the figures with a target or a place in the chart."""

    name: str
    township_id: int
    people: int
    age: float | None
    figures: list[Figure]


@dataclass(frozen=True)
class Teams:
    teams: list[Team]
    townships: dict[str, list[TownshipTeam]]
    villages: int

    @property
    def has_targets(self) -> bool:
        return any(figure.target is not None for team in self.teams for figure in team.figures)


def _sums(kind: Kind, *, person: str, on: date, is_won: bool) -> dict:
    """The aggregates of one group of people."""
    found = {
        f"n_{item.code}": Count("pk", filter=item.condition(person, on))
        for item in kind.items
        if is_won or item.is_kept
    }
    return found | {
        "people": Count("pk"),
        "ages": Sum(structure.WholeYears(f"{person}born_on", on=on)),
        "tenures": Sum(structure.WholeYears(f"{person}joined_on", on=on)),
    }


def _mean(total: int | None, count: int) -> float | None:
    return rules.mean(total or 0, count)


def _added(rows: list[dict]) -> dict:
    """The sum of groups, number by number."""
    names = {name for row in rows for name in row if name == "people" or name[:2] == "n_"}
    names |= {"ages", "tenures"}
    return {name: sum(row.get(name) or 0 for row in rows) for name in names}


def _won_by_township(kind: Kind, scope: Scope) -> dict[int, dict]:
    """Township → the figures of this term (one query)."""
    rows = (
        kind.people(scope)
        .order_by()
        .values(township=F("election__township"))
        .annotate(**_sums(kind, person="member__", on=scope.as_of, is_won=True))
    )
    return {row["township"]: row for row in rows}


def _last_term(scope: Scope) -> dict[str, dict]:
    """Members and secretaries of last term in the villages that have elected (one query). Ages are those of the
    campaign's first day."""
    began = scope.campaign.starts_on
    held, won = last_term.posts_before(scope)
    rows = (
        last_term.team(scope)
        .annotate(
            is_secretary=Exists(held.filter(post=Post.SECRETARY))
            | Exists(won.filter(post=ElectedPostKind.SECRETARY))
        )
        .order_by()
        .values("is_secretary")
        .annotate(
            **_sums(MEMBERS, person="", on=began, is_won=False),
            **{
                name: expression
                for name, expression in _sums(
                    SECRETARIES, person="", on=began, is_won=False
                ).items()
                if name.startswith("n_origin")
            },
        )
    )
    found = list(rows)
    return {
        MEMBERS.code: _added(found),
        SECRETARIES.code: _added([row for row in found if row["is_secretary"]]),
    }


def teams(
    user,
    campaign: Campaign,
    townships: list[TownshipProgress],
    *,
    today: date,
    township_id: int | None = None,
) -> Teams:
    """The teams of the user's area or of one township of it (six queries)."""
    scope = scope_of_user(user, campaign, as_of=today)
    if township_id:
        scope = Scope(campaign, scope.elections.filter(township=township_id), today)
    targets = dict(TeamTarget.objects.filter(campaign=campaign).values_list("measure", "percent"))
    before = _last_term(scope)
    found, by_township = [], {}
    for kind in KINDS:
        rows = _won_by_township(kind, scope)
        total = _added(list(rows.values()))
        found.append(_team(campaign, kind, total, before[kind.code], targets, township_id))
        by_township[kind.code] = [
            _township(campaign, kind, row, rows[row.township_id], targets)
            for row in townships
            if row.township_id in rows
        ]
    villages = counted_rows.decided_teams(scope).values("election").distinct().count()
    return Teams(found, by_township, villages)


def _address(campaign: Campaign, kind: Kind, item: Item | None, township_id: int | None) -> str:
    """The list of the people whom a figure counts; without an item all of the kind."""
    township = f"township={township_id}" if township_id else ""
    query = "&".join(filter(None, (kind.query, item.query if item else "", township)))
    base = reverse("elected_list", kwargs={"pk": campaign.pk})
    return f"{base}?{query}" if query else base


def _figures(campaign, kind, numbers, before, targets, township_id) -> list[Figure]:
    return [
        Figure(
            item=item,
            part=numbers.get(f"n_{item.code}", 0),
            whole=numbers["people"],
            url=_address(campaign, kind, item, township_id),
            before=before.get(f"n_{item.code}", 0) if item.is_kept and before else None,
            whole_before=before.get("people", 0) if before else 0,
            target=targets.get(item.target),
        )
        for item in kind.items
    ]


def _team(campaign, kind, numbers, before, targets, township_id) -> Team:
    people, people_before = numbers.get("people", 0), before.get("people", 0)
    return Team(
        kind=kind,
        people=people,
        people_before=people_before,
        url=_address(campaign, kind, None, township_id),
        age=_mean(numbers["ages"], people),
        age_before=_mean(before["ages"], people_before),
        tenure=_mean(numbers["tenures"], people),
        tenure_before=_mean(before["tenures"], people_before),
        figures=_figures(
            campaign,
            kind,
            {"people": 0} | numbers,
            before if people_before else {},
            targets,
            township_id,
        ),
    )


def _township(campaign, kind, row, numbers, targets) -> TownshipTeam:
    figures = _figures(campaign, kind, numbers, {}, targets, row.township_id)
    return TownshipTeam(
        name=row.township.name,
        township_id=row.township_id,
        people=numbers["people"],
        age=_mean(numbers["ages"], numbers["people"]),
        figures=[figure for figure in figures if figure.item.target],
    )


def chart_of(team: Team) -> dict:
    """The shares in percent: this term, last term, target."""
    shown = [figure for figure in team.figures if figure.item.short]

    def numbers(of) -> list[float | None]:
        return [None if of(figure) is None else float(of(figure)) for figure in shown]

    series = [{"name": "本届", "data": numbers(lambda f: f.percent), "tone": "active"}]
    if team.people_before:
        series.append({"name": "上届", "data": numbers(lambda f: f.percent_before), "tone": "na"})
    if any(figure.target is not None for figure in shown):
        series.append({"name": "目标", "data": numbers(lambda f: f.target), "tone": "wait"})
    return {
        "kind": "bar",
        "unit": "%",
        "labels": [figure.item.short for figure in shown],
        "series": series,
    }
