"""Stored state against recomputation: what check_invariants compares."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from candidates.enums import AskState
from candidates.models import ReviewAsk, ReviewOpinion
from elections.enums import SETTLED, Stage
from elections.models import Campaign

from .. import rollups

_SETTLED = ", ".join(f"'{status.value}'" for status in SETTLED)
_ORDER = ", ".join(f"'{stage.value}'" for stage in Stage)

#: A village whose stage, count or dates are not what its current stage records say.
_ELECTIONS = f"""
WITH pending AS (
    SELECT DISTINCT ON (election_id) election_id, stage, planned_on
    FROM elections_stagerecord
    WHERE is_current AND status NOT IN ({_SETTLED})
    ORDER BY election_id, array_position(ARRAY[{_ORDER}]::varchar[], stage)
), counted AS (
    SELECT election_id, count(*) AS records,
        count(*) FILTER (WHERE status IN ({_SETTLED})) AS done,
        max(actual_on) FILTER (WHERE stage = '{Stage.HANDOVER.value}') AS handed_on
    FROM elections_stagerecord WHERE is_current GROUP BY election_id
)
SELECT v.name, c.name, e.id, e.stage, e.done_count, e.due_on, e.completed_on,
    COALESCE(p.stage, '{Stage.HANDOVER.value}'), k.done, p.planned_on,
    CASE WHEN p.stage IS NULL THEN k.handed_on END, k.records
FROM elections_villageelection e
JOIN villages_village v ON v.id = e.village_id
JOIN elections_campaign c ON c.id = e.campaign_id
LEFT JOIN pending p ON p.election_id = e.id
LEFT JOIN counted k ON k.election_id = e.id
WHERE (e.stage, e.done_count, e.due_on, e.completed_on, 17) IS DISTINCT FROM
    (COALESCE(p.stage, '{Stage.HANDOVER.value}'), k.done::int, p.planned_on,
     CASE WHEN p.stage IS NULL THEN k.handed_on END, k.records::int)
ORDER BY e.id
"""


def broken_elections() -> Iterator[str]:
    """Sentences naming villages whose stored stage, count, due or completion day is wrong."""
    with connection.cursor() as cursor:
        cursor.execute(_ELECTIONS)
        for name, campaign, pk, *values in cursor.fetchall():
            stored, counted, records = values[:4], values[4:8], values[8]
            yield (
                f"{campaign} {name}（编号{pk}）：存 {_words(stored)}，"
                f"按{records or 0}条环节记录应为 {_words(counted)}"
            )


def _words(values: list) -> str:
    stage, done, due_on, completed_on = values
    return f"环节{stage} 已办结{done} 到期{due_on} 完成{completed_on}"


def broken_asks() -> Iterator[str]:
    """Sentences naming questions of the joint review whose stored state is not that of their last answer."""
    last = ReviewOpinion.objects.filter(ask=OuterRef("pk")).order_by("-version")
    asks = ReviewAsk.objects.annotate(
        said=Coalesce(Subquery(last.values("answer")[:1]), Value("")),
        answers=Coalesce(Subquery(last.values("version")[:1]), Value(0)),
    )
    unanswered = Q(said="", state__in=(AskState.OPEN, AskState.VOID))
    wrong = asks.exclude(Q(state=F("said")) | unanswered) | asks.exclude(version=F("answers"))
    for ask in wrong.select_related("department", "candidacy__member").order_by("pk"):
        yield (
            f"{ask.department}对{ask.candidacy.member}的联审事项（编号{ask.pk}）："
            f"存 {ask.state} 第{ask.version}版，按答复应为 {ask.said or '待答复'} 第{ask.answers}版"
        )


def broken_rows() -> Iterator[str]:
    """Every stored value that differs from its records: villages, the joint review, then township rollups."""
    yield from broken_elections()
    yield from broken_asks()
    for campaign in Campaign.objects.order_by("pk"):
        yield from rollups.differences(campaign)
