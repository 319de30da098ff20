"""The one rounding rule: half up, one decimal; and a percentage never without its denominator. Pure."""

from decimal import ROUND_HALF_UP, Decimal

_STEP = Decimal("0.1")


def percent(part: int, whole: int) -> Decimal | None:
    """`part` of `whole` in percent; None without a denominator."""
    if not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(_STEP, ROUND_HALF_UP)


def one_decimal(number: float) -> float:
    return float(Decimal(str(number)).quantize(_STEP, ROUND_HALF_UP))


def share(part: int, whole: int) -> str:
    """A percentage with its denominator: 62.5%（5/8）; —（0/0）without one."""
    value = percent(part, whole)
    return f"{'—' if value is None else f'{value}%'}（{part}/{whole}）"
