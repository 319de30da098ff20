"""Names in the order of surname strokes, as lists of candidates are printed."""

from itertools import islice, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elections.strokes import by_strokes, stroke_key, strokes_of, surname_of


@pytest.mark.parametrize(
    ("character", "strokes"),
    [
        *(("一", 1), ("丁", 2), ("于", 3), ("王", 4), ("司", 5), ("刘", 6), ("陈", 7), ("欧", 8)),
        *(("荆", 9), ("郭", 10), ("黄", 11), ("董", 12), ("魏", 17), ("爨", 30)),
        *(("㛃", 9), ("烎", 10), ("㑇", 7), ("䶮", 9), ("𬬻", 10), ("莙", 10), ("龘", 48)),
        *(("A", None), ("·", None), ("1", None)),
    ],
)
def test_strokes_of(character, strokes):
    assert strokes_of(character) == strokes


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("王明", "王"),
        ("欧阳修", "欧阳"),
        ("欧阳", "欧"),
        ("司马相如", "司马"),
        ("欧小明", "欧"),
        ("", ""),
    ],
)
def test_surname_of(name, surname):
    assert surname_of(name) == surname


@pytest.mark.parametrize(
    "names",
    [
        # number of strokes of the surname
        ["丁一", "于一", "王一", "史一", "刘一", "陈一", "林一", "赵一", "郭一", "黄一", "董一"],
        # equal strokes: 横, 竖, 撇, 点, 折
        ["王甲", "贝甲", "毛甲", "文甲", "孔甲"],
        # the same first stroke: the second decides (李 一丨, 杨 一丨丿丶, 吴 丨𠃍; 林 一丨 before 欧 一丿)
        ["林甲", "欧甲"],
        ["十甲", "丁甲"],  # 竖 before 竖钩
        ["李甲", "杨甲", "吴甲", "何甲", "沈甲", "张甲"],
        # compound surnames by their first character: 司 5, 欧 8, 诸 10, 慕 14
        ["司马光", "刘一", "欧阳修", "赵一", "诸葛亮", "慕容复"],
        ["司马甲", "司徒甲"],  # 马 3 before 徒 10
        # one given character before two after the same surname, whatever its strokes
        ["田富", "田一鸣", "田大利"],
        ["欧小明", "欧阳修", "欧阳一鸣"],
        # given names by strokes as well
        ["李一鸣", "李大鸣", "李建国", "李德胜"],
        # rare characters after the known ones with as many strokes, by code
        ["王一", "胡甲", "㛃甲", "䶮甲", "郭甲"],
        # names of minorities: the sign in the middle is not compared
        ["买买提·甲", "阿卜杜拉·买买提", "阿依古丽"],
        ["王一", "Anna"],
    ],
)
def test_order(names):
    expected = list(names)
    for shuffled in [list(reversed(names)), sorted(names), *islice(permutations(names), 24)]:
        assert by_strokes(shuffled) == expected


def test_objects_are_sorted_by_their_names():
    people = [("陈一", 1), ("丁一", 2)]

    assert by_strokes(people, name=lambda p: p[0]) == [("丁一", 2), ("陈一", 1)]


@given(st.lists(st.text("王刘陈欧阳司马丁十一明建国㛃𬭎·A", min_size=1, max_size=4), max_size=8))
def test_order_does_not_depend_on_the_order_of_entry(names):
    ordered = by_strokes(names)

    assert [stroke_key(n) for n in ordered] == [stroke_key(n) for n in by_strokes(sorted(names))]
    assert sorted(ordered) == sorted(names)
