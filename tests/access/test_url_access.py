"""Who may open and who may change what: every address of the product, asked as each kind of user.

Answers are collected over the whole table, so that a failure lists every address that is wrong.
"""

import uuid

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from .table import ADMINISTRATORS, TABLE, Row, Scope
from .world import COMPLAINT, FACT, OPINION, build

#: Pages of a township's objects that are forms, or confidential: whoever may not write is not let in.
FORMS = (
    "reserve_create",
    "member_create",
    "member_update",
    "member_merge",
    "post_create",
    "post_update",
    "restriction_create",
    "restriction_update",
    "representative_create",
    "representative_update",
    "ballot_correct",
    "tally_board",
    "township_plan",
    "candidacy_facts",
)


def names(patterns=None) -> list[str]:
    """The names of all addresses that the resolver knows."""
    found = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        found += [pattern.name] if isinstance(pattern, URLPattern) else names(pattern.url_patterns)
    return found


def rows(*scopes: Scope) -> dict[str, Row]:
    """The rows of the table with these scopes, all without any."""
    return {name: row for name, row in TABLE.items() if not scopes or row.scope in scopes}


@pytest.fixture
def world(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return build()


@pytest.fixture
def ask(world):
    """ask(role or None, name, method="get", township=the coordinator's own) → the response."""

    def ask(role: str | None, name: str, method: str = "get", *, township=None, client=None):
        client = client or Client()
        if role:
            client.force_login(world.users[role])
        url = reverse(name, kwargs=TABLE[name].kwargs(world, township or world.own))
        response = getattr(client, method)(url)
        if response.streaming:
            b"".join(response.streaming_content)  # reading to the end closes the file
        return response

    return ask


def test_every_address_has_a_row_and_every_row_an_address():
    assert sorted(names()) == sorted(TABLE)


@pytest.mark.parametrize("method", ["get", "post"])
def test_anonymous_is_sent_to_sign_in(ask, method):
    answers = {name: ask(None, name, method) for name in TABLE}

    assert {
        name: answer.status_code
        for name, answer in answers.items()
        if TABLE[name].scope != Scope.PUBLIC
        and not (answer.status_code == 302 and answer.url.startswith("/login/"))
    } == ({"logout": 405} if method == "get" else {})


def test_coordinator_opens_everything_of_the_own_township(ask):
    pages = [name for name, row in rows(Scope.TOWNSHIP).items() if row.reads]

    assert {name: ask("coordinator", name).status_code for name in pages} == dict.fromkeys(
        pages, 200
    )


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_township_is_not_there_for_a_coordinator(ask, world, method):
    table = rows(Scope.TOWNSHIP)
    expected = {
        name: 404 if (row.reads if method == "get" else row.writes) else 405
        for name, row in table.items()
    }

    assert {
        name: ask("coordinator", name, method, township=world.other).status_code for name in table
    } == expected


def test_pages_of_the_campaign_show_a_coordinator_only_the_own_township(ask, world):
    leaks = {}
    for name in rows(Scope.COUNTY):
        client = Client()
        response = ask("coordinator", name, client=client)
        if response.status_code == 302:
            response = client.get(response.url)
        assert response.status_code == 200, name
        shown = response.content.decode()
        leaks[name] = [word for word in ("乙镇", "乙200村", "乙某") if word in shown]

    # The county's bulletin ranks its townships, for all of them to see.
    assert {name: words for name, words in leaks.items() if words} == {
        "bulletin_detail": ["乙镇"],
        "bulletin_version": ["乙镇"],
    }


def test_leader_writes_nothing(ask):
    writing = [name for name, row in TABLE.items() if row.writes]

    assert {name: ask("leader", name, "post").status_code for name in writing} == dict.fromkeys(
        writing, 403
    )


def test_leader_reads_the_whole_county(ask, world):
    table = rows(Scope.TOWNSHIP, Scope.COUNTY)
    pages = [name for name, row in table.items() if row.reads and name not in FORMS]

    for township in (world.own, world.other):
        assert {
            name: ask("leader", name, township=township).status_code for name in pages
        } == dict.fromkeys(pages, 200)


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_administrators_see_nothing_of_the_elections(ask, role):
    let_in = [
        (name, method)
        for name, row in rows(Scope.TOWNSHIP, Scope.COUNTY).items()
        for method in ("get", "post")
        if (row.reads if method == "get" else row.writes)
        and ask(role, name, method).status_code not in (403, 404)
    ]

    assert let_in == []


def test_only_the_named_roles_get_in(ask, world):
    table = rows(Scope.ROLE)
    roles = [role for role in world.users if role != "other_coordinator"]
    let_in = {
        name: {
            role
            for role in roles
            if ask(role, name, "get" if row.reads else "post").status_code in (200, 302)
        }
        for name, row in table.items()
    }

    assert let_in == {name: set(row.roles) for name, row in table.items()}


def test_figures_of_complaints_are_not_for_townships(world):
    url = reverse("indicator_rows", kwargs={"pk": world.campaign.pk, "key": "complaints"})
    answers = {}
    for role in ("coordinator", "org_staff", "discipline"):
        client = Client()
        client.force_login(world.users[role])
        answers[role] = client.get(url)

    assert answers["coordinator"].status_code == 403
    assert "只列数，不列名单" in answers["org_staff"].content.decode()
    assert answers["discipline"].status_code in (403, 404)


def test_a_page_that_only_shows_refuses_to_be_posted_to(ask):
    pages = {
        name: row
        for name, row in rows(Scope.TOWNSHIP, Scope.COUNTY, Scope.ROLE).items()
        if not row.writes
    }

    assert {
        name: ask(row.roles[0] if row.roles else "org_staff", name, "post").status_code
        for name, row in pages.items()
    } == dict.fromkeys(pages, 405)


def test_an_address_that_only_changes_refuses_to_be_opened(ask):
    actions = {name: row for name, row in TABLE.items() if not row.reads}

    assert {
        name: ask(row.roles[0] if row.roles else "coordinator", name).status_code
        for name, row in actions.items()
    } == dict.fromkeys(actions, 405)


def test_a_post_without_the_form_s_token_is_refused(ask):
    writing = {name: row for name, row in TABLE.items() if row.writes}
    answers = {
        name: ask(
            row.roles[0] if row.roles else "coordinator",
            name,
            "post",
            client=Client(enforce_csrf_checks=True),
        )
        for name, row in writing.items()
    }

    assert {n: a.status_code for n, a in answers.items()} == dict.fromkeys(writing, 403)
    assert all("页面已过期" in a.content.decode() for a in answers.values())


def test_an_object_that_does_not_exist_is_not_there(world):
    answers = {}
    for name, row in TABLE.items():
        if not row.of:
            continue
        client = Client()
        client.force_login(world.users[row.roles[0] if row.roles else "org_staff"])
        kwargs = row.kwargs(world, world.own)
        kwargs["pk"] = uuid.uuid4() if isinstance(kwargs["pk"], uuid.UUID) else 999_999_999
        url = reverse(name, kwargs=kwargs)
        answers[name] = (client.get(url) if row.reads else client.post(url)).status_code

    assert answers == dict.fromkeys(answers, 404)


def everything(world, role: str) -> dict[str, str]:
    """Every answer that this account gets from every address of the product, for the objects of both townships."""
    client = Client()
    client.force_login(world.users[role])
    found = {}
    for name, row in TABLE.items():
        if not row.reads or name == "logout":
            continue
        for township in (world.own, world.other):
            url = reverse(name, kwargs=row.kwargs(world, township))
            response = client.get(url, follow=True)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            found[f"{name} {township}"] = f"{response.headers}{body.decode(errors='replace')}"
    for query in ("a", "某", "法院", "信访"):
        found[f"search {query}"] = client.get(reverse("search"), {"q": query}).content.decode()
    return found


def test_department_reads_no_other_department_s_opinion_and_no_complaint(world):
    answers = everything(world, "vetting")

    assert {
        where: word
        for where, text in answers.items()
        for word in (OPINION, FACT, COMPLAINT, "法院的附件")
        if word in text
    } == {}
    assert any("甲某" in text for text in answers.values())  # it was looking at people at all


def test_objecting_department_reads_its_own_words(world):
    words = "".join(everything(world, "other_department").values())
    assert OPINION not in words  # its own task is another address than the table's
    client = Client()
    client.force_login(world.users["other_department"])
    task = reverse("review_task", args=[world.made["other_task", world.own.pk]])
    assert OPINION in client.get(task).content.decode()


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("org_staff", {OPINION, FACT}),
        ("coordinator", {FACT}),
        ("leader", set()),
        ("discipline", {COMPLAINT}),
        ("system_admin", set()),
        ("security_admin", set()),
        ("audit_admin", set()),
    ],
)
def test_who_reads_opinions_facts_and_complaints(world, role, sees):
    text = "".join(everything(world, role).values())

    assert {word for word in (OPINION, FACT, COMPLAINT) if word in text} == sees


def test_another_department_s_task_is_not_there(world):
    client = Client()
    client.force_login(world.users["vetting"])
    url = reverse("review_task", args=[world.made["other_task", world.own.pk]])
    for answer in (client.get(url), client.post(url, {"action": "answer"})):
        assert answer.status_code == 404
