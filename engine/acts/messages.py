"""Messages: pressed by an officer on the case page, or sent by one case and delivered to another."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from engine.acts.casefiles import find_case, scene_of
from engine.acts.exhibits import attached, refuse_unknown
from engine.acts.incidents import handed_in, refuse_stuck, stop
from engine.acts.permits import refuse_unless_pressable
from engine.notation import forms
from engine.notation.spiff import step
from engine.notation.spiff.view import names
from engine.reads import sight
from engine.record.journal import record
from engine.words import facts as f
from engine.words.errors import CannotGoOn, NotFound, OutOfDate
from engine.words.officers import CLOCK, Actor
from engine.words.values import from_json
from models import OutgoingMessage, Subscription

# After so many attempts a message is put aside for a person to look at; each wait is twice the one before.
MAX_ATTEMPTS = 12
FIRST_WAIT = timedelta(minutes=1)
_log = logging.getLogger(__name__)


def press(session: Session, wait_id: str, answers: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """An officer presses a button of the case page (reopen, report a relapse). Raises as `tasks.complete`."""
    head = wait_id.partition("-")[0]
    if not head.isdigit():
        raise NotFound("没有这个按钮", "There is no such button")
    case = find_case(session, int(head))
    wait = session.get(Subscription, wait_id, populate_existing=True)
    if wait is None:
        if sight.may_see(session, case.id, by):
            raise OutOfDate("该事项已不再等待这个操作", "The case no longer waits for this")
        raise NotFound("没有这个按钮", "There is no such button")
    refuse_unless_pressable(session, wait, by)
    refuse_stuck(session, case, wait.element)
    scene = scene_of(session, case, by=by, at=at)
    element = scene.published.diagram.element(wait.element).pressed
    answers = forms.check(element.form, answers, names=names(scene, case.state), at=at)
    refuse_unknown(session, element.form, answers, scene.office)

    try:
        decided = step.deliver(scene, case.state, wait.id, answers, None)
    except CannotGoOn as stuck:
        exhibits, serial = attached(case.id, case.serial, element.form, answers, round=case.round, task=None)
        trigger = handed_in("wait", wait.id, wait.element, answers, by)
        stop(session, case, stuck, trigger, by=by, at=at, first=exhibits, serial=serial)
        return

    exhibits, serial = attached(case.id, decided.serial, element.form, answers, round=case.round, task=None)
    record(session, case, [*exhibits, *decided.facts], by=by, at=at, state=decided.state, serial=serial)


def deliver_due(sessions: sessionmaker[Session], *, at: datetime, limit: int = 200) -> int:
    """Delivers messages that are due to the cases that wait for them; says how many found their case. A message nobody
    waits for yet is tried again later, and in the end put aside, never dropped."""
    delivered = 0
    for _ in range(limit):
        taken = ""
        try:
            with sessions() as session, session.begin():
                message = _next(session, at)
                if message is None:
                    return delivered
                taken = message.id
                delivered += _deliver(session, message, at=at)
        except OperationalError:
            raise
        except Exception:  # the worker's border: one message that breaks the program does not hold up the others
            _log.exception("message %s could not be delivered", taken)
            with sessions() as session, session.begin():
                _try_later(session, session.get_one(OutgoingMessage, taken), at=at)
    return delivered


def _next(session: Session, at: datetime) -> OutgoingMessage | None:
    query = (
        select(OutgoingMessage)
        .where(OutgoingMessage.due_at <= at)
        .order_by(OutgoingMessage.due_at, OutgoingMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.execute(query).scalars().first()


def _deliver(session: Session, message: OutgoingMessage, *, at: datetime) -> int:
    waits = select(Subscription).where(
        Subscription.name == message.name, Subscription.correlation == message.correlation
    )
    found = list(session.execute(waits).scalars())
    if len(found) != 1:
        return _try_later(session, message, at=at)
    case = find_case(session, found[0].case_id)
    if case.stuck_at is not None:
        return _wait_for_repair(session, message, at=at)
    scene = scene_of(session, case, by=CLOCK, at=at)
    payload = from_json(message.payload)
    answers = payload if isinstance(payload, dict) else {}
    try:
        decided = step.deliver(scene, case.state, found[0].id, answers, message.id)
    except CannotGoOn as stuck:
        # The message has come: it lies with the incident until somebody tries again.
        trigger = handed_in("wait", found[0].id, found[0].element, answers, CLOCK)
        stop(session, case, stuck, {**trigger, "message": message.id}, by=CLOCK, at=at)
    else:
        record(session, case, decided.facts, by=CLOCK, at=at, state=decided.state, serial=decided.serial)
    sender = find_case(session, message.case_id)
    record(session, sender, [f.MessageDelivered(message.id, message.name, case.id)], by=CLOCK, at=at)
    return 1


def _wait_for_repair(session: Session, message: OutgoingMessage, *, at: datetime) -> int:
    """Who it is for is stuck: that is not the message's fault, and no attempt."""
    session.execute(update(OutgoingMessage).where(OutgoingMessage.id == message.id).values(due_at=at + FIRST_WAIT))
    return 0


def _try_later(session: Session, message: OutgoingMessage, *, at: datetime) -> int:
    attempts = message.attempts + 1
    if attempts >= MAX_ATTEMPTS:
        sender = find_case(session, message.case_id)
        record(session, sender, [f.MessagePutAside(message.id, message.name, attempts)], by=CLOCK, at=at)
        return 0
    # How often it was tried is no fact of the case, only a note on the envelope.
    session.execute(
        update(OutgoingMessage)
        .where(OutgoingMessage.id == message.id)
        .values(attempts=attempts, due_at=at + FIRST_WAIT * 2 ** (attempts - 1))
    )
    return 0
