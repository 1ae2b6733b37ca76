"""A database that is far away: what a step costs when every journey to it takes so long."""

from __future__ import annotations

import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url

from tests.benchmarks.loop import STEPS
from tests.benchmarks.ours import Ours
from tests.benchmarks.ratios import of_each_step

AWAY = 0.025  # seconds there
CASES = 5


def over_a_wire(near: Ours) -> float:
    """Seconds of the average step on PostgreSQL behind a wire: whatever is sent to it arrives so much later."""
    with _wire(str(make_url(near.url).query["host"])) as address:
        far = near.from_afar(f"postgresql+psycopg://bihuan@/postgres?host={address}")
        far.walk()
        spent = of_each_step([far.walk() for _ in range(CASES)])
        far.database.dispose()
    return spent


def statement_by_statement(near: Ours) -> float:
    """Seconds of the slowest step when each statement, and each commit, takes so much longer."""

    def wait(*_told: Any) -> None:
        sleep(AWAY)

    for moment in ("before_cursor_execute", "commit"):
        event.listen(near.database, moment, wait)
    try:
        return max(near.walk(STEPS))
    finally:
        for moment in ("before_cursor_execute", "commit"):
            event.remove(near.database, moment, wait)


@contextmanager
def _wire(server: str) -> Iterator[str]:
    """A socket that leads to the one in the folder `server`, and is slow on the way there."""
    with tempfile.TemporaryDirectory(prefix="bihuan-far-") as folder, socket.socket(socket.AF_UNIX) as door:
        door.bind(f"{folder}/.s.PGSQL.5432")
        door.listen()
        threading.Thread(target=_receive, args=(door, server), daemon=True).start()
        yield folder
        with suppress(OSError):  # nobody may be connected any more
            door.shutdown(socket.SHUT_RDWR)


def _receive(door: socket.socket, server: str) -> None:
    with suppress(OSError):  # the door was closed
        while True:
            caller, _ = door.accept()
            there = socket.socket(socket.AF_UNIX)
            there.connect(str(Path(server) / ".s.PGSQL.5432"))
            threading.Thread(target=_carry, args=(caller, there, AWAY), daemon=True).start()
            threading.Thread(target=_carry, args=(there, caller, 0.0), daemon=True).start()


def _carry(this: socket.socket, that: socket.socket, delay: float) -> None:
    with suppress(OSError):  # either end hung up
        while part := this.recv(1 << 20):
            sleep(delay)
            that.sendall(part)
    with suppress(OSError):
        that.shutdown(socket.SHUT_WR)
