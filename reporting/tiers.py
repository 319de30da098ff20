"""The second tier: one row per campaign and county, the sum of the county's township rows.

A person's write never touches it (two townships would wait for each other): beat runs `REFRESH` every few seconds.
Rows are written only where a figure changed, so that an idle night writes one row: the time of the run.
"""

from datetime import datetime

from django.db import connection

from .enums import TierWork
from .models import TierRun
from .rollups import COLUMNS

_SUMS = ",\n        ".join(f"sum({column})::integer AS {column}" for column in COLUMNS)
_ALL = ("townships", *COLUMNS)
_PLACE = ("campaign_id", "county_id", "city_id", "province_id")
_NAMES = ", ".join((*_PLACE, *_ALL))
_STORED = ", ".join(f"c.{column}" for column in _ALL)
_FRESH = ", ".join(f"f.{column}" for column in _ALL)

_SUMMED = f"""
SELECT {", ".join(_PLACE)}, count(*)::integer AS townships, max(refreshed_at) AS newest,
        {_SUMS}
    FROM reporting_townshipprogress
    GROUP BY {", ".join(_PLACE)}
"""

#: One statement, one parameter: the time before it began. Counties without a township row any more go.
REFRESH = f"""
WITH f AS ({_SUMMED}), changed AS (
    SELECT f.* FROM f LEFT JOIN reporting_countyprogress c USING (campaign_id, county_id)
    WHERE c.id IS NULL OR ({_STORED}) IS DISTINCT FROM ({_FRESH})
), now AS (
    SELECT %s::timestamptz AS at
), put AS (
    INSERT INTO reporting_countyprogress ({_NAMES}, refreshed_at)
    SELECT {_NAMES}, at FROM changed, now ORDER BY campaign_id, county_id
    ON CONFLICT (campaign_id, county_id) DO UPDATE
    SET {", ".join(f"{column} = excluded.{column}" for column in _ALL)},
        refreshed_at = excluded.refreshed_at
    RETURNING 1
), gone AS (
    DELETE FROM reporting_countyprogress c
    WHERE NOT EXISTS (
        SELECT FROM f WHERE f.campaign_id = c.campaign_id AND f.county_id = c.county_id)
    RETURNING 1
), run AS (
    INSERT INTO reporting_tierrun (kind, at, found)
    SELECT '{TierWork.REFRESH.value}', at, '[]' FROM now
    ON CONFLICT (kind) DO UPDATE SET at = GREATEST(reporting_tierrun.at, excluded.at)
    RETURNING 1
)
SELECT (SELECT count(*) FROM put) + (SELECT count(*) FROM gone)
"""

#: Rows that differ though no township of the county changed since the last refresh.
_COMPARE = f"""
SELECT k.name, j.name, c.id IS NULL, f.campaign_id IS NULL, {_STORED}, {_FRESH}
FROM ({_SUMMED}) f
FULL JOIN reporting_countyprogress c
    ON c.campaign_id = f.campaign_id AND c.county_id = f.county_id
JOIN elections_campaign k ON k.id = COALESCE(f.campaign_id, c.campaign_id)
JOIN villages_jurisdiction j ON j.id = COALESCE(f.county_id, c.county_id)
WHERE ({_STORED}) IS DISTINCT FROM ({_FRESH})
    AND NOT COALESCE(f.newest > (SELECT at FROM reporting_tierrun WHERE kind = '{TierWork.REFRESH.value}'), false)
ORDER BY k.id, j.code
"""


def refresh_counties(*, at: datetime) -> int:
    """Bring the second tier up to the first. `at`: a time not later than the statement's own. Returns rows written."""
    with connection.cursor() as cursor:
        cursor.execute(REFRESH, [at])
        return cursor.fetchone()[0]


def county_differences() -> list[str]:
    """Sentences naming counties whose stored row is missing, superfluous or not the sum of its townships. A county
    with a write after the last refresh is behind, not wrong, and left out."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE)
        for campaign, county, is_missing, is_left, *values in cursor.fetchall():
            place = f"{campaign} {county}（县级汇总）"
            if is_missing or is_left:
                found.append(f"{place}：{'缺少汇总行' if is_missing else '没有乡镇，却有汇总行'}")
                continue
            stored, summed = values[: len(_ALL)], values[len(_ALL) :]
            wrong = [
                f"{column} 存 {old} 实 {new}"
                for column, old, new in zip(_ALL, stored, summed, strict=True)
                if old != new
            ]
            found.append(f"{place}：{'，'.join(wrong)}")
    return found


def runs() -> dict[str, TierRun]:
    """The last refresh and the last comparison, by kind; a kind that never ran is missing (one query)."""
    return {run.kind: run for run in TierRun.objects.all()}
