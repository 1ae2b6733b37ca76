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
from models.session import reading

PAUSE = 1.0  # seconds between two looks, when there was nothing to do
_BEHIND = 10  # of 19: gets a tenth of what a page gets where both want the processor
_log = logging.getLogger(__name__)


def give_way() -> None:
    """Takes this process back behind those at which officers wait: what is due in the background may take a moment
    longer, a page may not. Where processes have no such rank, nothing is done."""
    if hasattr(os, "nice"):
        os.nice(_BEHIND)


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
            pulses.look(at)
            things = once(sessions, at=at)
            pulses.tell(things, at)
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
        self._due = pulse.Due(0, None)
        self._worst = 0.0
        self._late = False

    def look(self, at: datetime) -> None:
        """Before anything is done: how late it is now. All that is due is counted only where it will be told."""
        with reading(self._sessions) as session:
            if self._beats(at):
                self._due = pulse.due(session, at=at)
            else:
                self._due = pulse.Due(0, pulse.oldest(session, at=at))
        self._worst = max(self._worst, pulse.lag(self._due, at=at))
        if self._told is None:  # it says that it is there before it does what has waited for it
            self._write(0, at)

    def tell(self, things: int, at: datetime) -> None:
        self._things += things
        if not self._beats(at):
            return
        self._write(self._things, at)
        late = self._worst > pulse.LATE.total_seconds()
        if late and not self._late:
            _log.warning("what is due waits: %s now, the oldest for %.0f seconds", self._due.number, self._worst)
        self._told, self._things, self._worst, self._late = at, 0, 0.0, late

    def _write(self, things: int, at: datetime) -> None:
        with self._sessions() as session, session.begin():
            pulse.beat(session, self._name, self._due, things, at=at, worst=self._worst)

    def _beats(self, at: datetime) -> bool:
        return self._told is None or at - self._told >= pulse.EVERY
