"""上届信访数: recording the figures of the campaign before."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import Refused
from accounts.models import User
from accounts.problems import Problem
from elections.models import Campaign
from villages.scoping import post_of

from ..enums import Dimension
from ..models import LastTermFigure
from ..permissions import check_can_record_last_term


@transaction.atomic
def record_last_term(
    *, campaign: Campaign, figures: dict[tuple[str, str], int], by: User, at: datetime
) -> None:
    """(dimension, code) → 件; what was recorded before is replaced. Raises Forbidden, Refused (parts that do not add up:
    a dimension is given wholly or not at all)."""
    check_can_record_last_term(by, campaign)
    total = figures.get((Dimension.TOTAL, ""))
    problems = []
    if total is None:
        problems.append(Problem("total", "请填写上届信访总件数。"))
    for dimension in (Dimension.CHANNEL, Dimension.CAUSE):
        parts = [count for (kind, _), count in figures.items() if kind == dimension]
        if parts and total is not None and sum(parts) != total:
            words = f"各{dimension.label}合计{sum(parts)}件，与总件数{total}件不符：请核对。"
            problems.append(Problem("total", words))
    if problems:
        raise Refused(*problems)
    LastTermFigure.objects.filter(campaign=campaign).delete()
    LastTermFigure.objects.bulk_create(
        LastTermFigure(
            campaign=campaign,
            dimension=dimension,
            code=code,
            count=count,
            recorded_by=by,
            recorded_at=at,
        )
        for (dimension, code), count in figures.items()
    )
    audit.record(
        action="last_term.recorded",
        by=by,
        at=at,
        target=campaign,
        changes={"after": {"total": total}},
        post=post_of(by),
        campaign_id=campaign.pk,
        chain=f"complaints:{campaign.area_id}",
    )
