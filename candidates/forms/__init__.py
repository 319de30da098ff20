"""Forms of stages 6 to 11, 13 and 14. Shape only; rules are asked by the services."""

from .ballots import (
    WRITE_INS,
    CertifyRoundForm,
    ReductionForm,
    RoundForm,
    WithdrawRoundForm,
    tally_initial,
)
from .corrections import CorrectionForm, DecideCorrectionForm
from .inspection import InspectionForm
from .nomination import NominationForm
from .recommendation import SMALL, PreliminaryForm, RecommendationForm, votes_field
from .review import ReplacementForm, ReturnPersonForm, ReviewAllForm, ReviewForm

__all__ = [
    "SMALL",
    "WRITE_INS",
    "CertifyRoundForm",
    "CorrectionForm",
    "DecideCorrectionForm",
    "InspectionForm",
    "NominationForm",
    "PreliminaryForm",
    "RecommendationForm",
    "ReductionForm",
    "ReplacementForm",
    "ReturnPersonForm",
    "ReviewAllForm",
    "ReviewForm",
    "RoundForm",
    "WithdrawRoundForm",
    "tally_initial",
    "votes_field",
]
