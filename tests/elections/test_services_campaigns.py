"""Opening a campaign and changing its parameters."""

from datetime import date, time

import pytest

from accounts.errors import Forbidden, Refused
from accounts.models import AuditEntry
from elections.enums import Stage, StageStatus
from elections.models import Campaign, StageChange, StageRecord, VillageElection
from elections.services.campaigns import create_campaign, planned_day, update_campaign
from elections.stages import STAGES
from tests.factories.elections import END, START, CampaignFactory, at_stage, moment
from tests.factories.villages import VillageFactory
from villages.models import PartyOrganisation

AT = moment(START)


def codes(refusal) -> list[str]:
    return [p.code for p in refusal.value.problems]


def create(place, user, **change):
    sent = {"name": "示例换届", "area": place.county, "starts_on": START, "ends_on": END}
    return create_campaign(by=user, at=AT, **sent | change)


def test_campaign_opens_an_election_for_every_village_of_its_area(place, users):
    outside = VillageFactory()
    VillageFactory(township=place.own, closed_on=START)
    PartyOrganisation.objects.filter(village=place.village).delete()

    campaign = create(place, users.org_staff)

    elections = VillageElection.objects.order_by("pk")
    assert {e.village for e in elections} == {place.village, place.other_village}
    assert outside not in {e.village for e in elections}
    assert {(e.stage, e.done_count, e.rule_set.version) for e in elections} == {("survey", 0, 1)}
    assert StageRecord.objects.count() == 2 * 17
    assert StageRecord.objects.filter(status=StageStatus.OPEN).count() == 2
    assert StageChange.objects.count() == 2
    assert place.village.organisation.name == "东一村党支部"
    entry = AuditEntry.objects.get(action="campaign.created")
    assert (entry.campaign_id, entry.changes["after"]["elections"]) == (campaign.pk, 2)


def test_campaign_of_a_township_opens_only_its_villages(place, users):
    create(place, users.org_staff, area=place.own)

    assert [e.village for e in VillageElection.objects.all()] == [place.village]


@pytest.mark.parametrize(
    ("change", "expected"), [({"ends_on": START}, ["dates"]), ({"name": "已有"}, ["name"])]
)
def test_campaign_refuses(place, users, change, expected):
    create(place, users.org_staff, name="已有")

    with pytest.raises(Refused) as refusal:
        create(place, users.org_staff, **change)

    assert codes(refusal) == expected


def test_campaign_needs_villages(place, users):
    place.village.closed_on = place.other_village.closed_on = START
    place.village.save()
    place.other_village.save()

    with pytest.raises(Refused) as refusal:
        create(place, users.org_staff)

    assert codes(refusal) == ["no_village"]


@pytest.mark.parametrize(
    "who", ["coordinator", "leader", "vetting", "system_admin", "outsider", "nobody"]
)
def test_only_staff_of_the_area_create_campaigns(place, users, who):
    with pytest.raises(Forbidden):
        create(place, getattr(users, who))


def test_plan_is_the_table_scaled_to_the_campaign():
    days = [planned_day(stage, starts_on=START, ends_on=END) for stage in STAGES]

    assert days == sorted(days)
    assert days[-1] == END
    short = [planned_day(s, starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 1)) for s in STAGES]
    assert short[-1] == date(2026, 10, 1)


def test_campaign_takes_a_constant_number_of_statements(
    place, users, django_assert_num_queries, django_assert_max_num_queries
):
    CampaignFactory(area=place.county, by=users.org_staff)
    with django_assert_max_num_queries(20) as few:
        CampaignFactory(area=place.county, by=users.org_staff)
    VillageFactory.create_batch(6, township=place.own)

    with django_assert_num_queries(len(few)):
        CampaignFactory(area=place.county, by=users.org_staff)


def update(campaign, user, **change):
    sent = {
        "ends_on": campaign.ends_on,
        "daily_cutoff": campaign.daily_cutoff,
        "survey_items": campaign.survey_items,
        "parameters": {},
    }
    return update_campaign(campaign=campaign, by=user, at=AT, **sent | change)


def test_changed_parameters_become_a_new_version_for_villages_not_begun(campaign, election, users):
    at_stage(election, Stage.PETITION)

    update(campaign, users.org_staff, parameters={"notice_working_days": 7})

    versions = campaign.rule_sets.order_by("version").values_list("version", "notice_working_days")
    assert list(versions) == [(1, 5), (2, 7)]
    begun = VillageElection.objects.get(pk=election.pk)
    other = VillageElection.objects.exclude(pk=election.pk).get()
    assert (begun.rule_set.version, other.rule_set.version) == (1, 2)


def test_unchanged_parameters_make_no_version(campaign, users):
    update(campaign, users.org_staff, daily_cutoff=time(17), parameters={"notice_working_days": 5})

    assert campaign.rule_sets.count() == 1
    assert Campaign.objects.get(pk=campaign.pk).daily_cutoff == time(17)


def test_changed_end_moves_the_stages_not_yet_settled(campaign, election, users):
    election = at_stage(election, Stage.PETITION)
    ends = date(2026, 12, 31)

    update(campaign, users.org_staff, ends_on=ends)

    records = {r.stage: r for r in StageRecord.objects.filter(election=election)}
    assert records[Stage.SURVEY].planned_on == planned_day(
        Stage.SURVEY, starts_on=START, ends_on=END
    )
    wanted = planned_day(Stage.PETITION, starts_on=START, ends_on=ends)
    assert records[Stage.PETITION].planned_on == wanted
    assert records[Stage.HANDOVER].planned_on == ends
    assert VillageElection.objects.get(pk=election.pk).due_on == wanted


def test_end_must_follow_the_start(campaign, users):
    with pytest.raises(Refused) as refusal:
        update(campaign, users.org_staff, ends_on=START)

    assert codes(refusal) == ["dates"]


@pytest.mark.parametrize("who", ["coordinator", "leader", "outsider", "nobody"])
def test_only_staff_of_the_area_change_campaigns(campaign, users, who):
    with pytest.raises(Forbidden):
        update(campaign, getattr(users, who))
