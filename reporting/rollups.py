"""The township rollup: recomputed whole, in the transaction of the write that changed it.

`FIGURES` is the one definition of every column of TownshipProgress; the refresh stores it and check_invariants
compares with it. Never a +1: figures that are added to drift away from the records.
"""

from collections.abc import Iterable
from datetime import datetime
from weakref import WeakSet

from django.db import connection

from elections.enums import SETTLED, MeetingKind, Stage, StageStatus
from elections.models import Campaign, VillageElection
from groundwork.enums import Grade

from .models import TownshipProgress

_SETTLED = ", ".join(f"'{status.value}'" for status in SETTLED)
_STAGE_COUNTS = ",\n        ".join(
    f"count(*) FILTER (WHERE r.stage = '{stage.value}') AS settled_{stage.value}" for stage in Stage
)
_RISK_COUNTS = ",\n        ".join(
    f"count(*) FILTER (WHERE g.grade = '{grade.value}') AS risk_{grade.value}" for grade in Grade
)

#: group of columns → the columns it gives.
_GROUPS = {
    "base": ("elections", "villages", "communities", "completed"),
    "settled": tuple(f"settled_{stage.value}" for stage in Stage),
    "elected": (
        "committee_members",
        "committee_women",
        "committee_new",
        "committee_reelected",
        "secretaries",
        "secretary_women",
        "secretary_new",
        "secretary_reelected",
    ),
    "nominees": (
        "nominees_preliminary",
        "rejected_review",
        "rejected_inspection",
        "nominees_prepared",
        "candidates_formal",
        "nominees_withdrawn",
        "nominees_disqualified",
        "nominees_not_prepared",
        "candidates_elected",
        "candidates_lost",
    ),
    "risks": tuple(f"risk_{grade.value}" for grade in Grade),
    "ballots": ("ballots_decided", "first_ballot_success"),
}
COLUMNS = tuple(column for columns in _GROUPS.values() for column in columns)

_CHOSEN = ",\n    ".join(
    f"COALESCE({group}.{column}, 0) AS {column}"
    for group, columns in _GROUPS.items()
    for column in columns
)
_JOINS = "\n".join(f"LEFT JOIN {group} USING (township_id)" for group in _GROUPS)

