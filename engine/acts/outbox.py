"""The outbox: what cases have sent each other is handed on, each message in a transaction of its own, and just once.

A sender's step only lays the message down, in its own transaction. Handing it on locks all the cases it concerns, the
lower number first, and never waits for a lock: what somebody works on now is left for the next look.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from engine.acts import calls, letters, signals
from engine.acts.envelopes import Delivery, Envelope, take, try_again
from models import OutgoingMessage
from models.session import reading

_log = logging.getLogger(__name__)
# How many due messages are looked up at once.
_HANDFUL = 100
# What one officer's act may set off before the worker takes over.
_AT_ONCE = 50
_KINDS: dict[str, Callable[[Session, Envelope, datetime], Delivery]] = {
    "message": letters.deliver,
    "call": calls.begin_called,
    "answer": calls.bring_answer,
    "cancel": calls.cancel_called,
    "signal": signals.spread,
    "heard": signals.let_hear,
}


def deliver_due(sessions: sessionmaker[Session], *, at: datetime, limit: int = 200) -> int:
    """Hands on what is due, the longest overdue first; says how many reached their case. A message nobody waits for yet
    is tried again later, and in the end put aside, never dropped."""
    return _deliver_all(sessions, None, at=at, limit=limit)


def deliver_from(sessions: sessionmaker[Session], cases: Iterable[int], *, at: datetime) -> int:
    """What these cases have just sent, and what that sets off, so that an officer need not wait for the worker. What
    is left over, the worker finds."""
    return _deliver_all(sessions, set(cases), at=at, limit=_AT_ONCE)


def _deliver_all(sessions: sessionmaker[Session], senders: set[int] | None, *, at: datetime, limit: int) -> int:
    delivered = tried = 0
    left: set[str] = set()  # what cannot be handed on now would be found again at once
    while tried < limit:
        due = [id for id in _due(sessions, senders, left, at=at) if id not in left]
        if not due:
            break
        for id in due[: limit - tried]:
            tried += 1
            done = _hand_on(sessions, id, at=at)
            if done.left:
                left.add(id)
            delivered += done.reached
            if senders is not None:
                senders |= done.cases
    return delivered


def _hand_on(sessions: sessionmaker[Session], id: str, *, at: datetime) -> Delivery:
    try:
        with sessions() as session, session.begin():
            envelope = take(session, id, at=at)
            return _KINDS[envelope.kind](session, envelope, at) if envelope is not None else Delivery.LEFT
    except OperationalError:
        raise
    except Exception:  # the worker's border: one message that breaks the program does not hold up the others
        _log.exception("message %s could not be handed on", id)
    with sessions() as session, session.begin():
        envelope = take(session, id, at=at)
        return try_again(session, envelope, "broken", at=at) if envelope is not None else Delivery.LEFT


def _due(sessions: sessionmaker[Session], senders: set[int] | None, left: set[str], *, at: datetime) -> list[str]:
    query = (
        select(OutgoingMessage.id)
        .where(OutgoingMessage.due_at <= at)
        .order_by(OutgoingMessage.due_at, OutgoingMessage.id)
        .limit(_HANDFUL + len(left))
    )
    if senders is not None:
        query = query.where(OutgoingMessage.case_id.in_(senders))
    with reading(sessions) as session:
        return list(session.scalars(query))
