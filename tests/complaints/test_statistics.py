"""信访统计: what may be counted, compared with last term, with small figures below the county hidden for good."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.errors import Forbidden, Refused
from complaints.enums import Cause, Channel
from complaints.models import Complaint
from complaints.rules import FEWEST_SHOWN, suppressed
from complaints.selectors.statistics import statistics
from complaints.services.complaints import settle_complaint
from complaints.services.intake import About, receive_complaint
from complaints.services.opinion import Post, record_incident
from complaints.services.statistics import record_last_term
from reporting.indicators.registry import INDICATORS
from reporting.selectors.scope import scope_of_area
from tests.factories.elections import moment
from tests.factories.villages import UserFactory

DAY = date(2026, 9, 10)
AT = moment(DAY)


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({}, ""),
        ({"a": 9, "b": 7, "c": 0}, ""),
        ({"a": 5, "b": 5}, ""),
        ({"a": 4, "b": 9, "c": 20, "d": 30}, "abc"),  # alone it could be had from the sum
        ({"a": 1, "b": 1, "c": 9, "d": 20, "e": 30}, "abcd"),  # two that add up to two are both one
        ({"a": 4, "b": 4, "c": 9, "d": 20, "e": 30}, "abcd"),  # two that add up to eight both four
        ({"a": 2, "b": 3, "c": 9}, "ab"),
        ({"a": 1, "b": 0, "c": 9}, "abc"),
        ({"a": 3, "b": 0, "c": 0}, "abc"),
        ({"a": 3}, "a"),
    ],
)
def test_small_figures_take_another_with_them(counts, hidden):
    assert suppressed(counts) == set(hidden)


def test_no_hidden_figure_follows_from_what_is_shown():
    """Whoever knows the sum, the shown figures and the rule still finds two answers for every hidden figure."""
    for counts in product((0, 1, 2, 3, 4, 5, 6, 8), repeat=4):
        table = dict(enumerate(counts))
        hidden = sorted(suppressed(table))
        shown = {key: table[key] for key in table if key not in hidden}
        assert all(count == 0 or count >= FEWEST_SHOWN for count in shown.values())
        if not hidden or len(hidden) == len(table):
            continue  # nothing is shown at all
        rest = sum(table[key] for key in hidden)
        answers = [
            found
            for found in product(range(rest + 1), repeat=len(hidden))
            if sum(found) == rest
            and suppressed({**shown, **dict(zip(hidden, found, strict=True))}) == set(hidden)
        ]
        for place in range(len(hidden)):
            assert len({found[place] for found in answers}) > 1, (table, hidden, answers)


def complaint(campaign, by, *, about=None, days=0, **more) -> Complaint:
    facts = {"channel": "call", "cause": "bribery", "summary": "示例"} | more
    at = AT + timedelta(days=days)
    return receive_complaint(
        campaign=campaign, about=about or About(), received_at=at, by=by, at=at, **facts
    )


@pytest.fixture
def rows(campaign, election, place, users):
    """Six of the own township, one of the other, one about the county's own leaders, which the city holds."""
    by = users.discipline
    made = [complaint(campaign, by, about=About(election=election)) for _ in range(5)]
    made.append(complaint(campaign, by, about=About(election=election), channel="letter"))
    made.append(complaint(campaign, by, about=About(township=place.other), cause="clan"))
    above = About(accused="leader", accused_unit=place.county)
    made.append(complaint(campaign, by, about=above))
    settle_complaint(
        complaint=made[0], conclusion="false", handling="示例", by=by, at=AT + timedelta(days=2)
    )
    Complaint.objects.filter(pk=made[1].pk).update(settle_by=DAY + timedelta(days=1))
    Complaint.objects.filter(pk=made[0].pk).update(reported_at=AT + timedelta(hours=1))
    Complaint.objects.filter(pk=made[2].pk).update(reported_at=AT + timedelta(hours=4))
    return made


AS_OF = DAY + timedelta(days=10)


def test_figures_say_what_was_counted(rows, users, campaign):
    found = statistics(users.org_staff, campaign, as_of=AS_OF)
    assert (found.total.count, found.matters) == (
        7,
        7,
    )  # what is about their own leaders is not theirs
    assert found.settled.text == "14.3%（1/7）"
    assert found.on_time.text == "50.0%（1/2）"
    assert (found.first[0].hours, found.first[0].count, found.first[0].whole) == (2.5, 2, 7)
    assert found.first[1].hours is None
    channels = {line.label: line.count for line in found.channels}
    assert channels == {"来信": 1, "来访": 0, "来电": 6, "网络": 0}
    shown = {line.name: line.count for line in found.townships}
    assert shown == {"东乡镇": None, "西乡镇": None, "不涉及具体乡镇": None}


