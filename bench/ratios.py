"""Timing two things in turn and printing how they compare with the target."""

import gc
import statistics
import time
from collections.abc import Callable

ROUNDS = 3


def timed(work: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    gc.collect()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def side_by_side(**works: Callable[[], object]) -> dict[str, float]:
    """The median of three rounds for each work; in every round all of them, one after the other."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            times[name].append(timed(work))
    return {name: statistics.median(values) for name, values in times.items()}


def report(target: str, words: str, ratio: float, *, at_most: float = 0, at_least: float = 0):
    """One line: the ratio, its target, and whether it is met."""
    is_met = ratio <= at_most if at_most else ratio >= at_least
    wanted = f"≤ {at_most:g}×" if at_most else f"≥ {at_least:g}×"
    shown = f"{ratio:.2f}×" if ratio >= 0.02 or ratio == 0 else f"1/{1 / ratio:.0f}"
    print(f"{target}  {words}: {shown} (target {wanted})  {'met' if is_met else 'MISSED'}")
