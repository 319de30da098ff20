"""Text between sheets and people: heads compared, values shown, nothing that a spreadsheet would run."""

import re
import unicodedata

#: A spreadsheet takes a text that starts like this for a formula, or for something to ask about.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NOT_HEAD = re.compile(r"[\s*:]|\(必填\)|\(选填\)")
_IDENTITY = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)")
SHOWN = 40


def plain(text: str) -> str:
    """Full-width letters, digits and signs as half-width ones; trimmed."""
    text = text.strip()
    return text if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def head_key(head: object) -> str:
    """What two spellings of one head have in common: 姓 名*, 姓名（必填） → 姓名."""
    return _NOT_HEAD.sub("", plain(head)).lower() if isinstance(head, str) else ""


def printable(text: str) -> str:
    """Without the characters that a sheet cannot hold."""
    return _CONTROL.sub("", text)


def is_dangerous(text: str) -> bool:
    return text.startswith(DANGEROUS)


def masked(text: str) -> str:
    """Identity numbers in a text with the birthday hidden: 320724********1234."""
    return _IDENTITY.sub(r"\1********\2", text)


def shown(raw: object) -> str:
    """A raw cell as an error shows it: short, without any identity number in clear."""
    if isinstance(raw, list):
        raw = raw[0].removesuffix("T00:00:00")
    elif isinstance(raw, bool):
        raw = "是" if raw else "否"
    elif isinstance(raw, float):
        if abs(raw) >= 1e15:
            return "数字"
        raw = f"{raw:.0f}" if raw.is_integer() else str(raw)
    text = printable(masked(plain(str(raw)))).replace("\n", " ")
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def letter(index: int) -> str:
    """The letters of a column counted from 0: 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
