"""Identity numbers: what is wrong with one, and that no sentence gives it away."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.villages import identity_number as number
from villages.identity import check_digit, identity_problems, is_whole, masked, normalised

BORN = date(1980, 5, 1)


def codes(text: str, *, born_on=BORN, sex="female") -> list[str]:
    problems = identity_problems(text, name="示例甲", born_on=born_on, sex=sex)
    return [p.code for p in problems]


def test_number_of_the_standard_s_own_example_is_right():
    assert check_digit("11010519491231002") == "X"
    assert check_digit("44052418800101001") == "4"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (number(), []),
        (number()[:-1], ["identity_shape"]),
        (number() + "0", ["identity_shape"]),
        ("0" + number()[1:], ["identity_shape"]),
        ("9.90000198005E+17", ["identity_shape"]),
        ("99000019800501002x", ["identity_shape"]),
        (number()[:-1] + ("0" if number()[-1] != "0" else "1"), ["identity_check"]),
        (number("99000019800502002"), ["identity_birth"]),
        (number("99000019800501001"), ["identity_sex"]),
        (number("99000019810501001"), ["identity_birth", "identity_sex"]),
    ],
)
def test_what_is_wrong_with_a_number(text, expected):
    assert codes(text) == expected


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(at, more):
    right = number()
    wrong = right[:at] + str((int(right[at]) + more) % 10) + right[at + 1 :]
    assert codes(wrong) != []


@given(st.integers(0, 16))
def test_two_digits_exchanged_are_noticed(at):
    right = number()
    swapped = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
    assert swapped == right or codes(swapped) != []


@pytest.mark.parametrize("text", ["1", number("99000019810501001"), "1" * 18])
def test_no_sentence_repeats_the_number(text):
    for problem in identity_problems(text, name="示例甲", born_on=BORN, sex="female"):
        assert text not in problem.message or len(text) < 2
        assert "示例甲" in problem.message


@pytest.mark.parametrize(
    "typed",
    [
        " 11010519491231002x ",
        "110105 19491231 002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "\t11010519491231002X\n",
    ],
)
def test_number_is_compared_as_it_is_stored(typed):
    assert normalised(typed) == "11010519491231002X"
    assert is_whole(typed)


def test_mask_shows_the_last_four_only():
    assert masked("11010519491231002X") == "*" * 14 + "002X"
    assert masked("") == ""
    assert not is_whole("110105")
