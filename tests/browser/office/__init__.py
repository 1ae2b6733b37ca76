"""A running office for the browser tests: a real server with a clock that is told, and officers at real browsers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy.orm import Session, sessionmaker
from waitress import wasyncore

from engine.acts import timers
from tests.browser.office.desk import Desk
from tests.cast import MORNING
from webui import serve


@dataclass
class Office:
    """`address` is where it answers; `at` is what its clock shows. Desks stay open until the office closes."""

    app: Flask
    address: str
    browser: Browser
    sessions: sessionmaker[Session]
    pictures: Path
    at: datetime = MORNING
    desks: dict[tuple[Any, ...], Desk] = field(default_factory=dict)

    def desk(self, login: str, **how: Any) -> Desk:
        """`login` at a browser of their own, signed in; the same one when asked again. `how`: see `Desk`."""
        key = (login, *sorted(how.items()))
        if key not in self.desks:
            self.desks[key] = Desk(self.browser, self.address, login, self.pictures, **how)
            self.desks[key].sign_in()
        return self.desks[key]

    def later(self, **amount: float) -> int:
        """Tells the clock forward, and the worker looks once; how many timers fired."""
        self.at += timedelta(**amount)
        return timers.wake_due(self.sessions, at=self.at)

    def local(self, **amount: float) -> str:
        """The moment this much from now as a datetime-local field takes it, in the city's zone."""
        return f"{self.at + timedelta(hours=8) + timedelta(**amount):%Y-%m-%dT%H:%M}"


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The server that `bihuan serve` runs, on a free port, in a thread beside the test."""
    server = serve.listen(app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, name="office", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # Its loop ends when nothing is left to listen to; closed from its own thread, so nothing vanishes under it.
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map, ignore_all=True))
        thread.join(timeout=30)
        server.task_dispatcher.shutdown()
        assert not thread.is_alive()
