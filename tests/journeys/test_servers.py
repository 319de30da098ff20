"""The servers that every journey relies on."""

from django.db import connection

from tests.stack.browser import sign_in


def test_servers_are_ready_in_a_browser(page):
    response = page.goto("/healthz")

    assert (response.status, response.json()) == (200, {"status": "ok"})


def test_form_from_a_real_browser_passes_the_origin_check(page):
    page.goto("/login/")

    with page.expect_response(lambda response: response.request.method == "POST") as posted:
        sign_in(page, "nobody", "not-a-password")

    assert posted.value.status == 422


def test_orm_works_on_the_database_of_the_servers(stack):
    with stack.orm(), connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        name = cursor.fetchone()[0]

    assert stack.query("SELECT current_database()") == [(name,)]


def test_worker_takes_what_beat_sends(stack):
    stack.wait_for(lambda: "heartbeat" in worker_log(stack), what="a heartbeat in the worker's log")


def worker_log(stack) -> str:
    return (stack.folder / "worker.log").read_text()
