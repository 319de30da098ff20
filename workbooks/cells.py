"""A raw cell into a typed value. Pure; `converter` makes one function per column, called once per cell.

A raw cell is a str, float or bool, or a list with one text: a day or moment in ISO form.
"""

import re
from collections.abc import Callable
from datetime import date

from .declarations import Column, Type
from .text import plain

#: Beyond this a spreadsheet's number no longer holds every digit.
EXACT = 10**15
IDENTITY_LENGTH = 18
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]0?0:00(?::00)?)?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SEPARATOR = re.compile(r"[、,;/\s]+")
_MASKED = re.compile(r"\*+[0-9]{3}[0-9X]")
_EARLIEST, _LATEST = date(1900, 1, 1), date(2100, 12, 31)

AS_TEXT = "请把单元格格式设为“文本”，再重新填写。"


class BadCell(Exception):
    """Why a cell cannot be read; the sentence ends with the remedy."""


def converter(column: Column) -> Callable[[object], object]:
    """The function that types a non-empty raw cell of the column; it raises BadCell."""
    match column.type:
        case Type.DATE:
            return _day
        case Type.WHOLE:
            return _whole
        case Type.CHOICE | Type.YES_NO:
            return _one_of(column)
        case Type.CHOICES:
            return _several_of(column)
        case Type.CODE:
            return _code(column)
        case Type.IDENTITY:
            return identity
    return _text(column)


def parse_day(text: str) -> date | None:
    """2026-3-5, 2026/3/5, 2026.3.5, 2026年3月5日 and 20260305, also in full-width digits; None for anything else."""
    text = plain(text).replace(" ", "") if "年" in text else plain(text)
    found = _DATE.fullmatch(text) or _DIGITS.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _day(raw: object) -> date:
    if isinstance(raw, list):
        try:
            day = date.fromisoformat(raw[0][:10])
        except ValueError:
            raise BadCell("不是日期：请写成 2026-3-5 的样子。") from None
    else:
        if isinstance(raw, float):
            raw = f"{raw:.0f}" if raw.is_integer() else str(raw)
        day = parse_day(raw) if isinstance(raw, str) else None
        if day is None:
            raise BadCell("不是完整的日期：请写成 2026-3-5、2026年3月5日 或 20260305。")
    if not _EARLIEST <= day <= _LATEST:
        raise BadCell("日期不合常理：请核对年份。")
    return day


def _whole(raw: object) -> int:
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < EXACT:
        return int(raw)
    if isinstance(raw, str) and re.fullmatch(r"-?\d{1,15}", text := plain(raw).replace(",", "")):
        return int(text)
    raise BadCell("应为整数：请只填数字。")


def _text(column: Column) -> Callable[[object], str]:
    most = column.max_length

    def convert(raw: object) -> str:
        if type(raw) is str:
            text = raw.strip()
        elif isinstance(raw, list):
            text = raw[0].removesuffix("T00:00:00")
        elif isinstance(raw, bool):
            text = "是" if raw else "否"
        else:
            text = _digits(raw) if raw.is_integer() else str(raw)
        if len(text) > most:
            raise BadCell(f"有{len(text)}个字，超过{most}个字：请缩短。")
        if "\x00" in text:
            raise BadCell("含有无效字符：请重新填写。")
        return text

    return convert


def _digits(raw: float) -> str:
    if abs(raw) >= EXACT:
        raise BadCell(f"以数字保存，后面几位已经丢失，不能还原：{AS_TEXT}")
    return f"{raw:.0f}"


def _code(column: Column) -> Callable[[object], str]:
    length = column.length

    def convert(raw: object) -> str:
        if isinstance(raw, float) and raw.is_integer():
            text = _digits(raw)
            if length and len(text) < length:
                raise BadCell(
                    f"应为{length}位，只有{len(text)}位，前面的0可能被 Excel 去掉了：{AS_TEXT}"
                )
        elif isinstance(raw, str):
            is_plain = raw.isascii() and raw.isdigit()
            text = raw if is_plain else re.sub(r"[\s-]", "", plain(raw))
        else:
            text = ""
        if not (text.isascii() and text.isdigit()):
            raise BadCell("应全部是数字：请核对后重填。")
        if length and len(text) != length:
            raise BadCell(f"应为{length}位数字，实有{len(text)}位：请核对后重填。")
        if len(text) > column.max_length:
            raise BadCell(f"超过{column.max_length}位：请核对后重填。")
        return text

    return convert


def identity(raw: object) -> str | None:
    """A number of 18 places as text; a number is refused, never rounded. Whether it is right, the app's rules say. One that
    is masked, as in a list that was taken out, says nothing new: None."""
    if not isinstance(raw, str):
        raise BadCell(f"身份证号以数字保存，后几位已经丢失，不能还原：{AS_TEXT}")
    text = re.sub(r"\s", "", plain(raw)).upper()
    if _MASKED.fullmatch(text):
        return None
    if len(text) != IDENTITY_LENGTH:
        raise BadCell(f"身份证号应为{IDENTITY_LENGTH}位，实有{len(text)}位：请核对后重填。")
    return text


def _words(column: Column) -> dict[str, object]:
    """Everything that may be written for an option: its label, and its code where that is a word."""
    words = {plain(label): code for code, label in column.options}
    if column.type is Type.YES_NO:
        words |= dict.fromkeys(("√", "Y", "y", "1", "有"), True)
        words |= dict.fromkeys(("×", "N", "n", "0", "无"), False)
    return words


def _unknown(column: Column) -> BadCell:
    labels = "、".join(label for _, label in column.options)
    return BadCell(f"不在可选的范围内：请从“{labels}”中选填。")


def _one_of(column: Column) -> Callable[[object], object]:
    words = _words(column)

    def convert(raw: object) -> object:
        if raw in words if isinstance(raw, str) else False:
            return words[raw]
        if isinstance(raw, bool) and column.type is Type.YES_NO:
            return raw
        text = plain(_digits(raw) if isinstance(raw, float) else str(raw))
        if text not in words:
            raise _unknown(column)
        return words[text]

    return convert


def _several_of(column: Column) -> Callable[[object], tuple]:
    words = _words(column)

    def convert(raw: object) -> tuple:
        parts = [part for part in _SEPARATOR.split(plain(str(raw))) if part]
        if any(part not in words for part in parts):
            raise _unknown(column)
        return tuple(dict.fromkeys(words[part] for part in parts))

    return convert
