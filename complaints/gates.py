"""Whether an objection holds a village up. Says nothing of what it is about or who made it."""

from datetime import datetime

from accounts.enums import Role
from elections import rules
from elections.blockers import Blocker
from elections.models import VillageElection

from .models import Complaint


def no_open_objection(election: VillageElection, *, at: datetime) -> list[Blocker]:
    """An objection marked as blocking is settled before the village goes on.

    Firm: discipline staff, who alone know what it is about, settle it or take the mark away; nobody lifts it unread.
    """
    if Complaint.objects.open().filter(election=election, blocks_notice=True).exists():
        return [
            Blocker(
                "objection",
                "公示期间有异议尚未办结，由纪检信访专员办理，办结后方可继续。",
                rules.MANUAL,
                who=Role.DISCIPLINE,
                anchor="",
            )
        ]
    return []
