"""The worker: looks at the clock again and again, wakes the timers that are due, hands messages on, says how it is."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import moves, outbox, starts, timers
from engine.jobs import pulse

PAUSE = 1.0  # seconds between two looks, when there was nothing to do
_log = logging.getLogger(__name__)


class Jobs(Protocol):
    """The executor of long jobs, as the worker feeds it."""

    name: str

    def hand_over(self) -> int: ...


def once(sessions: sessionmaker[Session], *, at: datetime) -> int:
    """Everything that is due at this moment; how many things were done."""
    due = timers.wake_due(sessions, at=at) + starts.wake_due(sessions, at=at)
    return due + outbox.deliver_due(sessions, at=at) + moves.go_on(sessions, at=at)


def forever(
    sessions: sessionmaker[Session],
    stop: threading.Event,
    *,
    clock: Callable[[], datetime],
    jobs: Jobs | None = None,
) -> None:
    """Until `stop` is set. A database that is away for a while is tried again, and said once."""
    away = False
    pulses = _Pulses(sessions, jobs.name if jobs is not None else f"{socket.gethostname()}-{os.getpid()}")
    while not stop.is_set():
        try:
            at = clock()
            due = pulses.look(at)
            things = once(sessions, at=at)
            pulses.tell(due, things, at)
            if jobs is not None:
                things += jobs.hand_over()
            if away:
                _log.warning("the database answers again")
            idle = things == 0
            away = False
        except OperationalError as error:
            if not away:
                _log.error("the worker cannot reach the database and keeps trying: %s", error.orig)
            idle = away = True
        if idle:
            stop.wait(PAUSE)


class _Pulses:
    """Writes down every few seconds how this worker stands, and warns in the log when what is due waits too long."""

    def __init__(self, sessions: sessionmaker[Session], name: str) -> None:
        self._sessions, self._name = sessions, name
        self._told: datetime | None = None
        self._things = 0
        self._worst = pulse.Due(0, None)
        self._late = False

    def look(self, at: datetime) -> pulse.Due:
        with self._sessions() as session:
            session.connection(execution_options={"read_only": True})
            return pulse.due(session, at=at)

    def tell(self, due: pulse.Due, things: int, at: datetime) -> None:
        self._things += things
        if pulse.lag(due, at=at) > pulse.lag(self._worst, at=at):
            self._worst = due
        if self._told is not None and at - self._told < pulse.EVERY:
            return
        with self._sessions() as session, session.begin():
            pulse.beat(session, self._name, self._worst, self._things, at=at)
        late = pulse.lag(self._worst, at=at) > pulse.LATE.total_seconds()
        if late and not self._late:
            _log.warning("what is due waits: %s, the oldest since %s", self._worst.number, self._worst.oldest)
        self._told, self._things, self._worst, self._late = at, 0, pulse.Due(0, None), late
