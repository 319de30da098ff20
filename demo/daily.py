"""What coordinators do at the end of a demonstration day: confirm the daily report."""

from datetime import date

from accounts.models import User
from elections.models import Campaign


def report_day(campaign: Campaign, day: date, coordinators: dict[int, User]) -> None:
    """Filled in when daily reports exist."""
