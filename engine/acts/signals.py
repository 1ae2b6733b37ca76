"""Signals between cases: one is thrown, all that wait for it hear it, each in a transaction of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.acts.casefiles import scene_of
from engine.acts.envelopes import Delivery, Envelope, delivered, later, stuck
from engine.acts.personal import put_beside
from engine.acts.starts import begin_at
from engine.notation.spiff import step
from engine.record.journal import record
from engine.words import facts as f
from engine.words.errors import CannotGoOn
from engine.words.officers import CLOCK
from engine.words.values import to_json
from models import Start, Subscription


def spread(session: Session, envelope: Envelope, at: datetime) -> Delivery:
    """Who waits for it at this moment gets a copy: every other case once, every process that begins with it once."""
    sender = envelope.case
    cases = session.scalars(
        select(Subscription.case_id)
        .where(Subscription.kind == "signal", Subscription.name == envelope.name, Subscription.case_id != sender.id)
        .distinct()
        .order_by(Subscription.case_id)
    )
    starts = session.scalars(select(Start.id).where(Start.kind == "signal", Start.name == envelope.name))
    serial = sender.serial
    to: list[dict[str, Any]] = []
    for kind, found in (("case", cases), ("start", starts)):
        for one in found:
            serial += 1
            to.append({"message": f"{sender.id}-{serial}", kind: one})
    fact = f.SignalSpread(envelope.id, envelope.name, to_json(envelope.payload), to)
    record(session, sender, [fact], by=CLOCK, at=at, serial=serial)
    return Delivery(reached=len(to), cases=frozenset({sender.id}))


def let_hear(session: Session, envelope: Envelope, at: datetime) -> Delivery:
    if not envelope.correlation.isdigit():
        return _begin(session, envelope, at)
    case = next(iter(envelope.others.values()))
    if case.stuck_at is not None:
        return later(session, envelope, at=at)
    scene = scene_of(session, case, by=CLOCK, at=at)
    beside = put_beside(session, case.id, scene.published.diagram.personal, envelope.payload)
    try:
        decided = step.hear(scene, case.state, envelope.name, beside.answers, envelope.id)
    except CannotGoOn as why:
        return stuck(session, envelope, case, why, at=at)
    if decided is None:
        return delivered(session, envelope, None, at=at)
    record(
        session, case, [*beside.facts, *decided.facts], by=CLOCK, at=at, state=decided.state, serial=decided.serial,
        large=decided.large, enclosed=beside.enclosed,
    )  # fmt: skip
    return delivered(session, envelope, case.id, at=at)


def _begin(session: Session, envelope: Envelope, at: datetime) -> Delivery:
    start = session.get(Start, envelope.correlation)
    if start is None:  # a newer version no longer begins with it
        return delivered(session, envelope, None, at=at)
    try:
        opened = begin_at(session, start, envelope.payload, sender=envelope.id, at=at)
    except CannotGoOn as why:
        return stuck(session, envelope, envelope.case, why, at=at)
    return delivered(session, envelope, opened, at=at)
