"""The pages on the cast's database, with a clock that tests tell, and officers at their browsers."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.cast import MORNING, PASSWORD, Cast
from webui import serve
from webui.app import create_app

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Clock:
    """Stands still until it is told otherwise."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Browser:
    """One officer's browser: keeps cookies, and sends the token of the page it saw last."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def get(self, path: str, **options: Any) -> Any:
        answer = self.client.get(path, **options)
        if answer.mimetype == "text/html" and (found := TOKEN.search(answer.text)):
            self.token = found[1]
        return answer

    def post(self, path: str, form: dict[str, Any] | None = None, **options: Any) -> Any:
        return self.client.post(path, data={"csrf_token": self.token, **(form or {})}, **options)

    def sign_in(self, login: str, password: str = PASSWORD) -> Any:
        self.get("/sign-in")
        answer = self.post("/sign-in", {"login": login, "password": password})
        self.get("/account")
        return answer


@pytest.fixture
def clock() -> Clock:
    return Clock(MORNING)


@pytest.fixture
def app(engine: Engine, cast: Cast, clock: Clock, tmp_path: Path) -> Flask:
    return create_app(
        str(engine.url),
        config={
            "CLOCK": clock,
            "SECRET_KEY": "known to the tests",
            "EVIDENCE_FOLDER": tmp_path / "evidence",
            "RATELIMIT_ENABLED": False,
        },
    )


@pytest.fixture
def address(engine: Engine, tmp_path: Path) -> Iterator[str]:
    """Where a real server listens, for programs that come by HTTP."""
    app = create_app(
        engine.url.render_as_string(hide_password=False),
        config={"SECRET_KEY": "known to the tests", "HOME": tmp_path, "EVIDENCE_FOLDER": tmp_path / "evidence"},
    )
    listening = serve.listen(app, "127.0.0.1", 0)
    thread = threading.Thread(target=listening.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.effective_port}"
    listening.close()
    thread.join(timeout=5)
    app.extensions["database"].dispose()


@pytest.fixture
def stranger(app: Flask) -> Browser:
    """Nobody in particular, at the door."""
    return Browser(app.test_client())


@pytest.fixture
def browser(app: Flask) -> Callable[[str], Browser]:
    """`browser("clerk")`: that officer, signed in."""

    def signed_in(login: str) -> Browser:
        opened = Browser(app.test_client())
        assert opened.sign_in(login).status_code == 302
        return opened

    return signed_in
