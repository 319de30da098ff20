"""Fixtures for all tests: no network beyond this machine, running servers, a browser."""

import os
import re
import socket
from pathlib import Path

import chromium
import pytest
from django.conf import settings
from playwright.sync_api import sync_playwright

from tests.stack.browser import DESKTOP, PHONE, open_page
from tests.stack.servers import Stack

# Playwright's synchronous interface runs an event loop in this thread, which Django would refuse to share.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
FAILURES = Path(settings.VAR_DIR) / "test" / "failures"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Let fixtures see at tear-down whether their test failed."""
    report = yield
    setattr(item, f"report_{report.when}", report)
    return report


@pytest.fixture(autouse=True, scope="session")
def this_machine_only():
    """Refuse connections to anywhere else: a test that needs the internet is wrong."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in (
            "127.0.0.1",
            "::1",
            "localhost",
        ):
            raise AssertionError(f"a test tried to connect to {address}")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session")
def stack(tmp_path_factory, django_db_blocker, request):
    """The product's servers on their own database: `stack.base_url`, `.manage(...)`, `.orm()`, `.query(sql)`."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    servers = Stack(tmp_path_factory.mktemp("stack"), f"stack_{worker}", django_db_blocker.unblock)
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium."""
    chromium.prepare_driver()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(**chromium.launch_options())
        yield running
        running.close()


@pytest.fixture
def page(stack, browser, request):
    """A desktop page (1440 × 900) without a session."""
    with _page(stack, browser, request, DESKTOP) as opened:
        yield opened


@pytest.fixture
def phone(stack, browser, request):
    """A phone's page (390 × 844) without a session."""
    with _page(stack, browser, request, PHONE) as opened:
        yield opened


def _page(stack, browser, request, size):
    name = re.sub(r"\W+", "-", request.node.nodeid).strip("-")

    def has_failed() -> bool:
        return bool(getattr(getattr(request.node, "report_call", None), "failed", False))

    return open_page(browser, stack.base_url, FAILURES / name, size, has_failed)


@pytest.fixture
def second_page(stack, browser, request):
    """Another person's desktop page, with a session of its own."""
    with _page(stack, browser, request, DESKTOP) as opened:
        yield opened
