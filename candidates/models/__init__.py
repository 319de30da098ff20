"""A person standing in one village's election: recommendation, candidacy, review, inspection, votes, posts won."""

from .countersign import NeedsSecond, second_person
from .inspections import Inspection
from .negative import NegativeRule, PersonFact
from .nominees import Candidacy, RecommendationTally
from .results import BallotCorrection, ElectedPost, SeatReduction, VoteTally
from .reviews import CurrentReviews, Review
from .tally import TallyMark, TallySheet
from .vetting import ReviewAsk, ReviewBatch, ReviewOpinion, ReviewTask, VettingDepartment

__all__ = [
    "BallotCorrection",
    "Candidacy",
    "CurrentReviews",
    "ElectedPost",
    "Inspection",
    "NeedsSecond",
    "NegativeRule",
    "PersonFact",
    "RecommendationTally",
    "Review",
    "ReviewAsk",
    "ReviewBatch",
    "ReviewOpinion",
    "ReviewTask",
    "SeatReduction",
    "TallyMark",
    "TallySheet",
    "VettingDepartment",
    "VoteTally",
    "second_person",
]
