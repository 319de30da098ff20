"""Complaints: the records by noun."""

from .complaints import CONTENT, GONE, Attachment, Complaint, Matter, Series
from .handling import Clock, Event, Extension, Measure, Transfer
from .vault import IdentityAccess, ReporterIdentity

__all__ = [
    "CONTENT",
    "GONE",
    "Attachment",
    "Clock",
    "Complaint",
    "Event",
    "Extension",
    "IdentityAccess",
    "Matter",
    "Measure",
    "ReporterIdentity",
    "Series",
    "Transfer",
]
