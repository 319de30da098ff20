"""stage code → dotted paths of its gates, asked in this order before the stage may be closed.

The tables of this module are the one place where a lower app reaches a higher one. A gate is
`f(election, *, at) -> list[Blocker]`. Evidence and the order of stages are checked for every stage by
elections.selectors.
"""

STAGE_GATES: dict[str, list[str]] = {
    "survey": ["groundwork.gates.survey_complete"],
    "rectification": ["groundwork.gates.rectified"],
    "petition": [
        "groundwork.gates.red_village_cleared",
        "groundwork.gates.plan_approved",
        "elections.gates.petition_approved",
    ],
    "mobilisation": ["elections.gates.mobilised"],
    "roster": ["elections.gates.roll_frozen"],
    "member_recommendation": [
        "groundwork.gates.audit_published",
        "candidates.gates.member_recommendation_recorded",
    ],
    "villager_recommendation": [
        "groundwork.gates.audit_published",
        "elections.gates.representatives_settled",
        "candidates.gates.villager_recommendation_recorded",
    ],
    "preliminary": ["candidates.gates.preliminary_complete"],
    "review": ["candidates.gates.review_complete"],
    "inspection": ["candidates.gates.inspection_complete"],
    "nomination": ["elections.gates.nomination_approved", "candidates.gates.nomination_complete"],
    "notice": [
        "elections.gates.notice_long_enough",
        "candidates.gates.ballot_complete",
        "complaints.gates.no_open_objection",
    ],
    "committee_ballot": [
        "elections.gates.ballot_after_notice",
        "complaints.gates.no_open_objection",
        "candidates.gates.promised",
        "candidates.gates.committee_elected",
    ],
    "secretary_ballot": ["candidates.gates.secretary_elected"],
    "approval": [
        "elections.gates.result_approved",
        "candidates.gates.winners_qualified",
        "candidates.gates.women_elected",
    ],
    "announcement": ["elections.gates.result_announced"],
    "handover": ["elections.gates.handed_over"],
}

#: Functions `refresh(*, campaign_id, township_ids, at)` called in the transaction of every write.
ROLLUPS: list[str] = ["reporting.rollups.refresh_townships"]

#: Functions `f(*, member, since)` asked before two rows of one person are merged, and before that is undone.
MERGE_GATES: list[str] = ["candidates.gates.stands_in_no_open_election"]
UNMERGE_GATES: list[str] = [
    "elections.gates.on_no_roll_since",
    "candidates.gates.won_nothing_since",
]
