"""One village of a county, with its users."""

from tests.elections.conftest import campaign, election, place, storage, today, users  # noqa: F401