def test_large_enough_figures_are_shown(rows, users, campaign, place):
    for _ in range(4):
        complaint(campaign, users.discipline, about=About(township=place.other))
    found = statistics(users.leader, campaign, as_of=AS_OF)
    assert {line.name: line.count for line in found.townships} == {
        "东乡镇": 6,
        "西乡镇": 5,
        "不涉及具体乡镇": 0,
    }


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("org_staff", 200),
        ("leader", 200),
        ("discipline", 200),
        ("coordinator", 403),
        ("vetting", 403),
        ("system_admin", 404),
        ("outsider", 404),
    ],
)
def test_who_counts(rows, users, campaign, client, who, status):
    client.force_login(getattr(users, who))
    page = client.get(reverse("complaint_statistics", args=[campaign.pk]))
    assert page.status_code == status
    text = page.content.decode()
    assert not [row.number for row in rows if row.number in text]
    if status == 200:
        content = text[text.index('<main class="content"') : text.index("</main>")]
        assert "/complaints/" not in content.replace(f"/campaigns/{campaign.pk}/complaints/", "")


def test_township_s_discipline_staff_count_nothing(rows, place, campaign, client):
    client.force_login(UserFactory(role=Role.DISCIPLINE, where=place.own))
    assert client.get(reverse("complaint_statistics", args=[campaign.pk])).status_code == 403


def test_accused_leader_misses_their_own_complaint_in_the_count(rows, users, campaign):
    Complaint.objects.filter(pk=rows[3].pk).update(
        accused="org_staff", accused_unit=campaign.area, accused_user=users.org_staff
    )
    assert statistics(users.org_staff, campaign, as_of=AS_OF).total.count == 6
    assert statistics(users.leader, campaign, as_of=AS_OF).total.count == 7


def test_last_term_is_recorded_on_a_page_and_compared(rows, users, campaign, client):
    client.force_login(users.discipline)
    url = reverse("complaint_last_term", args=[campaign.pk])
    sent = {"total-": "10", "channel-call": "4", "channel-letter": "5"}
    wrong = client.post(url, sent)
    assert wrong.status_code == 422 and "与总件数10件不符" in wrong.content.decode()
    done = client.post(url, sent | {"channel-visit": "1"}, follow=True).content.decode()
    assert "10件，增减-3件" in done
    found = statistics(users.leader, campaign, as_of=AS_OF)
    assert {line.label: line.change for line in found.channels} == {
        "来信": "-4",
        "来访": "-1",
        "来电": "+2",
        "网络": "—",
    }
    assert found.causes[0].change == "—"
    with pytest.raises(Forbidden):
        record_last_term(campaign=campaign, figures={}, by=users.leader, at=AT)
    with pytest.raises(Refused, match="总件数"):
        record_last_term(campaign=campaign, figures={}, by=users.org_staff, at=AT)


def value(campaign, key, area=None):
    return INDICATORS[key].value(scope_of_area(campaign, as_of=AS_OF, area=area))


def test_indicators_of_the_closing_report(rows, users, campaign, place):
    assert value(campaign, "complaints") == 7
    assert value(campaign, "complaints", place.own) == 6
    assert value(campaign, "complaints", place.other) == 1
    assert (value(campaign, "complaints_last_term"), value(campaign, "complaints_change")) == (
        None,
        None,
    )
    record_last_term(campaign=campaign, figures={("total", ""): 10}, by=users.discipline, at=AT)
    assert (value(campaign, "complaints_last_term"), value(campaign, "complaints_change")) == (
        10,
        -3,
    )
    assert INDICATORS["complaints_change"].text(-3) == "-3件"
    assert value(campaign, "complaints_on_time") == {
        "value": 50.0,
        "numerator": 1,
        "denominator": 2,
    }
    assert value(campaign, "first_response") == {"汇报": 2.5, "调查": None, "向群众说明": None}
    assert INDICATORS["first_response"].text({"汇报": 2.5, "调查": None}) == "汇报2.5小时"


def test_opinion_is_counted_where_it_may_be_seen(campaign, users, place):
    post = Post("示例论坛", "示例", "fact", "normal", AT, "示例单位")
    record_incident(campaign=campaign, post=post, by=users.org_staff, at=AT, township=place.own)
    record_incident(
        campaign=campaign, post=post, by=users.org_staff, at=AT, township=place.own, withheld=True
    )
    record_incident(campaign=campaign, post=post, by=users.org_staff, at=AT)
    assert value(campaign, "opinion_incidents") == 3
    assert value(campaign, "opinion_incidents", place.own) == 1
    assert value(campaign, "opinion_incidents", place.other) == 0
    assert value(campaign, "opinion_settled") == 0


def test_rows_behind_the_figures(rows, users, campaign, client):
    client.force_login(users.org_staff)
    today = timezone.localdate()
    assert today > DAY
    keys = ("complaints_on_time", "first_response", "complaints_change", "complaints_last_term")
    for key in keys:
        page = client.get(reverse("indicator_rows", kwargs={"pk": campaign.pk, "key": key}))
        assert page.status_code == 200, key
        assert not [row.number for row in rows if row.number in page.content.decode()], key
    client.force_login(users.coordinator)
    for key in keys:
        page = client.get(reverse("indicator_rows", kwargs={"pk": campaign.pk, "key": key}))
        assert page.status_code == 403, key


def test_every_choice_is_on_the_form(users, campaign, client):
    client.force_login(users.org_staff)
    page = client.get(reverse("complaint_last_term", args=[campaign.pk])).content.decode()
    assert all(label in page for label in (*Channel.labels, *Cause.labels))
