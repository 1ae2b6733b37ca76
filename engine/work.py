"""The worker: looks at the clock again and again, wakes the timers that are due and hands messages on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import messages, timers
from engine.record import seals

PAUSE = 1.0  # seconds between two looks, when there was nothing to do
SEALED_EVERY = timedelta(hours=1)
_log = logging.getLogger(__name__)


def once(sessions: sessionmaker[Session], *, at: datetime) -> int:
    """Everything that is due at this moment; how many things were done."""
    return timers.wake_due(sessions, at=at) + messages.deliver_due(sessions, at=at)


def seal(sessions: sessionmaker[Session], *, at: datetime) -> int:
    """Writes the ends of all chains that grew into the office's own book; how many."""
    with sessions() as session, session.begin():
        return seals.seal(session, at=at)


def forever(sessions: sessionmaker[Session], stop: threading.Event, *, clock: Callable[[], datetime]) -> None:
    """Until `stop` is set. A database that is away for a while is tried again, and said once."""
    away = False
    sealed: datetime | None = None
    while not stop.is_set():
        try:
            at = clock()
            idle = once(sessions, at=at) == 0
            if sealed is None or at - sealed >= SEALED_EVERY:
                seal(sessions, at=at)
                sealed = at
            if away:
                _log.warning("the database answers again")
            away = False
        except OperationalError as error:
            if not away:
                _log.error("the worker cannot reach the database and keeps trying: %s", error.orig)
            idle = away = True
        if idle:
            stop.wait(PAUSE)
