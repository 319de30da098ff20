"""One person at one browser: finds forms by their action, fills them in and sends them, as the page allows."""

from pathlib import Path

from playwright.sync_api import Locator, Page

from tests.stack.browser import sign_in


class Desk:
    """A signed-in user's page. `send` answers with the HTTP status of the form's POST."""

    def __init__(self, page: Page, username: str, password: str):
        self.page = page
        sign_in(page, username, password)

    def open(self, path: str) -> "Desk":
        answer = self.page.goto(path)
        assert answer.status == 200, f"{path}: {answer.status}"
        return self

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def form(self, action: str, within: str = "main") -> Locator:
        """The form of a stage page whose hidden field says what it does."""
        found = self.page.locator(f'{within} form:has(input[name=action][value="{action}"])').first
        closed = found.locator("xpath=ancestor::details[not(@open)]/summary")
        if closed.count():
            closed.click()
        return found

    def fill(self, form: Locator, **values) -> None:
        """Every named field; True ticks a box, a list ticks several."""
        for name, value in values.items():
            field = form.locator(f'[name="{name}"]')
            if value is True:
                field.check()
            elif isinstance(value, list):
                for choice in value:
                    form.locator(f'[name="{name}"][value="{choice}"]').check()
            elif field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(str(value))
            else:
                field.fill(str(value))

    def press(self, form: Locator) -> int:
        """Send a form by its own button, answer its question with yes, and wait for the next page."""
        asks = form.get_attribute("data-confirm")
        button = form.locator("button[type=submit], button:not([type])").last
        with self.page.expect_response(lambda answer: answer.request.method == "POST") as posted:
            button.click()
            if asks:
                self.page.locator("#confirm-dialog [value=yes]").click()
        self.page.wait_for_load_state()
        return posted.value.status

    def send(self, action: str, within: str = "main", **values) -> int:
        form = self.form(action, within)
        self.fill(form, **values)
        return self.press(form)

    def saved(self, action: str, within: str = "main", **values) -> None:
        """Send, and see that it was taken."""
        status = self.send(action, within, **values)
        assert status == 302, f"{action}: {status}\n{self.text()}"

    def refused(self, action: str, *sentences: str, within: str = "main", **values) -> None:
        """Send, and see that it was refused with these words."""
        assert self.send(action, within, **values) == 422
        shown = self.page.locator("#refusals").inner_text()
        for sentence in sentences:
            assert sentence in shown, shown

    def upload(self, requirement: str, file: Path) -> None:
        form = self.form("evidence")
        self.fill(form, requirement=requirement)
        form.locator("input[type=file]").set_input_files(file)
        assert self.press(form) == 302, self.text()
