"""Messages from case to case, or from outside: to the one that waits for them, or the process that begins with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.acts import brought
from engine.acts.beginnings import newest_of
from engine.acts.casefiles import scene_of
from engine.acts.envelopes import Delivery, Envelope, aside, delivered, later, stuck, try_again
from engine.acts.exhibits import attached
from engine.acts.incidents import handed_in, stop
from engine.acts.personal import put_beside
from engine.acts.slips import Answerer, answered
from engine.acts.starts import begin_at, beginning_with, lock_process
from engine.notation.spiff import step
from engine.record.journal import CaseFile, record
from engine.words import facts as f
from engine.words.errors import CannotGoOn, NotValid
from engine.words.officers import CLOCK, Actor
from models import Start, Subscription


def deliver(session: Session, envelope: Envelope, at: datetime) -> Delivery:
    """One case waits for it: it gets it. Several: a person decides. None: it begins a case of the process that begins
    with it, unless one with its key is open; else it is tried again later, and in the end put aside. So is at once what
    came from outside and does not fit the form of whoever waits for it."""
    if len(envelope.waits) > 1:
        return aside(session, envelope, "several", at=at)
    try:
        if envelope.waits:
            case = next(iter(envelope.others.values()))
            return hand_over(session, envelope, case, envelope.waits[0], at=at)
        return _begin(session, envelope, at=at)
    except NotValid:
        if envelope.sender is not None:
            raise
        return aside(session, envelope, "unfit", at=at)


def hand_over(
    session: Session,
    envelope: Envelope,
    case: CaseFile,
    wait: str,
    *,
    at: datetime,
    by: Actor = CLOCK,
    said: Sequence[f.MessageMatched] = (),
) -> Delivery:
    """`said`: what the sender's book says before that it has arrived. Raises `NotValid` for a message from outside that
    does not fit the form of whoever waits for it; then nothing is written."""
    if case.stuck_at is not None:
        return later(session, envelope, at=at)
    scene = scene_of(session, case, by=by, at=at)
    diagram, payload = scene.published.diagram, envelope.payload
    waits = select(Subscription.element, Subscription.correlation).where(Subscription.id == wait)
    place = session.execute(waits).one_or_none()
    form = diagram.element(place.element).form if place is not None else ()
    if envelope.sender is None:
        form = diagram.element(place.element).pressed.form if place is not None else ()
        payload = brought.told(session, form, payload, names=diagram.blank, at=at)
    key = place.correlation if place is not None else envelope.correlation
    beside = put_beside(session, case.id, diagram.personal, payload)
    try:
        decided = step.deliver(scene, case.state, wait, beside.answers, envelope.id)
    except CannotGoOn as why:
        # The message has come: it lies with the incident until somebody tries again.
        trigger = {**handed_in("wait", wait, why.element, beside.answers, by), "message": envelope.id}
        stop(session, case, why, trigger, by=by, at=at, first=beside.facts, enclosed=beside.enclosed)
        return delivered(session, envelope, case.id, at=at, by=by, said=said)
    exhibits, serial = attached(case.id, decided.serial, form, beside.answers, round=case.round, task=None)
    answerer = Answerer(envelope.id, envelope.sender.id if envelope.sender is not None else None)
    slips = answered(session, case.id, envelope.name, key, beside.answers, answerer)
    facts = [*beside.facts, *exhibits, *slips, *decided.facts]
    record(
        session, case, facts, by=by, at=at, state=decided.state, serial=serial, large=decided.large,
        enclosed=beside.enclosed,
    )  # fmt: skip
    return delivered(session, envelope, case.id, at=at, by=by, said=said)


def _begin(session: Session, envelope: Envelope, *, at: datetime) -> Delivery:
    beginning = beginning_with(session, envelope.name, envelope.correlation)
    if len(beginning.starts) > 1:
        return aside(session, envelope, "several", at=at)
    if not beginning.starts:
        return try_again(session, envelope, "nobody", at=at)
    lock_process(session, beginning.starts[0].process_id)
    if beginning_with(session, envelope.name, envelope.correlation).open is not None:
        return aside(session, envelope, "open", at=at)
    try:
        opened = begin_at(
            session, beginning.starts[0], _told(session, beginning.starts[0], envelope, at=at), sender=envelope.id,
            at=at, key=envelope.correlation,
            raiser_unit=envelope.sender.raiser_unit if envelope.sender is not None else envelope.unit,
        )  # fmt: skip
    except CannotGoOn as why:
        if envelope.sender is None:
            return try_again(session, envelope, "nobody", at=at)
        return stuck(session, envelope, envelope.sender, why, at=at)
    return delivered(session, envelope, opened, at=at)


def _told(session: Session, start: Start, envelope: Envelope, *, at: datetime) -> dict[str, Any]:
    """What a case begins with; from outside, by the form of its start. Raises `NotValid`."""
    newest = newest_of(session, start.process_id) if envelope.sender is None else None
    if newest is None:
        return envelope.payload
    diagram = newest.published.diagram
    drawn = diagram.elements.get(start.element)
    form = drawn.form if drawn is not None else ()
    return brought.told(session, form, envelope.payload, names=diagram.blank, at=at)