#: One row per township of the list: campaign id, then the list of township ids, are its two parameters.
FIGURES = f"""
WITH e AS (
    SELECT e.id, e.township_id, e.completed_on, v.kind
    FROM elections_villageelection e JOIN villages_village v ON v.id = e.village_id
    WHERE e.campaign_id = %s AND e.township_id = ANY(%s)
), base AS (
    SELECT township_id, count(*) AS elections,
        count(*) FILTER (WHERE kind = 'village') AS villages,
        count(*) FILTER (WHERE kind = 'community') AS communities,
        count(completed_on) AS completed
    FROM e GROUP BY township_id
), stages AS (
    SELECT e.id, e.township_id, r.stage, r.status
    FROM e JOIN elections_stagerecord r ON r.election_id = e.id
    WHERE r.is_current AND r.status IN ({_SETTLED})
), settled AS (
    SELECT r.township_id, {_STAGE_COUNTS}
    FROM stages r GROUP BY r.township_id
), people AS (
    SELECT e.township_id, p.member_id, bool_or(m.sex = 'female') AS woman,
        bool_or(p.reelected) AS reelected,
        bool_or(p.post = 'secretary') AS secretary,
        bool_or(p.post = 'secretary' AND p.reelected) AS secretary_reelected
    FROM e JOIN candidates_electedpost p ON p.election_id = e.id
    JOIN villages_partymember m ON m.id = p.member_id
    GROUP BY e.township_id, p.member_id
), elected AS (
    SELECT township_id, count(*) AS committee_members,
        count(*) FILTER (WHERE woman) AS committee_women,
        count(*) FILTER (WHERE NOT reelected) AS committee_new,
        count(*) FILTER (WHERE reelected) AS committee_reelected,
        count(*) FILTER (WHERE secretary) AS secretaries,
        count(*) FILTER (WHERE secretary AND woman) AS secretary_women,
        count(*) FILTER (WHERE secretary AND NOT secretary_reelected) AS secretary_new,
        count(*) FILTER (WHERE secretary_reelected) AS secretary_reelected
    FROM people GROUP BY township_id
), standing AS (
    SELECT e.township_id, c.member_id, c.status,
        EXISTS (SELECT FROM candidates_electedpost p
                WHERE p.election_id = e.id AND p.member_id = c.member_id) AS won,
        EXISTS (SELECT FROM stages r
                WHERE r.id = e.id AND r.stage = '{Stage.COMMITTEE_BALLOT.value}') AS voted,
        EXISTS (SELECT FROM stages r
                WHERE r.id = e.id AND r.stage = '{Stage.NOTICE.value}') AS noticed
    FROM e JOIN candidates_candidacy c ON c.election_id = e.id
), nominees AS (
    SELECT township_id, count(DISTINCT member_id)
            FILTER (WHERE status NOT IN ('declined', 'written_in')) AS nominees_preliminary,
        count(DISTINCT member_id) FILTER (WHERE status = 'rejected') AS rejected_review,
        count(DISTINCT member_id) FILTER (WHERE status = 'vetoed') AS rejected_inspection,
        count(DISTINCT member_id) FILTER (WHERE status = 'prepared') AS nominees_prepared,
        count(DISTINCT member_id) FILTER (WHERE status = 'prepared' AND noticed)
            AS candidates_formal,
        count(DISTINCT member_id) FILTER (WHERE status = 'withdrawn') AS nominees_withdrawn,
        count(DISTINCT member_id) FILTER (WHERE status = 'disqualified') AS nominees_disqualified,
        count(DISTINCT member_id) FILTER (WHERE status = 'not_prepared') AS nominees_not_prepared,
        count(DISTINCT member_id) FILTER (WHERE status = 'prepared' AND won) AS candidates_elected,
        count(DISTINCT member_id) FILTER (WHERE status = 'prepared' AND voted AND NOT won)
            AS candidates_lost
    FROM standing GROUP BY township_id
), risks AS (
    SELECT e.township_id, {_RISK_COUNTS}
    FROM e JOIN groundwork_riskgrade g ON g.election_id = e.id GROUP BY e.township_id
), ballots AS (
    SELECT s.township_id, count(*) AS ballots_decided,
        count(*) FILTER (WHERE NOT EXISTS (
            SELECT FROM elections_meeting m JOIN elections_ballotround b ON b.meeting_id = m.id
            WHERE m.election_id = s.id AND m.kind = '{MeetingKind.COMMITTEE_BALLOT.value}'
                AND b.number > 1)
            AND NOT EXISTS (
            SELECT FROM elections_meeting m JOIN candidates_seatreduction x ON x.meeting_id = m.id
            WHERE m.election_id = s.id)) AS first_ballot_success
    FROM stages s
    WHERE s.stage = '{Stage.COMMITTEE_BALLOT.value}' AND s.status = '{StageStatus.DONE.value}'
    GROUP BY s.township_id
), wanted AS (
    SELECT unnest(%s::bigint[]) AS township_id
)
SELECT wanted.township_id,
    {_CHOSEN}
FROM wanted
{_JOINS}
"""

_UPDATE = f"""
UPDATE reporting_townshipprogress p
SET {", ".join(f"{column} = f.{column}" for column in COLUMNS)}, refreshed_at = %s
FROM ({FIGURES}) f
WHERE p.campaign_id = %s AND p.township_id = f.township_id
"""

#: The same for one township, for which nearly every write asks: planned once for a connection, because planning it
#: takes four times as long as doing it. Campaign and township are $2 and $3.
_PREPARE = f"""
PREPARE refresh_township (timestamptz, bigint, bigint) AS
UPDATE reporting_townshipprogress p
SET {", ".join(f"{column} = f.{column}" for column in COLUMNS)}, refreshed_at = $1
FROM ({FIGURES.replace("= ANY(%s)", "= $3").replace("unnest(%s::bigint[])", "$3").replace("%s", "$2")}) f
WHERE p.campaign_id = $2 AND p.township_id = f.township_id
"""
#: Connections that have planned it.
_prepared: WeakSet = WeakSet()

