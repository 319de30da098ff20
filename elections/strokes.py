"""姓氏笔画: the order in which a committee's candidates stand on the ballot (条例第二十四条).

Characters are compared one by one: fewer strokes first; equal numbers by the strokes as they are written, 横 竖 撇 点 折
in this order (提 counts as 横, 捺 as 点, 竖钩 as 竖; the plain form first). A compound surname is compared by its first
character like any other. After the same surname a given name of one character comes before those of two: its second
place counts as empty, the practice of party congresses. A rare character whose strokes are not known in order stands
after those of the same number that are. Data: docs/adr/0012-surname-strokes.md.
"""

import gzip
import json
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files

#: Surnames of two characters, so that 欧阳修 has a given name of one.
COMPOUND = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "皇甫",
        "尉迟",
        "公孙",
        "令狐",
        "慕容",
        "长孙",
        "宇文",
        "司徒",
        "司空",
        "司寇",
        "端木",
        "独孤",
        "南宫",
        "夏侯",
        "东方",
        "东郭",
        "东门",
        "西门",
        "北堂",
        "澹台",
        "濮阳",
        "淳于",
        "单于",
        "太叔",
        "申屠",
        "轩辕",
        "万俟",
        "闻人",
        "赫连",
        "公羊",
        "公冶",
        "公西",
        "公良",
        "宗政",
        "钟离",
        "鲜于",
        "闾丘",
        "仲孙",
        "叔孙",
        "季孙",
        "子车",
        "颛孙",
        "亓官",
        "拓跋",
        "呼延",
        "百里",
        "第五",
        "漆雕",
        "乐正",
        "壤驷",
        "夹谷",
        "宰父",
        "谷梁",
        "段干",
        "梁丘",
        "左丘",
        "微生",
        "羊舌",
        "巫马",
        "纳兰",
        "完颜",
        "耶律",
        "达奚",
        "贺兰",
        "哥舒",
    ]
)
#: The empty place before a given name of one character.
_EMPTY = (0, "", "", 0)
#: More strokes than any character has: letters and signs come last.
_NO_CHARACTER = 99
_PLAIN = str.maketrans("abd", "124")
#: Signs within a name that are not compared: 阿卜杜拉·买买提.
_SIGNS = str.maketrans("", "", "·•・．. 　")


@cache
def _table() -> tuple[dict[str, str], list[tuple[int, str]]]:
    """Character → strokes in order (1 横, a 提, 2 竖, b 竖钩, 3 撇, 4 点, d 捺, 5 折); and for every block of
    characters its first code and one sign per character, whose code less 48 is the number of strokes."""
    packed = files(__package__).joinpath("data/strokes.json.gz").read_bytes()
    data = json.loads(gzip.decompress(packed))
    return data["order"], data["counts"]


@cache
def _place(character: str) -> tuple[int, str, str, int]:
    """Where a character stands: strokes, their kinds, their plain or other forms, its code."""
    order, counts = _table()
    code = ord(character)
    if strokes := order.get(character):
        return len(strokes), strokes.translate(_PLAIN), strokes, code
    for first, signs in counts:
        if first <= code < first + len(signs):
            return ord(signs[code - first]) - 48, "~", "", code
    return _NO_CHARACTER, "~", "", code


def strokes_of(character: str) -> int | None:
    """Number of strokes of a character (mainland standard); None for what is no Chinese character."""
    count = _place(character)[0]
    return None if count == _NO_CHARACTER else count


def surname_of(name: str) -> str:
    """The surname: two characters where the name begins with a compound surname and goes on, else one."""
    return name[:2] if len(name) > 2 and name[:2] in COMPOUND else name[:1]


def stroke_key(name: str) -> tuple:
    """What names are sorted by. Any text has a key; equal keys only for the same characters."""
    bare = name.translate(_SIGNS)
    surname = surname_of(bare)
    given = bare[len(surname) :]
    places = [_place(character) for character in surname]
    if len(given) == 1:
        places.append(_EMPTY)
    return tuple(places + [_place(character) for character in given])


def by_strokes(items: Iterable, *, name: Callable[..., str] = str) -> list:
    """Items in the order of the strokes of their names; the same name keeps the order given."""
    return sorted(items, key=lambda item: stroke_key(name(item)))
