"""Words of the closing report that no record gives."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.errors import Conflict
from accounts.models import User
from accounts.problems import Problem
from elections.models import Campaign
from villages.scoping import post_of

from ..enums import TextSection
from ..models import ReportText
from ..permissions import check_can_produce


@transaction.atomic
def save_text(
    *, campaign: Campaign, section: TextSection, text: str, seen: int, by: User, at: datetime
) -> ReportText | None:
    """Keep a section's words as its next version. `seen`: the version that was shown (0: none yet). The same words again
    change nothing. Raises Forbidden, Conflict (somebody else saved meanwhile)."""
    check_can_produce(by, campaign)
    # The campaign's row serializes the numbering.
    Campaign.objects.select_for_update(of=("self",), no_key=True).get(pk=campaign.pk)
    last = (
        ReportText.objects.filter(campaign=campaign, section=section)
        .select_related("written_by")
        .order_by("-version")
        .first()
    )
    words = text.strip()
    if words == (last.text if last else ""):
        return last
    if seen != (last.version if last else 0):
        message = (
            f"“{section.label}”刚由{last.written_by.name}保存过：您写的还在下面，请对照后再保存。"
        )
        raise Conflict(Problem("text", message))
    made = ReportText.objects.create(
        campaign=campaign,
        section=section,
        version=last.version + 1 if last else 1,
        text=words,
        written_by=by,
        written_at=at,
    )
    audit.record(
        action="closing_report.text_saved",
        by=by,
        at=at,
        target=made,
        post=post_of(by),
        campaign_id=campaign.pk,
        changes={"after": {"section": section, "version": made.version}},
    )
    return made
