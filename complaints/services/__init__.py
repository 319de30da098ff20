"""Complaints: every write, by noun."""
