"""Reads over the people of one election: tallies, nominees, what is needed, rounds and their outcome."""

from .ballots import (
    BALLOT_MEETING,
    Contest,
    CountedRound,
    ballot_order,
    contests,
    counted_rounds,
    counted_rounds_of,
    is_settled,
    may_be_written_in,
    meeting_of,
)
from .comparison import Compared, comparison
from .corrections import CorrectionLine, correction_lines, corrections_of
from .nomination import post_problems, surplus_problems
from .people import (
    RECOMMENDATION_MEETING,
    candidacies,
    candidates_needed,
    eligible_members,
    merge_words,
    merged,
    open_stage,
    prepared,
    proposals,
    relations,
    returned_reviews,
    standing,
    tallies,
    women,
)
from .reserve import ReserveLine, reserve_line
from .steps import STEPS, Step
from .tally import LiveCount, counted_on, live_count, sheets_of
from .three_gates import SPECS as WOMEN_GATES
from .three_gates import WOMEN, WomenGate, gates_of, with_women_gates, women_gates

__all__ = [
    "BALLOT_MEETING",
    "RECOMMENDATION_MEETING",
    "STEPS",
    "WOMEN",
    "WOMEN_GATES",
    "Compared",
    "Contest",
    "CorrectionLine",
    "CountedRound",
    "LiveCount",
    "ReserveLine",
    "Step",
    "WomenGate",
    "ballot_order",
    "candidacies",
    "candidates_needed",
    "comparison",
    "contests",
    "correction_lines",
    "corrections_of",
    "counted_on",
    "counted_rounds",
    "counted_rounds_of",
    "eligible_members",
    "gates_of",
    "is_settled",
    "live_count",
    "may_be_written_in",
    "meeting_of",
    "merge_words",
    "merged",
    "open_stage",
    "post_problems",
    "prepared",
    "proposals",
    "relations",
    "reserve_line",
    "returned_reviews",
    "sheets_of",
    "standing",
    "surplus_problems",
    "tallies",
    "with_women_gates",
    "women",
    "women_gates",
]
