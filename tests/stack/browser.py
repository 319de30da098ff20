"""Pages of a real browser: Chinese, Shanghai time, and a test fails on any error in the browser's console."""

import re
from contextlib import contextmanager
from pathlib import Path

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
#: The browser logs every 4xx answer as an error, and every request while the test has cut the network; both on purpose.
EXPECTED_ERROR = re.compile(
    r"Failed to load resource: (.* status of 4\d\d|net::ERR_INTERNET_DISCONNECTED)"
)


@contextmanager
def open_page(browser, base_url: str, folder: Path, size: dict, has_failed):
    """A page of its own session. If has_failed() says so at the end, a picture and a trace are left in the folder."""
    context = browser.new_context(
        base_url=base_url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport=size,
        is_mobile=size is PHONE,
        has_touch=size is PHONE,
    )
    context.set_default_timeout(10_000)
    context.tracing.start(screenshots=True, snapshots=True)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.extend(console_error(message)))
    try:
        yield page
        if not has_failed():
            assert errors == [], "errors in the browser's console"
    except BaseException:
        keep_evidence(context, page, folder)
        raise
    else:
        if has_failed():
            keep_evidence(context, page, folder)
    finally:
        context.close()


def console_error(message) -> list[str]:
    """The text of an unexpected error in the console, as a list of none or one."""
    if message.type != "error" or EXPECTED_ERROR.search(message.text):
        return []
    return [f"{message.text} ({message.location.get('url', '')})"]


def keep_evidence(context, page, folder: Path) -> None:
    """Write page.png and trace.zip (`playwright show-trace trace.zip`)."""
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / "page.png", full_page=True)
    context.tracing.stop(path=folder / "trace.zip")


def sign_in(page, username: str, password: str) -> None:
    """Sign in through the form, as a person does; the page asked for before opens afterwards."""
    if not page.locator("input[name=password]").count():
        page.goto("/login/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")
