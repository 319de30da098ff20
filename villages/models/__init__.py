"""Places, party organisations and people: facts about them, not about their part in an election. One module a noun."""

from .members import MemberMerge, PartyMember, PostHeld, Restriction
from .places import Jurisdiction, PartyOrganisation, Village
from .postings import Posting
from .representatives import Representative

__all__ = [
    "Jurisdiction",
    "MemberMerge",
    "PartyMember",
    "PartyOrganisation",
    "PostHeld",
    "Posting",
    "Representative",
    "Restriction",
    "Village",
]
