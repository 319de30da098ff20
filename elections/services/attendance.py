"""Who came to a meeting, by name: checked against those due, and written beside the meeting."""

from collections.abc import Collection

from accounts.problems import Problem

from .. import rules, selectors
from ..enums import MeetingKind
from ..models import Attendance, Meeting, VillageElection


def people_present(
    *, election: VillageElection, kind: MeetingKind, typed: int | None, attended: Collection[int]
) -> tuple[int, list[Problem]]:
    """How many came, and what is wrong: the number typed, or that of the `attended` (keys of entries that are due),
    which the typed number may not contradict."""
    if not attended:
        return typed or 0, []
    due = {entry.pk for entry in selectors.due_by_name(election, kind)}
    return len(set(attended)), rules.named_attendance_problems(
        attended=attended, due=due, typed=typed
    )


def absent_tellers(
    *,
    election: VillageElection,
    kind: MeetingKind,
    tellers: dict[int, str],
    attended: Collection[int],
) -> list[Problem]:
    """Tellers (member → name) who are due but were not ticked as present."""
    if not attended:
        return []
    entries = {entry.member_id: entry.pk for entry in selectors.due_by_name(election, kind)}
    absent = [name for member, name in tellers.items() if entries.get(member) not in attended]
    return rules.absent_teller_problems(absent)


def write_attendance(*, meeting: Meeting, attended: Collection[int]) -> None:
    """Replace who came, inside the caller's transaction; nobody ticked leaves the head count alone."""
    of_list = meeting.kind == MeetingKind.VILLAGER_RECOMMENDATION
    column = "representative_entry_id" if of_list else "roll_entry_id"
    Attendance.objects.filter(meeting=meeting).delete()
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, **{column: pk}) for pk in sorted(set(attended))
    )