_COMPARE = f"""
SELECT p.id, {", ".join(f"p.{c}" for c in COLUMNS)}, {", ".join(f"f.{c}" for c in COLUMNS)}
FROM reporting_townshipprogress p JOIN ({FIGURES}) f ON f.township_id = p.township_id
WHERE p.campaign_id = %s
    AND ({", ".join(f"p.{c}" for c in COLUMNS)}) IS DISTINCT FROM ({", ".join(f"f.{c}" for c in COLUMNS)})
ORDER BY p.township_id
"""


def refresh_townships(*, campaign_id: int, township_ids: Iterable[int], at: datetime) -> None:
    """Recompute the rows of these townships (made if missing) inside the caller's transaction.

    The rows are locked first, in the order of township, so that two writers in one township recompute one after
    the other and two with several townships never wait in a ring. Two statements, three more for a township's first
    row.
    """
    ids = sorted(set(township_ids))
    if not ids:
        return
    if len(_lock(campaign_id, ids)) < len(ids):
        _create_missing(campaign_id, ids, at)
        _lock(campaign_id, ids)
    with connection.cursor() as cursor:
        if len(ids) == 1 and _can_prepare():
            _update_one(cursor, campaign_id, ids[0], at)
        else:
            cursor.execute(_UPDATE, [at, campaign_id, ids, ids, campaign_id])


def _can_prepare() -> bool:
    """A pooler in transaction mode hands out another connection each time: what was prepared would be elsewhere."""
    return not connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]


def _update_one(cursor, campaign_id: int, township_id: int, at: datetime) -> None:
    session = connection.connection  # psycopg2's own: a new one after every reconnect
    if session not in _prepared:
        with session.cursor() as preparing:
            preparing.execute(_PREPARE)
        _prepared.add(session)
    cursor.execute("EXECUTE refresh_township (%s, %s, %s)", [at, campaign_id, township_id])


def _lock(campaign_id: int, ids: list[int]) -> list[int]:
    return list(
        TownshipProgress.objects.filter(campaign_id=campaign_id, township_id__in=ids)
        .select_for_update(of=("self",))
        .order_by("township_id")
        .values_list("township_id", flat=True)
    )


def _create_missing(campaign_id: int, ids: list[int], at: datetime) -> None:
    places = (
        VillageElection.objects.filter(campaign_id=campaign_id, township_id__in=ids)
        .order_by("township_id")
        .distinct("township_id")
        .values("township_id", "county_id", "city_id", "province_id")
    )
    TownshipProgress.objects.bulk_create(
        [TownshipProgress(campaign_id=campaign_id, refreshed_at=at, **place) for place in places],
        ignore_conflicts=True,
    )


def wrong_townships(campaign: Campaign) -> dict[int, str]:
    """Townships of the campaign whose stored row is missing or not what the records give → a sentence naming it."""
    ids = sorted(
        VillageElection.objects.filter(campaign=campaign)
        .order_by()
        .values_list("township_id", flat=True)
        .distinct()
    )
    rows = {
        row.pk: row
        for row in TownshipProgress.objects.filter(campaign=campaign).select_related("township")
    }
    missing = set(ids) - {row.township_id for row in rows.values()}
    found = {pk: f"{campaign}：乡镇（编号{pk}）缺少进度汇总行" for pk in sorted(missing)}
    every = sorted({*ids, *(row.township_id for row in rows.values())})
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE, [campaign.pk, every, every, campaign.pk])
        for pk, *values in cursor.fetchall():
            stored, counted = values[: len(COLUMNS)], values[len(COLUMNS) :]
            wrong = [
                f"{column} 存 {old} 实 {new}"
                for column, old, new in zip(COLUMNS, stored, counted, strict=True)
                if old != new
            ]
            found[rows[pk].township_id] = f"{campaign} {rows[pk].township}：{'，'.join(wrong)}"
    return found


def differences(campaign: Campaign) -> list[str]:
    """The sentences of `wrong_townships`."""
    return list(wrong_townships(campaign).values())
