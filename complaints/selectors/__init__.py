"""Complaints and public opinion: reads over several models."""
