"""The upkeep of the rollups: the second tier's refresh, and the comparison of live = first tier = second tier."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import audit
from elections.models import Campaign

from .. import rollups, rules, tiers
from ..enums import TierWork
from ..models import TierRun

#: As many sentences as are kept on the page and in the audit trail.
KEPT = 50


def refresh_counties(*, at: datetime) -> int:
    """Bring the second tier up to the first (one statement). Returns the number of county rows written."""
    return tiers.refresh_counties(at=at)


@transaction.atomic
def reconcile(*, at: datetime) -> list[str]:
    """Compare the records with the first tier and the first with the second, and repair what differs.

    Returns a sentence for each difference found, empty when all three agree. A refresher that stood still is reported
    too. Each comparison is one statement and so one snapshot: a write in between is no difference.
    """
    found = []
    for campaign in Campaign.objects.order_by("pk"):
        wrong = rollups.wrong_townships(campaign)
        found += wrong.values()
        rollups.refresh_townships(campaign_id=campaign.pk, township_ids=wrong, at=at)
    repaired = bool(found)
    last = tiers.runs().get(TierWork.REFRESH)
    if last and rules.is_stale(last.at, now=at):
        found.append(
            f"县级汇总自{timezone.localtime(last.at):%-m月%-d日%H:%M:%S}起没有刷新，请检查后台定时任务"
        )
    if not repaired:  # else the second tier follows a first tier that was wrong
        found += tiers.county_differences()
    tiers.refresh_counties(at=at)
    run, _ = TierRun.objects.update_or_create(
        kind=TierWork.RECONCILE, defaults={"at": at, "found": found[:KEPT]}
    )
    if found:
        audit.record(
            action="rollup.repaired",
            by=None,
            at=at,
            target=run,
            changes={"count": len(found), "found": found[:KEPT]},
        )
    return found
