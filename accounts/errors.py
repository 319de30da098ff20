"""What a service raises when it will not do what it is asked. Views turn these into 403, 409, 422."""

from django.core.exceptions import PermissionDenied

from .problems import Problem


class Forbidden(PermissionDenied):
    """In sight but not allowed; its sentence is shown on the 403 page."""


class Refused(Exception):
    """A rule says no. Carries every problem at once."""

    def __init__(self, *problems: Problem):
        super().__init__("；".join(p.message for p in problems))
        self.problems = problems


class Conflict(Refused):
    """Somebody else was first; the caller must look again."""
