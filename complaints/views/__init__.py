"""Complaints: the pages by noun."""
