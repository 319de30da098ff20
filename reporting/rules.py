"""How figures are counted and shown. The rounding rule is that of elections.rounding."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from elections.rounding import one_decimal as one_decimal
from elections.rounding import percent as percent
from elections.rounding import share as share

#: Beat refreshes the second tier every few seconds: after a minute without, the page says so.
STALE_AFTER = timedelta(minutes=1)


def is_stale(refreshed_at: datetime | None, *, now: datetime) -> bool:
    """Whether the second tier has not been refreshed for so long that its figures may be out of date."""
    return refreshed_at is None or now - refreshed_at > STALE_AFTER


def breakdown(parts: dict[str, int], unit: str) -> str:
    """Labels with their numbers in words."""
    return "、".join(f"{label}{number}{unit}" for label, number in in_order(parts))


def in_order(parts: dict[str, int]) -> list[tuple[str, int]]:
    """Most first and 其他 last, whatever order the store gave them back in."""
    return sorted(parts.items(), key=lambda item: (item[0] == "其他", -item[1], item[0]))


def summed(rows: list[dict], keys: Sequence[str]) -> dict:
    """The figures of a bulletin's rows added up, with the share of elections that are completed."""
    names = ["elections", *(f"{kind}_{key}" for key in keys for kind in ("day", "total"))]
    total = {name: sum(row[name] for row in rows) for name in names}
    return total | {"completed_share": share(total["total_completed"], total["elections"])}


def ranked(rows: list[dict], keys: Sequence[str]) -> list[dict]:
    """Rows of a bulletin with their `rank`, best first: by the share of the last key's total, then of each key before
    it. Equal progress shares a rank."""

    def progress(row: dict) -> tuple[float, ...]:
        whole = row["elections"] or 1
        return tuple(row[f"total_{key}"] / whole for key in reversed(keys))

    found = sorted(rows, key=progress, reverse=True)
    for place, row in enumerate(found, start=1):
        equal = place > 1 and progress(found[place - 2]) == progress(row)
        row["rank"] = found[place - 2]["rank"] if equal else place
    return found


def heat(part: int, whole: int) -> int:
    """The shade of a grid cell: 0 nothing done, 1–3 by thirds, 4 all done."""
    if not whole or not part:
        return 0
    return 4 if part >= whole else 1 + 3 * part // whole


def is_after_cutoff(now: datetime, *, cutoff: time) -> bool:
    """Whether the local clock time `now` has reached the day's cut-off for daily reports."""
    return now.time() >= cutoff


def reminds_from(cutoff: time, *, minutes: int) -> time | None:
    """From which local time on whoever has not reported is reminded: `minutes` before the cut-off, never the evening
    before it. None: no reminder."""
    if not minutes:
        return None
    start = max(0, cutoff.hour * 60 + cutoff.minute - minutes)
    return time(*divmod(start, 60))


def is_reminder_time(now: datetime, *, cutoff: time, minutes: int) -> bool:
    """Whether the local time `now` lies between the reminder and the cut-off; the cut-off itself does not."""
    start = reminds_from(cutoff, minutes=minutes)
    return start is not None and start <= now.time() < cutoff


def is_report_locked(day: date, today: date, *, lock_days: int) -> bool:
    """Whether the daily report of `day` can no longer be corrected without the county: more than `lock_days` days passed."""
    return today > day + timedelta(days=lock_days)


def cell_problems(
    label: str,
    *,
    new: int | None,
    total: int,
    whole: int,
    before: tuple[date, int] | None,
    is_reopened: bool = False,
) -> list[tuple[str, str]]:
    """What is wrong with one line of a daily report, as (code, sentence): a total never falls and never exceeds the
    villages, and yesterday's total and what is new make today's.

    `new`: None when the last report is not yesterday's. `before`: day and total of the last report before; `is_reopened`: a corrected count made villages do stages again,
    so that the total may fall.
    """
    found = []
    if total > whole:
        found.append(("exceeds", f"“{label}”累计{total}个，多于应换届{whole}个。"))
    if before is None or is_reopened:
        return found
    day, earlier = before
    if total < earlier:
        found.append(
            (
                "fell",
                f"“{label}”累计{total}个，少于{day:%m月%d日}上报的{earlier}个："
                f"请核对是否有环节被退回；{day:%m月%d日}报错的，先更正那天的日报。",
            )
        )
    elif new is not None and earlier + new != total:
        found.append(
            ("parts", f"“{label}”前次累计{earlier}个加新增{new}个，不等于累计{total}个：请核对。")
        )
    return found
