"""Complaints: the records by noun."""

from .complaints import Complaint

__all__ = ["Complaint"]
