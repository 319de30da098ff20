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
from .negative import (
    FactForm,
    NegativeRuleForm,
    PasteForm,
    RetireRuleForm,
    SampleForm,
    WithdrawFactForm,
)
from .nomination import NominationForm
from .recommendation import SMALL, PreliminaryForm, RecommendationForm, votes_field
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
    "BatchForm",
    "CertifyRoundForm",
    "CorrectionForm",
    "CountersignForm",
    "CountyReviewForm",
    "DecideCorrectionForm",
    "DepartmentForm",
    "FactForm",
    "InspectionForm",
    "NegativeRuleForm",
    "NominationForm",
    "PassBatchForm",
    "PasteForm",
    "PreliminaryForm",
    "RecommendationForm",
    "ReductionForm",
    "RemindForm",
    "ReplacementForm",
    "RetireDepartmentForm",
    "RetireRuleForm",
    "ReturnPersonForm",
    "ReviewAllForm",
    "RoundForm",
    "SampleForm",
    "TownshipReviewForm",
    "WithdrawFactForm",
    "WithdrawPersonForm",
    "WithdrawRoundForm",
    "tally_initial",
    "votes_field",
]
