"""Daily report, bulletin and closing report say when a count they used was corrected, and what is different."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from elections.enums import Stage, StageStatus
from elections.models import StageRecord
from reporting.models import DailyReport
from reporting.services.bulletins import produce_bulletin
from reporting.services.closing import produce_closing_report
from reporting.services.daily import confirm_daily_report
from reporting.services.jobs import request_closing_report, take_job

from .people import AT, DAY
from .test_ballots import ballot, certify, count, record  # noqa: F401 - fixture
from .test_corrections import counted, decide, propose, signed_in  # noqa: F401 - fixture

PRODUCED = AT + timedelta(days=1)
FLAG = "数据已更正"


@pytest.fixture
def documents(counted, users, settings, tmp_path):  # noqa: F811
    """The day's report, bulletin and closing report, made a day after the count."""
    settings.MEDIA_ROOT = tmp_path
    StageRecord.objects.filter(election=counted, stage=Stage.COMMITTEE_BALLOT).update(
        status=StageStatus.DONE, actual_on=DAY, settled_at=AT
    )
    campaign, township = counted.campaign, counted.township
    made = make(campaign, township, users, at=PRODUCED)
    return counted, made


def make(campaign, township, users, *, at):
    day = at.date()
    confirm_daily_report(
        campaign=campaign,
        township=township,
        day=day,
        problems="",
        practices="",
        request_key=uuid.uuid4(),
        by=users.coordinator,
        at=at,
    )
    bulletin = produce_bulletin(campaign=campaign, day=day, at=at)
    job = request_closing_report(campaign=campaign, as_of=day, by=users.org_staff, at=at)
    produce_closing_report(
        job=take_job(job_id=job.pk, at=at), at=at, step=lambda percent, words: None
    )
    return {
        "daily_report": {"pk": campaign.pk, "township_pk": township.pk, "day": str(day)},
        "bulletin_detail": {"pk": campaign.pk, "issue": bulletin.issue},
        "bulletin_list": {"pk": campaign.pk},
        "closing_report": {"pk": campaign.pk},
    }


def pages(user, made) -> dict[str, str]:
    client = signed_in(user)
    return {
        name: client.get(reverse(name, kwargs=kwargs)).content.decode()
        for name, kwargs in made.items()
    }


def test_documents_made_before_a_correction_are_flagged_with_the_difference(documents, users):
    election, made = documents
    assert not any(FLAG in html for html in pages(users.org_staff, made).values())

    correction = decide(propose(election, users, (28, 25, 15, 15)), users.org_staff)

    shown = pages(users.org_staff, made)
    assert {name: FLAG in html for name, html in shown.items()} == dict.fromkeys(made, True)
    name = election.people[2].member.name
    for page in ("daily_report", "bulletin_detail", "closing_report"):
        assert f"{name} 赞成16→15" in shown[page]
        assert reverse("ballot_correction", args=[correction.pk]) in shown[page]
    assert "与现在的记录不同的数字" in shown["closing_report"]
    row = shown["closing_report"].split("与现在的记录不同的数字")[1]
    assert "3名" in row
    assert "2名" in row


def test_documents_made_after_a_correction_are_not_flagged(documents, users):
    election, _ = documents
    decide(propose(election, users, (28, 25, 15, 16)), users.org_staff)

    later = make(election.campaign, election.township, users, at=AT + timedelta(days=5))

    shown = pages(users.org_staff, later)
    assert FLAG not in shown["daily_report"] + shown["bulletin_detail"]
    # The list still marks the earlier issue, the versions the earlier report; the latest text is clean.
    assert shown["bulletin_list"].count(FLAG) == 1
    assert shown["closing_report"].count(FLAG) == 1
    assert 'id="corrected"' not in shown["closing_report"]


def test_refused_correction_flags_nothing(documents, users):
    election, made = documents
    decide(
        propose(election, users, (28, 25, 15, 15)),
        users.org_staff,
        approved=False,
        note="示例：无误",
    )

    assert not any(FLAG in html for html in pages(users.org_staff, made).values())


def test_another_township_sees_the_flag_of_the_bulletin_but_not_the_village(documents, users):
    election, made = documents
    decide(propose(election, users, (28, 25, 15, 15)), users.org_staff)
    bulletin = {"bulletin_detail": made["bulletin_detail"]}

    html = pages(users.foreign, bulletin)["bulletin_detail"]

    assert FLAG in html
    assert election.people[2].member.name not in html
    assert election.village.name not in html


def test_daily_report_may_fall_after_a_correction_reopened_stages(documents, users):
    election, _ = documents
    decide(propose(election, users, (28, 25, 15, 15)), users.org_staff)

    make(election.campaign, election.township, users, at=AT + timedelta(days=5))

    totals = DailyReport.objects.order_by("day").values_list("total_elected", flat=True)
    assert list(totals) == [1, 0]
