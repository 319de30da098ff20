"""The day's bulletin: once per day, with everybody's rank and the names of those who did not report."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.errors import Forbidden
from accounts.models import AuditEntry
from elections.enums import Stage
from elections.models import Campaign
from reporting.models import Bulletin, Job
from reporting.services.bulletins import produce_bulletin
from reporting.services.daily import confirm_daily_report
from reporting.tasks import close_day, run_job

from .test_daily import confirm, moment, settle

DAY = date(2026, 9, 20)
AT = moment(DAY, 18)


def of_township(world, township):
    return [e for e in world.elections.values() if e.township_id == township.pk]


def test_bulletin_counts_reports_and_names_who_did_not_report(world):
    settle(of_township(world, world.east)[0], Stage.SURVEY, moment(DAY, 9))
    settle(of_township(world, world.west)[0], Stage.SURVEY, moment(DAY, 10))
    confirm(world, problems="示例问题")

    bulletin = produce_bulletin(campaign=world.campaign, day=DAY, at=AT)

    assert (bulletin.issue, bulletin.unreported) == (1, ["西乡镇"])
    summary = bulletin.summary
    assert (summary["elections"], summary["townships"], summary["reported"]) == (5, 2, 1)
    assert (summary["day_started"], summary["total_started"]) == (2, 2)
    assert summary["completed_share"] == "0.0%（0/5）"
    words = {row["township"]: row["problems"] for row in bulletin.rows}
    assert words == {"东乡镇": "示例问题", "西乡镇": ""}


def test_townships_are_ranked_by_the_furthest_step_and_share_a_rank(world):
    tied = produce_bulletin(campaign=world.campaign, day=DAY, at=AT)
    assert [(row["township"], row["rank"]) for row in tied.rows] == [("东乡镇", 1), ("西乡镇", 1)]

    later = DAY + timedelta(days=1)
    settle(of_township(world, world.west)[0], Stage.SURVEY, moment(later, 9))
    ranked = produce_bulletin(campaign=world.campaign, day=later, at=moment(later, 18))
    assert [(row["township"], row["rank"]) for row in ranked.rows] == [("西乡镇", 1), ("东乡镇", 2)]


def test_one_bulletin_per_day_unless_staff_ask_again(world):
    first = produce_bulletin(campaign=world.campaign, day=DAY, at=AT)
    confirm(world, at=moment(DAY, 19))

    same = produce_bulletin(campaign=world.campaign, day=DAY, at=AT)
    assert (same.pk, same.version, len(same.unreported)) == (first.pk, 1, 2)
    again = produce_bulletin(
        campaign=world.campaign, day=DAY, at=moment(DAY, 20), by=world.users.staff, again=True
    )
    assert (again.issue, again.version, again.unreported) == (first.issue, 2, ["西乡镇"])
    assert list(Bulletin.objects.current()) == [again]
    assert AuditEntry.objects.filter(action="bulletin.produced").count() == 2


@pytest.mark.parametrize("who", ["east", "leader", "discipline"])
def test_only_staff_produce_by_hand(world, who):
    with pytest.raises(Forbidden):
        produce_bulletin(
            campaign=world.campaign, day=DAY, at=AT, by=getattr(world.users, who), again=True
        )


@pytest.mark.parametrize(("cutoff", "produced"), [("00:00", 1), ("23:59:59.999999", 0)])
def test_beat_closes_a_day_once_its_cut_off_has_passed(world, cutoff, produced):
    today = timezone.localdate()
    Campaign.objects.update(
        starts_on=today, ends_on=today + timedelta(days=30), daily_cutoff=cutoff
    )

    close_day()
    close_day()
    for job in Job.objects.all():
        run_job(job_id=str(job.pk))
    close_day()

    assert Job.objects.count() == produced
    assert Bulletin.objects.filter(day=today).count() == produced


def test_pages_show_the_bulletin_and_the_text_for_a_chat(world, client):
    confirm_daily_report(
        campaign=world.campaign,
        township=world.west,
        day=DAY,
        problems="",
        practices="示例做法",
        request_key=uuid.uuid4(),
        by=world.users.west,
        at=moment(DAY, 17),
    )
    produce_bulletin(campaign=world.campaign, day=DAY, at=AT)
    client.force_login(world.users.leader)

    listed = client.get(reverse("bulletin_list", kwargs={"pk": world.campaign.pk}))
    shown = client.get(reverse("bulletin_detail", kwargs={"pk": world.campaign.pk, "issue": 1}))

    assert "第1期" in listed.content.decode()
    page = shown.content.decode()
    assert "应报日报2份，已报1份" in page
    assert "示例做法" in page
    assert "未上报：东乡镇" in page


def test_staff_produce_today_s_bulletin_on_the_page(world, client):
    today = timezone.localdate()
    Campaign.objects.update(starts_on=today, ends_on=today + timedelta(days=30))
    client.force_login(world.users.staff)

    answer = client.post(reverse("bulletin_list", kwargs={"pk": world.campaign.pk}))

    job = Job.objects.get()
    assert answer.url == reverse("job_detail", kwargs={"pk": job.pk})
    run_job(job_id=str(job.pk))
    assert Bulletin.objects.get().day == today
    assert "看简报" in client.get(answer.url).content.decode()
    run_job(job_id=str(job.pk))
    assert Bulletin.objects.get().version == 1
