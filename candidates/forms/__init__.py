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
from .inspection import CountersignForm, InspectionForm
from .nomination import NominationForm
from .people import (
    AssessSecretaryForm,
    NominateReplacementForm,
    PaperForm,
    PromiseForm,
    ProposalForm,
    RelationForm,
    RemoveProposalForm,
    RemoveRelationForm,
    WithdrawForm,
)
from .recommendation import SMALL, PreliminaryForm, RecommendationForm, votes_field
from .reserve import EntryForm, ExerciseForm, ScoresForm, StateForm, TrainingForm
from .review import ReplacementForm, ReturnPersonForm, ReviewAllForm, ReviewForm

__all__ = [
    "SMALL",
    "WRITE_INS",
    "AssessSecretaryForm",
    "CertifyRoundForm",
    "CorrectionForm",
    "CountersignForm",
    "DecideCorrectionForm",
    "EntryForm",
    "ExerciseForm",
    "InspectionForm",
    "NominateReplacementForm",
    "NominationForm",
    "PaperForm",
    "PreliminaryForm",
    "PromiseForm",
    "ProposalForm",
    "RecommendationForm",
    "ReductionForm",
    "RelationForm",
    "RemoveProposalForm",
    "RemoveRelationForm",
    "ReplacementForm",
    "ReturnPersonForm",
    "ReviewAllForm",
    "ReviewForm",
    "RoundForm",
    "ScoresForm",
    "StateForm",
    "TrainingForm",
    "WithdrawForm",
    "WithdrawRoundForm",
    "tally_initial",
    "votes_field",
]
