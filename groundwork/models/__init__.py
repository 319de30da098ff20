"""The ledgers around the procedure. `rows`: what they share; `stages`: those of stages 1 and 2; `work`: how the work is
organised; `villages`: what else is kept about a village."""

from .risk import ClearRequest, RiskScore, RiskSheet
from .stages import DepartureAudit, Dispute, RiskGrade, SurveyItem
from .villages import (
    ContingencyPlan,
    DifficultVillage,
    SecretaryAdjustment,
    WeakOrganisation,
    WorkSchedule,
)
from .work import (
    DocumentReceipt,
    GuidanceDocument,
    LeaderLink,
    MeetingDecision,
    PublicityItem,
    VillageCadre,
    WorkGroup,
    WorkMeeting,
)

__all__ = [
    "ClearRequest",
    "ContingencyPlan",
    "DepartureAudit",
    "DifficultVillage",
    "Dispute",
    "DocumentReceipt",
    "GuidanceDocument",
    "LeaderLink",
    "MeetingDecision",
    "PublicityItem",
    "RiskGrade",
    "RiskScore",
    "RiskSheet",
    "SecretaryAdjustment",
    "SurveyItem",
    "VillageCadre",
    "WeakOrganisation",
    "WorkGroup",
    "WorkMeeting",
    "WorkSchedule",
]
