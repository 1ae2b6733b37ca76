"""Called processes: a case of their own begins, answers its caller, or is told to stop."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.acts.beginnings import Cause, begin, newest_of
from engine.acts.casefiles import scene_of
from engine.acts.envelopes import Delivery, Envelope, delivered, later, stuck
from engine.acts.personal import comes_back, put_beside
from engine.notation.spiff import step
from engine.notation.spiff.calling import Answer
from engine.notation.spiff.view import names
from engine.record.journal import record
from engine.words.errors import CannotGoOn
from engine.words.officers import CLOCK
from models import OutgoingMessage


def begin_called(session: Session, envelope: Envelope, at: datetime) -> Delivery:
    """The newest version at this moment takes it from here. A process that does not exist stops the caller, who waits
    for it, until an administrator has mended it."""
    caller = envelope.case
    if envelope.withdrawn:
        return delivered(session, envelope, None, at=at)
    if caller.stuck_at is not None:
        return later(session, envelope, at=at)
    newest = newest_of(session, envelope.name)
    if newest is None:
        why = CannotGoOn(
            envelope.element,
            f"没有已发布的流程“{envelope.name}”，无法调用",
            f"There is no published process {envelope.name!r} to call",
        )
        return stuck(session, envelope, caller, why, at=at)
    start = newest.published.diagram.start
    if start is None and not newest.published.specs.process.begins:
        why = CannotGoOn(
            envelope.element,
            f"流程“{envelope.name}”没有普通开始事件，无法调用",
            f"The process {envelope.name!r} has no plain start event to call",
        )
        return stuck(session, envelope, caller, why, at=at)
    child = begin(
        session,
        newest,
        dict(envelope.payload["values"]),
        form=start.form if start is not None else (),
        by=CLOCK,
        at=at,
        raiser_unit=caller.raiser_unit,
        cause=Cause(caller.id, envelope.id, int(envelope.payload["depth"]), sender=envelope.id),
    )
    return delivered(session, envelope, child, at=at)


def bring_answer(session: Session, envelope: Envelope, at: datetime) -> Delivery:
    """What a called case says reaches its caller, with the values that come back. A caller that no longer waits is not
    bothered."""
    caller = next(iter(envelope.others.values()), None)
    child = envelope.case
    if caller is None or caller.ended_at is not None:
        return delivered(session, envelope, None, at=at)
    if caller.stuck_at is not None:
        return later(session, envelope, at=at)
    seen = names(scene_of(session, child, by=CLOCK, at=at), child.state)
    scene = scene_of(session, caller, by=CLOCK, at=at)
    diagram = scene.published.diagram
    asked = session.scalar(select(OutgoingMessage.element).where(OutgoingMessage.id == envelope.correlation))
    beside = put_beside(session, caller.id, comes_back(diagram, diagram.elements.get(asked or "")), seen)
    answer = Answer(envelope.name, str(envelope.payload.get("code") or ""), child.id, beside.answers)
    try:
        decided = step.answered(scene, caller.state, envelope.correlation, answer)
    except CannotGoOn as why:
        return stuck(session, envelope, caller, why, at=at)
    if decided is None:
        return delivered(session, envelope, None, at=at)
    record(
        session, caller, [*beside.facts, *decided.facts], by=CLOCK, at=at, state=decided.state, serial=decided.serial,
        large=decided.large, enclosed=beside.enclosed,
    )  # fmt: skip
    return delivered(session, envelope, caller.id, at=at)


def cancel_called(session: Session, envelope: Envelope, at: datetime) -> Delivery:
    """The called case stops where it is: its tasks, timers and own calls are withdrawn. One that never began, or is
    over already, needs no stopping."""
    child = next(iter(envelope.others.values()), None)
    if child is None or child.ended_at is not None:
        return delivered(session, envelope, None, at=at)
    decided = step.cancel(scene_of(session, child, by=CLOCK, at=at), child.state, envelope.correlation)
    if decided is None:
        return delivered(session, envelope, None, at=at)
    record(
        session, child, decided.facts, by=CLOCK, at=at, state=decided.state, serial=decided.serial, large=decided.large
    )
    return delivered(session, envelope, child.id, at=at)
