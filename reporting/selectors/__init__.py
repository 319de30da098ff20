"""Reads over every app, one module per page or document."""
