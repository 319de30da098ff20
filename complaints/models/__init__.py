"""Complaints: the records by noun."""

from .complaints import CONTENT, GONE, Attachment, Complaint, Matter, Series
from .handling import Clock, Event, Extension, Measure, Transfer
from .intake import IntakeCount, LastTermFigure
from .opinion import OpinionIncident, OpinionScreenshot
from .retention import Disposal, LegalHold, RetentionPeriod
from .vault import IdentityAccess, ReporterIdentity

__all__ = [
    "CONTENT",
    "GONE",
    "Attachment",
    "Clock",
    "Complaint",
    "Disposal",
    "Event",
    "Extension",
    "IdentityAccess",
    "IntakeCount",
    "LastTermFigure",
    "LegalHold",
    "Matter",
    "Measure",
    "OpinionIncident",
    "OpinionScreenshot",
    "ReporterIdentity",
    "RetentionPeriod",
    "Series",
    "Transfer",
]
