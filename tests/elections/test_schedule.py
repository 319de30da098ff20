"""计划进度: the campaign's days, a village's own days, and the grid they are pasted into."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.errors import Forbidden, Refused
from accounts.models import AuditEntry
from elections.enums import Stage
from elections.models import Campaign, StageRecord, VillageElection
from elections.services.campaigns import plan_of, update_campaign
from elections.services.schedule import adjust_plan, set_schedule
from tests.factories.elections import END, START, at_stage, moment

AT = moment(START)


def planned(election) -> dict:
    rows = StageRecord.objects.filter(election=election, is_current=True)
    return {Stage(stage): day for stage, day in rows.values_list("stage", "planned_on")}


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_schedule_moves_the_stages_not_yet_settled(campaign, election, users):
    election = at_stage(election, Stage.PETITION)
    before = planned(election)
    days = {stage: day + timedelta(1) for stage, day in plan_of(campaign).items()}
    days[Stage.HANDOVER] = END

    set_schedule(campaign=campaign, days=days, by=users.org_staff, at=AT)

    after = planned(election)
    assert after[Stage.SURVEY] == before[Stage.SURVEY]
    assert after[Stage.PETITION] == before[Stage.PETITION] + timedelta(1)
    stored = VillageElection.objects.get(pk=election.pk)
    assert stored.due_on == after[Stage.PETITION]
    assert plan_of(Campaign.objects.get(pk=campaign.pk)) == days
    assert AuditEntry.objects.get(action="schedule.set").changes["after"]["handover"] == str(END)


def test_end_does_not_fall_before_the_schedule(campaign, users):
    set_schedule(campaign=campaign, days={}, by=users.org_staff, at=AT)

    with pytest.raises(Refused, match="请先修改计划进度"):
        update_campaign(
            campaign=campaign,
            ends_on=END - timedelta(5),
            daily_cutoff=campaign.daily_cutoff,
            survey_items=campaign.survey_items,
            parameters={},
            by=users.org_staff,
            at=AT,
        )


@pytest.mark.parametrize("who", ["coordinator", "leader", "outsider"])
def test_only_staff_set_the_schedule(campaign, users, who):
    with pytest.raises(Forbidden):
        set_schedule(campaign=campaign, days={}, by=getattr(users, who), at=AT)


def adjust(election, user, days, reason="示例：农忙"):
    return adjust_plan(election=election, days=days, reason=reason, by=user, at=AT)


def test_village_takes_its_own_days(election, users):
    election = at_stage(election, Stage.PETITION)
    later = planned(election)[Stage.PETITION] + timedelta(1)

    assert adjust(election, users.coordinator, {Stage.PETITION: later}) == [Stage.PETITION]

    assert planned(election)[Stage.PETITION] == later
    assert VillageElection.objects.get(pk=election.pk).due_on == later
    entry = AuditEntry.objects.get(action="schedule.adjusted")
    assert (entry.reason, entry.changes["after"]) == ("示例：农忙", {"petition": str(later)})
    assert adjust(election, users.coordinator, {Stage.PETITION: later}, "") == []


@pytest.mark.parametrize(
    ("stage", "shift", "reason", "words"),
    [
        (Stage.SURVEY, 1, "示例", "“调研摸底”已办结，计划日期不能再改"),
        (Stage.PETITION, 30, "示例", "程序不得倒置"),
        (Stage.HANDOVER, 1, "示例", "不在换届工作期间"),
        (Stage.PETITION, 1, " ", "请填写调整计划的理由"),
    ],
)
def test_adjustment_is_refused(election, users, stage, shift, reason, words):
    election = at_stage(election, Stage.PETITION)
    before = planned(election)

    with pytest.raises(Refused, match=words):
        adjust(election, users.coordinator, {stage: before[stage] + timedelta(shift)}, reason)
    assert planned(election) == before


@pytest.mark.parametrize("who", ["foreign", "leader", "vetting", "outsider"])
def test_others_do_not_adjust(election, users, who):
    with pytest.raises(Forbidden):
        adjust(election, getattr(users, who), {Stage.SURVEY: START})


def test_county_sets_the_schedule_on_the_page(campaign, users):
    url = reverse("campaign_schedule", args=[campaign.pk])
    client = signed_in(users.org_staff)
    days = {stage.value: str(day) for stage, day in plan_of(campaign).items()}

    refused = client.post(url, days | {"notice": "2026-09-01"})
    assert refused.status_code == 422
    assert "“公示”计划2026-09-01，早于前面的" in refused.content.decode()
    assert client.post(url, days | {"handover": str(END - timedelta(1))}).status_code == 302
    assert plan_of(Campaign.objects.get(pk=campaign.pk))[Stage.HANDOVER] == END - timedelta(1)


def test_rows_of_the_grid_are_taken_by_themselves(campaign, election, users, place):
    election = at_stage(election, Stage.PETITION)
    url = reverse("township_plan", args=[campaign.pk, place.own.pk])
    client = signed_in(users.coordinator)
    page = client.get(url).content.decode()
    assert f'name="v{election.pk}-petition"' in page
    assert f'name="v{election.pk}-survey"' not in page, "settled stages are not offered"
    sent = {f"v{election.pk}-{s.value}": str(d) for s, d in planned(election).items()}
    later = planned(election)[Stage.PETITION] + timedelta(1)

    assert client.post(url, sent).status_code == 422, "no reason"
    wrong = client.post(url, sent | {"reason": "示例", f"v{election.pk}-handover": "2027-01-01"})
    assert wrong.status_code == 422
    assert "不在换届工作期间" in wrong.content.decode()
    written = f"{later.month}月{later.day}日"
    typed = sent | {"reason": "示例", f"v{election.pk}-petition": f"{later:%Y}年{written}"}
    assert client.post(url, typed).status_code == 302
    assert planned(election)[Stage.PETITION] == later


def test_other_townships_plan_is_not_there(campaign, users, place):
    url = reverse("township_plan", args=[campaign.pk, place.other.pk])

    assert signed_in(users.coordinator).get(url).status_code == 404
