"""How figures are counted and shown: one rounding rule, every percentage with its denominator."""

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

#: Beat refreshes the second tier every few seconds: after a minute without, the page says so.
STALE_AFTER = timedelta(minutes=1)


def is_stale(refreshed_at: datetime | None, *, now: datetime) -> bool:
    """Whether the second tier has not been refreshed for so long that its figures may be out of date."""
    return refreshed_at is None or now - refreshed_at > STALE_AFTER


def percent(part: int, whole: int) -> Decimal | None:
    """`part` of `whole` in percent, half up, one decimal; None without a denominator."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def one_decimal(number: float) -> float:
    """Half up, one decimal: the one rounding rule."""
    return float(Decimal(str(number)).quantize(Decimal("0.1"), ROUND_HALF_UP))


def share(part: int, whole: int) -> str:
    """A percentage with its denominator: 62.5%（5/8）; —（0/0）without one."""
    value = percent(part, whole)
    return f"{'—' if value is None else f'{value}%'}（{part}/{whole}）"


def breakdown(parts: dict[str, int], unit: str) -> str:
    """Labels with their numbers in words."""
    return "、".join(f"{label}{number}{unit}" for label, number in in_order(parts))


def in_order(parts: dict[str, int]) -> list[tuple[str, int]]:
    """Most first and 其他 last, whatever order the store gave them back in."""
    return sorted(parts.items(), key=lambda item: (item[0] == "其他", -item[1], item[0]))


def heat(part: int, whole: int) -> int:
    """The shade of a grid cell: 0 nothing done, 1–3 by thirds, 4 all done."""
    if not whole or not part:
        return 0
    return 4 if part >= whole else 1 + 3 * part // whole


def is_after_cutoff(now: datetime, *, cutoff) -> bool:
    """Whether the local clock time `now` has reached the day's cut-off for daily reports."""
    return now.time() >= cutoff
