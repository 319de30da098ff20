"""The audit log on the page: for the audit administrator, without the business that was written."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from accounts import audit
from tests.factories.elections import moment
from villages import services

LIST = reverse("audit_list")
AT = datetime(2026, 9, 20, 4, 0, tzinfo=UTC)


def write(by, *, action="example.done", at=AT, **more):
    return audit.record(action=action, by=by, at=at, target=by, **more)


def actions(client, **query) -> list[str]:
    page = client.get(LIST, query)
    assert page.status_code == 200
    return [row.action for row in page.context["page"]]


@pytest.mark.parametrize(
    "who",
    [
        "system_admin",
        "security_admin",
        "org_staff",
        "coordinator",
        "leader",
        "vetting",
        "discipline",
        "nobody",
    ],
)
def test_log_is_forbidden_to(users, client, who):
    write(users.foreign)
    client.force_login(getattr(users, who))

    answer = client.get(LIST)

    assert answer.status_code == 403
    assert "只有审计管理员可以查看审计日志" in answer.content.decode()
    assert "example.done" not in answer.content.decode()


def test_log_needs_a_session(db, client):
    assert client.get(LIST).url == f"{reverse('login')}?next={LIST}"


def test_log_takes_no_post(users, client):
    client.force_login(users.audit_admin)

    assert client.post(LIST).status_code == 405


def test_log_shows_who_did_what_in_which_post_and_its_number(users, place, client):
    row = write(users.foreign, township_id=place.other.pk, post="西乡镇 乡镇联络员")
    row.refresh_from_db()
    client.force_login(users.audit_admin)

    text = client.get(LIST).content.decode()

    for shown in (
        "2026-09-20 12:00:00",
        users.foreign.name,
        "西乡镇 乡镇联络员",
        "example.done",
        f"accounts.User #{users.foreign.pk}",
        f"township:{place.other.pk} #{row.seq}",
    ):
        assert shown in text


def test_log_does_not_show_what_was_written(users, place, client):
    at = moment(AT.date(), 15)
    services.add_members(
        village=place.village,
        members=[
            {
                "name": "不可见某人",
                "sex": "male",
                "born_on": at.date().replace(year=1980),
                "joined_on": at.date().replace(year=2005),
                "education": "senior",
            }
        ],
        by=users.coordinator,
        at=at,
    )
    services.mark_left(member=place.members[0], on=at.date(), by=users.coordinator, at=at)
    write(users.coordinator, reason="不可见的理由", changes={"after": {"x": "不可见的内容"}})
    client.force_login(users.audit_admin)

    text = client.get(LIST).content.decode()

    assert "roster.added" in text
    assert "roster.left" in text
    assert "不可见" not in text
    assert place.members[0].name not in text
    assert place.village.name not in text


def test_newest_stands_first(users, client):
    for n in (0, 2, 1):
        write(users.leader, action=f"example.{n}", at=AT + timedelta(minutes=n))
    client.force_login(users.audit_admin)

    assert actions(client) == ["example.2", "example.1", "example.0"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"actor": "西镇"}, ["posting.ended"]),
        ({"action": "posting"}, ["posting.ended", "posting.granted"]),
        ({"action": "ended"}, []),
        ({"action": "posting", "actor": "东镇"}, ["posting.granted"]),
        ({"since": "2026-09-21"}, ["roster.added"]),
        ({"until": "2026-09-20"}, ["posting.ended", "posting.granted"]),
        ({"since": "2026-09-20", "until": "2026-09-20"}, ["posting.ended", "posting.granted"]),
        ({"since": "2026-09-22"}, []),
    ],
)
def test_log_is_filtered(users, client, query, found):
    """Days are those of China: a row of 00:30 on the 21st stands on the 20th in Greenwich."""
    east, west = users.coordinator, users.foreign
    east.name, west.name = "东镇某", "西镇某"
    write(east, action="posting.granted", at=moment(AT.date(), 0))
    write(west, action="posting.ended", at=moment(AT.date(), 23))
    write(east, action="roster.added", at=moment(AT.date() + timedelta(days=1), 0))
    client.force_login(users.audit_admin)

    assert actions(client, **query) == found


@pytest.mark.parametrize(
    "query",
    [
        {"since": "2026-02-30"},
        {"until": "x"},
        {"actor": "\x00"},
        {"action": "%_\\"},
        {"page": "x"},
        {"page": "9" * 30},
    ],
)
def test_log_bears_any_query(users, client, query):
    write(users.leader)
    client.force_login(users.audit_admin)

    assert client.get(LIST, query).status_code == 200


def test_log_is_paged_and_keeps_its_filter(users, client):
    for n in range(31):
        write(users.leader, at=AT + timedelta(minutes=n))
    write(users.leader, action="other")
    client.force_login(users.audit_admin)

    first = client.get(LIST, {"action": "example"})

    assert len(first.context["page"]) == 30
    assert "?action=example&amp;page=2" in first.content.decode()
    assert actions(client, action="example", page=2) == ["example.done"]


def test_log_takes_the_same_queries_for_one_and_for_three(
    users, client, django_assert_num_queries, django_assert_max_num_queries
):
    write(users.leader)
    client.force_login(users.audit_admin)
    client.get(LIST)
    with django_assert_max_num_queries(15) as one:
        assert len(client.get(LIST).context["page"]) == 1
    write(users.coordinator)
    write(users.foreign)

    with django_assert_num_queries(len(one)):
        assert len(client.get(LIST).context["page"]) == 3
