"""A person standing in one village's election: recommendation, candidacy, review, inspection, votes, posts won."""

from .inspections import Inspection
from .nominees import Candidacy, RecommendationTally
from .results import BallotCorrection, ElectedPost, SeatReduction, VoteTally
from .reviews import CurrentReviews, Review
from .tally import TallyMark, TallySheet

__all__ = [
    "BallotCorrection",
    "Candidacy",
    "CurrentReviews",
    "ElectedPost",
    "Inspection",
    "RecommendationTally",
    "Review",
    "SeatReduction",
    "TallyMark",
    "TallySheet",
    "VoteTally",
]
