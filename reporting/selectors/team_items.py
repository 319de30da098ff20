"""What is counted of members and of secretaries: one item for each figure of 班子结构, with its list and its target."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from candidates.enums import ElectedPostKind
from villages.enums import Education, Origin

from ..enums import TeamMeasure
from ..indicators import rows as counted_rows
from ..indicators import structure
from ..indicators.base import Scope


@dataclass(frozen=True)
class Item:
    """One figure of a team. `key`: its part in the address of the list; `condition(person, on)`: who counts; `target`: the
    measure a target is set for; `is_kept`: whether the roster knows it of last term, too; `short`: its word in the chart,
    empty where it is not drawn."""

    code: str
    label: str
    query: str
    condition: Callable[[str, date], Q]
    target: TeamMeasure | None = None
    is_kept: bool = True
    short: str = ""


def _always(condition):
    """A condition that does not depend on the day."""
    return lambda person, on: condition(person)


_SHORT_AGES = {"18_35": "≤35岁", "36_45": "36–45岁", "46_55": "46–55岁", "56_120": "≥56岁"}


def _items(*, women, young, college) -> tuple[Item, ...]:
    """What is counted of members and of secretaries alike."""
    ages = tuple(
        Item(
            f"age_{band}",
            label,
            f"age={band}",
            lambda person, on, band=band: structure.is_aged(band, on, person),
            young if band == "18_35" else None,
            short=_SHORT_AGES[band],
        )
        for band, (_, _, label) in structure.AGE_BANDS.items()
    )
    levels = tuple(
        Item(
            f"education_{level.value}",
            level.label,
            f"education={level.value}",
            lambda person, on, level=level: structure.is_educated([level.value], person),
        )
        for level in Education
    )
    college_up = Item(
        "college_up",
        "大专及以上学历",
        "education=college_up",
        _always(lambda person: structure.is_educated(structure.COLLEGE_UP, person)),
        college,
        short="大专以上",
    )
    woman = Item("women", "女性", "sex=female", _always(structure.is_woman), women, short="女性")
    return (woman, *ages, *levels, college_up)


def _won(again: bool) -> Item:
    return Item(
        "again" if again else "new",
        "连任" if again else "新当选",
        "again=yes" if again else "again=no",
        lambda person, on: Q(reelected=again),
        is_kept=False,
    )


@dataclass(frozen=True)
class Kind:
    """Members or secretaries. `people(scope)`: one row per person elected, as the registry counts them."""

    code: str
    label: str
    query: str
    people: Callable[[Scope], QuerySet]
    items: tuple[Item, ...]


MEMBERS = Kind(
    "members",
    "班子成员",
    "",
    counted_rows.members,
    (
        *_items(
            women=TeamMeasure.MEMBER_WOMEN,
            young=TeamMeasure.MEMBER_YOUNG,
            college=TeamMeasure.MEMBER_COLLEGE,
        ),
        Item(
            "cross_post",
            "交叉任职",
            "also=committee",
            _always(structure.sits_on_committee),
            TeamMeasure.MEMBER_CROSS,
            is_kept=False,
            short="交叉任职",
        ),
        _won(False),
        _won(True),
    ),
)
SECRETARIES = Kind(
    "secretaries",
    "书记",
    f"post={ElectedPostKind.SECRETARY.value}",
    counted_rows.secretaries,
    (
        *_items(
            women=TeamMeasure.SECRETARY_WOMEN,
            young=TeamMeasure.SECRETARY_YOUNG,
            college=TeamMeasure.SECRETARY_COLLEGE,
        ),
        Item(
            "dual_post",
            "一肩挑",
            "also=head",
            _always(structure.heads_committee),
            TeamMeasure.SECRETARY_DUAL,
            is_kept=False,
            short="一肩挑",
        ),
        _won(False),
        _won(True),
        *(
            Item(
                f"origin_{origin.value}",
                f"来源：{origin.label}",
                f"origin={origin.value}",
                lambda person, on, origin=origin: structure.comes_from(origin.value, person),
            )
            for origin in Origin
            if origin != Origin.OTHER
        ),
    ),
)
KINDS = (MEMBERS, SECRETARIES)
