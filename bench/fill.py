"""A nation's campaigns in a few statements: one per county, an election per village, records as far as each has come.

Values come from hashes of keys, so that every run fills the same. Foreign keys and triggers do not run meanwhile
(session_replication_role): the statements refer to rows that the statements before them wrote.
"""

from datetime import timedelta

from django.db import connection, transaction

from elections.enums import Stage
from elections.models import VillageElection
from elections.stages import STAGES
from reporting.rollups import refresh_townships

#: How long campaigns have been going on, and how many days of reports a full load has.
DAYS = 60
#: Members, all of them candidates, in a village that has come to its candidates; how many of them win.
PEOPLE, WINNERS = 7, 5
#: Villages of a county come as far as `done`: a tenth of the counties is done, a third hardly begun.
_PACE = "(ARRAY[4, 6, 9, 12, 16, 22])[1 + {hash} %% 6]"

_ORDER = list(STAGES)
_AT = {stage: number for number, stage in enumerate(_ORDER)}


def _hash(column: str, seed: int) -> str:
    return f"(hashint8extended({column}, {seed}) & 2147483647)"


_CAMPAIGNS = """
INSERT INTO elections_campaign (name, area_id, starts_on, ends_on, daily_cutoff, daily_approval, daily_lock_days,
    daily_reminder, status, survey_items, schedule, created_by_id, created_at)
SELECT j.name || '村（社区）党组织换届', j.id, %(starts)s, %(ends)s, '18:00', false, 60, 60, 'active',
    '["一","二","三","四","五","六","七"]', '{}', %(staff)s, %(at)s
FROM villages_jurisdiction j
WHERE j.level = 'county' AND EXISTS (SELECT FROM villages_village v WHERE v.county_id = j.id)
ORDER BY j.code
"""

_RULES = """
INSERT INTO elections_ruleset (campaign_id, version, quorum_strict, recommendation_numerator,
    recommendation_denominator, surplus_percent, women_minimum, women_minimum_prepared, women_minimum_elected,
    notice_working_days, merge_rule, member_percent, overdue_red_days, shift_approval, source, created_by_id, created_at)
SELECT id, 1, false, 2, 3, 20, 1, 1, 1, 5, 'sum', 50, 5, '', '', created_by_id, created_at FROM elections_campaign
"""

_ELECTIONS = f"""
INSERT INTO elections_villageelection (campaign_id, village_id, rule_set_id, township_id, county_id, city_id,
    province_id, stage, done_count, due_on, completed_on, version, full_members, committee_seats, deputy_seats,
    county_approval, shift_approval, method, opened_at)
SELECT c.id, v.id, r.id, v.township_id, v.county_id, v.city_id, v.province_id,
    (%(stages)s::text[])[LEAST(done, 16) + 1], done,
    CASE WHEN done < 17 THEN %(starts)s::date + 5 * (done + 1) END,
    CASE WHEN done = 17 THEN %(today)s::date - ({_hash("v.id", 3)} %% 10)::integer END,
    0, NULL, 5, 1, '', '', 'surplus', %(at)s
FROM villages_village v
JOIN elections_campaign c ON c.area_id = v.county_id
JOIN elections_ruleset r ON r.campaign_id = c.id
CROSS JOIN LATERAL (
    SELECT LEAST(17, {_hash("v.id", 1)} %% {_PACE.format(hash=_hash("v.county_id", 2))})::integer AS done
) d
ORDER BY v.id
"""

_RECORDS = """
INSERT INTO elections_stagerecord (election_id, stage, attempt, is_current, status, planned_on, actual_on,
    settled_at, settled_by_id, return_reason)
SELECT e.id, (%(stages)s::text[])[n + 1], 1, true, CASE WHEN n < e.done_count THEN 'done' ELSE 'open' END,
    %(starts)s::date + 5 * (n + 1), CASE WHEN n < e.done_count THEN %(starts)s::date + 3 * n END,
    CASE WHEN n < e.done_count THEN %(at)s::timestamptz + make_interval(days => 3 * n) END,
    CASE WHEN n < e.done_count THEN %(staff)s END, ''
FROM elections_villageelection e CROSS JOIN LATERAL generate_series(0, LEAST(e.done_count, 16)) n
"""

_GRADES = f"""
INSERT INTO groundwork_riskgrade (election_id, grade, grounds, graded_on, leader, work_group, plan)
SELECT e.id, CASE WHEN h < 5 THEN 'red' WHEN h < 25 THEN 'yellow' ELSE 'green' END, '', %(starts)s, '包保领导',
    '工作组', '预案'
FROM elections_villageelection e CROSS JOIN LATERAL (SELECT {_hash("e.village_id", 4)} %% 100 AS h) x
WHERE e.done_count > 0
"""

_MEMBERS = f"""
INSERT INTO villages_partymember (village_id, name, sex, born_on, joined_on, status, education, origin,
    further_origins, is_women_director, heads_village_committee, on_village_committee, phone, identity_sealed,
    identity_hash)
SELECT e.village_id, '党员' || n, CASE WHEN {_hash("e.village_id * 10 + n", 5)} %% 3 = 0 THEN 'female' ELSE 'male' END,
    '1975-01-01', '2005-07-01', 'full', 'college', '', '{{}}', false, false, false, '', '', ''
FROM elections_villageelection e CROSS JOIN generate_series(1, {PEOPLE}) n
WHERE e.done_count >= {_AT[Stage.PRELIMINARY]}
"""

