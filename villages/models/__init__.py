"""Places, party organisations and people: facts about them, not about their part in an election. One module a noun."""

from .members import PartyMember, PostHeld
from .places import Jurisdiction, PartyOrganisation, Village
from .postings import Posting

__all__ = ["Jurisdiction", "PartyMember", "PartyOrganisation", "PostHeld", "Posting", "Village"]
