"""A picture of a page of a running server: `scripts/screenshot.py URL OUT.png [--width 390] [--login user:password]`."""

import sys

import boot

boot.enter("requirements-test.txt")

import argparse  # noqa: E402 - from here on we are inside .venv

import chromium  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

#: Web fonts come in pieces that are asked for only when their characters are laid out.
FONTS_READY = """async () => {
    const painted = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    for (let round = 0; round < 5; round++) {
        await painted();
        await document.fonts.ready;
    }
}"""


def main() -> int:
    """Returns 1 if the page or its console shows an error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("out")
    parser.add_argument("--width", type=int, default=1440)
    parser.add_argument("--height", type=int, default=900)
    parser.add_argument("--login", help="user:password")
    parser.add_argument("--window", action="store_true", help="only what fits the window")
    options = parser.parse_args()

    chromium.prepare_driver()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium.launch_options())
        page = browser.new_page(
            viewport={"width": options.width, "height": options.height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        page.on("console", lambda message: print(f"console {message.type}: {message.text}"))
        page.on("pageerror", lambda error: print(f"error: {error}"))
        response = page.goto(options.url, wait_until="networkidle")
        if options.login and page.locator("input[name=password]").count():
            username, password = options.login.split(":", 1)
            page.fill("input[name=username]", username)
            page.fill("input[name=password]", password)
            page.press("input[name=password]", "Enter")
            page.wait_for_load_state("networkidle")
            response = page.goto(options.url, wait_until="networkidle")
        page.evaluate(FONTS_READY)
        page.screenshot(path=options.out, full_page=not options.window)
        print(f"{response.status} {page.url} → {options.out}")
        browser.close()
    return 0 if response.ok else 1


if __name__ == "__main__":
    sys.exit(main())
