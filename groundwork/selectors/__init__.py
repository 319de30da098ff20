"""Reads over the ledgers."""
