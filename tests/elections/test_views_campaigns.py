"""换届设置 over HTTP."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from elections.models import Campaign
from tests.factories.elections import CampaignFactory
from tests.factories.villages import VillageFactory

OTHERS = [
    "coordinator",
    "leader",
    "vetting",
    "discipline",
    "system_admin",
    "security_admin",
    "audit_admin",
    "nobody",
]


def sent(place, **change) -> dict:
    today = timezone.localdate()
    return {
        "name": "新的换届",
        "area": place.county.pk,
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=60)).isoformat(),
        "daily_cutoff": "17:30",
        "recommendation_numerator": 2,
        "recommendation_denominator": 3,
        "surplus_percent": 20,
        "women_minimum": 1,
        "women_minimum_prepared": 1,
        "women_minimum_elected": 1,
        "notice_working_days": 5,
        "merge_rule": "sum",
        "member_percent": 50,
        "overdue_red_days": 5,
        "source": "示例县换届工作方案",
        "effective_on": today.isoformat(),
        "survey_items": "\n".join(f"第{n}项清楚" for n in range(1, 8)),
    } | change


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("name", ["campaign_list", "campaign_create"])
def test_pages_are_for_staff_only(client, users, name, who):
    client.force_login(getattr(users, who))

    assert client.get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", ["campaign_detail", "campaign_edit"])
@pytest.mark.parametrize(
    ("who", "status"), [("org_staff", 200), ("outsider", 404), ("leader", 403)]
)
def test_pages_of_a_campaign(client, campaign, users, name, who, status):
    client.force_login(getattr(users, who))

    assert client.get(reverse(name, args=[campaign.pk])).status_code == status


def test_list_needs_a_session(client, db):
    assert client.get(reverse("campaign_list")).status_code == 302


def test_list_shows_only_campaigns_in_sight(client, campaign, users):
    other = CampaignFactory(area=VillageFactory().county)
    client.force_login(users.org_staff)

    html = client.get(reverse("campaign_list")).content.decode()

    assert campaign.name in html
    assert other.name not in html


def test_form_offers_the_own_areas_with_their_villages(client, place, users):
    client.force_login(users.org_staff)

    form = client.get(reverse("campaign_create")).context["form"]

    assert [label for _, label in form.fields["area"].choices] == ["示例县（2个村、社区）"]
    assert form["starts_on"].value() == timezone.localdate()


def test_campaign_is_created(client, place, users):
    client.force_login(users.org_staff)

    response = client.post(reverse("campaign_create"), sent(place))

    campaign = Campaign.objects.get()
    assert response.url == reverse("campaign_detail", args=[campaign.pk])
    assert (campaign.elections.count(), campaign.daily_cutoff.hour) == (2, 17)
    assert campaign.survey_items[6] == "第7项清楚"


@pytest.mark.parametrize(("typed", "minutes"), [("", 60), ("0", 0), ("90", 90)])
def test_minutes_of_the_reminder_are_set_and_changed(client, place, users, typed, minutes):
    client.force_login(users.org_staff)
    client.post(reverse("campaign_create"), sent(place, daily_reminder=typed))
    campaign = Campaign.objects.get()
    assert campaign.daily_reminder == minutes

    edit = reverse("campaign_edit", args=[campaign.pk])
    assert client.get(edit).context["form"]["daily_reminder"].value() == minutes
    client.post(edit, sent(place, daily_reminder="15"))
    campaign.refresh_from_db()
    assert campaign.daily_reminder == 15
    words = client.get(reverse("campaign_detail", args=[campaign.pk])).content.decode()
    assert "截止前15分钟提醒" in words


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"survey_items": "只有一项"}, "survey_items"),
        ({"surplus_percent": 10}, "surplus_percent"),
        ({"daily_reminder": 721}, "daily_reminder"),
        ({"recommendation_numerator": 4}, "recommendation_numerator"),
        ({"ends_on": "2020-01-01"}, "__all__"),
    ],
)
def test_bad_campaign_comes_back(client, place, users, change, field):
    client.force_login(users.org_staff)

    response = client.post(reverse("campaign_create"), sent(place, **change))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert Campaign.objects.count() == 0


def test_area_of_others_is_not_offered(client, place, users):
    other = VillageFactory().county
    client.force_login(users.org_staff)

    response = client.post(reverse("campaign_create"), sent(place, area=other.pk))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["area"]


def test_edit_makes_a_new_version(client, campaign, place, users):
    client.force_login(users.org_staff)
    change = sent(place, ends_on=campaign.ends_on.isoformat(), notice_working_days=7)

    response = client.post(reverse("campaign_edit", args=[campaign.pk]), change)

    assert response.status_code == 302
    assert [s.notice_working_days for s in campaign.rule_sets.order_by("version")] == [5, 7]
    html = client.get(response.url).content.decode()
    assert "第2版" in html
    assert "7个工作日" in html


def test_edit_is_refused_with_the_form(client, campaign, place, users):
    client.force_login(users.org_staff)
    change = sent(place, ends_on=campaign.starts_on.isoformat())

    response = client.post(reverse("campaign_edit", args=[campaign.pk]), change)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["__all__"]


def test_list_needs_the_same_statements_with_more_campaigns(
    client, campaign, place, users, django_assert_num_queries, django_assert_max_num_queries
):
    CampaignFactory(area=place.county, by=users.org_staff)
    client.force_login(users.org_staff)
    client.get(reverse("campaign_list"))  # a session's first request also notes when it began
    with django_assert_max_num_queries(20) as few:
        client.get(reverse("campaign_list"))
    CampaignFactory(area=place.county, by=users.org_staff)
    CampaignFactory(area=place.own, by=users.org_staff)

    with django_assert_num_queries(len(few)):
        client.get(reverse("campaign_list"))
