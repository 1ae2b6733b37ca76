"""An officer at work through the very pages: opens a task, fills in its form, sends it. How long does each take?"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from time import perf_counter

from flask.testing import FlaskClient

from tests.cast import PASSWORD
from webui.app import create_app

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_HIDDEN = re.compile(r'<input type="hidden"[^>]* name="([^"]+)" value="([^"]*)"')


def signed_in(url: str, folder: Path, login: str, clock: Callable[[], datetime]) -> FlaskClient:
    """The program's pages in this process, and in front of them an officer who has come in."""
    settings = {"CLOCK": clock, "SECRET_KEY": "measured", "EVIDENCE_FOLDER": folder, "RATELIMIT_ENABLED": False}
    browser = create_app(url, config=settings).test_client()
    token = _TOKEN.search(browser.get("/sign-in").text)
    assert token is not None
    form = {"csrf_token": token[1], "login": login, "password": PASSWORD}
    assert browser.post("/sign-in", data=form).status_code == 302
    return browser


def act(browser: FlaskClient, task: str, answers: dict[str, str]) -> tuple[float, float]:
    """Seconds until the page of a task was there, and until the task was done and committed."""
    began = perf_counter()
    page = browser.get(f"/inbox/tasks/{task}")
    shown = perf_counter()
    assert page.status_code == 200, page.status
    form = page.text.partition("/completion")[2].partition("</form>")[0]
    filled = dict(_HIDDEN.findall(form)) | answers
    sent = perf_counter()
    answer = browser.post(f"/inbox/tasks/{task}/completion", data=filled)
    while answer.status_code == 409:  # the database was busy too long: the page says so, and it is sent once more
        answer = browser.post(f"/inbox/tasks/{task}/completion", data=filled)
    done = perf_counter()
    assert answer.status_code == 302, answer.status
    return shown - began, done - sent
