"""Complaints: the forms by noun. Shape only; rules are asked by the services."""
