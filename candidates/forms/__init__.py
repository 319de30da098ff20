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
from .inspection import InspectionForm, SignVetoForm
from .negative import (
    FactForm,
    NegativeRuleForm,
    PasteForm,
    RetireRuleForm,
    SampleForm,
    WithdrawFactForm,
)
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
from .review import (
    CountyReviewForm,
    ReplacementForm,
    ReturnPersonForm,
    ReviewAllForm,
    TownshipReviewForm,
)
from .vetting import (
    AnswersForm,
    AskAgainForm,
    BatchForm,
    CountersignForm,
    DepartmentForm,
    PassBatchForm,
    RemindForm,
    RetireDepartmentForm,
    WithdrawPersonForm,
)

__all__ = [
    "SMALL",
    "WRITE_INS",
    "AnswersForm",
    "AskAgainForm",
    "AssessSecretaryForm",
    "BatchForm",
    "CertifyRoundForm",
    "CorrectionForm",
    "CountersignForm",
    "CountyReviewForm",
    "DecideCorrectionForm",
    "DepartmentForm",
    "EntryForm",
    "ExerciseForm",
    "FactForm",
    "InspectionForm",
    "NegativeRuleForm",
    "NominateReplacementForm",
    "NominationForm",
    "PaperForm",
    "PassBatchForm",
    "PasteForm",
    "PreliminaryForm",
    "PromiseForm",
    "ProposalForm",
    "RecommendationForm",
    "ReductionForm",
    "RelationForm",
    "RemindForm",
    "RemoveProposalForm",
    "RemoveRelationForm",
    "ReplacementForm",
    "RetireDepartmentForm",
    "RetireRuleForm",
    "ReturnPersonForm",
    "ReviewAllForm",
    "RoundForm",
    "SampleForm",
    "ScoresForm",
    "SignVetoForm",
    "StateForm",
    "TownshipReviewForm",
    "TrainingForm",
    "WithdrawFactForm",
    "WithdrawForm",
    "WithdrawPersonForm",
    "WithdrawRoundForm",
    "tally_initial",
    "votes_field",
]
