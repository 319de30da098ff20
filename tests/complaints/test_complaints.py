"""Complaints: seen by discipline staff alone, silent everywhere else, holding the notice until settled."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.errors import Forbidden, Refused
from accounts.models import AuditEntry
from complaints import gates
from complaints.models import Complaint
from complaints.services.complaints import register_complaint, settle_complaint
from elections.enums import Stage
from tests.elections.pages import campaign_around_today
from tests.factories.elections import moment
from tests.factories.villages import UserFactory

SECRET = "示例：村东头的事情"
HANDLING = "示例：上门核实"


@pytest.fixture
def campaign(place, users):
    return campaign_around_today(place, users)


def register(election, users, **more):
    now = timezone.now()
    return register_complaint(
        **{
            "election": election,
            "channel": "call",
            "cause": "qualification",
            "summary": SECRET,
            "received_at": now,
            "blocks_notice": True,
            "by": users.discipline,
            "at": now,
        }
        | more
    )


def settle(complaint, users, **more):
    return settle_complaint(
        **{
            "complaint": complaint,
            "conclusion": "false",
            "handling": HANDLING,
            "by": users.discipline,
            "at": timezone.now(),
        }
        | more
    )


def test_numbers_run_per_campaign(election, users):
    at = moment(date(2026, 10, 1))

    numbers = [register(election, users, received_at=at, at=at).number for _ in range(2)]

    assert numbers == [f"XF2026-{election.campaign_id:02d}-000{n}" for n in (1, 2)]


def test_open_objection_holds_the_notice_and_says_nothing_of_its_content(election, users):
    complaint = register(election, users)
    register(election, users, blocks_notice=False)
    (blocker,) = gates.no_open_objection(election, at=timezone.now())
    assert blocker.who == Role.DISCIPLINE
    assert SECRET not in blocker.message

    settle(complaint, users)

    assert gates.no_open_objection(election, at=timezone.now()) == []


def test_objection_of_another_village_holds_nothing_up(election, users):
    other = election.campaign.elections.exclude(pk=election.pk).get()
    register(other, users)

    assert gates.no_open_objection(election, at=timezone.now()) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"summary": "  "}, "请填写主要内容"),
        ({"received_at": timezone.now() + timedelta(days=400)}, "收到时间在现在之后"),
    ],
)
def test_registration_that_cannot_be_is_refused(election, users, changed, words):
    with pytest.raises(Refused, match=words):
        register(election, users, **changed)
    assert not Complaint.objects.exists()


def test_settled_once_with_what_was_done(election, users):
    complaint = register(election, users)
    with pytest.raises(Refused, match="请填写处理情况"):
        settle(complaint, users, handling=" ")

    settle(complaint, users)

    with pytest.raises(Refused, match="已经办结：如有新情况，请另行登记"):
        settle(complaint, users)
    assert Complaint.objects.get().settled_by == users.discipline


@pytest.mark.parametrize("who", ["org_staff", "leader", "coordinator", "vetting", "nobody"])
def test_nobody_but_discipline_staff_handles(election, users, who):
    complaint = register(election, users)
    by = getattr(users, who)

    with pytest.raises(Forbidden):
        register(election, users, by=by)
    with pytest.raises(Forbidden):
        settle(complaint, users, by=by)
    assert not Complaint.objects.visible_to(by).exists()


def test_discipline_staff_of_another_county_see_nothing(election, users, place):
    complaint = register(election, users)
    stranger = UserFactory(role=Role.DISCIPLINE, where=users.outsider.postings.get().jurisdiction)

    assert not Complaint.objects.visible_to(stranger).exists()
    with pytest.raises(Forbidden):
        settle(complaint, users, by=stranger)
    client = signed_in(stranger)
    assert client.get(detail(complaint)).status_code == 404
    assert SECRET not in client.get(reverse("complaint_list")).content.decode()


def test_content_enters_no_audit_row(election, users):
    settle(register(election, users), users)

    rows = AuditEntry.objects.filter(action__startswith="complaint.")
    assert rows.count() == 2
    assert not [r for r in rows if SECRET in str(vars(r)) or HANDLING in str(vars(r))]
    assert {r.chain for r in rows} == {f"complaints:{election.county_id}"}


# --- pages ---------------------------------------------------------------------------------------


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def detail(complaint) -> str:
    return reverse("complaint_detail", kwargs={"pk": complaint.pk})


@pytest.mark.parametrize("who", ["org_staff", "leader", "coordinator"])
def test_no_page_of_others_shows_a_complaint(election, users, who):
    complaint = register(election, users)
    client = signed_in(getattr(users, who))
    campaign = {"pk": election.campaign_id}
    pages = [
        reverse("dashboard", kwargs=campaign),
        reverse("village_list", kwargs=campaign),
        reverse("election_detail", kwargs={"pk": election.pk}),
        reverse(f"stage_{Stage.NOTICE}", kwargs={"pk": election.pk}),
        reverse("todo"),
        reverse("search") + "?q=村东头",
        reverse("search") + f"?q={complaint.number}",
    ]

    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        shown = answer.content.decode()
        assert SECRET not in shown
        assert detail(complaint) not in shown
        if not page.startswith(reverse("search")):  # which repeats what was asked for
            assert complaint.number not in shown


def test_registered_and_settled_on_the_page(election, users):
    client = signed_in(users.discipline)
    sent = {
        "election": election.pk,
        "channel": "visit",
        "cause": "finance",
        "accused": "village",
        "received_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "summary": SECRET,
    }

    answer = client.post(reverse("complaint_create"), sent, follow=True)
    assert SECRET in answer.content.decode()
    complaint = Complaint.objects.get()
    refused = client.post(
        detail(complaint), {"action": "settle", "conclusion": "true", "handling": ""}
    )
    assert refused.status_code == 422
    sent = {"action": "settle", "conclusion": "true", "handling": HANDLING}
    done = client.post(detail(complaint), sent, follow=True)
    assert "已办结" in done.content.decode()
    assert done.headers["Cache-Control"] == "no-store"


def test_refused_registration_keeps_what_was_typed(election, users):
    sent = {
        "election": election.pk,
        "channel": "visit",
        "cause": "finance",
        "accused": "village",
        "received_at": "2099-01-01T08:00",
        "summary": SECRET,
    }

    answer = signed_in(users.discipline).post(reverse("complaint_create"), sent)

    assert answer.status_code == 422
    assert SECRET in answer.content.decode()
    assert "收到时间在现在之后" in answer.content.decode()


def test_list_takes_the_same_queries_for_one_and_for_three(
    election, users, django_assert_num_queries, django_assert_max_num_queries
):
    client, page = signed_in(users.discipline), reverse("complaint_list")
    register(election, users)
    client.get(page)
    with django_assert_max_num_queries(15) as one:
        client.get(page)
    register(election, users)
    register(election, users)

    with django_assert_num_queries(len(one)):
        client.get(page)
