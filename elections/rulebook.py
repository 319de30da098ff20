"""The rules as one plain table: what each says, where it comes from, which parameter moves it, where it is computed
and tested. docs/rules.md is written from it; a test holds the two and the code together.
"""

from dataclasses import dataclass

from .rules import BRANCH_REGULATION, ELECTION_REGULATION, MANUAL, RURAL_REGULATION


@dataclass(frozen=True)
class Entry:
    """`parameters`: fields of RuleSet; `functions`: of elections.rules or elections.strokes; `tests`: of their test files
    in tests/elections."""

    rule: str
    citation: str
    functions: tuple[str, ...]
    tests: tuple[str, ...]
    parameters: tuple[str, ...] = ()


RULEBOOK = (
    Entry(
        "有选举权的是正式党员；预备党员、受留党察看处分和被中止党员权利的没有",
        f"{ELECTION_REGULATION}第五条",
        ("may_vote",),
        ("test_may_vote",),
    ),
    Entry(
        "应到会人数＝有选举权的党员－不计入的；不计入须同时有列明的理由、上级党委同意、党员大会通过",
        ELECTION_REGULATION,
        ("exclusion_problems",),
        ("test_exclusion_needs_all_three_conditions",),
    ),
    Entry(
        "实到会有选举权的不少于应到会的五分之四，方可选举",
        f"{ELECTION_REGULATION}第十八条",
        ("ceil_share", "quorum_needed", "quorum_problems", "attendance_problems"),
        (
            "test_quorum_needed",
            "test_quorum_problems",
            "test_quorum_sentence_names_the_gap",
            "test_quorum_is_four_fifths",
            "test_share_is_the_smallest_whole_number_not_below_it",
        ),
        ("quorum_strict",),
    ),
    Entry(
        "两次推荐会到会达到规定比例；每人得票不多于到会人数，总票数不多于到会人数×每票最多人数",
        MANUAL,
        ("recommendation_problems", "recommendation_vote_problems"),
        (
            "test_recommendation_problems",
            "test_recommendation_vote_problems",
            "test_recommendation_quorum_is_the_share",
        ),
        ("recommendation_numerator", "recommendation_denominator"),
    ),
    Entry(
        "正式党员不足7人的支部不设委员会，由党员大会直接选举书记",
        BRANCH_REGULATION,
        ("needs_committee",),
        ("test_needs_committee",),
    ),
    Entry(
        "正式党员不足3人的成立联合支部；设党委的须有党员100人以上并经县级党委批准；50人以上可设总支",
        f"{RURAL_REGULATION}第五条",
        ("organisation_problems",),
        ("test_organisation_problems", "test_organisation_follows_from_its_members"),
    ),
    Entry(
        "任期届满应按期换届；提前或延期须经上级党组织批准，均不超过一年",
        f"{ELECTION_REGULATION}第三条",
        ("term_problems", "a_year_from"),
        (
            "test_term_problems",
            "test_a_year_from",
            "test_shifted_election_needs_approval_and_never_more_than_a_year",
        ),
    ),
    Entry(
        "委员职数按党组织类型：支部3至5名，最多7名；总支5至7名；党委5至7名，最多9名；副书记少于委员职数",
        RURAL_REGULATION,
        ("seat_problems", "deputy_problems"),
        (
            "test_seat_problems",
            "test_deputy_problems",
            "test_committee_has_a_size_of_its_kind_or_none_at_all",
            "test_deputies_leave_an_ordinary_seat",
        ),
    ),
    Entry(
        "委员候选人比应选名额至少多20%，不足1名的进位",
        ELECTION_REGULATION,
        ("candidates_needed", "ballot_candidates_needed", "surplus_problems"),
        (
            "test_candidates_needed",
            "test_surplus_problems",
            "test_branch_without_committee_needs_no_surplus",
            "test_surplus_is_at_least_the_percentage_and_no_more_than_needed",
        ),
        ("surplus_percent",),
    ),
    Entry(
        "两次推荐按方案规定的办法合并：得票之和、加权，或各取前列；相等的以党员推荐票为先；与末位得票相同的一并列入",
        MANUAL,
        ("merge_recommendations", "preliminary_nominees"),
        (
            "test_merge_orders_by_sum_then_members",
            "test_preliminary_nominees",
            "test_weighted_merge",
            "test_top_of_both_merge",
            "test_every_merge_lists_whoever_got_a_vote_once_and_cuts_no_tie",
            "test_preliminary_keeps_everybody_tied_with_the_last",
        ),
        ("merge_rule", "member_percent"),
    ),
    Entry(
        "初步人选、预备人选中女性不少于规定名额，经批准可例外",
        MANUAL,
        ("women_problems",),
        ("test_women_problems",),
        ("women_minimum",),
    ),
    Entry(
        "预备人选公示不少于规定的工作日（除去法定节假日和周末，计入调休上班日），公示期满后方可选举",
        MANUAL,
        ("working_days", "working_days_after", "notice_problems", "ballot_day_problems"),
        (
            "test_working_days",
            "test_working_days_add_up",
            "test_notice_is_long_enough_from_the_day_its_refusal_names",
            "test_working_days_follow_the_holiday_calendar",
            "test_published_holidays_and_worked_weekends_of_2026_are_known",
            "test_last_working_day_is_the_first_on_which_enough_have_passed",
            "test_notice_over_a_holiday_is_told_until_when_it_must_last",
            "test_notice_in_a_year_without_a_published_calendar_says_so",
            "test_notice_problems",
            "test_ballot_day_problems",
        ),
        ("notice_working_days",),
    ),
    Entry(
        "选票上委员候选人以姓氏笔画为序，书记、副书记候选人按上级党组织批准的顺序",
        f"{ELECTION_REGULATION}第二十四条",
        ("strokes_of", "surname_of", "stroke_key", "by_strokes"),
        (
            "test_strokes_of",
            "test_surname_of",
            "test_order",
            "test_objects_are_sorted_by_their_names",
            "test_order_does_not_depend_on_the_order_of_entry",
        ),
    ),
    Entry(
        "监票人、计票人不是候选人",
        f"{ELECTION_REGULATION}第二十二条",
        ("teller_problems",),
        ("test_teller_problems",),
    ),
    Entry(
        "发出的选票不多于到会人数；收回多于发出的，选举无效；有效票＋无效票＝收回；每人赞成＋不赞成＋弃权＝有效票；"
        "所选人数超过应选名额的为无效票",
        ELECTION_REGULATION,
        ("round_problems",),
        (
            "test_round_problems",
            "test_honest_count_is_never_refused",
            "test_count_with_one_wrong_figure_is_refused",
        ),
    ),
    Entry(
        "唱票时两人各自独立计票，两份计票单一致方可采用",
        ELECTION_REGULATION,
        ("count_differences",),
        (
            "test_count_differences",
            "test_abstentions_are_the_rest_of_the_valid_ballots",
            "test_two_counts_differ_in_what_is_named_and_in_nothing_else",
        ),
    ),
    Entry(
        "对候选人投不赞成票的可以另选他人，弃权的不能；另选人只计赞成票，同样须超过半数当选",
        f"{ELECTION_REGULATION}第二十五条",
        (),
        (
            "test_only_who_votes_against_may_write_in",
            "test_abstaining_is_not_voting_against",
            "test_written_in_person_is_elected_like_the_others",
        ),
    ),
    Entry(
        "当选人接近应选名额的，经半数以上选举人同意，可以减少名额，不再另行选举；不少于委员会的最少人数，得票相等的不能代替",
        ELECTION_REGULATION,
        ("reduction_problems",),
        (
            "test_reduction_problems",
            "test_reduced_seats_end_the_election",
            "test_seats_are_given_up_by_a_majority_near_the_number_only",
        ),
    ),
    Entry(
        "得赞成票超过实到会有选举权人数一半的当选；超过应选名额的以得票多的当选；得票相等的就相等者再次投票；"
        "不足名额的另行选举，不得以未过半数的补足",
        ELECTION_REGULATION,
        ("majority_needed", "majority_sentence", "outcome"),
        (
            "test_majority_needed",
            "test_majority_is_more_than_half_and_one_less_is_not",
            "test_majority_sentence_states_the_gap",
            "test_majority_sentence_says_who_is_elected",
            "test_outcome",
            "test_main_round_agrees_with_the_oracle",
            "test_rounds_never_break_the_counting_rules",
            "test_outcome_does_not_depend_on_the_order_of_entry",
        ),
    ),
    Entry(
        "村党组织每届任期五年",
        f"{RURAL_REGULATION}",
        ("term_end",),
        ("test_term_end", "test_term_ends_the_day_before_its_fifth_anniversary"),
    ),
    Entry(
        "各环节的计划日期在换届工作期间之内，按程序先后排列",
        MANUAL,
        ("plan_problems",),
        ("test_plan_problems",),
    ),
    Entry(
        "环节过了计划日期为逾期，按工作日计；黄色，超过规定的工作日转红色",
        MANUAL,
        ("working_days_late", "last_working_day", "lateness"),
        (
            "test_working_days_late",
            "test_what_is_late_follows_from_the_last_working_day",
            "test_lateness",
        ),
        ("overdue_red_days",),
    ),
    Entry(
        "环节的办理日期不在今天之后，不早于它前面的环节",
        MANUAL,
        ("date_problems",),
        ("test_date_problems", "test_stage_lies_between_the_one_before_and_today"),
    ),
)

_HEAD = """# The rules

Written from `elections/rulebook.py`; every rule is a pure function of `elections/rules.py` (the ballot's order: `elections/strokes.py`), asked by forms, gates, reports and 程序体检 alike.
Article numbers stand only where the article was read. Parameters are those of the campaign's 规则方案 (`RuleSet`).

| rule | source | parameter | function | tests |
|---|---|---|---|---|
"""


def markdown() -> str:
    """The text of docs/rules.md."""

    def names(words: tuple[str, ...]) -> str:
        return "<br>".join(f"`{word}`" for word in words) or "—"

    return _HEAD + "".join(
        f"| {e.rule} | {e.citation} | {names(e.parameters)} | {names(e.functions)} | {names(e.tests)} |\n"
        for e in RULEBOOK
    )
