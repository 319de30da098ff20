"""How figures are counted and shown. The rounding rule is that of elections.rounding."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from elections.rounding import one_decimal as one_decimal
from elections.rounding import percent as percent
from elections.rounding import share as share

#: Beat refreshes the second tier every few seconds: after a minute without, the page says so.
STALE_AFTER = timedelta(minutes=1)
#: A person keeps at most so many views of one list, each of so many characters.
MAX_VIEWS, MAX_QUERY = 20, 500


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


def mean(total: int, count: int) -> float | None:
    """The average, half up, one decimal; None of nothing."""
    if not count:
        return None
    return float((Decimal(total) / count).quantize(Decimal("0.1"), ROUND_HALF_UP))


def restated(then: Mapping, now: Mapping) -> list[str]:
    """The keys of `now` whose figure is another than it was stated `then`; a key that was not stated is none."""
    return [key for key, value in now.items() if key in then and value != then[key]]


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


def filters_only(query: str, names: Collection[str]) -> str | None:
    """What of an address narrows a list: the filters among `names` that are set, once each, in order, so that the same
    choices read the same. None: too long to be kept."""
    try:
        given = dict(parse_qsl(query, max_num_fields=50)) if len(query) <= 4 * MAX_QUERY else None
    except ValueError:
        given = None
    if given is None:
        return None
    kept = [(name, given[name].strip()) for name in sorted(names) if given.get(name, "").strip()]
    found = urlencode(kept)
    return found if len(found) <= MAX_QUERY else None


def view_problems(
    name: str, query: str | None, *, others: Collection[str]
) -> list[tuple[str, str]]:
    """Why a view cannot be kept, as (code, sentence). `others`: the names of the person's other views of the list."""
    found = []
    if query is None:
        found.append(("query", f"筛选条件太长（最多{MAX_QUERY}个字符）：请缩短后再保存。"))
    elif not query:
        found.append(("query", "还没有筛选条件：请先筛选，再保存。"))
    if name in others:
        found.append(("name", f"已有名为“{name}”的常用筛选：请换一个名称。"))
    if len(others) >= MAX_VIEWS:
        found.append(("views", f"这个列表已保存{MAX_VIEWS}个常用筛选：请先在“管理”中删除不用的。"))
    return found


# --- forecast ---------------------------------------------------------------------------------------

#: The pace is the average of so many calendar days up to today, weekends and holidays among them.
PACE_DAYS = 14
#: What lies farther ahead is no day to plan by.
FARTHEST_DAYS = 365
#: Part of the villages that must be done before a forecast is a warning.
TELLING = 0.25


class Outlook(StrEnum):
    """What a forecast can say."""

    PREDICTED = "predicted"
    DONE = "done"
    EMPTY = "empty"
    EARLY = "early"
    STALLED = "stalled"
    FAR = "far"


@dataclass(frozen=True)
class Forecast:
    """When `total` villages will have done something, at the pace of the last days. `recent`: done in those days;
    `finish_on`: only of PREDICTED."""

    outlook: Outlook
    total: int
    done: int
    recent: int
    finish_on: date | None = None


def forecast(*, done: int, total: int, recent: int, started_on: date, today: date) -> Forecast:
    """Today plus what remains divided by the pace, rounded up to a whole day: never before tomorrow. Without
    PACE_DAYS behind the start, or with nothing done in them, there is none."""

    def found(outlook: Outlook, finish_on: date | None = None) -> Forecast:
        return Forecast(outlook, total, done, recent, finish_on)

    if not total:
        return found(Outlook.EMPTY)
    if done >= total:
        return found(Outlook.DONE)
    if (today - started_on).days + 1 < PACE_DAYS:
        return found(Outlook.EARLY)
    if recent <= 0:
        return found(Outlook.STALLED)
    days = -(-(total - done) * PACE_DAYS // recent)
    if days > FARTHEST_DAYS:
        return found(Outlook.FAR)
    return found(Outlook.PREDICTED, today + timedelta(days=days))


def forecast_words(found: Forecast, *, what: str, planned_on: date) -> str:
    """The forecast, how it was reckoned and the plan, in one sentence. `what`: 完成换届."""
    plan = f"计划{planned_on:%-m月%-d日}"
    few = "" if found.done >= found.total * TELLING else "完成的村还少，仅供参考；"
    match found.outlook:
        case Outlook.EMPTY:
            return f"没有要{what}的村（社区）。"
        case Outlook.DONE:
            return f"{found.total}个村（社区）已全部{what}；{plan}。"
        case Outlook.EARLY:
            return f"启动不足{PACE_DAYS}天，暂不能预测何时全部{what}；{plan}。"
        case Outlook.STALLED:
            return f"近{PACE_DAYS}天没有村{what}，暂不能预测；{plan}。"
    method = (
        f"按近{PACE_DAYS}天{found.recent}个、平均每天{one_decimal(found.recent / PACE_DAYS)}个估算"
    )
    if found.outlook == Outlook.FAR:
        return f"{method}，一年以内不能全部{what}；{few}{plan}。"
    year = "" if found.finish_on.year == planned_on.year else f"{found.finish_on.year}年"
    day = f"{year}{found.finish_on:%-m月%-d日}"
    return f"{method}，预计{day}全部{what}；{few}{plan}{_apart(found.finish_on, planned_on)}。"


def is_behind(found: Forecast, *, planned_on: date, today: date) -> bool:
    """Whether to warn: the planned day has passed with something left, or the forecast lies behind it. While less than
    TELLING of the villages are done the pace of the first says little about the rest: no warning then."""
    if found.outlook in (Outlook.EMPTY, Outlook.DONE):
        return False
    if today > planned_on:
        return True
    if found.done < found.total * TELLING:
        return False
    return found.outlook == Outlook.FAR or bool(found.finish_on and found.finish_on > planned_on)


def _apart(finish_on: date, planned_on: date) -> str:
    days = (finish_on - planned_on).days
    if not days:
        return "，与计划一致"
    return f"，晚于计划{days}天" if days > 0 else f"，早于计划{-days}天"


def ahead(found: Forecast, day: date, *, today: date) -> int | None:
    """Where the forecast's line stands on `day`, today's figure and the finish included; None outside."""
    if found.finish_on is None or not today <= day <= found.finish_on:
        return None
    length = (found.finish_on - today).days
    return found.done + (found.total - found.done) * (day - today).days // length


def planned_by(day: date, planned: Mapping[date, int], *, first: date) -> int:
    """How many villages should be done by `day`. `planned`: planned day → villages. Where all share one day, the plan
    says no more than that: then as many as an even pace from `first` gives."""
    if len(planned) == 1:
        ((last, total),) = planned.items()
        if day >= last or last <= first:
            return total if day >= last else 0
        return max(0, total * (day - first).days // (last - first).days)
    return sum(count for on, count in planned.items() if on <= day)
