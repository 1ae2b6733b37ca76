"""Messages from case to case: to the one that waits for them, or to the process that begins with them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.acts.casefiles import scene_of
from engine.acts.envelopes import Delivery, Envelope, aside, delivered, later, stuck, try_again
from engine.acts.exhibits import attached
from engine.acts.incidents import handed_in, stop
from engine.acts.personal import put_beside
from engine.acts.slips import answered
from engine.acts.starts import begin_at, beginning_with, lock_process
from engine.notation.spiff import step
from engine.record.journal import CaseFile, record
from engine.words.errors import CannotGoOn
from engine.words.officers import CLOCK, Actor
from models import Subscription


def deliver(session: Session, envelope: Envelope, at: datetime) -> Delivery:
    """One case waits for it: it gets it. Several: a person decides. None: it begins a case of the process that begins
    with it, unless one with its key is open; else it is tried again later, and in the end put aside."""
    if len(envelope.waits) > 1:
        return aside(session, envelope, "several", at=at)
    if envelope.waits:
        case = next(iter(envelope.others.values()))
        return hand_over(session, envelope, case, envelope.waits[0], at=at)
    return _begin(session, envelope, at=at)


def hand_over(
    session: Session, envelope: Envelope, case: CaseFile, wait: str, *, at: datetime, by: Actor = CLOCK
) -> Delivery:
    if case.stuck_at is not None:
        return later(session, envelope, at=at)
    scene = scene_of(session, case, by=by, at=at)
    waits = select(Subscription.element, Subscription.correlation).where(Subscription.id == wait)
    place = session.execute(waits).one_or_none()
    form = scene.published.diagram.element(place.element).form if place is not None else ()
    key = place.correlation if place is not None else envelope.correlation
    beside = put_beside(session, case.id, scene.published.diagram.personal, envelope.payload)
    try:
        decided = step.deliver(scene, case.state, wait, beside.answers, envelope.id)
    except CannotGoOn as why:
        # The message has come: it lies with the incident until somebody tries again.
        trigger = {**handed_in("wait", wait, why.element, beside.answers, by), "message": envelope.id}
        stop(session, case, why, trigger, by=by, at=at, first=beside.facts, enclosed=beside.enclosed)
        return delivered(session, envelope, case.id, at=at, by=by)
    exhibits, serial = attached(case.id, decided.serial, form, beside.answers, round=case.round, task=None)
    slips = answered(session, case.id, envelope.name, key, beside.answers, envelope.id)
    facts = [*beside.facts, *exhibits, *slips, *decided.facts]
    record(
        session, case, facts, by=by, at=at, state=decided.state, serial=serial, large=decided.large,
        enclosed=beside.enclosed,
    )  # fmt: skip
    return delivered(session, envelope, case.id, at=at, by=by)


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
            session, beginning.starts[0], envelope.payload, sender=envelope.id, at=at, key=envelope.correlation,
            raiser_unit=envelope.sender.raiser_unit,
        )  # fmt: skip
    except CannotGoOn as why:
        return stuck(session, envelope, envelope.sender, why, at=at)
    return delivered(session, envelope, opened, at=at)
