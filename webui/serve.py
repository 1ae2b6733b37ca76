"""Web and worker in one process: the pages on a small server, and a thread beside it that looks at the clock."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

import waitress

from webui.place import Place, now

if TYPE_CHECKING:
    from flask import Flask

THREADS = 8
_log = logging.getLogger(__name__)


def listen(app: Flask, host: str, port: int) -> Any:
    """A server that already holds its port. Raises OSError when the port is taken."""
    return waitress.create_server(
        app, host=host, port=port, threads=THREADS, ident=None, clear_untrusted_proxy_headers=True
    )


def run(server: Any) -> None:
    """Serves until SIGINT or SIGTERM; requests under way are answered first."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    if threading.current_thread() is threading.main_thread():  # not under --reload, which ends the process itself
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, leave)
    try:
        server.run()  # ends quietly on SystemExit
    finally:
        server.close()


@contextmanager
def worker(place: Place) -> Iterator[threading.Thread]:
    """A worker thread for as long as the block lasts; it finishes what it is doing. Long jobs start a moment later, so
    that the first page does not wait for them."""
    stop = threading.Event()
    thread = threading.Thread(target=_work, args=(place, stop), name="worker", daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(timeout=30)
        if thread.is_alive():
            _log.error("the worker did not finish within 30 seconds")


def _work(place: Place, stop: threading.Event) -> None:
    from engine import work
    from engine.jobs import durable

    with durable.running(place.url, place.home, place.sessions, clock=now) as jobs, connecting(place, stop):
        work.forever(place.sessions, stop, clock=now, jobs=jobs)


def both(place: Place, host: str, port: int, **settings: Any) -> Iterator[str]:
    """Yields the address once the port is held, then serves until told to stop. `settings`: those of `create_app`."""
    server = listen(place.app(**settings), host, port)
    shown = f"[{host}]" if ":" in host else host
    yield f"http://{shown}:{server.effective_port}"
    with worker(place):
        run(server)


@contextmanager
def connecting(place: Place, stop: threading.Event) -> Iterator[None]:
    """A thread beside the worker for web requests and mails of cases, until `stop` is set."""
    from engine.jobs import connectors

    doors = place.doors()
    told = {"args": (place.sessions, doors, stop), "kwargs": {"clock": now}}
    thread = threading.Thread(target=connectors.forever, name="connectors", daemon=True, **told)  # type: ignore[arg-type]
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=5)
