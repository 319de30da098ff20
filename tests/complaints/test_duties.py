"""待办 of discipline staff: each letter until it is settled, for whoever may see it, without a word of what it says."""

# ruff: noqa: F811 - fixtures are used by their names

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from complaints.models import Complaint
from complaints.selectors.duties import letter_duties
from complaints.services import handling
from complaints.services.complaints import settle_complaint
from complaints.services.intake import Reporter
from complaints.services.opinion import report_incident
from reporting.selectors.todo import todo, todo_count

from .test_handling import (  # noqa: F401 - fixtures
    NAME,
    SECRET,
    accepted,
    acting,
    campaign,
    receive,
    second,
)
from .test_opinion import incident


def listed(user, campaign) -> dict[str, list[str]]:
    """Title → the words of the duties on the user's page; the badge says how many there are."""
    found = todo(user, campaign, at=timezone.now())
    assert found.total == todo_count(user, campaign, at=timezone.now())
    return {group.title: [duty.words for duty in group.duties] for group in found.duties}


def test_letter_is_a_duty_until_it_is_settled(receive, users, campaign, client):
    user = users.discipline
    letter = receive(is_named=True, reporter=Reporter(NAME, "13900001234", "示例路1号"))
    day = f"{letter.accept_by.month}月{letter.accept_by.day}日"
    assert listed(user, campaign) == {
        "待受理的信访件": [
            f"{letter.number}（{letter.township.name}{letter.village.name}）{day}前受理"
        ]
    }
    client.force_login(user)
    page = client.get(reverse("todo")).content.decode()
    assert reverse("complaint_detail", args=[letter.pk]) in page
    assert SECRET not in page
    assert NAME not in page

    handling.accept_complaint(complaint=letter, handler=user, by=user, at=timezone.now())
    assert [*listed(user, campaign)] == ["办理中的信访件"]
    late = timezone.localdate() - timedelta(days=4)
    Complaint.objects.update(settle_by=late)
    (group,) = todo(user, campaign, at=timezone.now()).duties
    assert [duty.days for duty in group.duties] == [4]

    letter.refresh_from_db()
    settle_complaint(conclusion="false", handling="示例", reply="示例", **acting(letter, user))
    assert listed(user, campaign) == {}


def test_letter_is_no_duty_of_those_who_may_not_see_it(receive, users, second, campaign):
    """About one of the two discipline staff: only the other has it; staff, townships and leaders have none."""
    receive()
    Complaint.objects.update(accused_user=users.discipline)
    assert listed(users.discipline, campaign) == {}
    assert [*listed(second, campaign)] == ["待受理的信访件"]
    for who in ("org_staff", "coordinator", "leader"):
        assert letter_duties(getattr(users, who), campaign) == []
        assert "待受理的信访件" not in listed(getattr(users, who), campaign)


def test_extension_is_a_duty_of_the_other_one(accepted, users, second, campaign):
    handling.ask_extension(days=3, reason="示例", **acting(accepted, users.discipline))
    words = f"{accepted.number}：{users.discipline.name}申请延期3天"
    assert listed(second, campaign)["待审批的信访延期"] == [words]
    assert "待审批的信访延期" not in listed(users.discipline, campaign)


def test_incident_is_a_duty_until_it_is_reported(users, campaign):
    user = users.discipline
    row = incident(campaign, user)
    assert listed(user, campaign)["待报送的舆情"] == [
        f"{row.number}（{row.get_level_display()}）{row.title}：还没有报送"
    ]
    now = timezone.now()
    report_incident(incident=row, reported_at=now, by=user, at=now)
    assert listed(user, campaign) == {}


@pytest.mark.parametrize("letters", [1, 6])
def test_page_needs_the_same_statements_at_any_number(
    receive, users, campaign, client, letters, django_assert_max_num_queries
):
    for _ in range(letters):
        receive()
    client.force_login(users.discipline)
    client.get(reverse("todo"))
    with django_assert_max_num_queries(8):
        client.get(reverse("todo"))
