"""What holds of people, whatever the election: standing on a day, ages, terms. Pure: no database, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Protocol

from accounts.problems import Problem

from .identity import identity_problems, normalised

CONSTITUTION = "《中国共产党章程》"
ROSTER = "党员名册登记要求"
ADULT_YEARS = 18
#: Restrictions from the lightest: where two are in force, the later one in this order is said.
SEVERITY = ("under_probation", "suspended")
FAR = date.max


class Dated(Protocol):
    """Something in force from one day to another, both included; no end: until further notice."""

    kind: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Spell:
    """A Dated made of its parts."""

    kind: str
    starts_on: date
    ends_on: date | None


def in_force(spell: Dated, day: date) -> bool:
    return spell.starts_on <= day <= (spell.ends_on or FAR)


def status_on(status: str, restrictions: Iterable[Dated], day: date) -> str:
    """A member's standing on a day: the restriction in force then, else what the member is without one. So the end
    of a restriction gives back the right to vote without anybody's doing (条例第五条)."""
    kinds = {r.kind for r in restrictions if in_force(r, day)}
    return next((kind for kind in reversed(SEVERITY) if kind in kinds), status)


def adult_on(born: date) -> date:
    """The eighteenth birthday; of somebody born on 29 February the day after the 28th."""
    try:
        return born.replace(year=born.year + ADULT_YEARS)
    except ValueError:
        return date(born.year + ADULT_YEARS, 3, 1)


def member_problems(facts: dict, *, today: date) -> list[Problem]:
    """What is wrong with a member's facts: dates in order, an adult at joining, nothing in the future, the identity
    number (if given) that of this person, a main origin where there are further ones."""
    problems = []
    name, born, joined = facts["name"], facts["born_on"], facts["joined_on"]
    if joined > today or born > today:
        problems.append(Problem("future", f"{name}：日期在今天之后，请核对出生和入党日期。"))
    elif joined < adult_on(born):
        problems.append(
            Problem(
                "age",
                f"{name}：入党时不满{ADULT_YEARS}周岁，请核对出生和入党日期。",
                f"{CONSTITUTION}第一条",
            )
        )
    for _, since in facts.get("posts", ()):
        if not born < since <= today:
            problems.append(
                Problem("post_since", f"{name}：任职日期应在出生之后、今天以前，请核对。")
            )
    if facts.get("is_women_director") and facts["sex"] != "female":
        problems.append(Problem("women_director", f"{name}：妇代会主任应为女性，请核对性别。"))
    if facts.get("heads_village_committee") and facts.get("on_village_committee"):
        problems.append(
            Problem(
                "village_committee",
                f"{name}：村（居）委会主任和副主任、委员只能选一项，请核对。",
                ROSTER,
            )
        )
    if facts.get("status") in SEVERITY:
        problems.append(
            Problem(
                "status",
                f"{name}：留党察看、中止权利按起止日期和文号另行登记，这里请填处分前的类别（正式或预备）。",
                ROSTER,
            )
        )
    problems += _origin_problems(name, facts.get("origin", ""), facts.get("further_origins", ()))
    return problems + number_problems(facts)


def number_problems(facts: dict) -> list[Problem]:
    """What is wrong with the identity number of `facts`; nothing where none is given."""
    number = normalised(facts.get("identity") or "")
    if not number:
        return []
    return identity_problems(number, name=facts["name"], born_on=facts["born_on"], sex=facts["sex"])


def _origin_problems(name: str, main: str, further: Sequence[str]) -> list[Problem]:
    if further and not main:
        return [Problem("origin", f"{name}：有其他来源的，请先选主要来源。", ROSTER)]
    if main in further:
        return [
            Problem("origin", f"{name}：主要来源不必在其他来源中再选一次，请去掉重复的。", ROSTER)
        ]
    return []


def restriction_problems(
    *, name: str, joined_on: date, starts_on: date, ends_on: date | None, document: str, today: date
) -> list[Problem]:
    """A restriction begins in the past, ends after it began, and rests on a document."""
    problems = []
    if not joined_on <= starts_on <= today:
        problems.append(
            Problem(
                "restriction_start",
                f"{name}：开始日期应在入党以后、今天以前，请核对决定的日期。",
                ROSTER,
            )
        )
    if ends_on and ends_on < starts_on:
        problems.append(
            Problem("restriction_end", f"{name}：截止日期早于开始日期，请改正。", ROSTER)
        )
    if not document.strip():
        problems.append(
            Problem("restriction_document", f"{name}：请填写处分或中止决定的文号。", ROSTER)
        )
    return problems


def overlapping(spells: Iterable[Dated]) -> bool:
    """Whether two of one kind are in force on the same day."""
    return any(
        a.kind == b.kind and a.starts_on <= (b.ends_on or FAR) and b.starts_on <= (a.ends_on or FAR)
        for a, b in combinations(spells, 2)
    )


def post_problems(
    *, name: str, born_on: date, started_on: date, ended_on: date | None, today: date
) -> list[Problem]:
    """A term in a post: begun after birth and not in the future, ended (if it is) after it began and not later
    than today: a post ends when it ends, not when it is expected to."""
    problems = []
    if not born_on < started_on <= today:
        problems.append(
            Problem("post_since", f"{name}：任职日期应在出生之后、今天以前，请核对。", ROSTER)
        )
    if ended_on and not started_on <= ended_on <= today:
        problems.append(
            Problem("post_until", f"{name}：离任日期应在任职之后、今天以前，请核对。", ROSTER)
        )
    return problems


def representative_problems(facts: dict, *, today: date) -> list[Problem]:
    """What is wrong with a villagers' representative: an adult on the first day, in office in the past, the identity
    number (if given) that of this person."""
    problems = []
    name, born, since, until = (facts[key] for key in ("name", "born_on", "since", "until"))
    if since > today or born > today:
        problems.append(Problem("future", f"{name}：出生、起任日期在今天之后，请核对。"))
    elif since < adult_on(born):
        problems.append(
            Problem(
                "age",
                f"{name}：起任时不满{ADULT_YEARS}周岁，请核对出生和起任日期。",
                "《中华人民共和国村民委员会组织法》",
            )
        )
    if until and not since <= until <= today:
        problems.append(
            Problem("until", f"{name}：离任日期应在起任之后、今天以前，请核对。", ROSTER)
        )
    return problems + number_problems(facts)
