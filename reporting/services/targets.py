"""班子结构目标: what the campaign's plan asks of the elected teams."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from elections.models import Campaign
from villages.scoping import post_of

from ..enums import TeamMeasure
from ..models import TeamTarget
from ..permissions import check_can_set_targets


@transaction.atomic
def set_team_targets(
    *, campaign: Campaign, percents: dict[TeamMeasure, int | None], by: User, at: datetime
) -> bool:
    """Set the targets; None takes one away, a measure left out keeps its own. Returns whether anything changed. Raises
    Forbidden, Refused (not a percentage)."""
    # The campaign's row serializes two people at once.
    Campaign.objects.select_for_update(of=("self",), no_key=True).get(pk=campaign.pk)
    check_can_set_targets(by, campaign)
    problems = [
        Problem(measure.value, f"“{measure.label}”应是1至100的整数，或留空表示不设目标。")
        for measure, percent in percents.items()
        if percent is not None and not 1 <= percent <= 100
    ]
    if problems:
        raise Refused(*problems)
    rows = TeamTarget.objects.filter(campaign=campaign)
    before = dict(rows.values_list("measure", "percent"))
    after = before | {measure.value: percent for measure, percent in percents.items()}
    after = {measure: percent for measure, percent in after.items() if percent is not None}
    if after == before:
        return False
    rows.exclude(measure__in=after).delete()
    TeamTarget.objects.bulk_create(
        (
            TeamTarget(campaign=campaign, measure=measure, percent=percent, set_by=by, set_at=at)
            for measure, percent in after.items()
            if before.get(measure) != percent
        ),
        update_conflicts=True,
        unique_fields=["campaign", "measure"],
        update_fields=["percent", "set_by", "set_at"],
    )
    audit.record(
        action="team_targets.set",
        by=by,
        at=at,
        target=campaign,
        post=post_of(by),
        campaign_id=campaign.pk,
        changes={"before": before, "after": after},
    )
    return True
