"""One raw cell into one typed value, and the sentence when it cannot be."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbooks.cells import BadCell, converter, identity, parse_day
from workbooks.declarations import Column, Type
from workbooks.text import head_key, letter, shown

SEX = (("male", "男"), ("female", "女"))


def read(raw, type_=Type.TEXT, **more):
    return converter(Column("c", "列", type_, **more))(raw)


@pytest.mark.parametrize(
    "raw",
    [
        ["2026-03-05"],
        ["2026-03-05T00:00:00"],
        "2026-3-5",
        "2026/3/5",
        "2026.03.05",
        "2026年3月5日",
        "2026年3月5",
        " 2026年 3月 5日 ",
        "２０２６－３－５",
        "20260305",
        "２０２６０３０５",
        20260305.0,
        "2026-03-05 00:00:00",
    ],
)
def test_day_as_people_write_it(raw):
    assert read(raw, Type.DATE) == date(2026, 3, 5)


@pytest.mark.parametrize(
    "raw",
    [
        "2026-2-30",
        "2026.03",
        202603.0,
        46086.0,
        "明天",
        True,
        ["03:04:05"],
        "1899-12-31",
        "2101-1-1",
    ],
)
def test_what_is_no_whole_day_is_refused(raw):
    with pytest.raises(BadCell):
        read(raw, Type.DATE)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_in_every_form(day):
    forms = (f"{day:%Y-%m-%d}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}")

    assert {parse_day(text) for text in forms} == {day}


@pytest.mark.parametrize(
    ("raw", "value"), [(12.0, 12), ("12", 12), ("１２", 12), ("1,200", 1200), ("-3", -3)]
)
def test_whole_number(raw, value):
    assert read(raw, Type.WHOLE) == value


@pytest.mark.parametrize("raw", [12.5, "十二", "", 1e15, True])
def test_what_is_no_whole_number_is_refused(raw):
    with pytest.raises(BadCell):
        read(raw, Type.WHOLE)


def test_text_is_trimmed_and_a_number_keeps_its_digits():
    assert read(" 示范甲　") == "示范甲"
    assert read(13800000001.0) == "13800000001"
    assert read(2.5) == "2.5"


def test_text_too_long_or_with_nul_is_refused():
    with pytest.raises(BadCell, match="超过3个字"):
        read("示范甲乙", max_length=3)
    with pytest.raises(BadCell, match="无效字符"):
        read("示\x00范")


def test_code_is_digits_of_the_known_length():
    assert read("３２０７２４１００２００", Type.CODE, length=12) == "320724100200"
    assert read(320724100200.0, Type.CODE, length=12) == "320724100200"
    assert read("138-0000 0001", Type.CODE) == "13800000001"
    with pytest.raises(BadCell, match="前面的0可能被 Excel 去掉了"):
        read(10724100200.0, Type.CODE, length=12)
    with pytest.raises(BadCell, match="应为12位数字，实有11位"):
        read("32072410020", Type.CODE, length=12)


def test_identity_number_is_text_and_a_masked_one_says_nothing():
    assert identity("**************002X") is None
    assert identity("11010519491231002X") == "11010519491231002X"
    assert identity(" １１０１０５１９４９１２３１００２ｘ") == "11010519491231002X"


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (1.1010519491231e17, "以数字保存"),
        ("11010519491231002", "实有17位"),
    ],
)
def test_identity_number_in_doubt_is_refused_and_not_repeated(raw, why):
    with pytest.raises(BadCell, match=why) as refused:
        identity(raw)
    assert "1949" not in str(refused.value)


def test_choices_by_label_and_yes_no():
    assert read("女", Type.CHOICE, choices=SEX) == "female"
    assert read("女、男，女", Type.CHOICES, choices=SEX) == ("female", "male")
    assert [read(raw, Type.YES_NO) for raw in ("是", "√", True, 1.0, "否", "无", False)] == [
        True,
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    with pytest.raises(BadCell, match="男、女"):
        read("保密", Type.CHOICE, choices=SEX)


def test_labels_in_half_and_full_width_are_the_same():
    assert read("高中(中专)", Type.CHOICE, choices=(("senior", "高中（中专）"),)) == "senior"


def test_shown_value_hides_identity_numbers():
    assert shown("11010519491231002X") == "110105********002X"
    assert shown("号码110105194912310021。") == "号码110105********0021。"
    assert shown(1.1010519491231e17) == "数字"
    assert shown(["2026-03-05T00:00:00"]) == "2026-03-05"


def test_heads_are_compared_by_their_words():
    assert head_key(" 姓 名 * ") == head_key("姓名（必填）") == head_key("姓名")
    assert head_key(12.0) == ""


@pytest.mark.parametrize(
    ("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_letter_of_a_column(index, name):
    assert letter(index) == name
