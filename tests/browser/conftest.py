"""What a browser test may ask for: one Chromium for all of them, and an office of one's own to walk into."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from tests.browser.office import Office, serving
from tests.cast import Cast
from webui.app import create_app

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = os.environ.get("BIHUAN_CHROMIUM") or shutil.which("chromium")
    if not program:
        pytest.skip("no Chromium: sudo apt-get install chromium fonts-wqy-microhei")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the screenshots of this run lie: BIHUAN_PICTURES, else a temporary folder."""
    named = os.environ.get("BIHUAN_PICTURES")
    folder = Path(named) if named else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def office(
    issue_loop: Cast,
    engine: Engine,
    sessions: sessionmaker[Session],
    browser: Browser,
    tmp_path: Path,
    pictures: Path,
) -> Iterator[Office]:
    """The cast with the issue loop published, served on a port of its own; in the end nothing may have gone wrong on
    any of its pages."""
    app = create_app(
        str(engine.url),
        config={
            "SECRET_KEY": "known to the tests",
            "EVIDENCE_FOLDER": tmp_path / "evidence",
            "RATELIMIT_ENABLED": False,
        },
    )
    with serving(app) as address:
        opened = Office(app, address, browser, sessions, pictures)
        app.config["CLOCK"] = lambda: opened.at
        yield opened
        for desk in opened.desks.values():
            desk.context.close()
    app.extensions["database"].dispose()
    assert {desk.login: desk.wrong for desk in opened.desks.values() if desk.wrong} == {}
