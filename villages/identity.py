"""Resident identity numbers (公民身份号码, GB 11643): what is wrong with one, and how it is shown. Pure.

No sentence of this module repeats the number: it would end up on pages, in workbooks of errors and in logs. The first
six digits are not looked up: codes of areas that no longer exist stay valid on people's cards. No area begins with 0.
"""

import re
import unicodedata
from datetime import date

from accounts.problems import Problem

STANDARD = "GB 11643《公民身份号码》"
LENGTH = 18
SHOWN = 4
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_SHAPE = re.compile(r"[1-9][0-9]{16}[0-9X]")


def normalised(text: str) -> str:
    """As the number is stored and compared: half-width, without spaces, a small x made capital."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def is_whole(text: str) -> bool:
    """Whether a typed text has the shape of a whole number, right or wrong."""
    return bool(_SHAPE.fullmatch(normalised(text)))


def check_digit(first: str) -> str:
    """The eighteenth character that belongs to the first seventeen digits."""
    return _CHECK[sum(int(d) * w for d, w in zip(first, _WEIGHTS, strict=True)) % 11]


def identity_problems(number: str, *, name: str, born_on: date, sex: str) -> list[Problem]:
    """What is wrong with a normalised number, and where it disagrees with the person's birth date and sex."""
    if not _SHAPE.fullmatch(number):
        return [
            Problem(
                "identity_shape",
                f"{name}：身份证号应为18位，前17位是数字、第1位不是0、末位是数字或X，请核对证件后重填。",
                STANDARD,
            )
        ]
    if number[-1] != check_digit(number[:-1]):
        return [
            Problem("identity_check", f"{name}：身份证号校验不符，请与证件逐位核对。", STANDARD)
        ]
    problems = []
    if number[6:14] != f"{born_on:%Y%m%d}":
        problems.append(
            Problem(
                "identity_birth",
                f"{name}：身份证号中的出生日期与所填出生日期不一致，请核对。",
                STANDARD,
            )
        )
    if (int(number[16]) % 2 == 1) != (sex == "male"):
        problems.append(
            Problem("identity_sex", f"{name}：身份证号中的性别与所填性别不一致，请核对。", STANDARD)
        )
    return problems


def masked(number: str) -> str:
    """Stars and the last four: enough to compare with the card in hand. Empty for no number."""
    return "*" * (LENGTH - SHOWN) + number[-SHOWN:] if number else ""
