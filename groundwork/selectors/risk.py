"""The rule sheet that holds, and a village's gradings and requests."""

from collections.abc import Iterable

from elections.models import Campaign, VillageElection

from .. import rules
from ..models import ClearRequest, RiskScore, RiskSheet


def sheet_of(campaign: Campaign) -> tuple[int, rules.Sheet]:
    """Version and content of the sheet that holds; version 0 is the standard one (one query)."""
    newest = RiskSheet.objects.filter(campaign=campaign).order_by("-version").first()
    return (newest.version, newest.rule) if newest else (0, rules.STANDARD)


def scores_of(user, election: VillageElection) -> list[RiskScore]:
    """Every grading of a village, the newest first."""
    rows = RiskScore.objects.visible_to(user).filter(election=election)
    return list(rows.select_related("recorded_by").order_by("-recorded_at", "-pk"))


def clear_requests_of(user, election: VillageElection) -> list[ClearRequest]:
    rows = ClearRequest.objects.visible_to(user).filter(election=election)
    return list(rows.select_related("requested_by", "decided_by").order_by("-requested_at"))


def newest_scores(elections: Iterable[VillageElection]) -> dict[int, RiskScore]:
    """Election's pk → the scores that hold (one query)."""
    rows = RiskScore.objects.filter(election__in=[e.pk for e in elections])
    newest = rows.order_by("election", "-recorded_at", "-pk").distinct("election")
    return {row.election_id: row for row in newest}
