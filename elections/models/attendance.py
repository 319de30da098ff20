"""到会 by name: who of those due came to a meeting. Where it is recorded, the meeting's number of people follows from it."""

from django.db import models
from django.db.models import Q

from ..querysets import OfMeetingQuerySet
from .representatives import RepresentativeEntry
from .rolls import RollEntry


class Attendance(models.Model):
    """One person at one meeting, out of the roll of voters or the list of representatives. Nobody comes for another."""

    meeting = models.ForeignKey(
        "elections.Meeting", models.CASCADE, related_name="attendance", verbose_name="会议"
    )
    roll_entry = models.ForeignKey(RollEntry, models.PROTECT, related_name="+", null=True)
    representative_entry = models.ForeignKey(
        RepresentativeEntry, models.PROTECT, related_name="+", null=True
    )

    objects = OfMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "到会人员"
        constraints = [
            models.CheckConstraint(
                condition=Q(roll_entry__isnull=True) ^ Q(representative_entry__isnull=True),
                name="attendance_of_one_entry",
            ),
            models.UniqueConstraint(fields=["meeting", "roll_entry"], name="voter_present_once"),
            models.UniqueConstraint(
                fields=["meeting", "representative_entry"], name="representative_present_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.roll_entry or self.representative_entry}"