_CANDIDACIES = f"""
INSERT INTO candidates_candidacy (election_id, member_id, status, source, rank, member_votes, villager_votes,
    is_replacement, withdrawal_reason, not_prepared_reason, nominated_post, pledged_on, talked_on, talker)
SELECT e.id, m.id, CASE WHEN e.done_count <= {_AT[Stage.REVIEW]} THEN 'preliminary'
        WHEN {_hash("m.id", 6)} %% 40 = 0 THEN 'rejected' WHEN e.done_count <= {_AT[Stage.INSPECTION]} THEN 'cleared'
        WHEN e.done_count <= {_AT[Stage.NOMINATION]} THEN 'inspected' ELSE 'prepared' END,
    'recommended', right(m.name, 1)::integer, 40, 40, false, '', '', '', %(starts)s, %(starts)s, ''
FROM villages_partymember m JOIN elections_villageelection e ON e.village_id = m.village_id
"""

_MEETINGS = f"""
INSERT INTO elections_meeting (election_id, kind, held_on, place, due, present, chair, recorder)
SELECT id, 'committee_ballot', %(starts)s::date + 36, '', 50, 45, '', '' FROM elections_villageelection
WHERE done_count > {_AT[Stage.COMMITTEE_BALLOT]}
"""

_ROUNDS = """
INSERT INTO elections_ballotround (meeting_id, post, number, kind, held_on, seats, present, issued, returned, valid,
    invalid, recorded_by_id, recorded_at)
SELECT id, 'committee', 1, 'main', held_on, 5, 45, 45, 45, 45, 0, %(staff)s, %(at)s FROM elections_meeting
"""

_POSTS = f"""
INSERT INTO candidates_electedpost (election_id, member_id, round_id, post, votes, elected_on, term_ends_on, reelected)
SELECT e.id, c.member_id, b.id, p.post, 40, m.held_on, m.held_on + 1826, {_hash("c.member_id", 7)} %% 2 = 0
FROM elections_villageelection e
JOIN elections_meeting m ON m.election_id = e.id
JOIN elections_ballotround b ON b.meeting_id = m.id
JOIN candidates_candidacy c ON c.election_id = e.id AND c.rank <= {WINNERS} AND c.status = 'prepared'
JOIN (VALUES ('member', 9), ('secretary', 1)) AS p (post, most) ON c.rank <= p.most
WHERE p.post = 'member' OR e.done_count > {_AT[Stage.SECRETARY_BALLOT]}
"""

#: A report for every township and day; `not_of` stay without, so that they can report through the door.
_REPORTS = """
INSERT INTO reporting_dailyreport (campaign_id, township_id, county_id, city_id, province_id, day, number, elections,
    day_started, total_started, day_petitioned, total_petitioned, day_recommended, total_recommended, day_reviewed,
    total_reviewed, day_inspected, total_inspected, day_noticed, total_noticed, day_elected, total_elected,
    day_approved, total_approved, day_completed, total_completed, problems, practices, confirmed_by_id, confirmed_name,
    confirmed_at, is_late, request_key, request_digest, version, reason, approval, approved_name, approval_note)
SELECT p.campaign_id, p.township_id, p.county_id, p.city_id, p.province_id, %(starts)s::date + n,
    'RB' || p.township_id || '-' || n, p.elections, 0, p.settled_survey, 0, p.settled_petition, 0, p.settled_preliminary,
    0, p.settled_review, 0, p.settled_inspection, 0, p.settled_notice, 0, p.settled_committee_ballot, 0,
    p.settled_approval, 0, p.completed, '无', '无', %(staff)s, '计时', %(at)s::timestamptz + make_interval(days => n),
    false, gen_random_uuid(), '', 1, '', 'not_asked', '', ''
FROM reporting_townshipprogress p CROSS JOIN generate_series(%(first)s::integer, %(last)s::integer) n
WHERE p.township_id <> ALL(%(not_of)s)
"""


def _facts(staff, today) -> dict:
    starts = today - timedelta(days=DAYS)
    return {
        "staff": staff.pk,
        "today": today,
        "starts": starts,
        "ends": starts + timedelta(days=90),
        "at": f"{starts}T08:00:00+08:00",
        "stages": [stage.value for stage in _ORDER],
    }


def _run(statements: tuple[str, ...], facts: dict) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET work_mem = '64MB'")
        for statement in statements:
            cursor.execute(statement, facts)
        cursor.execute("RESET work_mem")
        cursor.execute("RESET session_replication_role")


def tidy() -> None:
    """What autovacuum would have done by the time that a nation has filled its tables."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def fill_campaigns(*, staff, today) -> None:
    """Campaigns and everything in them."""
    statements = (
        _CAMPAIGNS, _RULES, _ELECTIONS, _RECORDS, _GRADES, _MEMBERS, _CANDIDACIES, _MEETINGS, _ROUNDS, _POSTS,
    )  # fmt: skip
    _run(statements, _facts(staff, today))


def fill_reports(*, staff, today, first: int, last: int, not_of: list[int]) -> None:
    """Daily reports of every township but `not_of`, from the `first` to the `last` day of the campaigns."""
    facts = _facts(staff, today) | {"first": first, "last": last, "not_of": not_of}
    _run((_REPORTS,), facts)


def fill_rollups(*, at) -> None:
    """The first tier, as the product computes it."""
    townships: dict[int, set[int]] = {}
    pairs = VillageElection.objects.order_by().values_list("campaign_id", "township_id").distinct()
    for campaign_id, township_id in pairs:
        townships.setdefault(campaign_id, set()).add(township_id)
    with transaction.atomic():
        for campaign_id, ids in sorted(townships.items()):
            refresh_townships(campaign_id=campaign_id, township_ids=ids, at=at)
