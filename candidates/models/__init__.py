"""A person standing in one village's election: recommendation, candidacy, review, inspection, votes, posts won."""

from .countersign import NeedsSecond, second_person
from .inspections import Inspection, VetoSignature
from .negative import NegativeRule, PersonFact
from .nominees import Candidacy, RecommendationTally
from .papers import CandidacyPaper
from .proposals import Proposal
from .relations import DeclaredRelation
from .reserve import ReserveCadre, ReservePost, ReserveTraining
from .results import BallotCorrection, ElectedPost, SeatReduction, VoteTally
from .reviews import CurrentReviews, Review
from .selection import SecretaryAssessment
from .tally import TallyMark, TallySheet
from .vetting import ReviewAsk, ReviewBatch, ReviewOpinion, ReviewTask, VettingDepartment

__all__ = [
    "BallotCorrection",
    "Candidacy",
    "CandidacyPaper",
    "CurrentReviews",
    "DeclaredRelation",
    "ElectedPost",
    "Inspection",
    "NeedsSecond",
    "NegativeRule",
    "PersonFact",
    "Proposal",
    "RecommendationTally",
    "ReserveCadre",
    "ReservePost",
    "ReserveTraining",
    "Review",
    "ReviewAsk",
    "ReviewBatch",
    "ReviewOpinion",
    "ReviewTask",
    "SeatReduction",
    "SecretaryAssessment",
    "TallyMark",
    "TallySheet",
    "VetoSignature",
    "VettingDepartment",
    "VoteTally",
    "second_person",
]
