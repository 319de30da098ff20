"""What the public pages offer and tell: places of running campaigns, and how a report stands, in plain words."""

from dataclasses import dataclass

from django.db.models import QuerySet

from elections.models import Campaign, VillageElection
from villages.models import Jurisdiction

from ..enums import Status
from ..models import Complaint, Event


def townships() -> QuerySet[Jurisdiction]:
    """Every township with a village in some campaign."""
    with_elections = VillageElection.objects.values("township")
    return Jurisdiction.objects.open().filter(pk__in=with_elections).order_by("code")


def campaign_of(township: Jurisdiction) -> Campaign:
    """The newest campaign of a township that has one."""
    newest = VillageElection.objects.filter(township=township).order_by(
        "-campaign__starts_on", "-campaign_id"
    )
    return newest.select_related("campaign__area").first().campaign


def elections_of(campaign: Campaign, township: Jurisdiction) -> QuerySet[VillageElection]:
    return VillageElection.objects.filter(campaign=campaign, township=township).select_related(
        "village__township", "township", "campaign"
    )


@dataclass(frozen=True)
class Standing:
    """How a report stands. `reply` only once it was given."""

    title: str
    text: str
    reply: str
    added: int


def standing_of(complaint: Complaint) -> Standing:
    """Says nothing of who handles it or whom it is about: whoever holds the receipt may not be the reporter."""
    title, text = {
        Status.RECEIVED: ("已收到，待受理", f"应于{complaint.accept_by:%-m月%-d日}前受理。"),
        Status.ACCEPTED: ("已受理，办理中", f"应于{complaint.settle_by:%-m月%-d日}前办结。"),
        Status.CONCLUDED: (
            "已有结论，正在准备答复",
            f"应于{complaint.settle_by:%-m月%-d日}前答复。",
        ),
        Status.SETTLED: ("已办结", "如有新情况，请另行举报。"),
    }[Status(complaint.status)]
    return Standing(
        title=title,
        text=text,
        reply=complaint.reply if not complaint.is_open else "",
        added=Event.objects.filter(complaint=complaint, step="followed_up").count(),
    )
