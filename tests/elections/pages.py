"""What the tests of the stage pages share."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from elections.enums import Stage
from elections.services.evidence import add_evidence
from tests.factories.elections import CampaignFactory, at_stage
from tests.factories.files import PDF

#: The stages whose pages belong to elections.
OWN = [
    Stage.PETITION,
    Stage.MOBILISATION,
    Stage.ROSTER,
    Stage.NOTICE,
    Stage.APPROVAL,
    Stage.ANNOUNCEMENT,
    Stage.HANDOVER,
]


def campaign_around_today(place, users):
    """Views read the clock: a campaign that began 30 days ago."""
    start = timezone.localdate() - timedelta(days=30)
    return CampaignFactory(
        area=place.county, by=users.org_staff, starts_on=start, ends_on=start + timedelta(days=60)
    )


def page(election, stage) -> str:
    return reverse(f"stage_{stage}", args=[election.pk])


def moved(election, stage, today, **more):
    """The election at `stage`, everything before it done ten days ago."""
    return at_stage(election, stage, on=today - timedelta(days=10), **more)


def upload(election, users, *, name="请示.pdf", content=PDF, requirement="request"):
    return add_evidence(
        election=election,
        stage=Stage.PETITION,
        requirement=requirement,
        upload=SimpleUploadedFile(name, content),
        by=users.coordinator,
        at=timezone.now(),
    )
