"""One officer at a browser: signs in, fills in forms as they are drawn, and notices everything that goes wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response, expect

from tests.cast import PASSWORD

PATIENCE = 30_000
WIDE, NARROW = (1440, 900), (360, 740)
# A refusal is an answer, not a mistake of the page: the browser notes it in its console all the same.
REFUSED = re.compile(r"the server responded with a status of (403|404|409|413|422) ")
WATCH = (
    "document.addEventListener('securitypolicyviolation', "
    "(e) => window.tellPolicy(`${e.effectiveDirective} ${e.blockedURI}`))"
)


class Desk:
    """`wrong` gathers script errors, breaches of the content policy, answers of 5xx, missing files and requests to
    other hosts; it must be empty in the end. Without `javascript` the same acts are done with plain forms."""

    def __init__(
        self, browser: Browser, address: str, login: str, pictures: Path, *, javascript: bool = True, language: str = ""
    ) -> None:
        self.login, self.address, self.pictures, self.javascript = login, address, pictures, javascript
        self.wrong: list[str] = []
        self.context = browser.new_context(
            base_url=address,
            java_script_enabled=javascript,
            viewport={"width": WIDE[0], "height": WIDE[1]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.expose_function("tellPolicy", lambda broken: self.wrong.append(f"policy: {broken}"))
        self.context.add_init_script(WATCH)
        if language:
            self.speak(language)
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        self.page.on("console", self._said)
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)

    # --- what goes wrong ----------------------------------------------------------------------------------------

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not REFUSED.search(message.text):
            self.wrong.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.wrong.append(f"another host: {request.url}")

    def _answered(self, response: Response) -> None:
        is_page = response.request.resource_type in {"document", "fetch", "xhr"}
        if response.status >= 500 or (response.status >= 400 and not is_page):
            self.wrong.append(f"{response.status}: {response.url}")

    # --- moving about -------------------------------------------------------------------------------------------

    def speak(self, language: str) -> None:
        self.context.add_cookies([{"name": "language", "value": language, "url": self.address}])

    def sign_in(self) -> None:
        self.go("/sign-in")
        self.page.fill("[name=login]", self.login)
        self.page.fill("[name=password]", PASSWORD)
        self.page.locator("main form button").last.click()
        expect(self.page.locator(".masthead .me")).to_be_attached(timeout=PATIENCE)

    def go(self, path: str) -> int:
        answer = self.page.goto(path)
        assert answer is not None
        return answer.status

    def task(self, name: str, number: str) -> None:
        """Opens the waiting task of that name, as an officer finds it: in the inbox, under the case's number."""
        self.go(f"/inbox?tray=unit&text={number}")
        row = self.page.locator("tr[data-row]").filter(has=self.page.get_by_role("link", name=name, exact=True))
        row.get_by_role("link", name=name, exact=True).click()
        expect(self.page.locator("h1")).to_have_text(name, timeout=PATIENCE)

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.main).to_contain_text(text, timeout=PATIENCE)

    def sees_not(self, *texts: str) -> None:
        for text in texts:
            expect(self.main).not_to_contain_text(text, timeout=PATIENCE)

    # --- forms --------------------------------------------------------------------------------------------------

    def fill(self, **answers: Any) -> None:
        for field, value in answers.items():
            box = self.page.locator(f"#field-{field}")
            expect(box).to_be_visible(timeout=PATIENCE)
            if self.javascript and box.get_attribute("hx-post") is not None and not self._stands(box, value):
                with self.page.expect_response(lambda answer: answer.url.endswith("/form")):
                    self._put(box, value)
                expect(self.page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
            else:
                self._put(box, value)

    def _stands(self, box: Locator, value: Any) -> bool:
        """Chosen already: choosing it again would change nothing, and nothing would be asked of the server."""
        chosen = box.locator("input:checked")
        if chosen.count():
            return chosen.evaluate_all("all => all.map((e) => e.value)") == [str(value)]
        field = box.locator("select, textarea, input:not([type=radio], [type=checkbox], [type=file])")
        return field.count() == 1 and field.input_value() == value

    def _put(self, box: Locator, value: Any) -> None:
        if value is True:
            box.locator("input[type=checkbox]").check()
        elif box.locator("input[type=radio], input[type=checkbox]:not([name$='.kept'])").count():
            for each in [value] if isinstance(value, str) else value:
                self._tick(box.locator(f"input[value='{each}']"))
        elif box.locator("input[type=file]").count():
            box.locator("input[type=file]").set_input_files(value)
        elif box.locator("select").count():
            box.locator("select").select_option(value)
        else:
            box.locator("input, textarea").fill(value)
            box.locator("input, textarea").blur()

    def _tick(self, choice: Locator) -> None:
        if not choice.is_visible():
            self.page.locator("details").filter(has=choice).locator("summary").last.click()
        choice.check()

    def send(self) -> None:
        """Presses the form's own button and waits for the answer."""
        with self.page.expect_navigation():
            self.page.locator("form.paper .paper-end button").click()

    def done(self) -> None:
        """Sends, and the page says that it was taken."""
        self.send()
        told = self.page.locator(".flash-success, .error-summary, .flash-danger, .refusal")
        expect(told.first).to_be_visible(timeout=PATIENCE)
        assert self.page.locator(".flash-success").count(), self.main.inner_text()

    # --- looking ------------------------------------------------------------------------------------------------

    def picture(self, name: str) -> None:
        """This page in both languages at both widths; what sticks out at the side is wrong."""
        for language in ("zh", "en"):
            self.speak(language)
            self.page.reload()
            for width, height in (WIDE, NARROW):
                self.page.set_viewport_size({"width": width, "height": height})
                self.page.wait_for_load_state("networkidle")
                self.page.screenshot(path=self.pictures / f"{name}-{language}-{width}.png", full_page=True)
                over = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if over > 0:
                    self.wrong.append(f"{name} is {over} px wider than a screen of {width} px ({language})")
        self.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
        self.speak("zh")
        self.page.reload()
