"""A person standing in one village's election: recommendation, candidacy, review, inspection, votes, posts won."""

from .inspections import Inspection, VetoSignature
from .nominees import Candidacy, RecommendationTally
from .papers import CandidacyPaper
from .proposals import Proposal
from .relations import DeclaredRelation
from .reserve import ReserveCadre, ReservePost, ReserveTraining
from .results import BallotCorrection, ElectedPost, SeatReduction, VoteTally
from .reviews import CurrentReviews, Review
from .selection import SecretaryAssessment
from .tally import TallyMark, TallySheet

__all__ = [
    "BallotCorrection",
    "Candidacy",
    "CandidacyPaper",
    "CurrentReviews",
    "DeclaredRelation",
    "ElectedPost",
    "Inspection",
    "Proposal",
    "RecommendationTally",
    "ReserveCadre",
    "ReservePost",
    "ReserveTraining",
    "Review",
    "SeatReduction",
    "SecretaryAssessment",
    "TallyMark",
    "TallySheet",
    "VetoSignature",
    "VoteTally",
]
